"""What the settings of a registration policy are."""

from collections.abc import Mapping
from typing import Any

from policies.models import RegistrationPolicy

_ABOUT_THE_VERSION = {
    *("id", "version", "effective_from", "note", "created_by", "created_at", "withdrawn_by", "withdrawn_at"),
    *("revision", "changed_at", "changed_by", "unfinished", "published_by", "published_at"),
}
SETTINGS: tuple[str, ...] = tuple(
    field.name for field in RegistrationPolicy._meta.concrete_fields if field.name not in _ABOUT_THE_VERSION
)

Values = Mapping[str, Any]


def settings_of(policy: RegistrationPolicy) -> dict[str, Any]:
    """The settings of a version: name → value."""
    return {name: getattr(policy, name) for name in SETTINGS}
