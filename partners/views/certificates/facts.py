"""What a page says about one certificate."""

from dataclasses import dataclass

from django.urls import reverse

from core.downloads import PDF
from core.shown import day, size
from partners.certificates.enums import CertificateStatus
from partners.models import Certificate

_TEXT = ("text/plain", "message/rfc822")
_PICTURES = ("image/png", "image/jpeg")  # no SVG: that is a program, too
_SHOWN_CHARACTERS = 20_000


@dataclass(frozen=True)
class Fact:
    """A labelled fact; `link` leads on."""

    label: str
    text: str
    link: str = ""


@dataclass(frozen=True)
class Paper:
    """The file beside the fields: a picture is shown by `picture` (its address), a PDF in a frame by `frame`, text as `text`;
    others are fetched."""

    name: str
    url: str
    detail: str
    picture: str = ""
    frame: str = ""
    text: str = ""


def facts_of(one: Certificate) -> list[Fact]:
    """What stands on it, in order."""
    holder = one.member.user if one.member else None
    return [
        Fact("Firm", one.partner.name, reverse("partners:partner", args=[one.partner.code])),
        Fact("Made out to", (holder.name or holder.email) if holder else "The firm"),
        Fact("Kind", one.type.get_kind_display()),
        Fact("Issuer", one.type.issuer),
        Fact("Number", one.number),
        Fact("Valid from", day(one.valid_from)),
        Fact("Valid to", day(one.valid_to) if one.valid_to else "No end"),
    ]


def file_of(one: Certificate) -> Paper | None:
    """The file, None where there is none."""
    if not one.file:
        return None
    address = reverse("partners:certificate_file", args=[one.code])
    return Paper(
        one.file_name,
        address,
        size(one.file_size),
        frame=reverse("partners:certificate_framed_file", args=[one.code]) if one.file_type == PDF else "",
        picture=address if one.file_type in _PICTURES else "",
        text=_text_of(one) if one.file_type in _TEXT else "",
    )


def history_of(one: Certificate, earned_by: str = "") -> list[dict[str, object]]:
    """What happened to it, newest first, for the timeline. Nobody handed in or verified one that was granted: `earned_by` is
    what for."""
    entries: list[dict[str, object]] = []
    if one.decided_at is not None and not (earned_by and one.status == CertificateStatus.VERIFIED):
        entries.append(
            {
                "title": one.get_status_display(),
                "when": one.decided_at,
                "who": str(one.decided_by) if one.decided_by else "The portal",
                "body": one.reason,
            }
        )
    entries.append(
        {
            "title": f"Granted for “{earned_by}”" if earned_by else "Handed in",
            "when": one.submitted_at,
            "who": str(one.submitted_by) if one.submitted_by else "The portal",
        }
    )
    if one.follows is not None:
        url = reverse("partners:certificate", args=[one.follows.code])
        entries.append(
            {
                "title": f"Renews {one.follows.code}",
                "when": f"valid to {day(one.follows.valid_to)}",
                "url": url,
            }
        )
    return entries


def _text_of(one: Certificate) -> str:
    try:
        with one.file.open("rb") as stored:
            return str(stored.read(_SHOWN_CHARACTERS).decode("utf-8", "replace"))
    except FileNotFoundError:
        return ""
