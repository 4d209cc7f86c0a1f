"""R6: never two holders of one scope, whatever the timing. Each rule is shown to be needed by taking it away."""

import pytest
from django.db import connection

import companies.services as company_services
from companies.index.rows import row_of
from companies.index.vocabulary import add_words
from companies.matching.entries import VERSION
from companies.models import IndexState
from core.clock import database_clock
from core.errors import DomainError, ScopeTaken
from registrations.enums import Status
from registrations.models import Holding, Registration
from registrations.services import appeals, coming_back, decisions, holdings, overlaps, submission
from tests.concurrency.racing import meeting, race
from tests.people import draft_for

pytestmark = pytest.mark.django_db(transaction=True)
SPELLINGS = ["Acme Pumps GmbH", "ACME Pumps"]


@pytest.fixture
def drafts_of_two(alice, charlie, gateways):
    """Two drafts in an index that knows their words, as a portal in use does. The very first name of all, and a word
    that no name had before, are rows with a unique key: there the second insert waits for the first by chance."""
    IndexState.objects.get_or_create(id=1, defaults={"version": VERSION, "names": 0})
    add_words(word for spelling in SPELLINGS for word in row_of(spelling).words)
    return [draft_for(alice, SPELLINGS[0], gateways), draft_for(charlie, SPELLINGS[1], gateways)]


def submit_all(drafts):
    return race(*[lambda d=draft: submission.submit(d, by=d.owner) for draft in drafts])


def holders():
    return Holding.objects.filter(ended_at=None).count()


def test_two_spellings_at_once_one_holder(drafts_of_two, monkeypatch):
    monkeypatch.setattr(submission.conflicts, "check", meeting(submission.conflicts.check, 2))

    submit_all(drafts_of_two)

    statuses = sorted(Registration.objects.values_list("status", flat=True))
    assert statuses == [Status.APPROVED, Status.IN_REVIEW]
    assert holders() == 1


def test_control_without_the_registry_lock_both_are_approved(drafts_of_two, monkeypatch):
    """Both look before either has committed, so neither sees the other: the lock is what prevents it, since the words
    of the index, which make some such pairs wait, are known already (see `drafts_of_two`)."""
    monkeypatch.setattr(submission, "lock_registry", lambda: None)
    monkeypatch.setattr(company_services.registry, "lock_registry", lambda: None)
    monkeypatch.setattr(submission.conflicts, "check", meeting(submission.conflicts.check, 2))

    submit_all(drafts_of_two)

    assert list(Registration.objects.values_list("status", flat=True)) == [Status.APPROVED, Status.APPROVED]


@pytest.fixture
def two_in_review(alice, charlie, gateways):
    """Two registrations of one company row, neither holding it: a manager could give it to either."""
    from decimal import Decimal

    big = {"value": Decimal(900_000)}
    rows = [
        submission.submit(draft_for(person, SPELLINGS[0], gateways, **big), by=person)
        for person in (alice, charlie)
    ]
    assert {row.status for row in rows} == {Status.IN_REVIEW} and rows[0].company_id == rows[1].company_id
    return rows


def assign_all(rows, mara, ada):
    return race(
        lambda: decisions.assign(rows[0], by=mara),
        lambda: decisions.assign(rows[1], by=ada),
    )


def test_two_managers_assign_one_company_one_wins(two_in_review, mara, ada, monkeypatch):
    monkeypatch.setattr(holdings, "held_by_others", meeting(holdings.held_by_others, 2))

    results = assign_all(two_in_review, mara, ada)

    assert sum(isinstance(result, ScopeTaken) for result in results) == 1
    assert Registration.objects.filter(status=Status.APPROVED).count() == 1
    assert holders() == 1


def test_without_the_company_lock_the_constraint_still_holds(two_in_review, mara, ada, monkeypatch):
    monkeypatch.setattr("registrations.services.transitions.lock_companies", lambda ids: {})
    monkeypatch.setattr(holdings, "held_by_others", meeting(holdings.held_by_others, 2))

    results = assign_all(two_in_review, mara, ada)

    assert sum(isinstance(result, DomainError) for result in results) == 1
    assert holders() == 1


def test_control_without_lock_and_constraint_there_are_two_holders(two_in_review, mara, ada, monkeypatch):
    monkeypatch.setattr("registrations.services.transitions.lock_companies", lambda ids: {})
    monkeypatch.setattr(holdings, "held_by_others", meeting(holdings.held_by_others, 2))
    (constraint,) = Holding._meta.constraints
    with connection.schema_editor() as editor:
        editor.remove_constraint(Holding, constraint)
    try:
        assign_all(two_in_review, mara, ada)
        found = holders()
    finally:
        Holding.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Holding, constraint)
    assert found == 2


@pytest.fixture
def disputed(alice, mara, register):
    """An appeal against a revocation, with nothing open that stands against a grant."""
    held = register(alice, "Kestrel Foods Holding AG", clock=database_clock)
    no = decisions.revoke(held, by=mara, reason_code="early", text="Too early.")
    return appeals.appeal(no, by=alice, text="We met them.")


@pytest.fixture
def spelled_otherwise(disputed, charlie, gateways):
    """A draft of another partner whose company becomes a row of its own, so that the two share none to lock."""
    return draft_for(charlie, "Kestrel Food", gateways)


def grant_and(other, disputed, ada):
    race(lambda: appeals.grant(disputed, by=ada, text="Right."), other)
    return sorted(Registration.objects.values_list("status", flat=True))


def test_a_grant_and_a_submission_of_the_other_spelling_one_holder(
    disputed, spelled_otherwise, charlie, ada, monkeypatch
):
    monkeypatch.setattr(submission.conflicts, "check", meeting(submission.conflicts.check, 2))

    statuses = grant_and(lambda: submission.submit(spelled_otherwise, by=charlie), disputed, ada)

    assert statuses == [Status.APPROVED, Status.IN_REVIEW] and holders() == 1


def test_control_without_the_registry_lock_of_the_grant_both_are_protected(
    disputed, spelled_otherwise, charlie, ada, monkeypatch
):
    monkeypatch.setattr(appeals, "lock_registry", lambda: None)
    monkeypatch.setattr(submission.conflicts, "check", meeting(submission.conflicts.check, 2))

    statuses = grant_and(lambda: submission.submit(spelled_otherwise, by=charlie), disputed, ada)

    assert statuses == [Status.APPROVED, Status.APPROVED]


@pytest.fixture
def reviewed(disputed, spelled_otherwise, charlie):
    """The other spelling, under review for its value, which came in while the first was revoked."""
    Registration.objects.filter(pk=spelled_otherwise.pk).update(value=900_000)
    return submission.submit(spelled_otherwise, by=charlie)


def test_a_grant_and_an_approval_of_the_other_spelling_one_holder(disputed, reviewed, mara, ada, monkeypatch):
    monkeypatch.setattr(overlaps, "unjudged_holder", meeting(overlaps.unjudged_holder, 2))

    statuses = grant_and(lambda: decisions.assign(reviewed, by=mara), disputed, ada)

    assert statuses == [Status.APPROVED, Status.IN_REVIEW] and holders() == 1


def test_control_without_the_lock_on_what_the_grant_met_both_are_protected(
    disputed, reviewed, mara, ada, monkeypatch
):
    monkeypatch.setattr(coming_back, "look_locked", coming_back.look)
    monkeypatch.setattr(overlaps, "unjudged_holder", meeting(overlaps.unjudged_holder, 2))

    statuses = grant_and(lambda: decisions.assign(reviewed, by=mara), disputed, ada)

    assert statuses == [Status.APPROVED, Status.APPROVED]
