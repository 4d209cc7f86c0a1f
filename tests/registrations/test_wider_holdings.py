"""What was taken under an older version of the policy, with another parent or with other countries, is held until it ends:
who submits for it now lands behind it, never in an error."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import Industry, Territory
from companies.matching import CompanyQuery
from companies.services import create_company, set_parent
from core.clock import fixed
from registrations.enums import Occasion, Status
from registrations.models import Conflict, Decision, Holding, PolicyRun
from registrations.services import decisions, holdings, partner_actions, submission
from registrations.services.places import place_in_line
from registrations.services.precheck import precheck
from registrations.services.timeline import first_broken
from tests.people import MONDAY, draft_for
from tests.registrations.requests_help import policy

pytestmark = pytest.mark.django_db
ACME, BELOW = "Acme Pumps GmbH", "Zollverein Maschinenbau KG"
TUESDAY = MONDAY + timedelta(days=1)
WEDNESDAY_CLOCK = fixed(MONDAY + timedelta(days=2))
# What made the holding wider than what it would be today.
WAYS = ["line", "territory", "industry", "family", "parent", "country"]
ELSEWHERE = ("family", "parent")


def narrowed(**settings):
    return policy(begins=TUESDAY, review_other_scope=False, **settings)


@pytest.fixture
def family(mara):
    below = create_company(CompanyQuery(name=BELOW, country="DE"), by=mara)
    above = create_company(CompanyQuery(name=ACME, country="DE"), by=mara)
    set_parent(below, above, by=mara)
    below.refresh_from_db()
    return below


@pytest.fixture
def hold(alice, charlie, mara, gateways, sensors, europe, register, family):
    """`hold(way, waitlist_same=True)`: Alice holds more than she would today; returns her deal and Charlie's draft for it."""

    def make(way, **settings):
        asia = Territory.objects.create(code="asia-t", name="Asia", countries=["JP"])
        france = Territory.objects.create(code="france-t", name="France", countries=["FR"])
        food, metals = (Industry.objects.create(code=f"{name}-t", name=name) for name in ("Food", "Metals"))
        policy(
            scope_product_line=way != "line",
            scope_territory=way == "country",
            scope_family=way in ELSEWHERE,
            review_other_scope=False,
            **settings,
        )
        held = register(alice, ACME, territory=europe, industry=food)
        if way == "country":
            Territory.objects.filter(pk=europe.pk).update(countries=["DE"])
        elif way == "parent":
            set_parent(family, None, by=mara)
        else:
            now = {"line": "product_line"}.get(way, way)
            narrowed(**{f"scope_{now}": way != "family"}, **settings)
        wanted = {
            "line": {"line": sensors},
            "territory": {"territory": asia},
            "industry": {"industry": metals},
            "country": {"territory": france},
        }
        fields = {"line": gateways, "territory": europe, "industry": food, **wanted.get(way, {})}
        name = BELOW if way in ELSEWHERE else ACME
        return held, draft_for(charlie, name, fields.pop("line"), **fields)

    return make


@pytest.mark.parametrize("way", WAYS)
def test_it_lands_in_review_and_can_wait_behind_the_holder(way, hold, alice, charlie, mara, client):
    held, draft = hold(way)
    assert not precheck(CompanyQuery(draft.company_name, country="DE"), by=charlie, clock=WEDNESDAY_CLOCK)

    deal = submission.submit(draft, by=charlie, clock=WEDNESDAY_CLOCK)

    assert (deal.status, deal.review_reasons) == (Status.IN_REVIEW, ["similar"])
    client.force_login(mara)
    desk = client.get(reverse("registrations:review_item", args=[deal.code]))
    assert held.code in desk.content.decode()
    if way in ELSEWHERE:  # nobody has to say whether parent and subsidiary are one company
        assert "it began when the two were held together" in desk.content.decode()
        (waitlist,) = desk.context["candidate_decisions"]
        assert "become one company" not in waitlist["effect"] and "at place 1" in waitlist["effect"]
    sent = {"version": deal.version, "candidate": held.code}
    client.post(reverse("registrations:waitlist", args=[deal.code]), sent)

    deal.refresh_from_db()
    held.refresh_from_db()
    assert (deal.status, deal.waits_for, place_in_line(deal)) == (Status.WAITLISTED, held, 1)
    assert (deal.company_id == held.company_id) == (way not in ELSEWHERE)
    assert held.timeline.visible_to(alice).filter(kind="conflict_noted").count() == 1

    partner_actions.withdraw(held, by=alice)
    deal.refresh_from_db()
    assert deal.status == Status.OFFERED
    assert [first_broken(held), first_broken(deal)] == [None, None]


@pytest.mark.parametrize("way", WAYS)
def test_once_it_has_ended_the_referee_approves(way, hold, alice, charlie, mara):
    held, draft = hold(way)
    deal = submission.submit(draft, by=charlie, clock=WEDNESDAY_CLOCK)
    held.refresh_from_db()
    partner_actions.withdraw(held, by=alice)

    deal.refresh_from_db()
    decisions.assign(deal, by=mara)

    deal.refresh_from_db()
    assert deal.status == Status.APPROVED
    assert set(Holding.objects.filter(ended_at=None).values_list("registration", flat=True)) == {deal.pk}


@pytest.mark.parametrize("way", WAYS)
def test_where_the_policy_says_so_it_waits_in_line_at_once(way, hold, alice, charlie):
    held, draft = hold(way, waitlist_same=True)

    deal = submission.submit(draft, by=charlie, clock=WEDNESDAY_CLOCK)

    assert (deal.status, deal.waits_for) == (Status.WAITLISTED, held)
    assert held.timeline.visible_to(alice).filter(kind="conflict_noted").count() == 1
    assert PolicyRun.objects.get(registration=deal, occasion=Occasion.SUBMISSION).landing == "waitlisted"


def test_what_it_never_had_is_free(hold, charlie):
    """Europe was Germany and France when it was taken; Japan was never part of it."""
    _, draft = hold("country")
    draft.territory = Territory.objects.get(code="asia-t")
    draft.save()

    assert submission.submit(draft, by=charlie, clock=WEDNESDAY_CLOCK).status == Status.APPROVED


@pytest.mark.parametrize("way", ELSEWHERE)
def test_the_instant_answer_asks_as_much_for_it_as_for_any_name(way, hold, charlie):
    hold(way)
    create_company(CompanyQuery(name="Tin Whistle Ltd", country="DE"), by=charlie)

    def asked(name):
        with CaptureQueriesContext(connection) as queries:
            clear = precheck(CompanyQuery(name, country="DE"), by=charlie, clock=WEDNESDAY_CLOCK)
        return clear, len(queries)

    asked("The first one fills caches")
    answers = [asked(name) for name in (BELOW, "Tin Whistle Ltd", "Nobody Knows Ltd")]
    assert [clear for clear, _ in answers] == [False, True, True]
    assert len({count for _, count in answers}) == 1


def test_another_spelling_of_what_is_held_from_elsewhere_is_found(hold, charlie):
    """Nothing is registered at the subsidiary itself, whose name is like the one submitted."""
    held, _ = hold("family")
    name = "Zollverein Maschinenbauu KG"
    assert not precheck(CompanyQuery(name, country="DE"), by=charlie, clock=WEDNESDAY_CLOCK)

    draft = draft_for(charlie, name, held.lines.get().product_line)
    deal = submission.submit(draft, by=charlie, clock=WEDNESDAY_CLOCK)

    assert deal.status == Status.IN_REVIEW
    found = Conflict.objects.get(registration=deal)
    assert (found.rival, found.company.name) == (held, BELOW)


def test_a_holder_that_only_the_database_knows_sends_to_review(
    alice, charlie, sensors, register, monkeypatch
):
    """Nobody foresaw it: what was submitted is kept, and a person looks."""
    policy(review_other_scope=False, scope_product_line=False)
    held = register(alice, ACME)
    policy(begins=TUESDAY, scope_product_line=True)
    monkeypatch.setattr(holdings, "held_by_others", lambda *_, **__: [])
    draft = draft_for(charlie, ACME, sensors)

    deal = submission.submit(draft, by=charlie, clock=WEDNESDAY_CLOCK)

    assert (deal.status, deal.review_reasons) == (Status.IN_REVIEW, ["check_failed"])
    assert (deal.protected_until, deal.protection_epoch) == (None, 0)
    assert deal.timeline.filter(kind="submit").count() == 1 and first_broken(deal) is None
    assert not Decision.objects.filter(registration=deal).exists()
    assert PolicyRun.objects.get(registration=deal).landing == "in_review"
    monkeypatch.undo()
    assert [holding.registration for holding in holdings.held_by_others(deal)] == [held]
