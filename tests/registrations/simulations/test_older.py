"""Registrations from before the policy's runs were kept: reconstructed, and told as such."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.clock import fixed
from policies.facts import Facts
from policies.models import RegistrationPolicy
from registrations.models import PolicyRun, Registration
from registrations.services import partner_actions, submission
from registrations.simulation import older
from tests.people import MONDAY
from tests.registrations.simulations.given import draft_with, simulated

pytestmark = pytest.mark.django_db
AFTER = MONDAY + timedelta(days=900)


@pytest.fixture
def kept(monkeypatch):
    """What would have been kept, for comparing; nothing is."""
    found = {}

    def remember(registration, occasion, *, facts, **_):
        found[registration.pk] = facts

    monkeypatch.setattr(submission, "keep_run", remember)
    return found


@pytest.fixture
def past(kept, alice, charlie, europe, register):
    """Submissions of two days in all kinds of company."""
    register(alice, "Acme Pumps GmbH", territory=europe)
    register(charlie, "ACME Pumps", clock=fixed(MONDAY + timedelta(hours=1)))
    register(alice, "Large Works AG", value=Decimal(150_000), clock=fixed(MONDAY + timedelta(hours=2)))
    ended = register(charlie, "Town of Ulm", tender=True, clock=fixed(MONDAY + timedelta(days=1)))
    partner_actions.withdraw(ended, by=charlie, clock=fixed(MONDAY + timedelta(days=2)))
    register(charlie, "Late Foods BV", clock=fixed(MONDAY + timedelta(days=3)))


def guesses():
    rows = list(older.submitted(MONDAY, AFTER).order_by("pk"))
    return {case.registration: case for case in older.reconstructed(rows)}


def as_known(facts):
    """What was kept as evidence is what the version of the day compared."""
    return replace(facts, gathered_from=0.5)


def test_the_records_hold_what_was_known(past, kept):
    found = guesses()

    assert not PolicyRun.objects.exists()
    assert {pk: case.facts for pk, case in found.items()} == {
        pk: as_known(facts) for pk, facts in kept.items()
    }
    assert [case.landing for case in found.values()] == [
        "approved",
        "in_review",
        "in_review",
        "approved",
        "approved",
    ]
    assert all(
        case.reconstructed and case.policy == RegistrationPolicy.objects.get().pk for case in found.values()
    )


def test_history_is_replayed_and_a_draft_simulated_from_records_alone(past, olga):
    replayed = simulated(RegistrationPolicy.objects.get(), olga)
    assert (replayed.looked_at, replayed.reconstructed, replayed.unsettled) == (5, 5, 0)
    assert not replayed.cases.exists()

    tried = simulated(draft_with(refuse_public_tender=True), olga, portion=2)
    case = tried.cases.get()
    assert (case.registration.company_name, case.after, case.reconstructed) == (
        "Town of Ulm",
        "refused",
        True,
    )


def test_what_changed_since_is_told_as_not_comparable(past, olga):
    Registration.objects.filter(company_name="Late Foods BV").update(value=Decimal(900_000))

    simulation = simulated(draft_with(auto_approve_below=Decimal(10**6)), olga)

    assert simulation.unsettled == 1
    told = simulation.cases.get(unsettled=True)
    assert (told.registration.company_name, told.rule) == ("Late Foods BV", "value")
    assert simulation.cases.get(unsettled=False).registration.company_name == "Large Works AG"


def test_kept_and_older_ones_come_together_once(past, monkeypatch, alice, olga, register):
    monkeypatch.undo()
    register(alice, "New Mills AG", clock=fixed(MONDAY + timedelta(days=4)))

    simulation = simulated(draft_with(auto_approve=False), olga, portion=2)

    assert (simulation.total, simulation.looked_at, simulation.reconstructed) == (6, 6, 5)
    assert simulation.cases.count() == 4
    assert not simulation.cases.get(registration__company_name="New Mills AG").reconstructed


def test_a_registration_that_expired_before_is_remembered(kept, alice, register):
    ended = register(alice, "Acme Pumps GmbH")
    gone = MONDAY + timedelta(days=70)
    Registration.objects.filter(pk=ended.pk).update(status="expired", closed_at=gone)
    ended.holdings.update(ended_at=gone)

    again = register(alice, "Acme Pumps GmbH", clock=fixed(gone + timedelta(days=5)))

    facts = guesses()[again.pk].facts
    assert isinstance(facts, Facts) and facts == as_known(kept[again.pk])
    assert (facts.let_expire_at, again.status) == (gone, "refused")


def test_the_number_of_questions_does_not_grow_with_the_rows(past, alice, register):
    def asked():
        rows = list(older.submitted(MONDAY, AFTER).order_by("pk"))
        with CaptureQueriesContext(connection) as queries:
            older.reconstructed(rows)
        return len(queries)

    before = asked()
    for number in range(3):
        register(alice, f"Mill {number} Works AG", clock=fixed(MONDAY + timedelta(days=3, hours=number)))
    assert asked() == before
