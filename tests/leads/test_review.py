"""A lead given out, on the referee's desk and in what the rival gets to read."""

import pytest
from django.urls import reverse

from companies.models import Verdict
from leads.enums import Way
from leads.services.giving import give
from registrations.enums import Status
from registrations.services import judgements
from tests.leads.makers import make_lead
from tests.people import MONDAY_CLOCK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("served")]


@pytest.fixture
def rival(mara, northgate, gateways, charlie, register):
    """Southridge registers what Northgate was given as a lead, in a spelling of its own."""
    lead = make_lead(mara, "International Business Machines Corp.", gateways, country="US")
    give(lead, way=Way.HAND, by=mara, partner=northgate, clock=MONDAY_CLOCK)
    deal = register(charlie, "I.B.M.", country="US")
    assert (deal.status, deal.company == lead.company) == (Status.IN_REVIEW, False)
    return deal, lead


def test_the_referee_compares_with_the_lead(client, mara, rival):
    deal, lead = rival
    client.force_login(mara)
    page = client.get(reverse("registrations:review_item", args=[deal.code])).content.decode()

    assert "Lead given out" in page and "Northgate" in page
    assert reverse("leads:lead", args=[lead.code]) in page
    assert "counts from that day" in page


def test_the_rival_reads_nothing_of_it(client, charlie, rival):
    deal, lead = rival
    client.force_login(charlie)
    for address in (
        reverse("registrations:registration", args=[deal.code]),
        reverse("registrations:submitted", args=[deal.code]),
        reverse("registrations:overview"),
    ):
        page = client.get(address).content.decode()
        assert "Northgate" not in page and lead.code not in page and "Business Machines" not in page


def test_the_two_names_are_judged_like_any_others(mara, rival):
    deal, lead = rival
    judgements.declare_different(deal.conflicts.get(), by=mara, reason="Another firm.")

    deal.refresh_from_db()
    lead.refresh_from_db()
    assert Verdict.objects.active().between(deal.company_id, lead.company_id).get().verdict == "different"
    assert not deal.conflicts.unjudged().exists()


def test_joined_the_lead_is_at_the_same_company(mara, rival):
    deal, lead = rival
    judgements.declare_same(deal.conflicts.get(), by=mara)

    deal.refresh_from_db()
    lead.refresh_from_db()
    assert deal.company == lead.company
