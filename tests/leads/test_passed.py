"""A lead is out, and a manager gives the deal to another firm that came later: for a reason, which the lead's firm reads."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import enums
from core.clock import fixed
from core.errors import BadInput
from leads.enums import LeadStatus, Onward, Way
from leads.services.answering import accept, decline
from leads.services.giving import give
from notifications.models import Message
from registrations.enums import Status
from registrations.services import appeals, bulk, customer_letters, decisions, judgements
from registrations.services.reopening import reopen
from registrations.services.timeline import first_broken
from registrations.services.undo import undo
from tests.leads.makers import holder_of, later, mails, make_lead
from tests.people import MONDAY, MONDAY_CLOCK, make_user
from tests.registrations.requests_help import letter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("served")]
WHY = "They have worked with the plant for a year."
ANSWER = {"expected_close": MONDAY.date().replace(month=9)}


@pytest.fixture
def given(mara, northgate, gateways):
    """A lead that Northgate has since Monday."""
    lead = make_lead(mara, "Blohm Presswerk GmbH", gateways)
    give(lead, way=Way.HAND, by=mara, partner=northgate, onward=Onward.ROTATION, clock=MONDAY_CLOCK)
    return lead


@pytest.fixture
def rival(given, charlie, register):
    """What Southridge registers at the same company an hour later."""
    deal = register(charlie, "Blohm Presswerk", clock=later(1))
    assert deal.status == Status.IN_REVIEW
    return deal


def told():
    return Message.objects.filter(event="lead.given_past").exclude(status="cancelled")


def button(client, deal):
    page = client.get(reverse("registrations:review_item", args=[deal.code]))
    return next(one for one in page.context["decisions"] if one["code"] == "assign")


def test_the_button_names_the_firm_with_the_lead_and_asks_why(client, mara, bob, charlie, given, rival):
    client.force_login(mara)
    assign = button(client, rival)
    words = f"Lead given out to Northgate ({given.code}) came before it, and they read why it goes first."
    assert words in assign["effect"]
    assert assign["form"].fields["passing"].required and not assign["quick"]

    sent = {"version": rival.version, "text": "", "passing": ""}
    refused = client.post(reverse("registrations:assign", args=[rival.code]), sent)
    assert refused.status_code == 422 and "Say why it goes first." in refused.content.decode()
    rival.refresh_from_db()
    assert rival.status == Status.IN_REVIEW and not told()

    client.post(reverse("registrations:assign", args=[rival.code]), sent | {"passing": WHY})
    rival.refresh_from_db()
    mail = told().get()
    assert (rival.status, mail.recipient, mail.about) == (Status.APPROVED, bob, given.code)
    for text in (mail.text, mail.html):
        assert WHY in text and "Southridge" not in text and rival.code not in text
    receipt = reverse("registrations:receipt", args=[rival.decisions.get(action="assign").code])
    assert (
        "Why it went first" in client.get(receipt).content.decode()
        and WHY in client.get(receipt).content.decode()
    )
    client.force_login(charlie)
    assert WHY not in client.get(receipt).content.decode()
    kept = rival.timeline.get(kind="went_first")
    assert (kept.audience, kept.data["text"]) == ("vendor", f"Before {given.code}. {WHY}")
    assert first_broken(rival) is None


def test_until_it_is_undone_the_pages_of_the_lead_say_so(client, mara, alice, given, rival):
    pages = [reverse(f"leads:{name}", args=[given.code]) for name in ("lead", "accept")]

    def said(person, address):
        client.force_login(person)
        return " ".join(client.get(address).content.decode().split())

    made = decisions.assign(rival, by=mara, passing=WHY, clock=later(2))
    for address in pages:
        page = said(alice, address)
        assert "given to another registration meanwhile" in page and "waits in line behind that one" in page
        assert "Southridge" not in page and rival.code not in page
    page = said(mara, pages[0])
    assert (
        "<bdi>Southridge</bdi> has the company for the same products" in page
        and "silent: back to us." in page
    )

    undo(made, by=mara, clock=later(2))
    assert not told() and mails("lead.given_past")
    assert not any("another registration" in said(alice, address) for address in pages)
    assert "has the company for the same products" not in said(mara, pages[0])


def test_accepted_it_is_looked_at_and_has_its_earlier_place(mara, alice, given, rival):
    decisions.assign(rival, by=mara, passing=WHY, clock=later(2))
    assert holder_of(given) == "Northgate"
    deal = accept(given, by=alice, fields=ANSWER, clock=later(3))
    rival.refresh_from_db()
    assert (deal.status, rival.status) == (Status.IN_REVIEW, Status.APPROVED) and deal.rank < rival.rank
    given.refresh_from_db()
    assert given.status == LeadStatus.ACCEPTED


def test_many_at_once_pass_no_lead(mara, given, rival):
    (outcome,) = bulk.each(
        [(rival, rival.version)],
        lambda row, version: bulk.approve_clear(row, by=mara, version=version, clock=later(2)),
    )
    rival.refresh_from_db()
    assert "Say why it goes first" in outcome.why and rival.status == Status.IN_REVIEW and not told()


def test_a_granted_appeal_does_not_pass_a_lead(client, mara, charlie, given, rival):
    """Back it comes, to a review: the lead came before it."""
    noor = make_user("Noor", enums.CHANNEL_MANAGER)
    refused = decisions.refuse(rival, by=mara, reason_code="early", text="Too early.", clock=later(2))
    appeal = appeals.appeal(refused, by=charlie, text="They have a budget.", clock=later(3))
    client.force_login(noor)
    page = client.get(reverse("registrations:appeal_page", args=[appeal.code])).content.decode()
    assert f"since somebody came first: Lead given out to Northgate ({given.code})" in page
    appeals.grant(appeal, by=noor, text="They have.", clock=later(4))
    rival.refresh_from_db()
    given.refresh_from_db()
    assert (rival.status, given.status) == (Status.IN_REVIEW, LeadStatus.GIVEN)
    assert not told().exists()


@pytest.fixture
def spelled(mara, northgate, bob, charlie, gateways, register):
    """A lead of Northgate's, and what Southridge registers an hour later by another name for the same company."""
    lead = make_lead(mara, "I.B.M.", gateways, country="US")
    give(lead, way=Way.HAND, by=mara, partner=northgate, clock=MONDAY_CLOCK)
    deal = register(charlie, "International Business Machines Corp.", country="US", clock=later(1))
    assert deal.status == Status.IN_REVIEW and deal.conflicts.get().claim_code == lead.code
    return lead, deal


def test_by_another_name_for_the_company_it_is_passed_no_more_silently(client, mara, bob, spelled):
    lead, deal = spelled
    client.force_login(mara)
    assign = button(client, deal)
    assert f"Lead given out to Northgate ({lead.code}) came before it" in assign["effect"]
    assert assign["form"].fields["passing"].required and not assign["quick"]
    with pytest.raises(BadInput, match="Say why it goes first"):
        decisions.assign(deal, by=mara, clock=later(2))

    decisions.assign(deal, by=mara, passing=WHY, clock=later(2))
    deal.refresh_from_db()
    mail = told().get()
    assert (deal.status, mail.recipient, mail.about) == (Status.APPROVED, bob, lead.code)
    assert WHY in mail.text and "Southridge" not in mail.text and "International" not in mail.text


def test_the_pages_of_the_lead_say_so_by_another_name_too(client, mara, alice, spelled):
    lead, deal = spelled
    pages = [reverse(f"leads:{name}", args=[lead.code]) for name in ("lead", "accept")]

    def said(person, address):
        client.force_login(person)
        return " ".join(client.get(address).content.decode().split())

    assert not any("another registration" in said(alice, address) for address in pages)
    made = decisions.assign(deal, by=mara, passing=WHY, clock=later(2))
    for address in pages:
        page = said(alice, address)
        assert "given to another registration meanwhile" in page
        assert not any(word in page for word in ("Southridge", "International", deal.code))
    page = said(mara, pages[0])
    assert "<bdi>Southridge</bdi> has what may be the same company, <bdi>International Business" in page
    assert deal.code in page

    undo(made, by=mara, clock=later(2))
    assert not any("another registration" in said(alice, address) for address in pages)
    assert "may be the same company" not in said(mara, pages[0])


def test_nor_by_an_appeal(client, mara, charlie, spelled):
    lead, deal = spelled
    noor = make_user("Noor", enums.CHANNEL_MANAGER)
    refused = decisions.refuse(deal, by=mara, reason_code="early", text="Too early.", clock=later(2))
    appeal = appeals.appeal(refused, by=charlie, text="They have a budget.", clock=later(3))
    client.force_login(noor)
    page = client.get(reverse("registrations:appeal_page", args=[appeal.code])).content.decode()
    assert f"Lead given out to Northgate ({lead.code}), for I.B.M., which may be the same company" in page
    appeals.grant(appeal, by=noor, text="They have.", clock=later(4))
    deal.refresh_from_db()
    assert deal.status == Status.IN_REVIEW and not told()


def test_another_company_is_not_passed(mara, spelled):
    """Once somebody has said that it is one."""
    lead, deal = spelled
    judgements.declare_different(deal.conflicts.get(), by=mara, clock=later(2))
    decisions.assign(deal, by=mara, clock=later(3))
    deal.refresh_from_db()
    assert deal.status == Status.APPROVED and not told() and holder_of(lead) == "Northgate"


def test_a_lead_is_for_other_products_by_another_name_too(mara, northgate, bob, charlie, sensors, register):
    lead = make_lead(mara, "I.B.M.", sensors, country="US")
    give(lead, way=Way.HAND, by=mara, partner=northgate, clock=MONDAY_CLOCK)
    deal = register(
        charlie, "International Business Machines Corp.", country="US", value=900_000, clock=later(1)
    )
    decisions.assign(deal, by=mara, clock=later(2))
    assert not told()


def test_who_gets_a_revoked_deal_back_passes_the_lead_that_was_given_since(
    client, mara, alice, charlie, southridge, gateways, register
):
    """The page says so, and the firm reads that there was an appeal."""
    deal = register(alice, "Blohm Presswerk GmbH", clock=MONDAY_CLOCK)
    revoked = decisions.revoke(deal, by=mara, reason_code="inactive", text="Silence.", clock=later(1))
    lead = make_lead(mara, "Blohm Presswerk GmbH", gateways)
    give(lead, way=Way.HAND, by=mara, partner=southridge, onward=Onward.BACK, clock=later(2))
    appeal = appeals.appeal(revoked, by=alice, text="We were there.", clock=later(3))
    noor = make_user("Noor", enums.CHANNEL_MANAGER)
    client.force_login(noor)
    page = client.get(reverse("registrations:appeal_page", args=[appeal.code])).content.decode()
    assert f"It passes Lead given out to Southridge ({lead.code}); its firm reads that an appeal was" in page

    appeals.grant(appeal, by=noor, text="They were.", clock=later(4))
    deal.refresh_from_db()
    mail = told().get()
    assert (deal.status, mail.recipient, mail.about) == (Status.APPROVED, charlie, lead.code)
    assert "An appeal against an earlier decision was granted." in mail.text and "Northgate" not in mail.text
    assert lead.code in deal.timeline.get(kind="went_first").data["text"]


def test_a_customers_letter_outranks_a_lead_and_its_firm_reads_that(mara, given, rival, eastfield, register):
    held = register(eastfield.members.get().user, "Blohm Presswerk", clock=fixed(MONDAY - timedelta(days=1)))
    decisions.assign(held, by=mara, passing=WHY, clock=later(1))
    wished = {"in_favour_of": rival, "dated": MONDAY.date(), "upload": letter()}
    customer_letters.record(held, **wished, by=make_user("Noor", enums.CHANNEL_MANAGER), clock=later(2))
    rival.refresh_from_db()
    assert rival.status == Status.APPROVED
    assert [text for mail in told() for text in (WHY, customer_letters.RULE) if text in mail.text] == [
        customer_letters.RULE,
        WHY,
    ]


def test_who_came_first_or_wants_something_else_passes_no_lead(
    client, mara, alice, charlie, northgate, gateways, sensors, register
):
    first = register(charlie, "Nakamura Werke", value=900_000)
    for company, line in (("Nakamura Werke", gateways), ("Quartz Optik", sensors)):
        lead = make_lead(mara, company, line)
        give(lead, way=Way.HAND, by=mara, partner=northgate, clock=MONDAY_CLOCK)
    other = register(charlie, "Quartz Optik", value=900_000)
    own = make_lead(mara, "Kronos Textil", sensors)
    give(own, way=Way.HAND, by=mara, partner=northgate, clock=MONDAY_CLOCK)
    beside = register(alice, "Kronos Textil", value=900_000)

    client.force_login(mara)
    for deal in (first, other, beside):
        assert deal.status == Status.IN_REVIEW
        assert "passing" not in button(client, deal)["form"].fields
        decisions.assign(deal, by=mara, clock=later(1))
    assert not told()


def test_a_lead_that_is_with_nobody_any_more_is_not_passed(mara, alice, given, rival):
    given.onward = Onward.BACK
    given.save(update_fields=["onward"])
    decline(given, by=alice, reason="fit", clock=later(2))
    decisions.assign(rival, by=mara, clock=later(3))
    rival.refresh_from_db()
    assert rival.status == Status.APPROVED and not told()


@pytest.mark.parametrize("ended", ["refuse", "revoke"])
def test_one_that_was_reopened_tells_who_was_given_a_lead_meanwhile(
    ended, client, mara, bob, charlie, northgate, gateways, register
):
    """What is over keeps nobody out. As with a granted appeal no reason is asked for, and the lead's firm hears of it."""
    value = 900_000 if ended == "refuse" else 50_000
    deal = register(charlie, "Blohm Presswerk", value=value, clock=MONDAY_CLOCK)
    getattr(decisions, ended)(deal, by=mara, reason_code="early", text="Too early.", clock=later(1))
    lead = make_lead(mara, "Blohm Presswerk GmbH", gateways)
    give(lead, way=Way.HAND, by=mara, partner=northgate, onward=Onward.ROTATION, clock=later(2))
    client.force_login(mara)
    page = client.get(reverse("registrations:review_item", args=[deal.code]))
    (offered,) = page.context["decisions"]
    assert f"Lead given out to Northgate ({lead.code}): they keep it." in offered["effect"]

    deal.refresh_from_db()
    reopen(deal, by=mara, text="We had the wrong row.", clock=later(3))
    assert holder_of(lead) == "Northgate" and not told()
    assign = button(client, deal)
    assert (
        f"Lead given out to Northgate ({lead.code}) came after it, and they read that an earlier decision was taken back."
    ) in assign["effect"]
    assert assign["quick"] and "passing" not in assign["form"].fields

    deal.refresh_from_db()
    decisions.assign(deal, by=mara, clock=later(4))
    deal.refresh_from_db()
    mail = told().get()
    assert (deal.status, mail.recipient, mail.about) == (Status.APPROVED, bob, lead.code)
    assert "An earlier decision was taken back." in mail.text
    assert deal.code not in mail.text and "Southridge" not in mail.text
    kept = deal.timeline.get(kind="went_first")
    assert (kept.audience, kept.data["text"]) == (
        "vendor",
        f"Before {lead.code}. An earlier decision was taken back.",
    )
    assert first_broken(deal) is None


def test_one_that_was_never_over_tells_nobody_of_a_lead_that_came_after_it(
    mara, charlie, northgate, gateways, register
):
    deal = register(charlie, "Blohm Presswerk", value=900_000, clock=MONDAY_CLOCK)
    lead = make_lead(mara, "Blohm Presswerk GmbH", gateways)
    give(lead, way=Way.HAND, by=mara, partner=northgate, clock=later(1))
    deal.refresh_from_db()
    decisions.assign(deal, by=mara, clock=later(2))
    assert not told()
