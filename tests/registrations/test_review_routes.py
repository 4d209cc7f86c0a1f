"""Review routes: where the policy leads a review, and where it goes when nobody is there."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.absences import plan_absence
from accounts.models import Role
from core.clock import database_clock
from core.errors import BadInput, NotAllowed, WrongStatus
from notifications.models import Message
from policies.models import ReviewRoute
from policies.services.routes import Leads, add_route, change_route, end_route, move_route
from registrations.services.routing import reviewer_for
from tests.people import draft_for, make_user, submitted

pytestmark = pytest.mark.django_db
BIG = {"value": Decimal(250_000)}


@pytest.fixture
def tom(db):
    return make_user("Tom", "channel_manager")


def route(olga, **leads):
    return add_route(Leads(**leads), by=olga)


def goes_to(alice, line, **fields):
    return submitted(alice, f"Firm {line} {fields}", line, clock=database_clock, **{**BIG, **fields}).reviewer


def test_value_and_product_line_lead_to_the_person(alice, mara, tom, ada, olga, gateways, sensors):
    assert goes_to(alice, gateways) == mara  # without routes the firm's manager
    route(olga, product_lines=[gateways], value_from=Decimal(250_000), person=tom)
    route(olga, value_from=Decimal(400_000), role=ada.role)

    assert goes_to(alice, gateways, deal_name="b") == tom
    assert goes_to(alice, gateways, value=Decimal(249_999)) == mara
    assert goes_to(alice, sensors) == mara
    assert goes_to(alice, sensors, value=Decimal(400_000)) == ada
    assert goes_to(alice, gateways, value=Decimal(400_000)) == tom  # the first that fits


def test_the_order_is_the_lists(alice, mara, tom, olga, gateways):
    first, second = route(olga), route(olga, person=tom)
    assert goes_to(alice, gateways) == mara  # the first leads to the firm's own manager

    move_route(second, up=True, by=olga)
    assert goes_to(alice, gateways, deal_name="b") == tom
    move_route(second, up=True, by=olga)  # it is the first already
    changed = change_route(second, Leads(person=tom, value_from=Decimal(10**9)), by=olga)
    assert goes_to(alice, gateways, deal_name="c") == mara
    assert [row.pk for row in ReviewRoute.objects.in_force(database_clock())] == [changed.pk, first.pk]
    end_route(first, by=olga)
    for late in (
        lambda: end_route(first, by=olga),
        lambda: change_route(second, Leads(), by=olga),
        lambda: move_route(second, up=True, by=olga),
    ):
        with pytest.raises(WrongStatus):
            late()
    assert ReviewRoute.objects.count() == 3  # nothing is lost


def test_a_route_to_nobody_leads_to_the_firms_manager(alice, mara, tom, olga, gateways):
    route(olga, person=tom)
    draft = draft_for(alice, "Waiting KG", gateways)
    now = database_clock()
    assert reviewer_for(draft, now) == tom

    plan_absence(tom, delegate=mara, starts_on=now.date(), ends_on=now.date() + timedelta(days=3), by=tom)
    assert reviewer_for(draft, now) == tom  # away: it is theirs, and who stands in sees it, too
    tom.role = Role.objects.get(code="auditor")
    tom.save()
    assert reviewer_for(draft, now) == mara
    tom.role = Role.objects.get(code="channel_manager")
    tom.is_active = False
    tom.save()
    assert reviewer_for(draft, now) == mara


def test_a_route_to_a_role_stays_there_while_all_of_it_are_away(alice, mara, tom, ada, olga, gateways):
    route(olga, role=ada.role)
    eve, noah = make_user("Eve", "administrator"), make_user("Noah", "channel_manager")
    today = database_clock().date()
    days = {"starts_on": today - timedelta(days=1), "ends_on": today + timedelta(days=3)}
    plan_absence(eve, delegate=tom, by=eve, **days)
    assert [goes_to(alice, gateways, deal_name=name) for name in "ab"] == [ada, ada]  # the one who is here

    plan_absence(ada, delegate=noah, by=ada, **days)
    assert goes_to(alice, gateways, deal_name="c") == eve  # with fewer in hand than Ada
    assert Message.objects.filter(event="registration.review_needed").latest("pk").recipient == tom
    tom.is_active = False
    tom.save()
    assert goes_to(alice, gateways, deal_name="d") == ada  # for Eve nobody stands in
    assert Message.objects.filter(event="registration.review_needed").latest("pk").recipient == noah


def test_without_a_manager_the_turn_is_a_channel_managers_even_while_all_are_away(
    alice, mara, tom, ada, northgate, gateways
):
    northgate.manager = None
    northgate.save()
    today = database_clock().date()
    for person in (mara, tom):
        plan_absence(
            person,
            delegate=ada,
            starts_on=today - timedelta(days=1),
            ends_on=today + timedelta(days=3),
            by=person,
        )

    assert goes_to(alice, gateways) == mara
    assert Message.objects.filter(event="registration.review_needed").latest("pk").recipient == ada


def test_a_route_to_a_role_of_whom_nobody_decides_leads_to_the_firms_manager(
    alice, mara, ada, olga, gateways
):
    route(olga, role=ada.role)
    assert goes_to(alice, gateways) == ada
    ada.is_active = False
    ada.save()
    assert goes_to(alice, gateways, deal_name="b") == mara
    ada.is_active = True
    ada.save()
    Role.objects.filter(pk=ada.role_id).update(permissions=["policies.edit"])
    assert goes_to(alice, gateways, deal_name="c") == mara


def test_what_cannot_be(olga, mara, alice, ivan, ada):
    for leads, field in (
        ({"person": ivan}, "to"),
        ({"role": ivan.role}, "to"),
        ({"person": mara, "role": ada.role}, "to"),
        ({"value_from": Decimal(-1)}, "value_from"),
    ):
        with pytest.raises(BadInput) as refusal:
            route(olga, **leads)
        assert refusal.value.field == field
    for person in (mara, alice, ivan):
        with pytest.raises(NotAllowed):
            route(person)
    assert not ReviewRoute.objects.exists()
