"""Hoarding names: a limit by tier, a wait after an expiry, and updates that say something new."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from companies.matching import CompanyQuery
from companies.services import create_company, set_parent
from core.clock import fixed
from core.errors import BadInput
from notifications.models import Message
from partners.enums import PartnerTier
from policies.models import RegistrationPolicy
from registrations.enums import LossReason, RefusalReason, Stage, Status
from registrations.foreseen import Deal, Foreseen
from registrations.models import Holding
from registrations.services import (
    appeals,
    attachments,
    decisions,
    expiry,
    extensions,
    offers,
    partner_actions,
    reminders,
    squatting,
    still_active,
    waitlist,
)
from registrations.services.precheck import precheck
from registrations.services.timeline import first_broken
from registrations.services.undo import undo
from registrations.views import actions, page
from tests.people import MONDAY, MONDAY_CLOCK
from tests.registrations.requests_help import letter, policy

pytestmark = pytest.mark.django_db


def later(days):
    return fixed(MONDAY + timedelta(days=days))


def let_expire(deal):
    """Silence until the end of protection and after it."""
    for day in (53, 59):
        reminders.send_reminders(clock=later(day))
    Message.objects.filter(sent_at=None).update(status="sent", sent_at=MONDAY + timedelta(days=54))
    expiry.expire_registrations(clock=later(61))
    deal.refresh_from_db()
    assert deal.status == Status.EXPIRED


def test_the_limit_is_the_tiers_and_counts_the_whole_firm(alice, bob, charlie, northgate, register):
    policy(open_most_registered=2, open_most_silver=3)
    first = register(alice, "Acme Pumps GmbH")
    register(bob, "Kestrel Foods")

    third = register(alice, "Quiet Corner Ltd")
    assert third.status == Status.REFUSED
    receipt = third.decisions.get()
    assert "at a time, and yours has 2" in receipt.rule
    assert appeals.can_be_disputed(receipt)
    assert register(charlie, "Quiet Corner Ltd").status == Status.APPROVED  # another firm's count is its own

    partner_actions.release(first, by=alice, clock=MONDAY_CLOCK)
    assert register(alice, "Borealis Wind").status == Status.APPROVED
    northgate.tier = PartnerTier.SILVER
    northgate.save()
    assert register(alice, "Harbour Cranes").status == Status.APPROVED
    assert register(alice, "Tin Whistle Ltd").status == Status.REFUSED


def test_the_wait_after_an_expiry_binds_the_firm_that_let_it_expire(alice, bob, charlie, register):
    let_expire(register(alice, "Acme Pumps GmbH"))

    too_soon = register(bob, "ACME Pumps GmbH", clock=later(90))
    assert too_soon.status == Status.REFUSED
    assert "1 Jun 2026, 09:00 UTC" in too_soon.decisions.get().rule
    assert register(alice, "Kestrel Foods", clock=later(90)).status == Status.APPROVED
    assert register(alice, "Acme Pumps GmbH", clock=later(91)).status == Status.APPROVED


def test_an_invented_website_does_not_end_the_wait(alice, charlie, register):
    let_expire(register(alice, "Acme Pumps GmbH", website="acme-pumps.example"))
    changed = {"website": "invented-for-this.example", "clock": later(62)}

    again = register(alice, "Acme Pumps GmbH", **changed)
    assert (again.status, again.review_reasons) == (Status.IN_REVIEW, ["cooling_off"])
    assert register(charlie, "Acme Pumps GmbH", **changed).status != Status.REFUSED


@pytest.mark.parametrize("together", [True, False])
def test_a_parent_that_is_held_with_it_does_not_end_the_wait(together, alice, charlie, mara, register):
    policy(scope_family=together)
    held = register(alice, "Acme Pumps GmbH")
    parent = create_company(CompanyQuery("Vandermeer Group NV", country="DE"), by=mara)
    set_parent(held.company, parent, by=mara)
    let_expire(held)

    assert precheck(CompanyQuery("Vandermeer Group NV"), by=alice, clock=later(62)) == (not together)
    again = register(alice, "Vandermeer Group NV", clock=later(62))
    assert (again.status == Status.REFUSED) == together
    assert ("a parent or subsidiary of this company" in again.decisions.get().rule) == together
    if together:
        assert register(charlie, "Vandermeer Group NV", clock=later(62)).status == Status.APPROVED
        assert register(alice, "Acme Pumps GmbH", clock=later(92)).status != Status.REFUSED


@pytest.mark.parametrize("together", [True, False])
def test_the_wait_is_foreseen_for_each_firm_before_it_registers(
    together, alice, mara, northgate, southridge, gateways, register
):
    policy(scope_family=together)
    held = register(alice, "Acme Pumps GmbH")
    parent = create_company(CompanyQuery("Vandermeer Group NV", country="DE"), by=mara)
    set_parent(held.company, parent, by=mara)
    let_expire(held)

    asked = [Deal(company.pk, (gateways.pk,), None, None, "DE", None) for company in (held.company, parent)]
    for day, waits in ((62, True), (92, False)):
        foreseen = Foreseen([northgate, southridge], asked, at=MONDAY + timedelta(days=day))
        own, of_parent = (foreseen.refusals(northgate, deal) for deal in asked)
        assert (bool(own), bool(of_parent)) == (waits, waits and together)
        assert not any(foreseen.refusals(southridge, deal) for deal in asked)
        if waits:
            assert own[0] == register(alice, "Acme Pumps GmbH", clock=later(day)).decisions.get().rule


def test_the_rival_of_who_let_it_expire_does_not_wait(alice, charlie, register):
    let_expire(register(alice, "Acme Pumps GmbH"))
    assert register(charlie, "Acme Pumps GmbH", clock=later(62)).status == Status.APPROVED


def test_whoever_released_in_time_does_not_wait_either(alice, register):
    held = register(alice, "Acme Pumps GmbH")
    partner_actions.release(held, by=alice, clock=later(50))
    assert register(alice, "Acme Pumps GmbH", clock=later(51)).status == Status.APPROVED


def warned(deal, *, handed_over=True):
    """A final notice of the end was written, and left."""
    reminders.send_reminders(clock=later(53))
    if handed_over:
        waiting = Message.objects.filter(status="pending")
        waiting.update(status="sent", sent_at=MONDAY + timedelta(days=53))
    deal.refresh_from_db()


@pytest.mark.parametrize("give_up", [partner_actions.withdraw, partner_actions.release])
def test_giving_up_after_the_final_notice_is_letting_it_expire(give_up, alice, bob, charlie, register):
    deal = register(alice, "Acme Pumps GmbH")
    warned(deal)
    give_up(deal, by=bob, clock=later(59))

    mail = Message.objects.get(event="registration.withdrawn")
    assert mail.address == alice.email and "again from 30 May 2026" in mail.text
    assert squatting.free_again_from(deal, RegistrationPolicy.objects.in_force(later(59)())) == later(89)()
    again = register(bob, "ACME Pumps GmbH", clock=later(60))
    assert again.status == Status.REFUSED
    assert "gave it up shortly before" in again.decisions.get().rule
    assert "30 May 2026, 09:00 UTC" in again.decisions.get().rule
    assert register(charlie, "Acme Pumps GmbH", clock=later(60)).status == Status.APPROVED


def test_giving_up_counts_only_after_a_notice_of_the_end_that_it_had(alice, mara, register):
    """Not before the notice has left, nor after an update or an extension that followed it, nor what never was protected."""
    unsent = register(alice, "Acme Pumps GmbH")
    warned(unsent, handed_over=False)
    partner_actions.withdraw(unsent, by=alice, clock=later(54))
    updated = register(alice, "Kestrel Foods")
    extended = register(alice, "Quiet Corner Ltd")
    for deal in (updated, extended):
        warned(deal)
    partner_actions.update(updated, by=alice, fields={}, note="Met the board.", clock=later(54))
    asked = extensions.ask(extended, by=alice, text="Autumn.", upload=letter(), clock=later(54))
    extensions.grant(asked, by=mara, text="Yes.", clock=later(54))
    for deal in (updated, extended):
        deal.refresh_from_db()
        partner_actions.withdraw(deal, by=alice, clock=later(55))

    for name in ("Acme Pumps GmbH", "Kestrel Foods", "Quiet Corner Ltd"):
        assert register(alice, name, clock=later(56)).status == Status.APPROVED


def test_a_request_that_holds_the_notice_off_is_no_way_around_it(alice, mara, ada, register):
    """Asked before the notice was due; given up while the answer is owed, or after a 'no' and before the new notice."""

    def asked(company, day):
        deal = register(alice, company)
        return deal, extensions.ask(deal, by=alice, text="Autumn.", upload=letter(), clock=later(day))

    def give_up(deal, day):
        deal.refresh_from_db()
        now = later(day)()
        ahead = squatting.wait_if_given_up(deal, now)
        partner_actions.withdraw(deal, by=alice, clock=later(day))
        again = register(alice, deal.company_name, clock=later(day + 1))
        assert (again.status == Status.REFUSED) == (ahead is not None)
        return ahead

    waiting, _ = asked("Acme Pumps GmbH", 50)
    refused, asks = asked("Kestrel Foods", 50)
    no = extensions.refuse(asks, by=mara, text="No.", clock=later(70))  # moves the end to day 73
    disputed, asks = asked("Quiet Corner Ltd", 50)
    first = extensions.refuse(asks, by=mara, text="No.", clock=later(52))
    appeal = appeals.appeal(first, by=alice, text="Look again.", clock=later(52))
    appeals.dismiss(appeal, by=ada, text="It stands.", clock=later(70))
    early, _ = asked("Borealis Wind", 40)
    granted, asks = asked("Harbour Cranes", 50)
    extensions.grant(asks, by=mara, text="Yes.", clock=later(51))

    assert "ends on 14 May 2026" in no.rule
    assert [give_up(deal, 71) for deal in (waiting, refused, disputed)] == [later(101)()] * 3
    assert give_up(early, 52) is None  # no notice was due yet
    assert give_up(granted, 71) is None


def test_what_was_lost_after_a_notice_may_be_followed_by_another_deal(alice, register):
    deal = register(alice, "Acme Pumps GmbH")
    warned(deal)
    partner_actions.record_lost(
        deal, by=alice, reason=LossReason.PRICE, closed_on=later(55)().date(), clock=later(55)
    )
    assert register(alice, "Acme Pumps GmbH", clock=later(56)).status == Status.APPROVED


def test_the_pages_say_what_giving_up_means(alice, register, client, monkeypatch):
    deal = register(alice, "Acme Pumps GmbH")
    for view in (actions, page):
        monkeypatch.setattr(view, "database_clock", later(59))
    client.force_login(alice)

    def told(name):
        return client.get(reverse(f"registrations:{name}", args=[deal.code])).content.decode()

    assert "counts as letting it expire" not in told("release") + told("withdraw")
    warned(deal)
    for name in ("release", "withdraw"):
        assert "your firm can register the company again from 30 May 2026" in told(name)
    partner_actions.release(deal, by=alice, clock=later(59))
    assert "this company again from 30 May 2026" in " ".join(told("registration").split())


@pytest.fixture
def line(alice, dan, charlie, mara, register):
    """Alice holds; charlie is next, dan of alice's firm behind him."""
    held = register(alice, "Acme Pumps GmbH")
    rows = [register(person, "Acme Pumps GmbH") for person in (charlie, dan)]
    for row in rows:
        decisions.put_on_waitlist(row, behind=held, by=mara, clock=MONDAY_CLOCK)
        row.refresh_from_db()
    return [held, *rows]


def statuses(*rows):
    for row in rows:
        row.refresh_from_db()
    return [Status(row.status) for row in rows]


def test_a_firm_with_too_much_open_is_passed_over_told_once_and_keeps_its_place(
    line, alice, charlie, register
):
    held, first, second = line
    other = register(charlie, "Kestrel Foods")
    policy(open_most_registered=1)

    partner_actions.release(held, by=alice, clock=later(1))

    assert statuses(first, second) == [Status.WAITLISTED, Status.OFFERED]
    assert first.waits_for == second
    entry = first.timeline.get(kind="passed_over")
    assert "can have 1 deal open at a time, and yours has 1" in entry.data["text"]
    mail = Message.objects.get(event="registration.passed_over")
    assert mail.address == charlie.email and entry.data["text"] in mail.text
    assert "Northgate" not in mail.text + mail.html
    assert [
        (h.registration, h.reserved) for h in Holding.objects.filter(ended_at=None, company=first.company)
    ] == [(second, True)]
    partner_actions.withdraw(second, by=second.owner, clock=later(2))
    waitlist.offer_free_places(clock=later(3))
    assert statuses(first) == [Status.WAITLISTED]
    assert Message.objects.filter(event="registration.passed_over").count() == 1

    partner_actions.release(other, by=charlie, clock=later(4))
    assert waitlist.offer_free_places(clock=later(5)) == [first.code]
    assert statuses(first) == [Status.OFFERED]


def test_who_let_it_expire_is_passed_over_in_line_until_the_wait_is_over(line, alice, charlie, dan):
    held, first, second = line
    partner_actions.withdraw(first, by=charlie, clock=later(1))

    let_expire(held)

    assert statuses(second) == [Status.WAITLISTED]
    assert "1 Jun 2026" in second.timeline.get(kind="passed_over").data["text"]
    assert waitlist.offer_free_places(clock=later(90)) == []
    assert waitlist.offer_free_places(clock=later(91)) == [second.code]
    assert first_broken(second) is None


NOTHING, NEW = False, True
UPDATES = [
    ({"stage": Stage.PROPOSAL}, "", NEW),
    ({"value": 70_000}, "", NEW),
    ({"value": 50_000}, "", NOTHING),
    ({"expected_close": date(2026, 12, 1)}, "", NEW),
    ({"next_step": "Workshop in May"}, "", NEW),
    ({"next_step": "  offer SENT,  waiting. "}, "", NOTHING),  # the same words as now
    (
        {"next_step": "Offer\u200b s\u00adent, ｗaiting"},
        "",
        NOTHING,
    ),  # nor are other signs for the same letters news
    ({"next_step": "First call"}, "", NOTHING),  # the same words as once before
    ({"next_step": ""}, "", NOTHING),
    ({"contact_made": "meeting", "contact_on": date(2026, 3, 1)}, "", NEW),
    ({"contact_made": ""}, "", NOTHING),
    ({"contact_on": date(2026, 2, 25)}, "", NEW),
    ({"contact_on": date(2001, 1, 1)}, "", NOTHING),  # long before the contact that is known
    ({"competitors": "Big Rival Inc."}, "", NOTHING),
    ({}, "Met the board on Monday.", NEW),
    ({}, "still   ON it!", NOTHING),  # the same sentence again
    ({}, " .!? ", NOTHING),
    ({}, "", NOTHING),
]


def test_a_first_day_of_contact_from_before_the_registration_says_nothing_new(alice, register):
    deal = register(alice, "Acme Pumps GmbH", contact_on=None)
    said = {"by": alice, "clock": later(20)}
    with pytest.raises(BadInput, match="same words again do not count"):
        partner_actions.update(deal, fields={"contact_on": date(2019, 5, 1)}, **said)
    deal.refresh_from_db()
    partner_actions.update(deal, fields={"contact_on": date(2026, 3, 10)}, **said)


@pytest.mark.parametrize(("fields", "note", "counts"), UPDATES)
def test_what_counts_as_an_update(alice, register, fields, note, counts):
    deal = register(alice, "Acme Pumps GmbH", next_step="", contact_on=date(2026, 2, 20))
    for step, told in (("First call", ""), ("Offer sent; waiting", "Still on it.")):
        partner_actions.update(deal, by=alice, fields={"next_step": step}, note=told, clock=later(5))
    deal.refresh_from_db()
    until = deal.protected_until

    if counts:
        partner_actions.update(deal, by=alice, fields=fields, note=note, clock=later(20))
    else:
        with pytest.raises(BadInput, match="same words again do not count"):
            partner_actions.update(deal, by=alice, fields=fields, note=note, clock=later(20))

    deal.refresh_from_db()
    assert deal.protected_until == until + timedelta(days=15 if counts else 0)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("stage", (Stage.PROSPECTING, Stage.QUALIFIED)),
        ("value", (Decimal(40_000), Decimal("40000.50"))),
        ("expected_close", (date(2026, 9, 1), date(2026, 10, 1))),
    ],
)
def test_going_back_and_forth_keeps_nothing_alive(alice, register, name, values):
    one, other = values
    deal = register(alice, "Acme Pumps GmbH", **{name: one})
    partner_actions.update(deal, by=alice, fields={name: other}, clock=later(10))
    deal.refresh_from_db()
    with pytest.raises(BadInput, match="that the deal has had before"):
        partner_actions.update(deal, by=alice, fields={name: one}, clock=later(20))
    # With a word about why it counts, once.
    partner_actions.update(deal, by=alice, fields={name: one}, note="Their board cut it.", clock=later(30))
    deal.refresh_from_db()
    assert deal.protected_until == MONDAY + timedelta(days=90)
    with pytest.raises(BadInput, match="that the deal has had before"):
        partner_actions.update(deal, by=alice, fields={name: other}, clock=later(40))


def test_a_deal_cannot_close_in_the_past(alice, register):
    deal = register(alice, "Acme Pumps GmbH", expected_close=date(2026, 3, 10))
    with pytest.raises(BadInput, match="has passed") as refused:
        partner_actions.update(
            deal, by=alice, fields={"expected_close": date(2026, 3, 11)}, note="Met.", clock=later(20)
        )
    assert refused.value.field == "expected_close"
    same = {"expected_close": date(2026, 3, 10)}  # as the form sends it when something else moved
    partner_actions.update(deal, by=alice, fields=same, note="Met the board.", clock=later(20))


def test_evidence_with_an_update_where_the_policy_asks_for_it(alice, register):
    policy(update_evidence_required=True)
    deal = register(alice, "Acme Pumps GmbH")
    said = {"by": alice, "note": "Met the board.", "clock": later(20)}
    for fields in ({}, {"contact_on": date(2026, 3, 1)}):  # a contact from before the last update
        with pytest.raises(BadInput, match="asks for evidence"):
            partner_actions.update(deal, fields=fields, **said)
    with pytest.raises(BadInput, match="asks for evidence"):
        still_active.keep_alive(still_active.link_for(deal).rstrip("/").rsplit("/", 1)[-1], clock=later(20))

    partner_actions.update(deal, fields={"contact_on": date(2026, 3, 20)}, **said)
    partner_actions.update(
        deal, by=alice, fields={}, note="The board agreed.", upload=letter(), clock=later(40)
    )
    deal.refresh_from_db()
    assert deal.protected_until == MONDAY + timedelta(days=100)
    assert deal.timeline.filter(kind="attached").count() == 1


def test_the_same_file_again_is_no_evidence(alice, register):
    policy(update_evidence_required=True)
    deal = register(alice, "Acme Pumps GmbH")

    def update(day, upload=None):
        note = f"Still on it, day {day}."
        return partner_actions.update(deal, by=alice, fields={}, note=note, upload=upload, clock=later(day))

    update(10, letter())
    with pytest.raises(BadInput, match="asks for evidence"):
        update(20, letter())
    attachments.attach(deal, letter(), by=alice, clock=later(25))
    with pytest.raises(BadInput, match="asks for evidence"):
        update(30)
    attachments.attach(deal, SimpleUploadedFile("news.txt", b"They signed."), by=alice, clock=later(35))
    update(40)
    assert deal.timeline.filter(kind="update").count() == 2


@pytest.mark.parametrize("name", ["Acme Pumps GmbH", "ACME Pumps Germany"])
def test_what_a_person_took_back_is_not_given_again_by_the_portal_alone(name, alice, charlie, mara, register):
    held = register(alice, "Acme Pumps GmbH")
    decisions.revoke(
        held, by=mara, reason_code=RefusalReason.INACTIVE, text="Silent for long.", clock=later(1)
    )
    assert not precheck(CompanyQuery(name), by=alice, clock=later(2))
    again = register(alice, name, clock=later(2))
    assert (again.status, again.review_reasons) == (Status.IN_REVIEW, ["decided_before"])
    partner_actions.withdraw(again, by=alice, clock=later(2))
    assert register(charlie, name, clock=later(2)).status == Status.APPROVED


def test_until_a_person_gives_it(alice, mara, register):
    early = {"reason_code": RefusalReason.EARLY, "text": "Too early."}
    first = register(alice, "Acme Pumps GmbH", value=Decimal(900_000))
    refused = decisions.refuse(first, by=mara, clock=later(1), **early)
    undo(refused, by=mara, clock=later(1))
    decisions.assign(first, by=mara, clock=later(1))
    first.refresh_from_db()
    partner_actions.release(first, by=alice, clock=later(2))
    assert register(alice, "Acme Pumps GmbH", clock=later(3)).status == Status.APPROVED


def test_revoking_says_why_and_can_be_disputed(alice, mara, register):
    deal = register(alice, "Acme Pumps GmbH")
    decision = decisions.revoke(
        deal, by=mara, reason_code=RefusalReason.INACTIVE, text="No news.", clock=later(40)
    )
    assert (decision.rule, decision.status_after) == ("No longer worked on", Status.REVOKED)
    assert appeals.can_be_disputed(decision)


def test_an_offer_that_lapsed_is_no_protection_that_ran_out(alice, charlie, mara, ada, register):
    """Alice's deal was protected once, was taken back wrongly, and waited in line after her appeal."""
    ada.role = mara.role
    ada.save()
    deal = register(alice, "Acme Pumps GmbH")
    revoked = decisions.revoke(deal, by=mara, reason_code=RefusalReason.INACTIVE, text="x", clock=later(1))
    rival = register(charlie, "Acme Pumps GmbH", clock=later(2))
    made = appeals.appeal(revoked, by=alice, text="We met them.", clock=later(3))
    appeals.grant(made, by=ada, text="You did.", clock=later(4))
    decisions.put_on_waitlist(deal, behind=rival, by=ada, clock=later(5))
    rival.refresh_from_db()
    partner_actions.release(rival, by=charlie, clock=later(6))
    Message.objects.filter(sent_at=None).update(status="sent", sent_at=MONDAY + timedelta(days=6))
    offers.lapse_offers(clock=later(20))

    deal.refresh_from_db()
    assert (deal.status, bool(deal.protected_from)) == (Status.EXPIRED, True)
    assert squatting.free_again_from(deal, RegistrationPolicy.objects.in_force(MONDAY)) is None
    assert register(alice, "Acme Pumps GmbH", clock=later(21)).status != Status.REFUSED


def test_what_was_said_before_is_no_update(alice, register):
    """With the registration, as an answer, or where more time was asked for."""
    deal = register(alice, "Acme Pumps GmbH", contact_note="Met the plant manager in Ulm")
    extensions.ask(deal, by=alice, text="The board meets in June.", upload=letter(), clock=later(1))
    for again in ("met the plant manager in Ulm!", "The board meets in June"):
        deal.refresh_from_db()
        until = deal.protected_until
        with pytest.raises(BadInput, match="Nothing new"):
            partner_actions.update(deal, by=alice, fields={}, note=again, clock=later(10))
        deal.refresh_from_db()
        assert deal.protected_until == until
    partner_actions.update(deal, by=alice, fields={}, note="The board has met.", clock=later(10))
