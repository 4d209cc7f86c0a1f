"""Where a firm works: by the countries of its territories, in every rule and list that asks."""

import pytest

from core.clock import database_clock
from policies.concerned import firms_concerned
from policies.firms import firm_of
from policies.loading import right_of
from policies.services import publish_version
from tests.people import submitted
from tests.policies.makers import give, require, territory

pytestmark = pytest.mark.django_db


def deal(person, name, line, country, **fields):
    return submitted(person, name, line, country=country, clock=database_clock, **fields)


def test_a_country_that_no_territory_has_is_outside_the_firms_own(alice, northgate, olga, gateways):
    dach = territory("dach", "DE", "AT", "CH")
    northgate.territories.set([dach])
    publish_version(by=olga, settings={"outside_territory": "refused"}, note="Own territories only.")

    away = deal(alice, "Huta Nowa Stal", gateways, "PL", territory=dach)  # whatever territory is stated
    home = deal(alice, "Drinnen AG", gateways, "AT")

    assert (away.status, away.review_reasons) == ("refused", ["outside_territory"])
    assert home.status == "approved"


@pytest.mark.parametrize("own", [(), ("everywhere",)])
def test_who_works_everywhere_is_outside_nowhere(own, alice, northgate, olga, gateways, europe):
    """Without territories, or with one that has no countries: for the policy, a requirement and a right alike."""
    northgate.territories.set([territory(code) for code in own])
    publish_version(by=olga, settings={"outside_territory": "refused"}, note="Own territories only.")
    require(gateways, olga, territories=[europe])

    assert deal(alice, "Weltweit AG", gateways, "DE").status == "approved"
    away = deal(alice, "Away SA", gateways, "PL")
    assert (away.status, away.review_reasons) == ("refused", ["product_authorisation"])
    assert "for customers in Europe only." in away.decisions.get().rule
    assert firm_of(northgate, database_clock()).works_everywhere


def test_territories_are_compared_by_their_countries(
    alice, charlie, northgate, southridge, olga, gateways, sensors, europe
):
    """Europe is Germany and France here."""
    germany = territory("germany", "DE")
    northgate.territories.set([germany])
    southridge.territories.set([europe])
    require(gateways, olga, territories=[europe])
    require(sensors, olga, territories=[germany])

    assert deal(alice, "Drinnen AG", gateways, "DE").status == "approved"
    assert deal(charlie, "Daheim KG", sensors, "DE").status == "approved"
    abroad = deal(alice, "Dehors SA", gateways, "FR")
    assert abroad.status == "refused"
    assert "for customers in Europe only, where your firm works" in abroad.decisions.get().rule
    assert "for customers in Germany only" in deal(charlie, "Ailleurs SA", sensors, "FR").decisions.get().rule


def test_a_right_concerns_who_works_everywhere_by_a_territory_without_countries(
    northgate, southridge, olga, gateways, europe
):
    publish_version(by=olga, settings={"outside_territory": "refused"}, note="Own territories only.")
    southridge.territories.set([territory("everywhere")])

    right = give(northgate, olga, product_line=gateways, territory=europe)

    assert firms_concerned(right_of(right), database_clock()) == [southridge]
