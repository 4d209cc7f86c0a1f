"""The review queue: its saved views, what is in each, in which order, and who comes next."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, OuterRef, Q, Subquery

from accounts.models import User
from registrations.enums import Status
from registrations.models import Conflict, Registration
from registrations.querysets import RegistrationQuerySet

_QUEUED = (Status.IN_REVIEW, Status.INFORMATION_ASKED, Status.WAITLISTED)
_IN_REVIEW = Q(status=Status.IN_REVIEW)


@dataclass(frozen=True)
class SavedView:
    """A view of the queue: its code in the address, its label, and the condition that its rows meet."""

    code: str
    label: str
    empty_title: str
    empty_text: str
    condition: Callable[[User, datetime], Q]


VIEWS = {
    view.code: view
    for view in (
        SavedView(
            "all",
            "To decide",
            "Nothing waits for a decision",
            "New registrations that need a person appear here, the one due first on top.",
            lambda _user, _now: _IN_REVIEW,
        ),
        SavedView(
            "mine",
            "Mine",
            "Nothing waits for you",
            "Registrations of the partners you manage come here by themselves.",
            lambda user, _now: _IN_REVIEW & Q(reviewer=user),
        ),
        SavedView(
            "overdue",
            "Overdue",
            "Nothing is overdue",
            "Every registration was answered within the time that the policy promises.",
            lambda _user, now: _IN_REVIEW & Q(review_due_at__lt=now),
        ),
        SavedView(
            "conflicts",
            "Conflicts",
            "No conflict to judge",
            "Registrations that may collide with another, or with a named account, are listed here.",
            lambda _user, _now: _IN_REVIEW & Q(top_score__isnull=False),
        ),
        SavedView(
            "asked",
            "Asked",
            "No question is open",
            "Registrations wait here while their partner answers you; then they return to the queue.",
            lambda _user, _now: Q(status=Status.INFORMATION_ASKED),
        ),
        SavedView(
            "waitlisted",
            "Waitlisted",
            "Nobody waits in line",
            "Registrations behind a holder stand here until the holder's protection ends.",
            lambda _user, _now: Q(status=Status.WAITLISTED),
        ),
    )
}


@dataclass(frozen=True)
class Choice:
    """What the reader asked for: a saved view, a text and a partner's code."""

    view: SavedView
    text: str = ""
    partner: str = ""


def rows_of(choice: Choice, *, user: User, now: datetime) -> RegistrationQuerySet:
    """The rows of a view, the one due first on top; `top_score` is that of the strongest unjudged conflict."""
    condition = choice.view.condition(user, now)
    return _found(choice, user).filter(condition).order_by(F("review_due_at").asc(nulls_last=True), "pk")


def counts(choice: Choice, *, user: User, now: datetime) -> dict[str, int]:
    """How many rows each view has under the same text and partner, in one query."""
    figures = {view.code: Count("pk", filter=view.condition(user, now)) for view in VIEWS.values()}
    return _found(choice, user).aggregate(**figures)


def next_after(row: Registration, rows: RegistrationQuerySet) -> Registration | None:
    """The row that comes after `row` in `rows`, else the first of them; None when nothing is left."""
    others = rows.exclude(pk=row.pk)
    return others.filter(_behind(row)).first() or others.first()


def place_of(row: Registration, rows: RegistrationQuerySet) -> int:
    """Where `row` stands in `rows`, counted from 1; 0 if it is not among them."""
    if not rows.filter(pk=row.pk).exists():
        return 0
    return rows.exclude(pk=row.pk).exclude(_behind(row)).count() + 1


def _behind(row: Registration) -> Q:
    if row.review_due_at is None:
        return Q(review_due_at=None, pk__gt=row.pk)
    return (
        Q(review_due_at__gt=row.review_due_at)
        | Q(review_due_at=row.review_due_at, pk__gt=row.pk)
        | Q(review_due_at=None)
    )


def _found(choice: Choice, user: User) -> RegistrationQuerySet:
    strongest = Conflict.objects.filter(registration=OuterRef("pk")).unjudged().standing().order_by("-score")
    rows = Registration.objects.visible_to(user).filter(status__in=_QUEUED)
    rows = rows.annotate(top_score=Subquery(strongest.values("score")[:1]))
    if choice.text:
        rows = rows.filter(
            Q(company_name__icontains=choice.text)
            | Q(deal_name__icontains=choice.text)
            | Q(code__iexact=choice.text)
            | Q(partner__name__icontains=choice.text)
        )
    if choice.partner:
        rows = rows.filter(partner__code=choice.partner)
    return rows
