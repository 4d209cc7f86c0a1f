"""An accepted lead becomes a registration whose place in line counts from the gift; until then it counts in the check (C5)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.models import ProductLine, Territory
from companies.models import Verdict
from companies.services import declare_same, undo_verdict
from core.clock import fixed
from core.errors import BadInput, StaleVersion, TooLate, WrongStatus
from leads.enums import DeclineReason, LeadStatus, Onward, Way
from leads.models import Lead
from leads.services.answering import accept, decline
from leads.services.giving import give
from leads.services.timeline import first_broken
from notifications.models import Message
from partners.enums import PartnerStatus
from partners.models import Partner
from policies.services import publish_version
from registrations.conflicts import check
from registrations.enums import Status
from registrations.models import Conflict, Registration
from registrations.services import decisions, drafts
from registrations.services.drafts import LineInput
from registrations.services.precheck import precheck
from registrations.services.submission import next_rank, submit
from registrations.services.timeline import first_broken as first_broken_of_registration
from tests.leads.makers import hand_over, holder_of, kinds, mails, make_lead
from tests.people import MONDAY, MONDAY_CLOCK, draft_for, make_user
from tests.registrations.requests_help import policy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("served")]
ANSWER = {"expected_close": MONDAY.date().replace(month=9), "deal_name": "Presses"}


def day(number):
    return fixed(MONDAY + timedelta(days=number))


@pytest.fixture
def given(mara, northgate, gateways):
    """A lead that Northgate has since Monday."""
    lead = make_lead(mara, "Blohm Presswerk GmbH", gateways)
    give(lead, way=Way.HAND, by=mara, partner=northgate, clock=MONDAY_CLOCK)
    return lead


def test_accepted_it_is_a_registration_that_counts_from_the_gift(given, alice, mara, gateways):
    rank = given.gifts.get().rank
    deal = accept(given, by=alice, fields=ANSWER, clock=day(2))

    given.refresh_from_db()
    assert (given.status, given.registration, holder_of(given)) == (LeadStatus.ACCEPTED, deal, "")
    assert (deal.status, deal.owner, deal.partner.name) == (Status.APPROVED, alice, "Northgate")
    assert (deal.submitted_at, deal.rank, deal.company) == (MONDAY, rank, given.company)
    assert deal.protected_from == MONDAY + timedelta(days=2)
    assert (deal.contact_name, deal.value, deal.deal_name) == ("Ines Blohm", Decimal(40_000), "Presses")
    assert [line.product_line for line in deal.lines.all()] == [gateways]
    assert mails("lead.accepted") == [mara.email]
    assert kinds(given) == ["create", "give", "accept"]
    assert first_broken(given) is None and first_broken_of_registration(deal) is None
    words = deal.timeline.get(kind="counts_from").data["text"]
    assert given.code in words and "2026" in words


def test_a_rival_between_gift_and_acceptance_is_behind(given, alice, charlie, mara, register):
    rival = register(charlie, "BLOHM Presswerk", clock=day(1))

    # The lead given out stood in the way of approval, and what the check saw is kept.
    conflict = rival.conflicts.get()
    assert (rival.status, rival.review_reasons) == (Status.IN_REVIEW, ["similar"])
    assert (conflict.claim_code, conflict.claim["partner"], conflict.rival) == (given.code, "Northgate", None)

    deal = accept(given, by=alice, fields=ANSWER, clock=day(2))
    assert deal.rank < rival.rank and deal.submitted_at < rival.submitted_at
    assert deal.status == Status.IN_REVIEW  # the rival is open, so a person compares the two
    conflict.refresh_from_db()
    assert conflict.claim_ended_at == MONDAY + timedelta(days=2)

    decisions.assign(deal, by=mara)
    decisions.put_on_waitlist(rival, behind=deal, by=mara)
    rival.refresh_from_db()
    assert rival.status == Status.WAITLISTED


def test_of_two_in_line_the_lead_is_first(given, alice, charlie, mara, register):
    """A third firm holds the company; the accepted lead stands before the rival who submitted before its acceptance."""
    rival = register(charlie, "Blohm Presswerk GmbH", clock=day(1))
    eastfield = Partner.objects.create(name="Eastfield", country="PL", status="active", manager=mara)
    erin = make_user("Erin", "partner_rep", eastfield)
    holder = register(erin, "Blohm Presswerk GmbH", clock=fixed(MONDAY - timedelta(days=1)))
    if holder.status != Status.APPROVED:
        decisions.assign(holder, by=mara, passing="They have the order.")
    deal = accept(given, by=alice, fields=ANSWER, clock=day(2))
    for row in (rival, deal):
        row.refresh_from_db()
        decisions.put_on_waitlist(row, behind=holder, by=mara)

    assert list(Registration.objects.in_line().values_list("code", flat=True)) == [deal.code, rival.code]


def test_its_own_firm_does_not_collide_with_its_lead(given, alice, charlie, register):
    assert precheck_of(alice) is True
    assert precheck_of(charlie) is False
    assert register(alice, "Blohm Presswerk GmbH").status == Status.APPROVED


def test_a_lead_that_the_firm_registers_by_hand_is_that_registration(given, alice, charlie, mara, register):
    """A rival between the two stands behind it; accepting afterwards makes no second deal."""
    rank = given.gifts.get().rank
    rival = register(charlie, "Blohm Presswerk", clock=day(1))
    deal = register(alice, "Blohm Presswerk GmbH", clock=day(2))

    given.refresh_from_db()
    assert (given.status, given.registration, holder_of(given)) == (LeadStatus.ACCEPTED, deal, "")
    assert (deal.rank, deal.submitted_at) == (rank, MONDAY) and rank < rival.rank
    assert given.code in deal.timeline.get(kind="counts_from").data["text"]
    assert (mails("lead.accepted"), kinds(given)) == ([mara.email], ["create", "give", "accept"])
    assert first_broken(given) is None and first_broken_of_registration(deal) is None
    with pytest.raises(WrongStatus, match="no longer waiting for your answer"):
        accept(given, by=alice, fields=ANSWER, clock=day(2))
    assert Registration.objects.filter(partner=deal.partner).count() == 1


def test_registered_together_by_hand_all_its_leads_are_that_registration(
    given, alice, mara, northgate, gateways, sensors
):
    """It counts from the earliest of them; one for what it does not register stays."""
    later = make_lead(mara, "Blohm Presswerk", sensors)
    cables = make_lead(mara, "Blohm Presswerk", ProductLine.objects.create(code="cables", name="Cables"))
    for lead in (later, cables):
        give(lead, way=Way.HAND, by=mara, partner=northgate, clock=day(1))
    draft = draft_for(alice, "Blohm Presswerk GmbH", sensors)
    lines = [LineInput(sensors), LineInput(gateways)]
    draft = drafts.save_draft(draft, by=alice, fields={}, lines=lines, clock=day(2))
    deal = submit(draft, by=alice, clock=day(2))

    assert set(deal.leads.all()) == {given, later} and deal.status == Status.APPROVED
    assert (deal.rank, deal.submitted_at) == (given.gifts.get().rank, MONDAY)
    words = deal.timeline.get(kind="counts_from").data["text"]
    assert words.index(given.code) < words.index(later.code)
    for lead in (given, later):
        lead.refresh_from_db()
        assert (lead.status, holder_of(lead)) == (LeadStatus.ACCEPTED, "") and first_broken(lead) is None
        told = Message.objects.get(event="lead.accepted", about=lead.code)
        assert (told.address, deal.code in told.text) == (mara.email, True)
    assert holder_of(cables) == "Northgate"


def test_a_lead_stays_where_what_is_registered_by_hand_is_something_else(
    given, alice, olga, register, sensors, gateways
):
    other = register(alice, "Blohm Presswerk GmbH", line=sensors, clock=day(1))
    publish_version(
        by=olga,
        settings={"least_value": Decimal(1_000_000), "auto_approve": False},
        note="Large ones only.",
        clock=day(1),
    )
    refused = register(alice, "Blohm Presswerk GmbH", clock=fixed(MONDAY + timedelta(days=1, hours=1)))

    given.refresh_from_db()
    assert refused.status == Status.REFUSED and refused.rank > other.rank
    assert (given.status, given.registration, holder_of(given)) == (LeadStatus.GIVEN, None, "Northgate")
    assert not refused.timeline.filter(kind="counts_from").exists()


def of_two_territories(mara, firm, gateways, *places):
    """Leads at one company, each in its territory, that the firm has one after the other."""
    leads = [make_lead(mara, "Blohm Presswerk", gateways, territory=place) for place in places]
    for hour, lead in enumerate(leads):
        give(lead, way=Way.HAND, by=mara, partner=firm, onward=Onward.BACK, clock=day(hour / 24))
    return leads


@pytest.mark.parametrize("way", ["accept", "register"])
def test_where_territory_narrows_a_lead_in_another_one_stays(
    way, alice, charlie, mara, northgate, southridge, gateways, europe, register
):
    """It is another deal: it keeps its own place, and lends it to nobody."""
    policy(begins=MONDAY - timedelta(days=1), scope_territory=True, review_other_scope=False)
    americas = Territory.objects.create(code="americas", name="Americas", countries=["US"])
    for firm in (northgate, southridge):
        firm.territories.add(americas)
    there, here = of_two_territories(mara, northgate, gateways, americas, europe)
    if way == "accept":
        deal = accept(here, by=alice, fields=ANSWER, clock=day(1))
    else:
        deal = register(alice, "Blohm Presswerk", territory=europe, clock=day(1))
    for lead in (there, here):
        lead.refresh_from_db()
    assert (deal.status, deal.rank) == (Status.APPROVED, here.gifts.get().rank)
    assert (here.registration, there.registration) == (deal, None)
    assert (there.status, holder_of(there)) == (LeadStatus.GIVEN, "Northgate")

    rival = register(charlie, "Blohm Presswerk", territory=americas, clock=day(2))
    assert rival.status == Status.IN_REVIEW and rival.conflicts.get(claim_code=there.code)


def test_where_products_do_not_narrow_a_lead_for_others_is_that_registration(
    alice, charlie, mara, northgate, sensors, register
):
    policy(begins=MONDAY - timedelta(days=1), scope_product_line=False)
    lead = make_lead(mara, "Blohm Presswerk", sensors)
    give(lead, way=Way.HAND, by=mara, partner=northgate, clock=MONDAY_CLOCK)
    rival = register(charlie, "Blohm Presswerk", clock=day(1))
    deal = register(alice, "Blohm Presswerk", clock=day(2))
    lead.refresh_from_db()
    assert (lead.status, lead.registration) == (LeadStatus.ACCEPTED, deal) and deal.rank < rival.rank


def test_a_company_that_was_registered_by_another_name_is_not_registered_twice(given, alice, mara, register):
    deal = register(alice, "BP Werke Nord", clock=day(1))
    declare_same(given.company, deal.company, by=mara, clock=day(1))
    with pytest.raises(WrongStatus, match=f"registered this company already: {deal.code}"):
        accept(given, by=alice, fields=ANSWER, clock=day(2))
    assert Registration.objects.filter(partner=deal.partner).count() == 1


def test_the_clock_decides_whether_an_answer_is_in_time(given, alice, client):
    """Whether or not the portal has come by; but not where the firm was never told."""
    gift = given.gifts.get()
    late = fixed(gift.answer_by + timedelta(minutes=1))
    with pytest.raises(StaleVersion):  # nothing was sent, so it could still be answered
        accept(given, by=alice, fields=ANSWER, version=0, clock=late)
    hand_over(Message.objects.all(), MONDAY)
    for answer in (
        lambda: accept(given, by=alice, fields=ANSWER, clock=late),
        lambda: decline(given, by=alice, reason=DeclineReason.SIZE, clock=late),
    ):
        with pytest.raises(TooLate, match="had until 5 Mar 2026"):
            answer()
    assert not Registration.objects.exists() and holder_of(given) == "Northgate"

    client.force_login(alice)  # months later
    ours = reverse("leads:ours")
    for name in ("leads:accept", "leads:decline"):
        page = client.get(reverse(name, args=[given.code]))
        assert page.status_code == 410 and f'href="{ours}"' in page.content.decode()
    page = client.get(reverse("leads:lead", args=[given.code])).content.decode()
    assert "The time to answer was over" in page and reverse("leads:accept", args=[given.code]) not in page


def precheck_of(person):
    from companies.matching import CompanyQuery

    return precheck(CompanyQuery("Blohm Presswerk", country="DE"), by=person, clock=MONDAY_CLOCK)


def test_other_product_lines_and_ended_gifts_do_not_count(given, alice, charlie, mara, register, sensors):
    other = register(charlie, "Blohm Presswerk GmbH", line=sensors)
    assert other.conflicts.get().same_product_line is False

    decline(given, by=alice, reason=DeclineReason.SIZE, clock=day(1))
    assert (
        register(charlie, "Blohm Presswerk GmbH", clock=day(1))
        .conflicts.filter(claim_code__gt="", claim_ended_at=None)
        .exists()
        is False
    )
    assert Conflict.objects.standing().filter(claim_code__gt="").exists() is False
    # Who compares the two hears of it; the partner does not.
    (entry,) = other.timeline.filter(kind="rival_ended")
    assert entry.data["text"] == f"Lead given out, {given.code} of Northgate, stands in the way no longer."
    assert not other.timeline.visible_to(charlie).filter(kind="rival_ended").exists()


def test_the_check_asks_as_often_whatever_it_finds(given, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from companies.matching import CompanyQuery

    counts = set()
    for name in ("Blohm Presswerk GmbH", "Nobody At All Ltd"):
        with CaptureQueriesContext(connection) as asked:
            check(CompanyQuery(name), at=MONDAY)
        counts.add(sum("leads_gift" in query["sql"] for query in asked))
    assert counts == {1}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"expected_close": None}, "when you expect it to close"),
        ({"value": None}, "the value of the deal"),
    ],
)
def test_what_is_missing_is_said_and_nothing_changes(given, alice, change, words):
    with pytest.raises(BadInput, match=words):
        accept(given, by=alice, fields=ANSWER | change)
    given.refresh_from_db()
    assert (given.status, holder_of(given)) == (LeadStatus.GIVEN, "Northgate")
    assert not Registration.objects.exists()


def test_what_the_policy_would_refuse_is_not_accepted(given, alice, northgate):
    Partner.objects.filter(pk=northgate.pk).update(status=PartnerStatus.SUSPENDED)
    with pytest.raises(WrongStatus, match="The policy would refuse this registration"):
        accept(given, by=alice, fields=ANSWER)
    assert not Registration.objects.exists() and holder_of(given) == "Northgate"


def test_only_the_firm_that_has_it_and_only_once(given, alice, charlie, dan, mara):
    with pytest.raises(WrongStatus, match="no longer with your firm"):
        accept(given, by=charlie, fields=ANSWER)
    with pytest.raises(StaleVersion):
        accept(given, by=alice, fields=ANSWER, version=1)
    accept(given, by=dan, fields=ANSWER)
    with pytest.raises(WrongStatus):
        accept(given, by=alice, fields=ANSWER)
    assert Registration.objects.count() == 1


def test_no_form_smuggles_a_rank_or_a_status(given, alice):
    deal = accept(
        given, by=alice, fields=ANSWER | {"rank": 1, "status": "won", "partner": None}, clock=day(1)
    )
    assert (deal.status, deal.rank) == (Status.APPROVED, given.gifts.get().rank)


def test_a_merge_takes_leads_along_and_back(given, mara, gateways):
    other = make_lead(mara, "Blohm Umformtechnik AG", gateways)
    survivor = declare_same(given.company, other.company, by=mara, keep=other.company)
    given.refresh_from_db()
    assert given.company == survivor

    undo_verdict(
        Verdict.objects.active().between(survivor.pk, Lead.objects.get(pk=other.pk).company_id).first()
        or Verdict.objects.active().get(),
        by=mara,
    )
    given.refresh_from_db()
    assert given.company.name == "Blohm Presswerk GmbH"


def test_ranks_are_drawn_in_the_order_of_gifts(given, mara, southridge, gateways):
    second = make_lead(mara, "Nakamura Werke", gateways)
    gift = give(second, way=Way.HAND, by=mara, partner=southridge, clock=day(1))
    assert given.gifts.get().rank < gift.rank < next_rank()
