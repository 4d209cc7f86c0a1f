"""The portal gives one company, for the same products, to one firm: not to two, and not twice to one."""

import pytest
from django.urls import reverse

from companies.services import declare_same
from core.clock import fixed
from core.errors import BadInput, ScopeTaken, WrongStatus
from leads.enums import DeclineReason, LeadStatus, Way
from leads.services.answering import accept, decline
from leads.services.eligibility import standings
from leads.services.giving import NobodyLeft, claim, give, put_into_pool
from leads.services.sweeping import sweep_leads
from notifications.models import Message
from policies.services import publish_version
from registrations.enums import Status
from registrations.models import Registration
from tests.leads.makers import holder_of, kinds, mails, make_lead
from tests.people import MONDAY, MONDAY_CLOCK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("served")]
ANSWER = {"expected_close": MONDAY.date().replace(month=9)}


@pytest.fixture
def first(mara, northgate, gateways):
    """A lead that Northgate has since Monday."""
    lead = make_lead(mara, "Blohm Presswerk GmbH", gateways)
    give(lead, way=Way.HAND, by=mara, partner=northgate, clock=MONDAY_CLOCK)
    return lead


@pytest.fixture
def second(mara, first, gateways):
    """Another one at the same company, as a second import writes it."""
    lead = make_lead(mara, "BLOHM Presswerk", gateways)
    assert lead.company == first.company
    return lead


def ways_to_give(lead, mara, southridge):
    return (
        lambda: give(lead, way=Way.HAND, by=mara, partner=southridge),
        lambda: give(lead, way=Way.TERRITORY, by=mara),
        lambda: give(lead, way=Way.ROTATION, by=mara),
        lambda: put_into_pool(lead, by=mara),
    )


def test_while_a_firm_has_a_lead_another_one_goes_to_nobody_else(first, second, mara, southridge):
    for attempt in ways_to_give(second, mara, southridge):
        with pytest.raises(ScopeTaken, match=f"Northgate has another lead .*{first.code}"):
            attempt()
    second.refresh_from_db()
    assert second.status == LeadStatus.NEW and not second.gifts.exists()


def test_nor_to_the_firm_itself(first, second, mara, northgate):
    with pytest.raises(BadInput, match=r"(?i)has another lead for this company"):
        give(second, way=Way.HAND, by=mara, partner=northgate)


def test_the_firm_may_have_another_one_there_for_other_products(first, mara, northgate, sensors):
    other = make_lead(mara, "Blohm Presswerk", sensors)
    found = next(row for row in standings(other) if row.partner == northgate)
    assert (found.obstacles, found.is_eligible) == ([], True)
    give(other, way=Way.HAND, by=mara, partner=northgate)
    assert [holder_of(lead) for lead in (first, other)] == ["Northgate"] * 2


def test_declined_it_keeps_the_other_back_no_longer(first, second, mara, alice, southridge):
    decline(first, by=alice, reason=DeclineReason.FIT, clock=MONDAY_CLOCK)
    give(second, way=Way.HAND, by=mara, partner=southridge)
    assert holder_of(second) == "Southridge"


def test_for_other_products_they_go_to_two_firms_unless_the_policy_protects_the_whole_company(
    first, mara, olga, southridge, sensors
):
    other = make_lead(mara, "Blohm Presswerk", sensors)
    publish_version(by=olga, settings={"scope_product_line": False}, note="The whole company.")
    with pytest.raises(ScopeTaken):
        give(other, way=Way.HAND, by=mara, partner=southridge)

    publish_version(by=olga, settings={"scope_product_line": True}, note="By product line.")
    give(other, way=Way.HAND, by=mara, partner=southridge)
    assert holder_of(other) == "Southridge"


def test_of_two_in_the_pool_the_second_leaves_it_once_the_first_is_claimed(
    mara, alice, charlie, southridge, gateways
):
    one, two = (make_lead(mara, name, gateways) for name in ("Blohm Presswerk GmbH", "BLOHM Presswerk"))
    for lead in (one, two):
        put_into_pool(lead, by=mara, clock=MONDAY_CLOCK)
    claim(one, by=alice, clock=MONDAY_CLOCK)

    assert sweep_leads(clock=MONDAY_CLOCK).taken_out == [two.code]
    with pytest.raises(WrongStatus, match="The vendor took this lead out of the pool"):
        claim(two, by=charlie)
    assert kinds(two) == ["create", "pool", "take_back"] and not two.timeline.visible_to(charlie).exists()
    told = Message.objects.get(event="lead.left_pool")
    assert told.recipient == mara and one.code in told.text
    assert accept(one, by=alice, fields=ANSWER, clock=MONDAY_CLOCK).status == Status.APPROVED


def test_before_the_sweep_a_claim_finds_it_out(mara, alice, charlie, gateways):
    one, two = (make_lead(mara, name, gateways) for name in ("Blohm Presswerk GmbH", "BLOHM Presswerk"))
    for lead in (one, two):
        put_into_pool(lead, by=mara)
    claim(one, by=alice)
    with pytest.raises(WrongStatus, match="The vendor took this lead out of the pool"):
        claim(two, by=charlie)
    assert holder_of(two) == ""


def test_the_page_to_give_and_the_list_say_so(first, second, mara, client):
    client.force_login(mara)
    page = client.get(reverse("leads:give", args=[second.code])).content.decode()
    assert "Somebody has this company already" in page and first.code in page
    many = {"way": "territory", "lead": [second.code]}
    answer = client.post(reverse("leads:give_many"), many, follow=True).content.decode()
    assert "Northgate has another lead" in answer and first.code in answer


def test_a_firm_is_given_no_lead_for_a_deal_that_it_has(mara, alice, northgate, gateways, register, client):
    """Not even one that is still in review, and so keeps nobody else out."""
    deal = register(alice, "Blohm Presswerk GmbH", value=900_000)
    assert deal.status == Status.IN_REVIEW
    lead = make_lead(mara, "Blohm Presswerk GmbH", gateways)
    with pytest.raises(BadInput, match=r"(?i)has registered this company for the same products"):
        give(lead, way=Way.HAND, by=mara, partner=northgate)
    put_into_pool(lead, by=mara)
    with pytest.raises(WrongStatus, match="has registered this company for the same products"):
        claim(lead, by=alice)
    client.force_login(alice)
    for page in (reverse("leads:ours"), reverse("leads:lead", args=[lead.code])):
        assert "Your firm has registered this company" in client.get(page).content.decode()
    assert give(lead, way=Way.TERRITORY, by=mara).partner.name == "Southridge"


def test_where_it_holds_the_company_the_lead_goes_to_nobody(mara, alice, northgate, gateways, register):
    assert register(alice, "Blohm Presswerk GmbH").is_held
    lead = make_lead(mara, "Blohm Presswerk GmbH", gateways)
    for way in (Way.TERRITORY, Way.ROTATION):
        with pytest.raises((ScopeTaken, NobodyLeft)):
            give(lead, way=way, by=mara)
    assert mails("lead.given") == []


def test_of_two_that_turn_out_to_be_one_accepting_takes_up_both(mara, alice, northgate, gateways, sensors):
    """The deal counts from the earlier one, whichever is accepted; what is for other products stays."""
    two, one, other = (
        make_lead(mara, name, line)
        for name, line in (
            ("BP Werke Nord", gateways),
            ("Blohm Presswerk", gateways),
            ("BP Nord AG", sensors),
        )
    )
    for lead in (two, one, other):
        give(lead, way=Way.HAND, by=mara, partner=northgate, clock=MONDAY_CLOCK)
    for lead in (two, other):
        declare_same(one.company, lead.company, by=mara, clock=MONDAY_CLOCK)

    deal = accept(one, by=alice, fields=ANSWER, clock=MONDAY_CLOCK)
    for lead in (one, two, other):
        lead.refresh_from_db()
    assert [one.registration, two.registration, other.registration] == [deal, deal, None]
    assert [one.status, two.status, other.status] == [
        LeadStatus.ACCEPTED,
        LeadStatus.ACCEPTED,
        LeadStatus.GIVEN,
    ]
    assert deal.rank == two.gifts.get().rank < one.gifts.get().rank
    assert Registration.objects.get() == deal


def test_a_deal_that_is_older_than_the_lead_is_not_registered_again(first, mara, alice, register):
    """Registered before the lead was given, by a name that was only later found to be the same."""
    older = register(alice, "BP Werke Nord", clock=fixed(MONDAY.replace(hour=1)))
    Registration.objects.filter(pk=older.pk).update(rank=first.gifts.get().rank - 1)
    declare_same(first.company, older.company, by=mara, clock=MONDAY_CLOCK)

    with pytest.raises(WrongStatus, match=f"registered this company already: {older.code}"):
        accept(first, by=alice, fields=ANSWER, clock=MONDAY_CLOCK)
    assert Registration.objects.get() == older and holder_of(first) == "Northgate"
