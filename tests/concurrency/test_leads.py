"""Two claims of a pooled lead: exactly one wins, and each rule that makes it so is shown to be needed."""

from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from core.clock import fixed
from core.errors import WrongStatus
from leads.enums import DeclineReason, Way
from leads.models import Gift, Lead, LeadEntry
from leads.services import answering, giving, rotation, sweeping, transitions
from leads.services.timeline import first_broken
from registrations.models import Registration
from tests.concurrency.racing import meeting, race
from tests.leads.makers import holder_of, make_lead
from tests.people import MONDAY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def firms(alice, charlie, northgate, southridge, europe):
    for firm in (northgate, southridge):
        firm.territories.add(europe)
    return [alice, charlie]


@pytest.fixture
def pooled(mara, gateways, firms):
    lead = make_lead(mara, "Blohm Presswerk GmbH", gateways)
    giving.put_into_pool(lead, by=mara)
    return lead


def claim_all(lead, people):
    return race(*[lambda person=person: giving.claim(lead, by=person) for person in people])


def open_gifts():
    return Gift.objects.filter(ended_at=None).count()


def test_two_claims_one_wins(pooled, firms, monkeypatch):
    monkeypatch.setattr(giving, "standings", meeting(giving.standings, 2))

    results = claim_all(pooled, firms)

    lost = [result for result in results if isinstance(result, WrongStatus)]
    assert len(lost) == 1 and "claimed this lead before you" in lost[0].message
    assert open_gifts() == 1 and first_broken(pooled) is None


def without_locks(monkeypatch):
    monkeypatch.setattr(transitions, "lock_registry", lambda: None)
    monkeypatch.setattr(transitions, "lock_companies", lambda ids: {})
    monkeypatch.setattr(
        transitions, "locked_row", lambda pk: Lead.objects.select_related("company", "territory").get(pk=pk)
    )
    monkeypatch.setattr(giving, "standings", meeting(giving.standings, 2, seconds=3))


def test_without_the_locks_the_constraint_still_holds(pooled, firms, monkeypatch):
    without_locks(monkeypatch)

    results = claim_all(pooled, firms)

    assert sum(isinstance(result, WrongStatus) for result in results) == 1
    assert open_gifts() == 1


@contextmanager
def without_the_constraint():
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_firm_has_a_lead")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE leads_gift CASCADE")
            cursor.execute(
                "CREATE UNIQUE INDEX one_firm_has_a_lead ON leads_gift (lead_id) WHERE ended_at IS NULL"
            )


def test_control_without_locks_and_constraint_both_win(pooled, firms, monkeypatch):
    without_locks(monkeypatch)
    monkeypatch.setattr(transitions.timeline, "record", lambda *args, **rest: None)
    with without_the_constraint():
        results = claim_all(pooled, firms)
        found = open_gifts()

    assert found == 2, results


def test_the_one_who_comes_second_reads_why(pooled, firms):
    """The page and the part: 409 and a sentence, never 404."""
    clients = []
    for person in firms:
        client = Client()
        client.force_login(person)
        clients.append(client)
    url = reverse("leads:claim", args=[pooled.code])
    answers = race(
        lambda: clients[0].post(url, headers={"HX-Request": "true"}),
        lambda: clients[1].post(url, headers={"HX-Request": "true"}),
    )
    won, lost = sorted(answers, key=lambda answer: answer.status_code)

    assert (won.status_code, won["HX-Redirect"]) == (204, reverse("leads:lead", args=[pooled.code]))
    assert lost.status_code == 409 and 'role="alert"' in lost.content.decode()
    loser = clients[answers.index(lost)]
    page = loser.post(url)
    assert page.status_code == 409 and "claimed this lead before you" in page.content.decode()
    assert "<h1" in page.content.decode() and Gift.objects.count() == 1


def test_accepted_and_pulled_back_at_once(mara, alice, northgate, firms, gateways, monkeypatch):
    lead = make_lead(mara, "Blohm Presswerk GmbH", gateways)
    giving.give(lead, way=Way.HAND, by=mara, partner=northgate, clock=fixed(MONDAY))
    monkeypatch.setattr(sweeping.notices, "told_at", meeting(lambda gift: MONDAY, 1))
    late = fixed(MONDAY.replace(day=20))
    answer = {"expected_close": MONDAY.date().replace(year=2027)}

    race(
        lambda: answering.accept(lead, by=alice, fields=answer, clock=late),
        lambda: sweeping.sweep_leads(clock=late),
        lambda: sweeping.sweep_leads(clock=late),
    )

    lead.refresh_from_db()
    accepted = Registration.objects.count() == 1
    assert accepted == (lead.registration is not None)
    assert LeadEntry.objects.filter(kind__in=["accept", "pull_back"]).count() == 1
    assert open_gifts() == 0 and first_broken(lead) is None


def test_two_leads_in_turn_go_to_two_firms(mara, ada, firms, gateways, monkeypatch):
    leads = [make_lead(mara, name, gateways) for name in ("Blohm Presswerk GmbH", "Nakamura Werke")]
    monkeypatch.setattr(transitions, "lock_registry", lambda: None)  # the turns' own lock must do
    monkeypatch.setattr(rotation, "next_in_turn", meeting(rotation.next_in_turn, 2))
    giving.put_into_pool(leads[0], by=mara)  # so that the turns are there
    rotation.set_weights({person.member.partner: 1 for person in firms}, by=mara)

    race(
        lambda: giving.give(leads[0], way=Way.ROTATION, by=mara),
        lambda: giving.give(leads[1], way=Way.ROTATION, by=ada),
    )

    assert sorted(map(holder_of, leads)) == ["Northgate", "Southridge"]


def test_declined_twice_at_once_is_declined_once(mara, alice, dan, northgate, firms, gateways):
    lead = make_lead(mara, "Blohm Presswerk GmbH", gateways)
    giving.give(lead, way=Way.HAND, by=mara, partner=northgate)

    results = race(
        *[lambda p=person: answering.decline(lead, by=p, reason=DeclineReason.FIT) for person in (alice, dan)]
    )

    assert sum(isinstance(result, WrongStatus) for result in results) == 1
    assert LeadEntry.objects.filter(kind="decline").count() == 1
