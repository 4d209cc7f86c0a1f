"""What people of a firm that is suspended or ended read on top of the pages where they would begin something."""

from dataclasses import dataclass

from accounts.models import User
from partners.enums import PartnerStatus, StandingChange
from partners.models import FirmEntry


@dataclass(frozen=True)
class Word:
    """`title` says what is so, `text` what it means, why, and who can be asked."""

    title: str
    text: str


_WORDS = {
    PartnerStatus.SUSPENDED: (
        "Your firm is suspended",
        "New registrations are refused until it is reinstated; what is protected stays protected.",
        StandingChange.SUSPEND,
    ),
    PartnerStatus.ENDED: (
        "The partnership with your firm has ended",
        "You can still read what was; nothing new can be registered.",
        StandingChange.END,
    ),
}


def standing_word(user: User) -> Word | None:
    """None for the vendor's people and for firms that work with us: no query for those whose firm is known."""
    member = getattr(user, "member", None)
    firm = member.partner if member else None
    if firm is None or firm.status not in _WORDS:
        return None
    title, means, change = _WORDS[PartnerStatus(firm.status)]
    entries = FirmEntry.objects.visible_to(user).filter(partner=firm, kind=change)
    last = entries.order_by("-at", "-id").first()
    reason = str(last.data.get("reason", "")) if last else ""
    manager = firm.manager
    ask = f"Ask {manager}, {manager.email}." if manager else ""
    return Word(title, " ".join(part for part in (f"“{reason}”" if reason else "", means, ask) if part))
