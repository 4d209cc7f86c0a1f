"""Loads the demo: all of it in one transaction, or nothing."""

from datetime import datetime, time, timedelta
from random import Random
from unittest import mock

from django.db import connection, transaction
from django.db.models import Max, Min, OuterRef, Subquery

from accounts.models import User
from companies.models import Company, CompanyName
from core.clock import Clock, database_clock
from demo import binding, contents, drafts, ground, groups, joining, library, papers, programs, rules
from demo.accounts_file import load_named_accounts
from demo.files import table
from demo.history import Past, settle
from demo.leads import LEAD_VERBS, LeadScene, load_weights
from demo.stories import all_stories, leads
from demo.story import Step
from demo.verbs import VERBS, Scene
from registrations.models import Registration, TimelineEntry

_SWEEP_AT = time(6, 5)
_HALF_A_DAY = timedelta(hours=12)
_MONDAY_WEDNESDAY_FRIDAY = (0, 2, 4)
_RECENTLY = timedelta(days=12)


class NotEmpty(Exception):
    """The database holds data that is not the demo's."""


def is_loaded() -> bool:
    """Whether the demo's people are there."""
    return User.objects.filter(email__in=[row["email"] for row in table("people")]).exists()


def load(*, force: bool = False, clock: Clock = database_clock) -> int:
    """Loads the demo as of today and returns the number of registrations. Raises NotEmpty where people who are not
    the demo's have accounts, unless `force`."""
    if User.objects.exists() and not force:
        raise NotEmpty
    now = clock()
    today = datetime.combine(now.date(), time(), tzinfo=now.tzinfo)
    # Public codes are drawn by lot; here the lot is the same on every load.
    with transaction.atomic(), mock.patch("core.codes.secrets", Random("concord")):
        _load(today, now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Registration.objects.count()


def _load(today: datetime, now: datetime) -> None:
    past = Past()
    ground.load_catalog()
    people = ground.load_people(today)
    rules.load_policies(past, today, by=people["olga"])
    groups.load_groups(past, today, by=people["olga"])
    with past.at(today - timedelta(days=398)) as clock:
        load_named_accounts(today.date(), by=people["olga"], clock=clock)
    load_weights(people)
    _tell(past, today, people)
    rules.relate_companies(past, today, by=people["mara"])
    rules.find_doubles(past, today)
    rules.invite_people(past, today, people)
    joining.load_applications(past, today, people)
    joining.load_onboarding(past, today, people)
    papers.load_papers(past, today, people)
    binding.load_binding(past, today, by=people["olga"], manager=people["tomas"])
    drafts.load_draft(past, today, by=people["olga"])
    drafts.load_trial(past, today, by=people["olga"])
    programs.load_programs(past, today, people)
    library.load_library(past, today, people)
    contents.load_contents(past, today, people)
    papers.tell_of_lapses(past, today)
    _backdate_companies()
    _remember_visits()
    settle(today, now)


def _tell(past: Past, today: datetime, people: dict[str, User]) -> None:
    """All steps of all stories in the order of time, and every morning the sweeps."""
    others: dict[str, Registration] = {}
    events: list[tuple[datetime, Scene | LeadScene, Step]] = []
    for story in all_stories():
        scene = Scene(story, people, others)
        events += [(step.at, scene, step) for step in story.timed(today)]
    for lead in leads.STORIES:
        told = LeadScene(lead, people)
        events += [(step.at, told, step) for step in lead.timed(today)]
    events.sort(key=lambda event: event[0])
    due = datetime.combine(events[0][0].date(), _SWEEP_AT, tzinfo=today.tzinfo)
    for moment, actor, step in events:
        due = _sweep_until(past, due, moment, today)
        actor.look_again()
        with past.at(moment) as clock:
            try:
                if isinstance(actor, LeadScene):
                    LEAD_VERBS[step.verb](actor, step, clock)
                else:
                    VERBS[step.verb](actor, step, clock)
            except Exception as error:
                error.add_note(f"in the demo's story {actor.story.key!r}: {step}")
                raise
    yesterday = today.date() - timedelta(days=1)
    _sweep_until(past, due, datetime.combine(yesterday, _SWEEP_AT, tzinfo=today.tzinfo), today)


def _sweep_until(past: Past, due: datetime, until: datetime, today: datetime) -> datetime:
    """Sweeps from `due` to `until`; returns when the next one is due. Reminders are looked for twice a day, since a warning
    counts for its own day, wherever its reader is; of weeks long past three mornings are enough for the rest."""
    while due <= until:
        recent = today.date() - due.date() < _RECENTLY
        if due.time() == _SWEEP_AT and (recent or due.weekday() in _MONDAY_WEDNESDAY_FRIDAY):
            past.sweep(due)
        else:
            past.remind(due)
        due += _HALF_A_DAY
    return due


def _backdate_companies() -> None:
    """Companies came up when their first name did, not today."""
    first = (
        CompanyName.objects.filter(company=OuterRef("pk")).values("company").annotate(at=Min("created_at"))
    )
    Company.objects.update(created_at=Subquery(first.values("at")))


def _remember_visits() -> None:
    """People were last here when they last did something."""
    last = TimelineEntry.objects.filter(actor=OuterRef("pk")).values("actor").annotate(at=Max("at"))
    User.objects.update(last_login=Subquery(last.values("at")))
