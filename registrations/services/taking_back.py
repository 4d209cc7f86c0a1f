"""A proposal of a split or a transfer that the vendor takes back before both partners have agreed."""

from django.db import transaction

from accounts.models import User
from core.clock import Clock, database_clock
from registrations.enums import Action, AgreementState
from registrations.models import Agreement, Registration
from registrations.services import agreements, notices, proposal_ends, timeline
from registrations.services.transitions import opened


def take_back(agreement: Agreement, *, by: User, clock: Clock = database_clock) -> Agreement:
    """Ends a proposal that waits for an answer: both partners are told, and everything stays as it is. Whoever
    may propose may; who proposed it learns of it. Raises AgreementOver where it waits no more, NotAllowed."""
    with transaction.atomic():
        agreement.refresh_from_db(fields=["state", "ended_at"])
        agreements.require_open(agreement, clock())
        companies = [agreement.holder.company_id] if agreement.holder.company_id else []
        newcomer = opened(agreement.other, Action.PROPOSE, by=by, also_companies=companies)
        rows = Registration.objects.select_for_update(of=("self",)).select_related("partner", "owner")
        holder = rows.get(pk=agreement.holder_id)
        fresh = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
        at = clock()
        agreements.require_open(fresh, at)
        proposal_ends.end(fresh, AgreementState.TAKEN_BACK, at=at)
        for deal in (holder, newcomer):
            timeline.record(deal, "proposal_taken_back", actor=by, at=at, data={"agreement": fresh.code})
            told = {"kind": fresh.kind}
            notices.tell_partner(
                deal, "registration.agreement_taken_back", occasion=fresh.code, agreement=told
            )
        proposal_ends.tell_proposer(fresh, newcomer, at=at, but_not=by, who=str(by))
    return fresh
