"""What the page of routes says is what happens, and what the form of a route shows is what it keeps."""

from decimal import Decimal

import pytest

from accounts.models import User
from catalog.models import ProductLine
from core.clock import database_clock
from policies.models import ReviewRoute
from policies.services import publish_version
from policies.services.routes import Leads, add_route
from tests.people import make_user

pytestmark = pytest.mark.django_db
ROUTES = "/policies/routes/"
TRIED = {"value": "500000", "product_line": "gateways"}


@pytest.fixture
def read(client, olga):
    client.force_login(olga)

    def page(**query):
        return client.get(ROUTES, query)

    return page


def test_a_route_whose_people_no_longer_decide_says_so_and_where_deals_go(
    read, olga, mara, ada, gateways, alice, register
):
    tom = make_user("Tom", "channel_manager")
    add_route(Leads(value_from=Decimal(400_000), role=ada.role), by=olga)
    add_route(Leads(value_from=Decimal(200_000), person=tom), by=olga)
    alive = read(**TRIED)
    assert [row["dead"] for row in alive.context["rows"]] == ["", ""]
    assert alive.context["answer"]["words"].endswith("the Administrator with the fewest reviews in hand.")

    User.objects.filter(pk__in=[ada.pk, tom.pk]).update(is_active=False)

    page = read(**TRIED)
    role = "the partner's own manager, since nobody of the role Administrator decides registrations."
    person = "the partner's own manager, since Tom no longer decides registrations."
    assert [row["dead"] for row in page.context["rows"]] == [f"These go to {role}", f"These go to {person}"]
    assert page.context["answer"]["words"] == f"A deal of 500,000 EUR on Gateways goes to {role}"
    answer = read(**TRIED | {"value": "300000"}).context["answer"]
    assert answer["words"] == f"A deal of 300,000 EUR on Gateways goes to {person}"
    deal = register(alice, "Blohm Presswerk", value=Decimal(500_000), clock=database_clock)
    assert deal.reviewer == mara


def test_what_is_approved_without_a_person_is_said_where_there_is_such(read, olga):
    assert "Deals below 100,000 EUR that nothing stands against are approved" in read().content.decode()

    publish_version(by=olga, settings={"auto_approve": False}, note="All looked at.")

    page = read().content.decode()
    assert "approved without a person" not in page
    assert "has every registration looked at by a person" in page


def test_a_route_that_is_changed_keeps_a_line_that_is_no_longer_sold(client, olga, mara, gateways, sensors):
    route = add_route(Leads(product_lines=[gateways], value_from=Decimal(150_000), person=mara), by=olga)
    ProductLine.objects.filter(pk=gateways.pk).update(is_active=False)
    client.force_login(olga)

    form = client.get(f"{ROUTES}{route.pk}/").context["form"]
    offered = [(str(value), label) for value, label in form.fields["product_lines"].choices]
    assert offered == [("gateways", "Gateways (no longer sold)"), ("sensors", "Sensors")]
    assert form["product_lines"].value() == ["gateways"]
    new = client.get(f"{ROUTES}new/").context["form"]
    assert [label for _, label in new.fields["product_lines"].choices] == ["Sensors"]
    sent = {"value_from": "200000", "to": f"person:{mara.pk}", "product_lines": form["product_lines"].value()}
    assert client.post(f"{ROUTES}{route.pk}/", sent).status_code == 302

    changed = ReviewRoute.objects.in_force(database_clock()).get()
    assert (changed.value_from, list(changed.product_lines.all())) == (Decimal(200_000), [gateways])
