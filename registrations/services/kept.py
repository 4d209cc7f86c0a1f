"""What is kept for a review, whose turn in line has come, where a verdict is given about two companies: it is given back where
it is about another company, and gives way to who holds it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Q

from companies.models import Company
from core.errors import ScopeTaken
from registrations.enums import TURN_CAME, UNDER_REVIEW
from registrations.models import Holding, Registration
from registrations.services import holdings, waitlist
from registrations.services.giving_back import let_go


def is_elsewhere(registration: Registration, company: int) -> bool:
    """Whether something is kept for it at `company`, and would be given back if that were another one than its own."""
    if not registration.holdings.filter(ended_at=None, company=company).exists():
        return False
    return company == registration.company_id or company not in holdings.scope_now(registration).companies


def part(one: int, two: int, *, at: datetime) -> None:
    """They are two companies: what is kept at one of them for a review of the other is given back, and the line goes on. The
    caller holds both."""
    across = Q(company=one, holdings__company=two) | Q(company=two, holdings__company=one)
    reviews = Registration.objects.under_review().filter(across, holdings__ended_at=None)
    for review in reviews.order_by("rank").distinct():
        let_go(review, at=at)
        waitlist.go_on(review, at=at)


def collisions(one: Company, two: Company) -> tuple[list[Holding], list[Registration]]:
    """Were they one company: the holdings of `two` that someone else holds, too; and the reviews for which something is kept
    that others hold, or that others are reviewed for who came first. Those give way."""
    rows = Holding.objects.filter(ended_at=None).select_related("product_line", "registration")
    there = list(rows.filter(company=one))
    clashes, yielding = [], []
    for here in rows.filter(company=two).order_by("product_line__name", "id"):
        for other in there:
            if _collide(here, other):
                latest = max(here, other, key=_gives_way)
                if _gives_way(latest)[0]:
                    yielding.append(latest.registration)
                elif here not in clashes:
                    clashes.append(here)
    return clashes, list(dict.fromkeys(yielding))


def yields(registration: Registration, company: int) -> bool:
    """Whether what is kept for it would be given back if its company and `company` were one."""
    own, other = registration.company, Company.objects.get(pk=company)
    return own is not None and own != other and registration in collisions(own, other)[1]


def give_way(reviews: Collection[Registration], *, at: datetime) -> dict[str, dict[str, Any]]:
    """Gives back all that is kept for `reviews`. Returns what they were, for the way back."""
    told = {}
    for review in reviews:
        rows = list(review.holdings.filter(ended_at=None).values_list("pk", flat=True))
        told[str(review.pk)] = {"holdings": rows, "reasons": review.review_reasons}
        let_go(review, at=at, whole=True)
    return told


def come_back(told: dict[str, dict[str, Any]], *, at: datetime) -> None:
    """What gave way is kept again as it was, for the reviews that are not over, where nobody has it now."""
    reviews = Registration.objects.under_review().filter(pk__in=[int(pk) for pk in told])
    for review in reviews.exclude(holdings__in=Holding.objects.filter(ended_at=None)).order_by("rank"):
        before = told[str(review.pk)]
        try:
            holdings.hold_again(review, before["holdings"], at=at)
        except ScopeTaken:
            continue
        same = {TURN_CAME, *review.review_reasons} == set(before["reasons"])
        review.review_reasons = before["reasons"] if same else [TURN_CAME, *review.review_reasons]
        review.save(update_fields=["review_reasons"])


def _gives_way(holding: Holding) -> tuple[bool, int]:
    """Of two that collide the greater one gives way: what is kept for a review, of two reviews the later one."""
    review = holding.reserved and holding.registration.status in UNDER_REVIEW
    return review, holding.registration.rank or 0


def _collide(one: Holding, two: Holding) -> bool:
    """Whether they would be one scope if their companies were one. What a registration holds beside itself does not."""
    if one.registration_id == two.registration_id:
        return False
    pairs = (
        (one.product_line_id, two.product_line_id),
        (one.industry_id, two.industry_id),
    )
    if one.countries and two.countries and set(one.countries).isdisjoint(two.countries):
        return False
    return all(None in pair or pair[0] == pair[1] for pair in pairs)
