"""Giving back what is kept for a review since its turn in line came, while the review itself goes on."""

from datetime import datetime

from policies.firms import SELLING
from registrations.enums import TURN_CAME, Audience
from registrations.models import Registration
from registrations.querysets import RegistrationQuerySet
from registrations.services import holdings, timeline


def let_go(review: Registration, *, at: datetime, whole: bool = False) -> None:
    """Gives back what is kept for it beside what it registered; all of it where nothing is kept there, or `whole`."""
    kept = review.holdings.filter(ended_at=None)
    own = holdings.scope_now(review).companies
    if whole or not kept.filter(company=review.company_id).exists():
        own = frozenset()
    kept.exclude(company__in=own).update(ended_at=at)
    if not kept.exists():
        review.review_reasons = [reason for reason in review.review_reasons if reason != TURN_CAME]
        review.save(update_fields=["review_reasons"])


def kept_for_idle_firms() -> RegistrationQuerySet:
    """Reviews that something is kept for, whose firm may hold no deal now, such as one that was suspended meanwhile: those in
    line would not be kept out for it if its turn came today."""
    kept = Registration.objects.under_review().filter(holdings__ended_at=None, holdings__reserved=True)
    return kept.exclude(partner__status__in=SELLING).distinct()


def pass_over(review: Registration, *, at: datetime) -> None:
    """Gives back all that is kept for `review`, which is locked, and writes down for the vendor that it was passed over."""
    let_go(review, at=at, whole=True)
    told = {"text": "Its firm is not active: what was kept for it goes to the next in line."}
    timeline.record(review, "passed_over", actor=None, at=at, data=told, audience=Audience.VENDOR)
