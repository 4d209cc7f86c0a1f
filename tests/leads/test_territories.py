"""Leads and firms meet by countries: a lead for Europe is for a firm of Germany, if its company is there."""

import pytest

from core.clock import database_clock
from leads.enums import Way
from leads.models import Lead
from leads.services.eligibility import standings
from leads.services.giving import claim, give, put_into_pool
from tests.leads.makers import holder_of, make_lead
from tests.policies.makers import territory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("served")]


@pytest.fixture
def lands(northgate, southridge):
    """Northgate works in Germany, Southridge in France; both are in Europe, too."""
    lands = {
        "dach": territory("dach", "DE", "AT", "CH"),
        "france": territory("france", "FR"),
        "europe": territory("greater-europe", "DE", "AT", "CH", "FR", "PL"),
        "world": territory("world"),
    }
    northgate.territories.set([lands["dach"]])
    southridge.territories.set([lands["france"]])
    return lands


def new_lead(mara, gateways, place, country, company="Blohm Presswerk"):
    return make_lead(mara, company, gateways, clock=database_clock, territory=place, country=country)


# The lead's territory and country → who serves it, of Northgate (DACH) and Southridge (France).
CASES = [
    ("dach", "DE", "Northgate"),
    ("europe", "DE", "Northgate"),
    ("europe", "FR", "Southridge"),
    ("europe", "PL", ""),
    ("world", "AT", "Northgate"),
    ("france", "DE", "Northgate Southridge"),  # by country the one, by what the vendor said the other
    (None, "JP", "Northgate Southridge"),  # in no territory
]


@pytest.mark.parametrize(("place", "country", "serving"), CASES)
def test_who_works_in_the_country_serves_the_lead(
    place, country, serving, mara, gateways, lands, northgate, southridge
):
    lead = new_lead(mara, gateways, lands[place] if place else None, country)
    rows = standings(lead)

    assert " ".join(sorted(row.partner.name for row in rows if row.is_eligible)) == serving
    outside = f"Does not serve {lead.territory}"
    assert all((outside in row.doubts) == (row.partner.name not in serving) for row in rows)
    told = [row.partner.name for row in rows if f"Serves {lead.territory}" in row.reasons]
    assert " ".join(sorted(told)) == ("" if place is None else serving)

    Lead.objects.update(status="pooled")
    seen = [firm.name for firm in (northgate, southridge) if lead in Lead.objects.claimable_by(firm)]
    assert " ".join(seen) == serving


def test_by_territory_and_from_the_pool_it_goes_to_who_works_there(mara, bob, gateways, lands):
    names = ("Blohm Presswerk", "Nakamura Werke")
    first, second = (new_lead(mara, gateways, lands["europe"], "DE", name) for name in names)
    give(first, way=Way.TERRITORY, by=mara)
    put_into_pool(second, by=mara)
    claim(second, by=bob)
    assert holder_of(first) == holder_of(second) == "Northgate"


@pytest.mark.parametrize("own", [(), ("world",), ("world", "france")])
def test_who_works_everywhere_serves_all(own, mara, gateways, lands, northgate):
    northgate.territories.set([lands[name] for name in own])
    lead = new_lead(mara, gateways, lands["europe"], "PL")
    (row,) = [row for row in standings(lead) if row.partner == northgate]

    assert row.is_eligible and "Serves every territory" in row.reasons
    Lead.objects.update(status="pooled")
    assert lead in Lead.objects.claimable_by(northgate)
