"""A registration that had ended comes back: by an appeal, a customer's letter, an undo.

While it was over no submission met it, so the conflict check is run again before it is decided about, and what came in
meanwhile is kept on both sides as if it had been there all along. Call with the registry lock held, so that nothing is
submitted in between.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from core.errors import ScopeTaken
from policies.models import RegistrationPolicy
from registrations import conflicts
from registrations.enums import KEEPS_OTHERS_OUT, OPEN, Status
from registrations.facts import facts_of
from registrations.models import Conflict, Registration
from registrations.services import noting, overlaps
from registrations.services.locks import lock_registrations


@dataclass(frozen=True)
class Met:
    """What the check finds of one that is over: `rows` are the conflicts that are not stored yet. A check that `failed` is
    never 'no conflict' (R4)."""

    rows: tuple[Conflict, ...] = ()
    failed: bool = False

    @property
    def rivals(self) -> list[Registration]:
        """The other registrations."""
        return [row.rival for row in self.rows if row.rival is not None]


def comes_back(source: str, target: str) -> bool:
    """Whether a change of status brings back what submissions did not see."""
    return source not in (*OPEN, Status.DRAFT) and target in OPEN


def look(registration: Registration, *, at: datetime) -> Met:
    """The open registrations that the check takes for the same opportunity now, but for those that it met before. Nothing is
    stored. Leads and named accounts that came later do not override it, as ever (C5)."""
    policy = registration.policy or RegistrationPolicy.objects.in_force(at)
    found = conflicts.check_deal(registration, at=at, least=policy.review_score)
    known = Conflict.objects.filter(Q(registration=registration) | Q(rival=registration))
    met = {pk for pair in known.values_list("registration", "rival") for pk in pair}
    rows = found.evidence(facts_of(registration, at=at, found=found), policy)
    new = [row for row in rows if row.rival_id is not None and row.rival_id not in met]
    for row in new:
        row.registration = registration
    return Met(tuple(new), found.failed)


def look_locked(registration: Registration, *, at: datetime) -> Met:
    """The same with the rows of the others locked: nobody is approved while `registration` is decided about."""
    met = look(registration, at=at)
    locked = lock_registrations([rival.pk for rival in met.rivals])
    for row in met.rows:
        row.rival = locked[row.rival_id or 0]
    return met


def keep(registration: Registration, *, at: datetime, tells: bool = True) -> None:
    """Stores what the check finds of `registration`, which has just come back, and notes it on each rival: as at a submission
    (R9) on who came first, for the vendor alone on who came later. An undo `tells` nobody: for partners nothing happened."""
    met = look_locked(registration, at=at)
    rows = [row for row in met.rows if row.rival is not None and row.rival.status in OPEN]
    Conflict.objects.bulk_create(rows)
    first: dict[int, float] = {}
    later: dict[int, float] = {}
    for row in rows:
        assert row.rival is not None
        came_first = tells and (row.rival.rank or 0) < (registration.rank or 0)
        (first if came_first else later)[row.rival.pk] = row.score
    noting.note_on(first, registration, at=at, occasion=f"back {registration.version}")
    noting.note_for_referee(later, registration, at=at)


def check_alone(registration: Registration, *, since: datetime, at: datetime) -> None:
    """Raises ScopeTaken where another one was given what may be the same `since` then, and nobody has said whether it is."""
    met = look_locked(registration, at=at)
    if met.failed:
        raise ScopeTaken(
            f"Whether somebody else got {registration.company_name} meanwhile could not be looked up. Try again."
        )
    for rival in overlaps.unjudged(registration, KEEPS_OTHERS_OUT, met.rows):
        if rival.changed_at >= since:
            raise ScopeTaken(
                f"{rival.code} of {rival.partner} has {rival.company_name} since, which may be the same company: "
                "there would be two holders. So this cannot be undone any more."
            )
