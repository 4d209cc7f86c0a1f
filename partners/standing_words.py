"""What people of a firm that is suspended or ended read on top of the pages where they would begin something, and in place of
the forms whose sending would be refused."""

from dataclasses import dataclass

from accounts.models import User
from core import shown
from core.clock import database_clock
from partners.enums import PartnerStatus, StandingChange
from partners.keepers import keepers_of
from partners.models import FirmEntry, Partner


@dataclass(frozen=True)
class Word:
    """`title` says what is so, `means` what follows from it, `reason` why, in the vendor's words, and `person` with `email`
    who can be asked; '' where nobody can."""

    title: str
    means: str
    reason: str = ""
    person: str = ""
    email: str = ""

    @property
    def text(self) -> str:
        """Reason, meaning and whom to ask as one line."""
        ask = f"Ask {self.person}, {self.email}." if self.person else ""
        return " ".join(part for part in (f"“{self.reason}”" if self.reason else "", self.means, ask) if part)


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
    person, email = _to_ask(firm)
    return Word(title, means, str(last.data.get("reason", "")) if last else "", person, email)


def word_for_vendor(firm: Partner) -> Word | None:
    """When, by whom and why a firm was suspended or ended, for the vendor's people; None for firms that work with us, and
    for one that is part of another record now."""
    if firm.status not in _WORDS:
        return None
    change = _WORDS[PartnerStatus(firm.status)][2]
    last = firm.history.filter(kind__in=[*StandingChange.values, "merged"]).select_related("actor").first()
    if last is None or last.kind != change:
        return None
    title = "The partnership has ended" if change == StandingChange.END else "The firm is suspended"
    means = f"{shown.day(last.at)}, by {last.actor or 'the portal'}."
    return Word(title, means, str(last.data.get("reason", "")))


def _to_ask(firm: Partner) -> tuple[str, str]:
    """The firm's manager or, while they are away, their stand-in; else somebody of operations."""
    person = next(iter(keepers_of(firm, database_clock())), None)
    return (str(person), person.email) if person is not None else ("", "")
