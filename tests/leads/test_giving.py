"""R15: by hand, by territory, in turn with weights, or from the pool; declined and silent firms aren't asked again."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import enums
from catalog.models import Territory
from core.clock import fixed
from core.errors import BadInput, NotAllowed, ScopeTaken, StaleVersion, WrongStatus
from leads.enums import DeclineReason, LeadStatus, Onward, Way
from leads.models import Gift, Turn
from leads.models.rotation import STRIDE
from leads.services.answering import accept, decline
from leads.services.eligibility import eligible, standings
from leads.services.giving import NobodyLeft, claim, give, put_into_pool
from leads.services.keeping import change_lead, close_lead, take_back
from leads.services.rotation import next_in_turn, set_weights
from leads.services.timeline import first_broken
from notifications.models import Message
from partners.enums import PartnerStatus
from partners.models import Partner
from registrations.services import decisions
from registrations.services.partner_actions import withdraw
from tests.leads.makers import holder_of, kinds, mails, make_lead
from tests.people import MONDAY, MONDAY_CLOCK, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("served")]


@pytest.fixture
def lead(mara, gateways):
    return make_lead(mara, "Blohm Presswerk GmbH", gateways)


def test_by_hand_to_a_firm_that_may_have_it(lead, mara, northgate, bob, alice):
    gift = give(lead, way=Way.HAND, by=mara, partner=northgate, message="Ask for Ines.", clock=MONDAY_CLOCK)

    lead.refresh_from_db()
    assert (lead.status, holder_of(lead), lead.territory.code) == (LeadStatus.GIVEN, "Northgate", "europe")
    assert gift.answer_by == MONDAY + timedelta(days=3)  # Monday to Thursday
    assert mails("lead.given") == [bob.email]  # the firm's admin, not every rep
    assert kinds(lead) == ["create", "give"] and first_broken(lead) is None


def test_a_weekend_does_not_count(lead, mara, northgate):
    gift = give(lead, way=Way.HAND, by=mara, partner=northgate, clock=fixed(MONDAY + timedelta(days=3)))
    assert gift.answer_by == MONDAY + timedelta(days=8)  # Thursday to Tuesday


def test_who_may_give(lead, ivan, alice, northgate):
    for person in (ivan, alice):
        with pytest.raises(NotAllowed):
            give(lead, way=Way.HAND, by=person, partner=northgate)
    assert not Gift.objects.exists()


def test_why_each_firm_is_eligible_or_not(lead, mara, northgate, southridge, eastfield, register, alice):
    withdraw(register(alice, "Blohm Presswerk"), by=alice)
    asia = Territory.objects.create(code="asia", name="Asia", countries=["JP"])
    far = Partner.objects.create(name="Farfield", country="JP", status=PartnerStatus.ACTIVE)
    far.territories.add(asia)
    make_user("Finn", enums.PARTNER_REP, far)
    Partner.objects.create(name="Empty", country="DE", status=PartnerStatus.ACTIVE)
    Partner.objects.create(name="Gone", country="DE", status=PartnerStatus.ENDED)
    told = {
        row.partner.name: (row.is_eligible, row.may_be_given, [*row.obstacles, *row.doubts] or row.reasons)
        for row in standings(lead)
    }

    assert told == {
        "Northgate": (
            True,
            True,
            ["Serves Europe", "Has registered this company before", "Has had no lead yet"],
        ),
        "Southridge": (True, True, ["Serves Europe", "Has had no lead yet"]),
        "Eastfield": (True, True, ["Serves every territory", "Has had no lead yet"]),
        "Farfield": (False, True, ["Does not serve Europe"]),
        "Empty": (False, False, ["Nobody there can sign in and answer"]),
    }
    # The most fitting first.
    assert [row.partner.name for row in eligible(lead)] == ["Northgate", "Southridge", "Eastfield"]


def test_by_territory_to_the_firm_with_least_to_answer(mara, gateways, sensors, eastfield):
    leads = [make_lead(mara, f"Company {n} Werke", gateways, sensors) for n in range(4)]
    for lead in leads:
        give(lead, way=Way.TERRITORY, by=mara, clock=MONDAY_CLOCK)

    # Eastfield serves everywhere, but Europe is not its own.
    assert Counter(map(holder_of, leads)) == {"Northgate": 2, "Southridge": 2}

    far = make_lead(mara, "Kobe Works", gateways, country="JP")
    with pytest.raises(BadInput, match="no territory"):
        give(far, way=Way.TERRITORY, by=mara)


def test_by_territory_to_who_serves_everywhere_where_nobody_else_is_left(
    client, lead, mara, northgate, southridge, eastfield
):
    """By a territory that is the whole world, or by none."""
    for firm in (northgate, southridge):
        firm.territories.clear()
    northgate.territories.add(Territory.objects.create(code="world", name="World"))
    Partner.objects.filter(pk=southridge.pk).update(status=PartnerStatus.SUSPENDED)
    client.force_login(mara)
    page = client.get(reverse("leads:give", args=[lead.code])).content.decode()
    assert (
        "Goes to Eastfield: it serves Europe and is next there." in page and "Serves every territory" in page
    )

    give(lead, way=Way.TERRITORY, by=mara, onward=Onward.TERRITORY, clock=MONDAY_CLOCK)
    assert holder_of(lead) == "Eastfield"
    decline(lead, by=eastfield.members.get().user, reason=DeclineReason.FIT, clock=MONDAY_CLOCK)
    assert holder_of(lead) == "Northgate"


def test_in_turn_with_weights(mara, gateways, northgate, southridge, eastfield):
    set_weights({northgate: 3, southridge: 1, eastfield: 0}, by=mara)
    leads = [make_lead(mara, f"Company {n} Werke", gateways) for n in range(9)]
    for lead in leads[:8]:
        give(lead, way=Way.ROTATION, by=mara, clock=MONDAY_CLOCK)

    assert Counter(map(holder_of, leads[:8])) == {"Northgate": 6, "Southridge": 2}

    # Back after sitting out, a firm is not owed the leads of that time.
    set_weights({northgate: 1, southridge: 1, eastfield: 1}, by=mara)
    assert Turn.objects.get(partner=eastfield).position == min(
        Turn.objects.exclude(partner=eastfield).values_list("position", flat=True)
    )
    with pytest.raises(BadInput):
        set_weights({northgate: 11}, by=mara)
    with pytest.raises(NotAllowed):
        set_weights({northgate: 2}, by=make_user("Rita", enums.AUDITOR))


def test_nobody_is_owed_the_leads_of_a_time_away(mara, gateways, northgate, southridge, eastfield):
    """A firm suspended early, or one that joins late, gets its turn and not one lead after the other."""
    Partner.objects.filter(pk=eastfield.pk).update(status=PartnerStatus.SUSPENDED)
    Turn.objects.create(partner=eastfield)
    leads = [make_lead(mara, f"Company {n} Werke", gateways) for n in range(16)]
    for lead in leads[:8]:
        give(lead, way=Way.ROTATION, by=mara, clock=MONDAY_CLOCK)
    assert Counter(map(holder_of, leads[:8])) == {"Northgate": 4, "Southridge": 4}

    Partner.objects.filter(pk=eastfield.pk).update(status=PartnerStatus.ACTIVE)
    new = Partner.objects.create(name="Westfield", country="IE", status=PartnerStatus.ACTIVE)
    make_user("Wendy", enums.PARTNER_REP, new)
    for lead in leads[8:]:
        give(lead, way=Way.ROTATION, by=mara, clock=MONDAY_CLOCK)
    after = Counter(map(holder_of, leads[8:]))
    assert set(after.values()) <= {1, 2, 3} and len(after) == 4


def test_the_page_says_who_is_next_in_turn_as_it_then_goes(mara, gateways, northgate, southridge, eastfield):
    Turn.objects.create(partner=eastfield)
    for place, firm in enumerate((northgate, southridge), start=5):
        Turn.objects.create(partner=firm, position=place * STRIDE)
    for number in range(6):
        lead = make_lead(mara, f"Company {number} Werke", gateways)
        said = next_in_turn(eligible(lead))
        give(lead, way=Way.ROTATION, by=mara, clock=MONDAY_CLOCK)
        assert said is not None and holder_of(lead) == said.partner.name


def test_onward_by_territory_needs_one(mara, gateways, eastfield, lead):
    far = make_lead(mara, "Kobe Works", gateways, country="JP")
    with pytest.raises(BadInput, match="no territory"):
        give(far, way=Way.HAND, by=mara, partner=eastfield, onward=Onward.TERRITORY)
    give(lead, way=Way.HAND, by=mara, partner=eastfield, onward=Onward.TERRITORY)
    assert holder_of(lead) == "Eastfield"


def test_nobody_in_the_rotation(lead, mara, northgate, southridge):
    set_weights({northgate: 0, southridge: 0}, by=mara)
    with pytest.raises(NobodyLeft):
        give(lead, way=Way.ROTATION, by=mara)
    assert not Gift.objects.exists()


def test_the_first_claim_wins_and_the_second_is_told(lead, mara, charlie, alice, northgate):
    put_into_pool(lead, by=mara, clock=MONDAY_CLOCK)
    claim(lead, by=alice, clock=MONDAY_CLOCK)

    assert holder_of(lead) == "Northgate" and mails("lead.given") == []
    with pytest.raises(WrongStatus, match="claimed this lead before you"):
        claim(lead, by=charlie, clock=MONDAY_CLOCK)
    assert Gift.objects.count() == 1
    # Later, too, and without a word about what became of it: whether the company is registered is not told.
    accept(lead, by=alice, fields={"expected_close": MONDAY.date(), "value": 5_000}, clock=MONDAY_CLOCK)
    with pytest.raises(WrongStatus, match="Another firm claimed this lead before you") as told:
        claim(lead, by=charlie, clock=MONDAY_CLOCK)
    assert "regist" not in told.value.message


def test_only_eligible_firms_claim(mara, gateways, alice, northgate):
    far = make_lead(
        mara,
        "Kobe Works",
        gateways,
        country="JP",
        territory=Territory.objects.create(code="asia", name="Asia"),
    )
    with pytest.raises(NobodyLeft):
        put_into_pool(far, by=mara)
    northgate.territories.add(far.territory)
    put_into_pool(far, by=mara)
    northgate.territories.remove(far.territory)
    with pytest.raises(WrongStatus, match="does not serve asia"):
        claim(far, by=alice)
    assert far.gifts.count() == 0


def test_declined_it_goes_on_and_never_back(lead, mara, alice, charlie, northgate, southridge, eastfield):
    give(lead, way=Way.HAND, by=mara, partner=northgate, onward=Onward.ROTATION, clock=MONDAY_CLOCK)
    decline(lead, by=alice, reason=DeclineReason.CAPACITY, clock=MONDAY_CLOCK)

    second = holder_of(lead)
    assert second in {"Southridge", "Eastfield"}
    assert mails("lead.declined") == [mara.email]
    person = {"Southridge": charlie, "Eastfield": eastfield.members.get().user}[second]
    decline(lead, by=person, reason=DeclineReason.FIT, clock=MONDAY_CLOCK)
    third = holder_of(lead)
    assert third not in {"Northgate", second, ""}
    person = {"Southridge": charlie, "Eastfield": eastfield.members.get().user}[third]
    decline(lead, by=person, reason=DeclineReason.FIT, clock=MONDAY_CLOCK)

    # Nobody is left: it waits for the vendor, whom the mail about the third answer tells so.
    lead.refresh_from_db()
    assert (lead.status, holder_of(lead)) == (LeadStatus.NEW, "")
    assert mails("lead.declined") == [mara.email] * 3 and mails("lead.unplaced") == []
    last = Message.objects.filter(event="lead.declined").latest("pk")
    assert "No firm in the rotation is left for this lead." in last.text
    with pytest.raises(BadInput, match="Declined this lead"):
        give(lead, way=Way.HAND, by=mara, partner=northgate)
    assert first_broken(lead) is None


def test_the_database_refuses_a_decliner_too(lead, mara, alice, northgate):
    give(lead, way=Way.HAND, by=mara, partner=northgate, clock=MONDAY_CLOCK)
    decline(lead, by=alice, reason=DeclineReason.FIT)
    with pytest.raises(IntegrityError, match="not_to_the_same_firm_again"), transaction.atomic():
        Gift.objects.create(
            lead=lead, partner=northgate, way=Way.HAND, at=MONDAY, rank=10**9, answer_by=MONDAY
        )


def test_declining_needs_a_reason(lead, mara, alice, charlie, northgate):
    give(lead, way=Way.HAND, by=mara, partner=northgate)
    with pytest.raises(BadInput, match="reason from the list"):
        decline(lead, by=alice, reason="whatever")
    with pytest.raises(BadInput, match="few words"):
        decline(lead, by=alice, reason=DeclineReason.OTHER, text=" ")
    with pytest.raises(WrongStatus, match="no longer with your firm"):
        decline(lead, by=charlie, reason=DeclineReason.FIT)
    assert holder_of(lead) == "Northgate"


def test_taken_back_the_firm_may_get_it_again(lead, mara, bob, northgate):
    give(lead, way=Way.HAND, by=mara, partner=northgate)
    lead.refresh_from_db()
    take_back(lead, by=mara, text="Wrong firm.", version=lead.version)

    assert holder_of(lead) == "" and mails("lead.pulled_back") == [bob.email]
    give(lead, way=Way.HAND, by=mara, partner=northgate)
    assert holder_of(lead) == "Northgate"
    with pytest.raises(StaleVersion):
        take_back(lead, by=mara, version=1)


def test_a_company_that_somebody_holds_is_not_given_to_another(
    lead, mara, charlie, alice, southridge, northgate, register
):
    held = register(charlie, "Blohm Presswerk GmbH")
    assert held.is_held
    for attempt in (
        lambda: give(lead, way=Way.HAND, by=mara, partner=northgate),
        lambda: give(lead, way=Way.ROTATION, by=mara),
        lambda: put_into_pool(lead, by=mara),
    ):
        with pytest.raises(ScopeTaken, match=held.code):
            attempt()
    with pytest.raises(BadInput, match=r"(?i)has registered this company"):
        give(lead, way=Way.HAND, by=mara, partner=southridge)  # who holds it has no use for it either
    assert holder_of(lead) == ""


def test_a_held_company_in_the_pool_is_as_if_the_vendor_had_taken_it_out(
    lead, mara, ada, charlie, alice, gateways, southridge, register
):
    other = make_lead(mara, "Nakamura Werke", gateways)
    for row in (lead, other):
        put_into_pool(row, by=mara)
    take_back(other, by=mara)
    held = register(charlie, "Blohm Presswerk GmbH")
    if not held.is_held:
        decisions.assign(held, by=ada)
    refused = []
    for row in (lead, other, lead):
        with pytest.raises(WrongStatus) as told:
            claim(row, by=alice)
        refused.append(told.value.message)
    assert len(set(refused)) == 1 and "The vendor took this lead out of the pool" in refused[0]

    lead.refresh_from_db()
    assert lead.status == LeadStatus.NEW
    assert not type(lead).objects.visible_to(alice).filter(pk=lead.pk).exists()
    entry = lead.timeline.latest("number")
    assert (entry.kind, entry.actor, entry.partner) == ("take_back", None, None)
    assert held.code in entry.data["text"] and not lead.timeline.visible_to(alice).exists()
    assert first_broken(lead) is None


def test_closing(lead, mara, alice, northgate):
    close_lead(lead, by=mara, reason="no_need")
    lead.refresh_from_db()
    assert lead.status == LeadStatus.CLOSED
    for attempt in (
        lambda: give(lead, way=Way.HAND, by=mara, partner=northgate),
        lambda: close_lead(lead, by=mara, reason="no_need"),
    ):
        with pytest.raises(WrongStatus, match="Closed"):
            attempt()


def test_a_corrected_lead_takes_the_territory_of_its_country(lead, mara, gateways):
    moved = change_lead(lead, by=mara, fields={"country": "JP", "territory": None}, product_lines=[gateways])
    assert moved.territory is None
    back = change_lead(moved, by=mara, fields={"country": "DE", "territory": None}, product_lines=[gateways])
    assert back.territory.code == "europe"


def test_what_a_firm_has_to_answer_does_not_speak_for_it(mara, alice, northgate, gateways, client):
    for name in ("Nakamura Werke", "Osterberg AG"):
        given = make_lead(mara, name, gateways)
        give(given, way=Way.HAND, by=mara, partner=northgate, clock=MONDAY_CLOCK)
    decline(given, by=alice, reason=DeclineReason.FIT, clock=MONDAY_CLOCK)
    lead = make_lead(mara, "Blohm Presswerk GmbH", gateways)
    row = next(row for row in standings(lead) if row.partner == northgate)

    assert row.reasons == ["Serves Europe"]
    assert row.notes == ["1 lead waits for its answer", "Accepted 0 of 1"]
    client.force_login(mara)
    page = client.get(reverse("leads:give", args=[lead.code])).content.decode()
    assert '<span class="choice-reason">1 lead waits for its answer</span>' in page  # without a tick
    assert "</svg> Serves Europe" in page
