"""The address that a reminder is answered to: name+token@host. The token says which registration and which person, is
signed and ages; it is made of what every mail server keeps as it is: lower-case letters, digits, dots and hyphens."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User
from registrations.models import Registration

_SALT = "registrations.mail_in"
VALID_DAYS = 60
_BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
_SIGNATURE_BYTES = 15


@dataclass(frozen=True)
class Meant:
    """What a good token stands for. Whether the person may still do it is not said here. One that has `aged` counts for
    nothing any more, and only says who is to be told so."""

    registration: Registration
    person: User
    aged: bool = False


def reply_address(registration: Registration, person: User, *, at: datetime) -> str:
    """Where a reply of `person` goes; empty where the portal reads no mail (MAIL_IN_ADDRESS)."""
    name, _, host = settings.MAIL_IN_ADDRESS.partition("@")
    if not host:
        return ""
    content = f"{registration.code.lower()}.{person.pk}.{(at - _BEGINNING).days}"
    return f"{name}+{content}.{_signature(content)}@{host}"


def tokens_in(addresses: list[str]) -> list[str]:
    """The tokens in those of `addresses` that are ours, each once, in their order."""
    name, _, host = settings.MAIL_IN_ADDRESS.lower().partition("@")
    found = []
    for address in addresses:
        local, _, at_host = address.strip().lower().rpartition("@")
        if host and at_host == host and local.startswith(f"{name}+"):
            found.append(local.removeprefix(f"{name}+"))
    return list(dict.fromkeys(found))


def read(token: str, *, at: datetime) -> Meant | None:
    """What a token stands for; None for one that is forged, or of something that is not there any more."""
    content, _, signature = token.rpartition(".")
    if not constant_time_compare(signature, _signature(content)):
        return None
    code, person_id, day = content.split(".")
    aged = at - _BEGINNING - timedelta(days=int(day)) > timedelta(days=VALID_DAYS)
    registration = Registration.objects.filter(code=code.upper()).select_related("partner").first()
    person = User.objects.filter(pk=int(person_id), is_active=True).first()
    return Meant(registration, person, aged) if registration and person else None


def _signature(content: str) -> str:
    digest = salted_hmac(_SALT, content, algorithm="sha256").digest()[:_SIGNATURE_BYTES]
    return base64.b32encode(digest).decode().lower()
