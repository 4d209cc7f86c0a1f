"""Many decisions at once, each through the same service and in its own transaction: some are done, others say why not."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import OperationalError, transaction

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import DomainError, ScopeTaken, WrongStatus
from registrations.models import Conflict, Decision, Registration
from registrations.services import decisions, undo

MOST = 100
# So long the mails of many decisions wait: the first one's seconds begin while the last one is still to be made.
HELD_SECONDS = undo.HELD_SECONDS + 20
_CONTENTION = {"55P03", "40P01", "40001"}


@dataclass(frozen=True)
class Outcome:
    """What became of one item. `why` says in words why nothing was done; empty when it was. `made` is the decision, where
    it was one."""

    registration: Registration
    why: str = ""
    made: Decision | None = None

    @property
    def done(self) -> bool:
        return not self.why


def each(
    chosen: Iterable[tuple[Registration, int]], deed: Callable[[Registration, int], object]
) -> list[Outcome]:
    """Does `deed(registration, version)` for each; one that is refused, or locked by somebody else, stops no other."""
    outcomes = []
    for registration, version in chosen:
        try:
            with undo.held_for(HELD_SECONDS):
                made = deed(registration, version)
            outcomes.append(Outcome(registration, made=made if isinstance(made, Decision) else None))
        except DomainError as error:
            outcomes.append(Outcome(registration, error.message))
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", "") not in _CONTENTION:
                raise
            outcomes.append(Outcome(registration, "Somebody else is changing it at the moment."))
    return outcomes


def undo_each(made: Iterable[Decision], *, by: User, clock: Clock = database_clock) -> list[Outcome]:
    """Takes back what was decided at once, the last one first; each that cannot be undone any more says why."""
    last_first = {decision.pk: decision for decision in sorted(made, key=lambda one: -one.pk)}
    return each(
        [(decision.registration, pk) for pk, decision in last_first.items()],
        lambda _, pk: undo.undo(last_first[pk], by=by, clock=clock),
    )


def approve_clear(
    registration: Registration, *, by: User, version: int | None = None, clock: Clock = database_clock
) -> Decision:
    """Approves it if nothing stands against it; a person compares the rest one by one.

    Raises ScopeTaken while any rival or named account may be the same company (judged 'different' ones aside),
    WrongStatus where the conflict check failed or the registration is not in review; else like decisions.assign.
    """
    with transaction.atomic():
        decision = decisions.assign(registration, by=by, version=version, clock=clock)
        # Looked at after the locks are held; raising takes everything back, the mail included.
        if "check_failed" in decision.registration.review_reasons:
            raise WrongStatus("The conflict check failed. Search for the company yourself first.")
        rival = _standing(registration)
        if rival is not None:
            raise ScopeTaken(f"It may collide with {rival}. Compare the two first.")
    return decision


def _standing(registration: Registration) -> str | None:
    ours = Conflict.objects.filter(registration=registration).standing()
    conflict = ours.select_related("rival__partner", "named_account").first()
    if conflict is not None:
        if conflict.rival is not None:
            return f"{conflict.rival.code} of {conflict.rival.partner}"
        if conflict.named_account is not None:
            return f"the named account {conflict.named_account}"
        return conflict.matched_name
    later = Registration.objects.open().filter(
        conflicts__in=Conflict.objects.filter(rival=registration).exclude(state="different")
    )
    other = later.select_related("partner").first()
    return f"{other.code} of {other.partner}" if other else None
