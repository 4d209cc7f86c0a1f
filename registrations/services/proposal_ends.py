"""A proposal that is over: the clock of the review goes on where nothing was carried out, and who proposed it learns of it."""

from datetime import datetime

from accounts.models import User
from registrations.enums import AgreementState
from registrations.models import Agreement, Registration
from registrations.services import notices, resting


def end(agreement: Agreement, state: AgreementState, *, at: datetime) -> None:
    """Ends a proposal that is locked, without carrying it out."""
    agreement.state, agreement.ended_at = state, at
    agreement.save(update_fields=["state", "ended_at"])
    resting.go_on(agreement, at)


def tell_proposer(
    agreement: Agreement,
    newcomer: Registration,
    event: str = "registration.proposal_over",
    *,
    at: datetime,
    but_not: User | int | None = None,
    occasion: str = "",
    **said: object,
) -> None:
    """The manager who proposed it learns what became of it; not of their own doing (`but_not`), and not once they have left."""
    manager = agreement.proposed_by
    if not manager.is_active or but_not in (manager, manager.pk):
        return
    told = {"kind": agreement.kind, "state": agreement.state, **said}
    notices.tell_manager(newcomer, manager, event, occasion=occasion or agreement.code, at=at, agreement=told)
