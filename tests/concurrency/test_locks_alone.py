"""The locks without the database's constraint behind them: they alone keep one holder and one offer a scope. Each lock is
shown to be needed by taking it away.

tests/concurrency/test_one_holder.py and test_waiting_line.py have the constraint without the locks.
"""

import re
from threading import Barrier, Event

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import companies.services.registry as registry
from partners.models import Partner
from registrations.enums import RefusalReason, Status
from registrations.models import Holding, Offer, Registration
from registrations.querysets import RegistrationQuerySet
from registrations.services import (
    attachments,
    decisions,
    holdings,
    submission,
    transitions,
    undo,
    waitlist,
)
from tests.concurrency.racing import meanwhile, meeting, race
from tests.people import MONDAY_CLOCK, draft_for, make_user
from tests.registrations.requests_help import letter

pytestmark = pytest.mark.django_db(transaction=True)
ACME = "Acme Pumps GmbH"


@pytest.fixture(autouse=True)
def no_constraint(db):
    """Two may hold one scope, as far as the database cares."""
    constraint = next(c for c in Holding._meta.constraints if c.name == "one_holder_per_scope")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Holding, constraint)
    yield
    Holding.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Holding, constraint)


@pytest.fixture
def line(alice, charlie, dan, mara, register):
    """A holder whose scope nobody holds any more, and two who wait, charlie first."""
    held = register(alice, ACME)
    rows = [register(person, ACME) for person in (charlie, dan)]
    for row in rows:
        decisions.put_on_waitlist(row, behind=held, by=mara, clock=MONDAY_CLOCK)
    Holding.objects.all().delete()
    Registration.objects.filter(pk=held.pk).update(status=Status.EXPIRED)
    return rows


def sweep():
    return waitlist.offer_free_places(clock=MONDAY_CLOCK)


def statuses(*rows):
    return [Status(Registration.objects.get(pk=row.pk).status) for row in rows]


def holders():
    return Holding.objects.filter(ended_at=None).values("registration").distinct().count()


def meet(function, taken, **more):
    """They meet there where a lock is gone; where the locks keep them apart it is a short wait."""
    return meeting(function, 2, seconds=3 if taken else 0.7, **more)


def one_in_the_other(outer, inner, monkeypatch, *, waits, after=(holdings, "_rows")):
    """`outer` has looked who holds the scope, and is `after` that; then `inner` is done, unless it `waits` for what `outer` has
    locked; then `outer` writes."""
    looked, thread = meanwhile(getattr(*after), inner, seconds=0.7 if waits else 10)
    monkeypatch.setattr(*after, looked)
    race(outer)
    thread.join()


def not_locked(self, **_):
    return self._chain()


def skipping(self, **more):
    return super(RegistrationQuerySet, self).select_for_update(**more, skip_locked=True)


@pytest.mark.parametrize("taken", [[], ["companies"], ["rows"], ["companies", "rows"]], ids=str)
def test_two_workers_offer_what_is_free_and_neither_fails(taken, line, monkeypatch, caplog):
    """Either lock makes the second worker wait until it can see what the first has done. Without both it goes on with what
    it saw, and only the UNIQUE over open offers stops it, as an error."""
    monkeypatch.setattr(holdings, "held_by_others", meet(holdings.held_by_others, len(taken) == 2))
    if "companies" in taken:
        monkeypatch.setattr(waitlist, "lock_companies", lambda ids: {})
    if "rows" in taken:
        monkeypatch.setattr(RegistrationQuerySet, "select_for_update", not_locked, raising=False)

    race(sweep, sweep)

    failed = [record for record in caplog.records if "offering what is free" in record.message]
    assert bool(failed) == (len(taken) == 2)
    assert statuses(*line) == [Status.OFFERED, Status.WAITLISTED]
    assert Offer.objects.count() == holders() == 1


@pytest.mark.parametrize("locked", [True, False], ids=["locked", "without its lock"])
@pytest.mark.parametrize("begins", [waitlist, transitions], ids=["the worker", "the manager"])
def test_offered_to_the_next_or_given_to_another_never_both(
    begins, locked, line, alice, mara, register, monkeypatch
):
    """One that is no part of the line is given the deal while a worker moves the line up: they share the company, the rows of
    those in line, on which an approval writes that it passed them, and its own, which the worker locks to see whether it came
    first. The worker has locked the line's rows already where it begins."""
    other = register(alice, ACME)  # later than those in line
    assert statuses(other) == [Status.IN_REVIEW]

    why = "They were asked for."
    steps = [sweep, lambda: decisions.assign(other, by=mara, passing=why, clock=MONDAY_CLOCK)]

    waits = locked or begins is waitlist
    if not locked:
        monkeypatch.setattr(begins, "lock_companies", lambda ids: {})
        monkeypatch.setattr(waitlist.places, "reviews_beside", lambda line: [])
    one_in_the_other(*(steps if begins is waitlist else steps[::-1]), monkeypatch, waits=waits)

    both = statuses(line[0], other) == [Status.OFFERED, Status.APPROVED]
    assert (both, holders()) == ((False, 1) if waits else (True, 2))


@pytest.mark.parametrize("skipped", [False, True], ids=["waited for", "skipped"])
def test_nobody_is_passed_over_while_their_row_is_locked(skipped, line, charlie, monkeypatch):
    """A file of the first in line is being kept, behind the lock of its row alone: the worker waits for it, and does not
    write over what it changed. The control takes who is free, as SKIP LOCKED does."""
    first = Registration.objects.get(pk=line[0].pk)
    begun, barrier = Event(), Barrier(2)
    keep = meet(attachments.keep, skipped, barrier=barrier)
    monkeypatch.setattr(attachments, "keep", lambda *args, **more: begun.set() or keep(*args, **more))
    monkeypatch.setattr(holdings, "held_by_others", meet(holdings.held_by_others, skipped, barrier=barrier))
    if skipped:
        monkeypatch.setattr(RegistrationQuerySet, "select_for_update", skipping, raising=False)

    race(
        lambda: attachments.attach(first, letter(), by=charlie, clock=MONDAY_CLOCK),
        lambda: begun.wait(5) and sweep(),
    )

    assert statuses(*line) == [Status.OFFERED, Status.WAITLISTED][:: -1 if skipped else 1]
    changes = Registration.objects.get(pk=first.pk).version - first.version
    assert changes == (1 if skipped else 2)  # the file, and the offer


@pytest.mark.parametrize("taken", [[], ["registry"], ["companies"], ["registry", "companies"]], ids=str)
def test_one_company_submitted_by_four_partners(taken, mara, gateways, monkeypatch):
    """One holds it, three come after: either lock makes the others wait for the first one. Without both all four hold it."""
    people = []
    for name in ("Eastwind", "Westhaven", "Midland", "Uplands"):
        firm = Partner.objects.create(name=name, country="DE", status="active", manager=mara)
        people.append(make_user(name, "partner_rep", firm))
    known = submission.submit(draft_for(people[0], ACME, gateways), by=people[0])  # so the company is known
    Registration.objects.filter(pk=known.pk).update(status=Status.WITHDRAWN)
    Holding.objects.all().delete()
    drafts = [draft_for(person, ACME, gateways) for person in people]
    looks = meeting(submission.conflicts.check, 4, seconds=3 if len(taken) == 2 else 0.7)
    monkeypatch.setattr(submission.conflicts, "check", looks)
    if "registry" in taken:
        monkeypatch.setattr(submission, "lock_registry", lambda: None)
        monkeypatch.setattr(registry, "lock_registry", lambda: None)
    if "companies" in taken:
        monkeypatch.setattr(submission, "lock_companies", lambda ids: {})
    if len(taken) == 2:  # all have looked before the first one writes
        monkeypatch.setattr(holdings, "held_by_others", lambda *_: [])

    race(*[lambda draft=draft: submission.submit(draft, by=draft.owner) for draft in drafts])

    kept_out = Status.APPROVED if len(taken) == 2 else Status.IN_REVIEW
    assert sorted(statuses(*drafts)) == [Status.APPROVED, *[kept_out] * 3]
    assert holders() == (4 if len(taken) == 2 else 1)


@pytest.mark.parametrize("taken", [[], ["registry"], ["companies"], ["registry", "companies"]], ids=str)
@pytest.mark.parametrize("begins", [submission, transitions], ids=["the newcomer", "the manager"])
def test_a_newcomer_while_a_revocation_is_taken_back(
    begins, taken, alice, charlie, mara, gateways, register, monkeypatch
):
    """They share the registry and the company: either lock makes the second wait. What was revoked is no rival of a newcomer
    otherwise, nor the newcomer one of it."""
    held = register(alice, ACME)
    why = {"reason_code": RefusalReason.INACTIVE, "text": "No update."}
    decision = decisions.revoke(held, by=mara, clock=MONDAY_CLOCK, **why)
    newcomer = draft_for(charlie, ACME, gateways)
    steps = [
        lambda: submission.submit(newcomer, by=charlie, clock=MONDAY_CLOCK),
        lambda: undo.undo(decision, by=mara, clock=MONDAY_CLOCK),
    ]
    if "registry" in taken:
        for module in (submission, registry, undo):
            monkeypatch.setattr(module, "lock_registry", lambda: None)
    if "companies" in taken:
        monkeypatch.setattr(begins, "lock_companies", lambda ids: {})

    waits = len(taken) < 2
    if begins is submission:
        one_in_the_other(*steps, monkeypatch, waits=waits)
    else:
        one_in_the_other(*steps[::-1], monkeypatch, waits=waits, after=(undo.coming_back, "check_alone"))

    both = statuses(held, newcomer) == [Status.APPROVED, Status.APPROVED]
    assert (both, holders()) == ((False, 1) if waits else (True, 2))


def test_a_submission_takes_its_locks_in_their_order(alice, gateways):
    """The registry before any row, the draft's own included: who holds a row never waits for the registry."""
    draft = draft_for(alice, ACME, gateways)
    with CaptureQueriesContext(connection) as said:
        submission.submit(draft, by=alice, clock=MONDAY_CLOCK)

    locks = [query["sql"] for query in said if "advisory" in query["sql"] or "FOR UPDATE" in query["sql"]]
    kinds = [
        re.search(r"advisory|registrations_registration|companies_company", sql).group() for sql in locks
    ]
    assert kinds[0] == "advisory" and "companies_company" in kinds
    assert kinds.index("registrations_registration") > kinds.index("advisory")
