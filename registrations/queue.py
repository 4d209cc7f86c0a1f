"""The review queue: its views, what is in each, in which order, and who comes next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery

from accounts.absences import Roster, roster
from accounts.models import User
from registrations.enums import Status
from registrations.models import Conflict, Look, Registration, Snooze, TimelineEntry
from registrations.querysets import RegistrationQuerySet, clock_runs

QUEUED = (Status.IN_REVIEW, Status.INFORMATION_ASKED, Status.WAITLISTED, Status.OFFERED)
_IN_REVIEW = Q(status=Status.IN_REVIEW)
_AWAKE = _IN_REVIEW & Q(asleep=False)


@dataclass(frozen=True)
class Reader:
    """Who looks, when, and who is away then: `desks` are the ids of those whose reviews are the reader's today."""

    user: User
    now: datetime
    roster: Roster

    @property
    def stands_in_for(self) -> list[User]:
        return self.roster.represented_by(self.user)

    @property
    def desks(self) -> list[int]:
        return [self.user.pk, *(person.pk for person in self.stands_in_for)]


def reader_of(user: User, now: datetime) -> Reader:
    """`user` with those who are away now: one query."""
    return Reader(user, now, roster(now))


@dataclass(frozen=True)
class View:
    """A view of the queue: its code in the address, its label, and the condition that its rows meet. `rare` ones are
    shown only while they hold something."""

    code: str
    label: str
    empty_title: str
    empty_text: str
    condition: Callable[[Reader], Q]
    rare: bool = False


VIEWS = {
    view.code: view
    for view in (
        View(
            "all",
            "To decide",
            "Nothing waits for a decision",
            "New registrations that need a person appear here, the one due first on top.",
            lambda _reader: _AWAKE,
        ),
        View(
            "mine",
            "Mine",
            "Nothing waits for you",
            "Registrations of the partners you manage come here by themselves, and what you take or are handed.",
            lambda reader: _AWAKE & Q(reviewer__in=reader.desks),
        ),
        View(
            "nobody",
            "Nobody's",
            "Everything has a reviewer",
            "Registrations that no active channel manager reviews stand here until somebody takes them.",
            lambda _reader: _AWAKE & (Q(reviewer=None) | Q(reviewer__is_active=False)),
            rare=True,
        ),
        View(
            "overdue",
            "Overdue",
            "Nothing is overdue",
            "Every registration was answered within the time that the policy promises.",
            lambda reader: clock_runs() & Q(review_due_at__lt=reader.now),
        ),
        View(
            "conflicts",
            "Conflicts",
            "No conflict to judge",
            "Registrations that may collide with another, or with a named account, are listed here.",
            lambda _reader: _AWAKE & Q(top_score__isnull=False),
        ),
        View(
            "asked",
            "Asked",
            "No question is open",
            "Registrations wait here while their partner answers you; then they return to the queue.",
            lambda _reader: Q(status=Status.INFORMATION_ASKED),
        ),
        View(
            "waitlisted",
            "Waitlisted",
            "Nobody waits in line",
            "Registrations behind a holder stand here until it is their turn and they have accepted.",
            lambda _reader: Q(status__in=(Status.WAITLISTED, Status.OFFERED)),
        ),
        View(
            "snoozed",
            "Set aside",
            "Nothing is set aside",
            "What is snoozed stands here until its day, or until its partner does something or a rival ends.",
            lambda _reader: Q(asleep=True),
            rare=True,
        ),
    )
}


@dataclass(frozen=True)
class Choice:
    """What the reader asked for: a view, a text, a partner's code, a reviewer ('me', 'nobody' or a person's id) and a
    territory's code. Anything that is not there finds nothing."""

    view: View
    text: str = ""
    partner: str = ""
    reviewer: str = ""
    territory: str = ""

    @property
    def is_filtered(self) -> bool:
        return bool(self.text or self.partner or self.reviewer or self.territory)


def rows_of(choice: Choice, reader: Reader) -> RegistrationQuerySet:
    """The rows of a view, the one due first on top. `top_score` is that of the strongest unjudged conflict; `asleep`
    says that it is snoozed; `news`, that somebody else did something since the reader last looked."""
    rows = _queued(reader).filter(_condition(choice, reader)).annotate(news=_news(reader.user))
    return rows.order_by(F("review_due_at").asc(nulls_last=True), "pk")


def counts(choices: Mapping[str, Choice], reader: Reader) -> dict[str, int]:
    """How many rows each of the choices has, in one query whatever their number. Keys are identifiers."""
    figures = {key: Count("pk", filter=_condition(choice, reader)) for key, choice in choices.items()}
    return _queued(reader).aggregate(**figures)


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


def _queued(reader: Reader) -> RegistrationQuerySet:
    strongest = Conflict.objects.filter(registration=OuterRef("pk")).unjudged().standing().order_by("-score")
    # Whatever changes the status after the snooze, an answer or an end, wakes it; so does a rival's end (rival_ends.py).
    asleep = Snooze.objects.filter(
        registration=OuterRef("pk"), until__gt=reader.now, at__gte=OuterRef("changed_at")
    )
    rows = Registration.objects.visible_to(reader.user).filter(status__in=QUEUED)
    return rows.annotate(top_score=Subquery(strongest.values("score")[:1]), asleep=Exists(asleep))


def _news(user: User) -> Any:
    looked = Look.objects.filter(registration=OuterRef("registration"), user=user).values("number")[:1]
    return Exists(
        TimelineEntry.objects.filter(registration=OuterRef("pk"), number__gt=Subquery(looked)).exclude(
            actor=user
        )
    )


def _condition(choice: Choice, reader: Reader) -> Q:
    found = choice.view.condition(reader)
    if choice.text:
        found &= (
            Q(company_name__icontains=choice.text)
            | Q(deal_name__icontains=choice.text)
            | Q(code__iexact=choice.text)
            | Q(partner__name__icontains=choice.text)
        )
    if choice.partner:
        found &= Q(partner__code=choice.partner)
    if choice.territory:
        found &= Q(territory__code=choice.territory)
    if choice.reviewer == "me":
        found &= Q(reviewer=reader.user)
    elif choice.reviewer == "nobody":
        found &= Q(reviewer=None)
    elif choice.reviewer:
        known = choice.reviewer.isdecimal() and len(choice.reviewer) < 19
        found &= Q(reviewer=int(choice.reviewer)) if known else Q(pk__in=[])
    return found
