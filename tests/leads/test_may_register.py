"""Leads go to firms whose registration the policy would take; who has one, or sees one in the pool, reads what is missing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.clock import database_clock
from core.errors import WrongStatus
from leads.enums import LeadStatus, Way
from leads.models import Gift, Lead
from leads.services import notices
from leads.services.answering import accept
from leads.services.between import claimable_by_none
from leads.services.eligibility import eligible, standings
from leads.services.giving import NobodyLeft, claim, give, put_into_pool
from leads.services.sweeping import sweep_leads
from notifications.models import Message
from partners.enums import PartnerStatus
from partners.models import Partner
from policies.services import publish_version
from tests.leads.makers import holder_of, mails, make_lead
from tests.people import MONDAY_CLOCK, make_user
from tests.policies.makers import give as give_right
from tests.policies.makers import hold, licence, require, territory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("served")]

LACKS = "Your firm can't register Gateways as it stands: it takes a valid Export Licence."


def new_lead(mara, gateways, company="Blohm Presswerk GmbH", **fields):
    return make_lead(mara, company, gateways, clock=database_clock, **fields)


def answer():
    return {"expected_close": (database_clock() + timedelta(days=60)).date()}


@pytest.fixture
def licensed(olga, gateways, southridge):
    """Gateways take a licence that Southridge alone has."""
    kind = licence()
    hold(southridge, kind)
    require(gateways, olga, certificates=[kind.code])
    return kind


def page_of(client, person, name, lead):
    client.force_login(person)
    return client.get(reverse(f"leads:{name}", args=[lead.code])).content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize("way", [Way.ROTATION, Way.TERRITORY])
def test_the_ways_that_choose_pass_over_who_lacks_the_licence(
    way, licensed, mara, charlie, gateways, sensors
):
    lead, other = new_lead(mara, gateways), make_lead(mara, "Nakamura Werke", sensors, clock=database_clock)
    for each in (lead, other):
        give(each, way=way, by=mara)
    assert (holder_of(lead), holder_of(other)) == ("Southridge", "Northgate")
    assert accept(lead, by=charlie, fields=answer()).status != "refused"


def test_by_territory_it_goes_to_who_has_the_exclusive_right_there(mara, olga, southridge, gateways, europe):
    give_right(southridge, olga, product_line=gateways, territory=europe)
    lead = new_lead(mara, gateways, territory=europe)
    give(lead, way=Way.TERRITORY, by=mara)
    assert holder_of(lead) == "Southridge"


# What the policy or its surroundings ask for → what is foreseen is what a registration made of the lead comes to.
CASES = {
    "kind": {"registering_kinds": ["reseller"]},
    "tier": {"least_tier": "gold"},
    "cap": {"open_most_silver": 1, "open_most_registered": 1},
    "least value": {"least_value": Decimal(50_000)},
    "outside": {"outside_territory": "refused"},
    "looked at outside": {"outside_territory": "review"},
    "all looked at": {"auto_approve": False},
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_foreseen_is_what_happens(
    case, mara, olga, alice, charlie, northgate, southridge, gateways, register
):
    oceania = territory("oceania", "AU")
    Partner.objects.filter(pk=northgate.pk).update(kind="consultant", tier="silver")
    Partner.objects.filter(pk=southridge.pk).update(kind="reseller", tier="gold")
    register(alice, "Nakamura Werke")
    if "outside" in case:
        northgate.territories.set([oceania])
    publish_version(by=olga, settings=CASES[case], note="Stricter.")
    lead = new_lead(mara, gateways, territory=None)
    foreseen = {row.partner: row.refusals for row in standings(lead)}
    refused = {northgate} if case in ("kind", "tier", "cap", "outside") else set()
    if case == "least value":
        refused = {northgate, southridge}
    assert {partner for partner, words in foreseen.items() if words} == refused

    for person, partner in ((alice, northgate), (charlie, southridge)):
        one = new_lead(mara, gateways, f"{partner.name}s Kunde AG", territory=None)
        give(one, way=Way.HAND, by=mara, partner=partner)
        if partner in refused:
            with pytest.raises(WrongStatus) as told:
                accept(one, by=person, fields=answer())
            assert " ".join(foreseen[partner]) in told.value.message
        else:
            assert accept(one, by=person, fields=answer()).status in ("approved", "in_review")


def test_the_page_to_give_a_lead_says_who_could_not_register_it(client, licensed, mara, northgate, gateways):
    lead = new_lead(mara, gateways)
    page = page_of(client, mara, "give", lead)
    assert page.count(f"The policy would refuse its registration, with these words: “{LACKS}") == 1
    assert "Next is Southridge." in page and "1 firm can claim it" in page

    sent = {"to": northgate.code, "onward": "back", "version": lead.version}
    client.post(reverse("leads:give", args=[lead.code]), sent)
    assert holder_of(lead) == "Northgate"  # by hand: the page has said it


def test_the_firms_page_says_what_is_missing_until_it_is_there(
    client, licensed, mara, alice, northgate, gateways
):
    lead = new_lead(mara, gateways)
    give(lead, way=Way.HAND, by=mara, partner=northgate)
    assert LACKS in page_of(client, alice, "lead", lead)
    hold(northgate, licensed)
    assert "we would refuse" not in page_of(client, alice, "lead", lead)
    assert accept(lead, by=alice, fields=answer()).status == "approved"


def test_the_mails_say_what_is_missing(licensed, mara, alice, northgate, gateways):
    lead = new_lead(mara, gateways)
    give(lead, way=Way.HAND, by=mara, partner=northgate)
    gift = Gift.objects.get()
    given = Message.objects.get(event="lead.given")
    assert LACKS in given.text and "we would refuse your registration" in given.html

    hold(northgate, licensed)
    notices.deadline_near(gift, at=database_clock())
    assert "we would refuse" not in Message.objects.get(event="lead.deadline_near").text


def test_in_the_pool_it_is_seen_but_not_claimed_by_who_could_not_register_it(
    client, licensed, mara, alice, charlie, northgate, southridge, gateways
):
    lead = new_lead(mara, gateways)
    put_into_pool(lead, by=mara)
    address = reverse("leads:claim", args=[lead.code])
    for name, person, may in (("lead", alice, False), ("lead", charlie, True)):
        page = page_of(client, person, name, lead)
        listed = client.get(reverse("leads:ours")).content.decode().replace("&#x27;", "'")
        assert (LACKS in page, LACKS in listed) == (not may, not may)
        assert (address in page, address in listed) == (may, may)

    with pytest.raises(WrongStatus, match=r"can't claim this lead now\. Your firm can't register Gateways"):
        claim(lead, by=alice)
    client.force_login(alice)
    answered = client.post(address)
    assert answered.status_code == 409 and "Export Licence" in answered.content.decode()
    assert "ines@blohm.example" not in page_of(client, alice, "lead", lead) and not Gift.objects.exists()

    hold(northgate, licensed)
    claim(lead, by=alice)
    assert holder_of(lead) == "Northgate"


def test_whose_right_it_is_stays_unsaid(client, mara, olga, alice, southridge, gateways, europe):
    give_right(southridge, olga, product_line=gateways, territory=europe)
    lead = new_lead(mara, gateways)
    put_into_pool(lead, by=mara)
    page = page_of(client, alice, "lead", lead)
    assert "Not open to your firm at present: Gateways in Europe" in page and "Southridge" not in page


def test_where_the_policy_would_refuse_everybody_nobody_gets_it_and_the_keeper_hears(
    client, mara, olga, northgate, southridge, gateways
):
    lead = new_lead(mara, gateways)
    put_into_pool(lead, by=olga)
    kind = licence()
    require(gateways, olga, certificates=[kind.code])
    assert not eligible(lead) and sweep_leads().out_of_reach == [lead.code]
    assert mails("lead.out_of_reach") == [olga.email] and sweep_leads().out_of_reach == []
    client.force_login(mara)
    assert "Nobody can claim it" in client.get(reverse("leads:list")).content.decode()
    assert "and may register it" in page_of(client, mara, "lead", lead)

    other = new_lead(mara, gateways, "Nakamura Werke")
    for attempt in (
        lambda: give(other, way=Way.ROTATION, by=mara),
        lambda: give(other, way=Way.TERRITORY, by=mara),
        lambda: put_into_pool(other, by=mara),
    ):
        with pytest.raises(NobodyLeft):
            attempt()

    hold(southridge, kind)
    assert sweep_leads().out_of_reach == []
    lead.refresh_from_db()
    assert lead.out_of_reach_at is None
    assert "Nobody can claim it" not in client.get(reverse("leads:list")).content.decode()


def test_as_many_questions_for_many_firms_and_leads(licensed, mara, europe, gateways):
    def asked(ask):
        with CaptureQueriesContext(connection) as captured:
            ask()
        return len(captured)

    def pool():
        return claimable_by_none(Lead.objects.filter(status=LeadStatus.POOLED), at=database_clock())

    counts = []
    for number in range(3):
        lead = new_lead(mara, gateways, f"Company {number} Werke")
        put_into_pool(lead, by=mara)
        counts.append((asked(pool), asked(lambda lead=lead: standings(Lead.objects.get(pk=lead.pk)))))
        firm = Partner.objects.create(name=f"Firm {number}", country="DE", status=PartnerStatus.ACTIVE)
        make_user(f"Person {number}", "partner_rep", firm)
    assert len(set(counts)) == 1, counts


def test_the_page_to_give_says_that_a_lead_is_too_small_for_anybody(
    client, mara, olga, gateways, northgate, alice
):
    publish_version(
        by=olga, settings={"least_value": Decimal(10_000)}, note="Large ones.", clock=MONDAY_CLOCK
    )
    small, large, unknown = (
        make_lead(mara, f"{name} Werke", gateways, value=value)
        for name, value in (("Alder", 9_999), ("Birch", 10_000), ("Cedar", None))
    )
    client.force_login(mara)
    for lead, says in ((small, True), (large, False), (unknown, False)):
        page = client.get(reverse("leads:give", args=[lead.code])).content.decode()
        assert ("is below 10,000 EUR, the smallest deal" in page) is says
    give(small, way=Way.HAND, by=mara, partner=northgate)  # a person may give it all the same
    assert holder_of(small) == "Northgate"
