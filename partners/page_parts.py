"""Parts of a firm's page that other apps know, such as its registrations: they provide them, the page shows them in order.

Like figures.py: this app doesn't know who provides. A part is a card on the page that says how much there is and leads to
the rows; an app whose rows are to stand on the page itself gives a template, too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from partners.models import Partner

BOTH, VENDOR, PARTNER = "both", "vendor", "partner"


@dataclass(frozen=True)
class Part:
    """One part of a firm's page: `label` ('Registrations') leads to `url`, `count` says how many, `note` what matters
    among them ('3 lapse within 60 days'). `order` is its place: registrations 10, leads 20, programs 30, certificates
    40, agreements 50, groups 60. A `template` with its `context` is shown on the page below the profile."""

    key: str
    label: str
    url: str = ""
    count: int | None = None
    note: str = ""
    icon: str = "list"
    order: int = 100
    template: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)


# Asked once a page: (firm, reader) → its parts as `reader` may see them, in a constant number of queries.
Provider = Callable[[Partner, User], list[Part]]
_providers: list[tuple[Provider, str]] = []


def provide(provider: Provider, *, side: str = BOTH) -> None:
    """Adds a provider, asked for readers of `side` (BOTH, VENDOR or PARTNER); an app does so when it is ready."""
    if (provider, side) not in _providers:
        _providers.append((provider, side))


def parts_for(partner: Partner, reader: User) -> list[Part]:
    """All parts of the firm's page that `reader` may see, in order."""
    own = VENDOR if reader.is_vendor else PARTNER
    found = [
        part for provider, side in _providers if side in (BOTH, own) for part in provider(partner, reader)
    ]
    return sorted(found, key=lambda part: (part.order, part.label))
