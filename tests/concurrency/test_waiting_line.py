"""The line behind a holder under concurrency: one offer a scope, and an answer or the sweep, never both. Next to each rule
stands a control that takes it away."""

from datetime import timedelta

import pytest
from django.db import connection

from companies.matching import CompanyQuery
from companies.services import create_company, set_parent
from core.clock import fixed
from core.errors import DomainError
from notifications.models import Message
from registrations.enums import AgreementState, OfferOutcome, RefusalReason, Status
from registrations.models import Agreement, Holding, Offer, Registration
from registrations.services import (
    agreements,
    decisions,
    holdings,
    offers,
    partner_actions,
    submission,
    transitions,
    turns,
    waitlist,
)
from registrations.services.timeline import first_broken
from tests.concurrency.racing import meeting, race
from tests.people import MONDAY, MONDAY_CLOCK, draft_for, make_user
from tests.registrations.requests_help import policy

pytestmark = pytest.mark.django_db(transaction=True)
ACME = "Acme Pumps GmbH"
TOO_LATE = fixed(MONDAY + timedelta(days=8))


@pytest.fixture
def line(alice, charlie, dan, mara, register):
    """A holder and two who wait, charlie first."""
    held = register(alice, ACME)
    rows = [register(person, ACME) for person in (charlie, dan)]
    for row in rows:
        decisions.put_on_waitlist(row, behind=held, by=mara, clock=MONDAY_CLOCK)
    return [Registration.objects.get(pk=row.pk) for row in (held, *rows)]


@pytest.fixture
def free_place(line):
    """Nobody holds it and nobody was offered it, as after a firm became active again."""
    held, first, second = line
    Holding.objects.all().delete()
    Registration.objects.filter(pk=held.pk).update(status=Status.EXPIRED)
    return first, second


def statuses(*rows):
    return [Status(Registration.objects.get(pk=row.pk).status) for row in rows]


def test_two_workers_offer_what_is_free_and_one_has_it(free_place, monkeypatch):
    monkeypatch.setattr(holdings, "held_by_others", meeting(holdings.held_by_others, 2))
    race(*[lambda: waitlist.offer_free_places(clock=MONDAY_CLOCK)] * 2)

    assert statuses(*free_place) == [Status.OFFERED, Status.WAITLISTED]
    assert Offer.objects.count() == 1
    assert Message.objects.filter(event="registration.offered").count() == 1


def test_control_without_locks_and_constraint_two_workers_offer_it_twice(free_place, monkeypatch):
    """Each looks before the other has written, and one takes the line from the other end, as SKIP LOCKED would."""
    first, second = free_place
    monkeypatch.setattr(turns.holdings, "held_by_others", meeting(holdings.held_by_others, 2))
    constraint = next(c for c in Holding._meta.constraints if c.name == "one_holder_per_scope")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Holding, constraint)

    def without_locks(row):
        from django.db import transaction

        with transaction.atomic():
            return turns.take_turn(Registration.objects.get(pk=row.pk), at=MONDAY)

    try:
        race(lambda: without_locks(first), lambda: without_locks(second))
        found = statuses(*free_place)
    finally:
        Holding.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Holding, constraint)
    assert found == [Status.OFFERED, Status.OFFERED]


@pytest.fixture
def offer(line, alice):
    partner_actions.withdraw(line[0], by=alice, clock=MONDAY_CLOCK)
    Message.objects.filter(sent_at=None).update(status="sent", sent_at=MONDAY)
    return Offer.objects.get()


def told(offer):
    return sorted(offer.registration.timeline.values_list("kind", flat=True))


def test_acceptance_against_expiry_one_of_them_wins_whole(offer, line, charlie, monkeypatch):
    """In time by the person's clock, too late by the sweep's: whoever is first at the lock decides."""
    monkeypatch.setattr(offers, "opened", meeting(offers.opened, 2))
    answer, _ = race(
        lambda: offers.accept(Offer.objects.get(pk=offer.pk), by=charlie, clock=MONDAY_CLOCK),
        lambda: offers.lapse_offers(clock=TOO_LATE),
    )
    offer.refresh_from_db()
    _, first, second = line
    if offer.outcome == OfferOutcome.ACCEPTED:
        assert statuses(first, second) == [Status.APPROVED, Status.WAITLISTED]
        assert "lapse" not in told(offer)
    else:
        assert isinstance(answer, offers.OfferOver)
        assert statuses(first, second) == [Status.EXPIRED, Status.OFFERED]
        assert "move_up" not in told(offer)
    assert Holding.objects.filter(ended_at=None).count() == 1
    assert first_broken(first) is None


@pytest.mark.parametrize("locked", [True, False])
def test_an_answer_between_the_sweeps_look_and_its_lock(locked, offer, line, charlie, monkeypatch):
    """The sweep has seen the offer as due; then the partner accepts. With the second look the deal stays theirs; the
    control without it ends an offer that was accepted."""
    asked = offers._is_past
    calls = []

    def accept_first(found, now):
        if now > MONDAY and not calls:
            calls.append(found)
            race(lambda: offers.accept(Offer.objects.get(pk=offer.pk), by=charlie, clock=MONDAY_CLOCK))
            return True
        return asked(found, now)

    monkeypatch.setattr(offers, "_is_past", accept_first)
    if not locked:

        def without_second_look(found, now):
            Registration.objects.filter(pk=found.registration_id).update(status=Status.EXPIRED)
            return True

        monkeypatch.setattr(offers, "_lapse", without_second_look)
    offers.lapse_offers(clock=TOO_LATE)

    assert statuses(line[1]) == [Status.APPROVED if locked else Status.EXPIRED]


def test_two_ways_for_an_offer_to_end_offer_it_on_once(offer, line, charlie, mara):
    race(
        lambda: offers.decline(Offer.objects.get(pk=offer.pk), by=charlie, clock=MONDAY_CLOCK),
        lambda: decisions.refuse(
            line[1], by=mara, reason_code=RefusalReason.EARLY, text="No.", clock=MONDAY_CLOCK
        ),
        lambda: offers.lapse_offers(clock=TOO_LATE),
    )
    assert statuses(line[2]) == [Status.OFFERED]
    assert Offer.objects.open().count() == 1
    assert Message.objects.filter(event="registration.offered").count() == 2


@pytest.mark.parametrize("swept", [True, False], ids=["beside a sweep", "alone"])
def test_two_subsidiaries_given_up_at_once_each_go_to_who_waits_at_the_other(
    swept, alice, bob, charlie, mara, gateways, sensors, register, monkeypatch
):
    """Each release looks at the line of the whole family, from another end of it: they take its locks in one order."""
    policy(scope_family=True, waitlist_same=True, review_other_scope=False)
    parent, one, two = (
        create_company(CompanyQuery(name, country="DE"), by=mara)
        for name in ("Zeta Group SE", "Quartz Mills GmbH", "Birchwood Dairy")
    )
    for company in (one, two):
        set_parent(company, parent, by=mara)
    first, second = register(alice, one.name, line=gateways), register(bob, two.name, line=sensors)
    behind = [register(charlie, two.name, line=gateways), register(charlie, one.name, line=sensors)]
    assert statuses(first, second, *behind) == [Status.APPROVED] * 2 + [Status.WAITLISTED] * 2
    monkeypatch.setattr(transitions, "lock_companies", meeting(transitions.lock_companies, 2))

    results = race(
        lambda: partner_actions.release(first, by=alice, clock=MONDAY_CLOCK),
        lambda: partner_actions.release(second, by=bob, clock=MONDAY_CLOCK),
        *[lambda: waitlist.offer_free_places(clock=MONDAY_CLOCK)] * swept,
    )

    assert not any(isinstance(result, Exception) for result in results), results
    assert statuses(*behind) == [Status.OFFERED, Status.OFFERED]
    assert Message.objects.filter(event="registration.offered").count() == Offer.objects.count() == 2
    assert all(first_broken(row) is None for row in (first, second, *behind))


def test_both_partners_agree_at_once_it_is_carried_out_once(alice, charlie, mara, register):
    held, rival = register(alice, ACME), register(charlie, ACME)
    agreement = agreements.propose(
        rival, holder=held, kind="transfer", other_share=100, text="As agreed.", by=mara
    )
    results = race(
        lambda: agreements.agree(Agreement.objects.get(pk=agreement.pk), by=alice),
        lambda: agreements.agree(Agreement.objects.get(pk=agreement.pk), by=charlie),
    )
    assert not any(isinstance(result, Exception) for result in results), results
    agreement.refresh_from_db()
    assert agreement.state == AgreementState.AGREED
    assert statuses(held, rival) == [Status.TRANSFERRED, Status.APPROVED]
    assert [h.registration_id for h in Holding.objects.filter(ended_at=None)] == [rival.pk]
    assert rival.decisions.filter(action="take_over").count() == 1


@pytest.mark.parametrize("locked", [True, False])
def test_one_company_submitted_by_four_partners(locked, mara, gateways, monkeypatch):
    """One holds it, three come after; the control without locks and constraint has four holders."""
    from partners.models import Partner

    people = []
    for name in ("Eastwind", "Westhaven", "Midland", "Uplands"):
        firm = Partner.objects.create(name=name, country="DE", status="active", manager=mara)
        people.append(make_user(name, "partner_rep", firm))
    drafts = [draft_for(person, ACME, gateways) for person in people]
    submission.submit(draft_for(people[0], ACME, gateways), by=people[0])  # the company is known
    Registration.objects.exclude(status=Status.DRAFT).update(status=Status.WITHDRAWN)
    Holding.objects.all().delete()
    constraint = next(c for c in Holding._meta.constraints if c.name == "one_holder_per_scope")
    monkeypatch.setattr(submission.conflicts, "check", meeting(submission.conflicts.check, 4))
    if not locked:
        for name in ("lock_registry", "lock_companies"):
            monkeypatch.setattr(submission, name, lambda *_: {})
        monkeypatch.setattr("companies.services.registry.lock_registry", lambda: None)
        monkeypatch.setattr(holdings, "held_by_others", lambda *_: [])
        with connection.schema_editor() as editor:
            editor.remove_constraint(Holding, constraint)
    try:
        results = race(*[lambda d=draft: submission.submit(d, by=d.owner) for draft in drafts])
        found = sorted(
            Registration.objects.filter(pk__in=[draft.pk for draft in drafts]).values_list(
                "status", flat=True
            )
        )
    finally:
        if not locked:
            Holding.objects.all().delete()
            with connection.schema_editor() as editor:
                editor.add_constraint(Holding, constraint)
    assert not any(
        isinstance(result, Exception) and not isinstance(result, DomainError) for result in results
    )
    expected = [Status.APPROVED, *[Status.IN_REVIEW] * 3] if locked else [Status.APPROVED] * 4
    assert found == expected
