"""What ended with a decision that is taken back goes on."""

from collections.abc import Sequence

from django.db.models import Q

from registrations.enums import AgreementState, OfferOutcome, RequestState
from registrations.models import Agreement, Appeal, Decision, Extension, Offer


def resume(decision: Decision, deals: Sequence[int]) -> None:
    """The request that `decision` answered, and what it made pointless for the registrations `deals` (a request, an offer, a
    split), wait for an answer again."""
    Extension.objects.filter(decision=decision).update(state=RequestState.OPEN, decision=None, closed_at=None)
    Extension.objects.filter(
        registration=decision.registration_id, state=RequestState.LAPSED, closed_at=decision.at
    ).update(state=RequestState.OPEN, closed_at=None)
    Appeal.objects.filter(
        registration__in=deals, state=RequestState.LAPSED, closed_at=decision.at, outcome=None
    ).update(state=RequestState.OPEN, closed_at=None)
    Offer.objects.filter(registration__in=deals, ended_at=decision.at).update(
        outcome=OfferOutcome.OPEN, ended_at=None, ended_by=None
    )
    for agreement in Agreement.objects.filter(ended_at=decision.at).filter(
        Q(holder__in=deals) | Q(other__in=deals)
    ):
        agreement.ended_at = None
        if agreement.state == AgreementState.ENDED:
            agreement.state = AgreementState.PROPOSED
        agreement.save(update_fields=["ended_at", "state"])
    refused = Appeal.objects.filter(outcome=decision).values("decision")
    Extension.objects.filter(decision__in=refused).update(state=RequestState.REFUSED)
    Appeal.objects.filter(outcome=decision).update(
        state=RequestState.OPEN, outcome=None, decided_by=None, closed_at=None
    )
