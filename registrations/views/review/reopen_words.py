"""What reopening will do and to whom, said before it is pressed."""

from datetime import datetime

from policies import saying
from registrations.comparison import day
from registrations.enums import OPEN, Action, Status
from registrations.models import Registration
from registrations.services import holdings, passing, receiving, reopening
from registrations.services.clocks import review_due
from registrations.views.review.naming import cut, joined, named, short
from registrations.workflow import transition


def words(registration: Registration, now: datetime) -> str:
    """Who looks at it by when, who has the deal or a lead and keeps it, and which appeals end; '' where it is not over."""
    if registration.status not in transition(Action.REOPEN).sources:
        return ""
    return reopening.what_bars(registration) or joined(
        f"{short(registration)} gets a mail with your reason. The registration goes back into review with its place in time.",
        _review(registration, now),
        *_kept(registration),
        *_claims(registration),
        _again(registration),
        _appeals(registration),
        receiving.not_selling(registration),
        receiving.over_cap(registration, now),
    )


def _review(registration: Registration, now: datetime) -> str:
    reviewer = reopening.reviewer_of(registration, now)
    who = f"{reviewer} reviews it" if reviewer else "Whoever takes it reviews it"
    if registration.policy is None:
        return f"{who}."
    return f"{who}; an answer is due by {day(review_due(registration.policy, now))}."


def _kept(registration: Registration) -> list[str]:
    """Who has what it wants."""
    said = {}
    for holding in holdings.held_by_others(registration, shown=True):
        holder = holding.registration
        if holder.status == Status.OFFERED:
            said[holder.pk] = f"The deal stays offered to {named(holder)}."
        elif holding.reserved:
            said[holder.pk] = f"The deal stays kept for {named(holder)}, who is under review."
        else:
            said[holder.pk] = f"{named(holder)} has the deal and keeps it."
    return list(said.values())


def _claims(registration: Registration) -> list[str]:
    """What other firms have on it besides, such as leads."""
    return [
        f"{claim.kind} to {cut(claim.partner)} ({claim.code}): they keep it."
        for claim in passing.claims_met(registration)
    ]


def _again(registration: Registration) -> str:
    """What the firm has registered there since."""
    rows = Registration.objects.filter(
        company=registration.company_id, partner=registration.partner_id, status__in=OPEN
    )
    codes = list(rows.order_by("rank").values_list("code", flat=True))
    if not codes:
        return ""
    stays = "stays as it is" if len(codes) == 1 else "stay as they are"
    return f"What the firm has open at this company besides, {saying.joined(codes)}, {stays}."


def _appeals(registration: Registration) -> str:
    codes = [made.code for made in reopening.ends_appeals(registration)]
    if not codes:
        return ""
    appeals = "The appeal" if len(codes) == 1 else "The appeals"
    ends = "ends" if len(codes) == 1 else "end"
    return f"{appeals} {saying.joined(codes)} {ends} with it, and the partner is told so by mail."
