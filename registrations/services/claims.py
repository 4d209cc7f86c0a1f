"""What becomes of conflicts with a claim of an app further up (registrations/claims.py) when the claim ends."""

from datetime import datetime

from registrations.enums import CLAIM_FIRST, Audience
from registrations.models import Conflict, Registration
from registrations.services import giving_back, holdings, rival_ends, timeline, waitlist
from registrations.services.locks import lock_registration


def end_claim(code: str, *, at: datetime) -> int:
    """The claim with this public code no longer stands in the way of anybody; returns how many conflicts it had.

    They stay as evidence of what the check saw.
    """
    rival_ends.note_claim(code, at=at)
    return Conflict.objects.filter(claim_code=code, claim_ended_at=None).update(claim_ended_at=at)


def go_before(registration: Registration, *, at: datetime) -> None:
    """A claim became `registration`: what the line keeps for a review that came after it is kept no more, so that whoever decides
    can give the deal to either. The caller holds the company."""
    kept = {row.registration_id for row in holdings.held_by_others(registration) if row.reserved}
    rows = Registration.objects.under_review().filter(pk__in=kept, review_reasons__contains=[CLAIM_FIRST])
    for pk in rows.filter(rank__gt=registration.rank).order_by("rank").values_list("pk", flat=True):
        review = lock_registration(pk)
        giving_back.let_go(review, at=at, whole=True)
        review.review_reasons = [
            "similar" if reason == CLAIM_FIRST else reason for reason in review.review_reasons
        ]
        review.save(update_fields=["review_reasons"])
        told = {
            "text": f"The claim that came first is {registration.code} now: nothing is kept for it any more."
        }
        timeline.record(review, "passed_over", actor=None, at=at, data=told, audience=Audience.VENDOR)
        waitlist.go_on(review, at=at)
