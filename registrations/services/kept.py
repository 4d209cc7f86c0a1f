"""What is kept for a review, whose turn in line has come, where a verdict is given about two companies: it is given back where
it is about another company, and gives way to who holds it."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db.models import Q

from companies.models import Company
from core.errors import ScopeTaken
from registrations.enums import TURN_CAME, UNDER_REVIEW
from registrations.models import Holding, Registration
from registrations.services import holdings, waitlist
from registrations.services.giving_back import let_go

_asked_later: ContextVar[list[Registration] | None] = ContextVar(
    "reviews whose line goes on later", default=None
)


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
    rows = Holding.objects.filter(ended_at=None).select_related("product_line", "registration__partner")
    there = list(rows.filter(company=one))
    clashes, later = [], []
    for here in rows.filter(company=two).order_by("product_line__name", "id"):
        for other in there:
            if _collide(here, other):
                latest = max(here, other, key=_gives_way)
                if _gives_way(latest)[0]:
                    later.append(latest.registration)
                elif here not in clashes:
                    clashes.append(here)
    return clashes, list(dict.fromkeys(later))


def yielding(registration: Registration, company: int) -> list[Registration]:
    """The reviews for which what is kept would be given back if its company and `company` were one; itself perhaps."""
    own = registration.company
    if own is None or own.pk == company:
        return []
    return collisions(own, Company.objects.get(pk=company))[1]


def give_way(reviews: Collection[Registration], *, at: datetime) -> dict[str, dict[str, Any]]:
    """Gives back all that is kept for `reviews`. Returns what they were, for the way back."""
    told = {}
    for review in reviews:
        rows = list(review.holdings.filter(ended_at=None).values_list("pk", flat=True))
        told[str(review.pk)] = {"holdings": rows, "reasons": review.review_reasons}
        let_go(review, at=at, whole=True)
    return told


def lines_go_on(reviews: Iterable[Registration], *, at: datetime) -> None:
    """What was kept for `reviews` has given way: whoever is behind waits for who holds it, or has their turn. The caller holds
    the companies, which are one by now."""
    later = _asked_later.get()
    for review in reviews:
        if later is None:
            waitlist.go_on(review, at=at)
        else:
            later.append(review)


@contextmanager
def lines_wait() -> Iterator[list[Registration]]:
    """The lines go on after what is done inside: with the decision that it belongs to, which holds their mails back and can take
    them back. Yields the reviews whose lines do."""
    later: list[Registration] = []
    token = _asked_later.set(later)
    try:
        yield later
    finally:
        _asked_later.reset(token)


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
