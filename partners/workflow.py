"""The life of a firm's status as data: every change, from where, to where, who may do it. Only services/standing.py writes it."""

from dataclasses import dataclass

from accounts.models import User
from core.errors import NotAllowed, WrongStatus
from partners.enums import PartnerStatus, StandingChange
from partners.models import Partner

S = PartnerStatus
EDIT = "partners.edit"


@dataclass(frozen=True)
class Move:
    """One change. `done` is what the firm is told afterwards; `reason` whether somebody must say why; `by_portal` whether the
    portal may do it by itself; `target` None where it depends (services/standing.py)."""

    change: StandingChange
    sources: tuple[PartnerStatus, ...]
    target: PartnerStatus | None
    done: str
    reason: bool = False
    by_portal: bool = False


MOVES: dict[StandingChange, Move] = {
    row.change: row
    for row in (
        Move(StandingChange.BEGIN, (S.PROSPECT,), S.ONBOARDING, "Onboarding has begun"),
        Move(
            StandingChange.ACTIVATE,
            (S.PROSPECT, S.ONBOARDING),
            S.ACTIVE,
            "Your firm is an active partner",
            by_portal=True,  # where the plan says so and every required step is done
        ),
        Move(
            StandingChange.SUSPEND,
            (S.ONBOARDING, S.ACTIVE),
            S.SUSPENDED,
            "Your firm is suspended",
            reason=True,
        ),
        Move(
            StandingChange.END,
            (S.PROSPECT, S.ONBOARDING, S.ACTIVE, S.SUSPENDED),
            S.ENDED,
            "The partnership with your firm has ended",
            reason=True,
        ),
        # Back to what it was: services/standing.py (stands_at).
        Move(StandingChange.REINSTATE, (S.SUSPENDED, S.ENDED), None, "Your firm is reinstated", reason=True),
    )
}


def changes_for(user: User, partner: Partner) -> list[StandingChange]:
    """The changes that `user` could make now: which buttons to show."""
    if not user.may(EDIT):
        return []
    return [row.change for row in MOVES.values() if partner.status in row.sources]


def check(user: User | None, change: StandingChange, partner: Partner) -> None:
    """Raises WrongStatus or NotAllowed, in words. `user` None is the portal itself."""
    row = MOVES[change]
    if not (row.by_portal if user is None else user.may(EDIT)):
        raise NotAllowed("Your role does not include changing the status of partners.")
    if partner.status not in row.sources:
        raise WrongStatus(
            f"{partner.name} is now “{partner.get_status_display()}”, so this can't be done to it any more."
        )
