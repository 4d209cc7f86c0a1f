"""Deadlines: a reminder, then pulled back and offered on; never before the firm could have read of it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts import enums
from accounts.models import User
from catalog.models import Territory
from core.clock import fixed
from core.mornings import sending_time
from leads.enums import DeclineReason, LeadStatus, Onward, Way
from leads.models import Gift, Lead
from leads.services.answering import decline
from leads.services.between import claimable_by_none
from leads.services.deadlines import answer_by
from leads.services.eligibility import eligible
from leads.services.giving import claim, give, put_into_pool
from leads.services.held import take_out
from leads.services.in_time import require_in_time
from leads.services.notices import TELLING
from leads.services.sweeping import sweep_leads
from leads.services.timeline import first_broken
from notifications.models import Message
from partners.enums import PartnerStatus
from partners.models import Partner
from programs.services.enrolling import end as end_enrolment
from programs.services.enrolling import take_in
from tests.leads.makers import hand_over, holder_of, kinds, mails, make_lead
from tests.people import MONDAY, MONDAY_CLOCK, make_user
from tests.programs.makers import make_program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("served")]


def at(days, hours=0):
    return fixed(MONDAY + timedelta(days=days, hours=hours))


@pytest.fixture
def given(mara, northgate, gateways, bob):
    """Northgate has it since Monday, to answer by Thursday, 9 o'clock; the mail was handed over at once."""
    lead = make_lead(mara, "Blohm Presswerk GmbH", gateways)
    give(lead, way=Way.HAND, by=mara, partner=northgate, onward=Onward.ROTATION, clock=MONDAY_CLOCK)
    hand_over(Message.objects.all(), MONDAY)
    return lead


def test_a_week_of_sweeps(given, bob, charlie, mara):
    told = {}
    for hours in range(0, 24 * 5, 3):
        sweep = sweep_leads(clock=at(0, hours))
        if sweep.reminded or sweep.pulled_back:
            told[hours] = (bool(sweep.reminded), bool(sweep.pulled_back))
            hand_over(Message.objects.filter(sent_at=None), MONDAY + timedelta(hours=hours))

    # Wednesday 9:00 reminded, Thursday 9:00 pulled back and offered to Southridge, who is reminded on Friday.
    assert told == {48: (True, False), 72: (False, True)}
    assert mails("lead.deadline_near") == [bob.email]
    assert mails("lead.pulled_back") == [bob.email]
    assert mails("lead.given") == [bob.email, charlie.email]
    assert holder_of(given) == "Southridge"
    assert kinds(given) == ["create", "give", "deadline_near", "pull_back", "give"]
    assert first_broken(given) is None

    # Nobody is left after Southridge: Tuesday of the week after.
    sweep_leads(clock=at(8, 1))
    given.refresh_from_db()
    assert (given.status, mails("lead.unplaced")) == (LeadStatus.NEW, [mara.email])


def test_what_goes_on_at_night_is_read_in_the_morning_and_counts_from_then(given, bob, charlie):
    night = MONDAY + timedelta(days=3, hours=14)  # Thursday, 23 o'clock UTC
    sweep_leads(clock=fixed(night))

    taken = Message.objects.get(event="lead.pulled_back", recipient=bob)
    offered = Message.objects.get(event="lead.given", recipient=charlie)
    for mail, zone in ((taken, bob.time_zone), (offered, charlie.time_zone)):
        morning = sending_time(night, ZoneInfo(zone))
        assert abs(mail.not_before - mail.created_at - (morning - night)) < timedelta(minutes=1)
    gift = Gift.objects.get(end="")
    wait = sending_time(night, ZoneInfo(gift.partner.time_zone)) - night
    assert wait and gift.answer_by == answer_by(gift.partner, night + wait)

    decline(given, by=charlie, reason=DeclineReason.CAPACITY, clock=fixed(night + timedelta(hours=1)))
    offered.refresh_from_db()
    assert offered.status == "cancelled"  # found in the portal before its mail


def test_a_hundred_sweeps_do_what_one_does(given, bob):
    for _ in range(3):
        sweep_leads(clock=at(2, 1))
    assert mails("lead.deadline_near") == [bob.email]
    for _ in range(3):
        sweep_leads(clock=at(3, 1))
    assert Gift.objects.filter(lead=given).count() == 2 and mails("lead.pulled_back") == [bob.email]


def told_of(lead):
    """The mails about it that left, in their order: which, when, and until when the firm may answer by them."""
    sent = Message.objects.filter(about=lead.code, status="sent", event__in=TELLING).order_by("sent_at")
    return [(mail.event.removeprefix("lead."), mail.sent_at - MONDAY, mail.text) for mail in sent]


def test_ten_days_without_mail_the_firm_has_its_days_from_then_and_one_mail_that_tells_them(given):
    """Every three hours the portal looks; the mail server comes back on Thursday of the week after, at 18 o'clock."""
    Message.objects.update(status="pending", sent_at=None)
    back, taken = timedelta(days=10, hours=9), None
    for hours in range(0, 24 * 20, 3):
        passed = timedelta(hours=hours)
        if sweep_leads(clock=fixed(MONDAY + passed)).pulled_back and taken is None:
            taken = passed
        if taken is None and passed >= back:
            due = Message.objects.filter(status="pending", not_before__lte=MONDAY + passed)
            hand_over(due, MONDAY + passed)

    (first, told, text), (second, again, reminder) = told_of(given)
    assert (first, second, told) == ("given", "deadline_near", back) and again > back + timedelta(days=1)
    gift = Gift.objects.order_by("rank").first()
    assert gift.answer_by == answer_by(gift.partner, MONDAY + back) <= MONDAY + taken
    # It was written anew that morning, for days to come; what binds to the hour the page says, and the reminder.
    assert "until 17 Mar 2026, 09:00" in text and "the days count from then" in text
    assert "until 17 Mar 2026, 18:00" in reminder
    assert kinds(given)[:4] == ["create", "give", "put_off", "deadline_near"] and first_broken(given) is None


def test_a_mail_that_left_late_counts_even_if_the_portal_was_away_as_well(given, alice, client):
    """Nobody looked for ten days; the mail leaves on Friday, before the portal looks again."""
    Message.objects.update(status="pending", sent_at=None)
    friday = MONDAY + timedelta(days=11)
    hand_over(Message.objects.filter(event="lead.given"), friday)
    require_in_time(given.gifts.get(), friday + timedelta(hours=2))

    assert sweep_leads(clock=fixed(friday + timedelta(hours=2)), dry_run=True).put_off == [given.code]
    sweep = sweep_leads(clock=fixed(friday + timedelta(hours=2)))
    assert (sweep.put_off, sweep.pulled_back, sweep.waiting) == ([given.code], [], [])
    until = answer_by(given.gifts.get().partner, friday)
    assert given.gifts.get().answer_by == until == friday + timedelta(days=5)  # less the weekend
    client.force_login(alice)
    assert "Our mail left late, so your days count from then" in client.get(
        reverse("leads:lead", args=[given.code])
    ).content.decode().replace("\n", " ")
    assert sweep_leads(clock=fixed(until - timedelta(minutes=1))).pulled_back == []
    assert sweep_leads(clock=fixed(until)).pulled_back == [given.code]


def test_a_mail_that_is_on_its_way_is_not_written_anew(given):
    Message.objects.update(status="pending", sent_at=None)
    Message.objects.filter(event="lead.given").update(status="sending")
    sweep = sweep_leads(clock=at(4))
    assert (sweep.put_off, sweep.waiting) == ([], [given.code])
    assert mails("lead.given") == ["bob@northgate.example"] and holder_of(given) == "Northgate"


def test_a_mail_that_is_given_up_goes_to_others_there_then_to_the_manager(given, alice, bob, mara):
    """Bob's address bounces: Alice gets the lead with the days anew; hers does, too: Mara hears of it, and it goes on."""
    Message.objects.filter(recipient=bob).update(status="failed", sent_at=None)
    for _ in (1, 2):
        sweep = sweep_leads(clock=at(1))
    assert (mails("lead.given"), sweep.told_others) == ([bob.email, alice.email], [])
    gift = Gift.objects.get(end="")
    assert gift.answer_by == answer_by(gift.partner, MONDAY + timedelta(days=1))
    hand_over(Message.objects.filter(recipient=alice), MONDAY + timedelta(days=1))
    assert kinds(given)[-1] == "told_others" and sweep_leads(clock=at(3, 1)).pulled_back == []
    assert mails("lead.deadline_near") == [bob.email, alice.email]

    Message.objects.filter(about=given.code).update(status="failed", sent_at=None)
    for _ in (1, 2):
        assert sweep_leads(clock=at(3, 2)).told_others == []
    mail = Message.objects.get(event="lead.undelivered")
    assert mail.recipient == mara and "Call them" in mail.text
    assert sweep_leads(clock=at(4, 1)).pulled_back == [given.code] and holder_of(given) == "Southridge"


def test_claimed_but_idle_it_returns_to_the_pool(mara, alice, charlie, gateways):
    lead = make_lead(mara, "Blohm Presswerk GmbH", gateways)
    put_into_pool(lead, by=mara, clock=MONDAY_CLOCK)
    claim(lead, by=alice, clock=MONDAY_CLOCK)
    sweep_leads(clock=at(3))

    lead.refresh_from_db()
    assert lead.status == LeadStatus.POOLED
    claim(lead, by=charlie, clock=at(3))
    assert holder_of(lead) == "Southridge"


def test_back_to_the_vendor_where_it_says_so(given, mara):
    given.onward = Onward.BACK
    given.save(update_fields=["onward"])
    sweep_leads(clock=at(3))

    given.refresh_from_db()
    assert (given.status, holder_of(given), mails("lead.unplaced")) == (LeadStatus.NEW, "", [mara.email])


def test_a_firm_that_is_not_active_any_more_gives_it_back_at_once(given, northgate):
    Partner.objects.filter(pk=northgate.pk).update(status=PartnerStatus.SUSPENDED)
    assert sweep_leads(clock=at(1)).pulled_back == [given.code]
    assert holder_of(given) == "Southridge"


def test_a_suspended_firm_is_no_decliner(given, northgate, southridge, mara, bob, alice, client):
    """It lost the lead with days left: nobody says that it let the deadline pass, and back again it may get it."""
    Partner.objects.filter(pk=northgate.pk).update(status=PartnerStatus.SUSPENDED)
    sweep_leads(clock=at(1))
    first = Gift.objects.get(lead=given, partner=northgate)
    assert (first.end, mails("lead.pulled_back")) == ("taken_back", [bob.email])
    client.force_login(alice)
    page = client.get(reverse("leads:lead", args=[given.code])).content.decode()
    assert "your firm was not active" in page and "deadline passed" not in page

    Partner.objects.filter(pk=northgate.pk).update(status=PartnerStatus.ACTIVE)
    decline(given, by=User.objects.get(member__partner=southridge), reason="capacity", clock=at(1))
    assert holder_of(given) == "Northgate"  # the next in turn, as anybody
    sweep_leads(clock=at(9))
    assert Gift.objects.filter(lead=given, partner=northgate, end="pulled_back").count() == 0  # not told yet
    hand_over(Message.objects.filter(status="pending"), MONDAY + timedelta(days=9))
    sweep_leads(clock=at(14, 1))
    assert Gift.objects.get(lead=given, partner=northgate, end="pulled_back").ended_by is None
    given.refresh_from_db()
    assert given.status == LeadStatus.NEW and holder_of(given) == ""


def test_what_a_firm_has_come_to_hold_leaves_the_pool(mara, charlie, alice, northgate, gateways, register):
    held, free = (make_lead(mara, name, gateways) for name in ("Blohm Presswerk GmbH", "Nakamura Werke"))
    for lead in (held, free):
        put_into_pool(lead, by=mara, clock=MONDAY_CLOCK)
    assert sweep_leads(clock=at(0, 1)).taken_out == []
    assert register(charlie, "Blohm Presswerk GmbH").is_held
    assert sweep_leads(clock=at(0, 1), dry_run=True).taken_out == [held.code]
    assert sweep_leads(clock=at(0, 1)).taken_out == [held.code]
    assert sweep_leads(clock=at(0, 1)).taken_out == []

    assert kinds(held) == ["create", "pool", "take_back"] and first_broken(held) is None
    pool = type(held).objects.claimable_by(northgate)
    assert list(pool) == [free]


def test_a_poisoned_row_does_not_stop_the_others(given, mara, southridge, sensors, monkeypatch):
    other = make_lead(mara, "Nakamura Werke", sensors)
    give(other, way=Way.HAND, by=mara, partner=southridge, clock=MONDAY_CLOCK)
    hand_over(Message.objects.all(), MONDAY)
    from leads.services import sweeping

    real = sweeping.end_gift

    def poisoned(gift, *args, **rest):
        if gift.lead.code == given.code:
            raise RuntimeError("poison")
        return real(gift, *args, **rest)

    monkeypatch.setattr(sweeping, "end_gift", poisoned)
    sweep = sweep_leads(clock=at(3, 1))
    assert (sweep.failed, sweep.pulled_back) == ([given.code], [other.code])


def test_the_command_says_and_does(given, capsys):
    call_command("sweep_leads", "--now", "2026-03-05T10:00Z", "--dry-run")
    assert f"{given.code} would be pulled back" in capsys.readouterr().out
    assert holder_of(given) == "Northgate"
    moment = datetime(2026, 3, 5, 10, tzinfo=UTC)
    call_command("sweep_leads", "--now", "2026-03-05T10:00Z")
    assert "1 pulled back" in capsys.readouterr().out
    written = Message.objects.filter(sent_at=None)
    assert {mail.event for mail in written} == {"lead.pulled_back", "lead.given"}
    assert {(mail.created_at, mail.not_before) for mail in written} == {(moment, moment)}


def test_who_put_it_there_hears_that_a_lead_left_the_pool(mara, olga, charlie, gateways, register):
    lead = make_lead(mara, "Blohm Presswerk GmbH", gateways)
    put_into_pool(lead, by=olga, clock=MONDAY_CLOCK)
    deal = register(charlie, "Blohm Presswerk GmbH")
    for _ in range(2):
        sweep_leads(clock=at(0, 1))
    assert mails("lead.left_pool") == [olga.email]
    message = Message.objects.get(event="lead.left_pool")
    assert "Southridge holds this company" in message.text and deal.code in message.text


def test_somebody_hears_of_it_when_who_put_it_there_has_left(mara, olga, charlie, gateways, register):
    leads = [make_lead(olga, name, gateways) for name in ("Blohm Presswerk GmbH", "Nakamura Werke")]
    for lead in leads:
        put_into_pool(lead, by=mara, clock=MONDAY_CLOCK)
        register(charlie, lead.company_name)
    type(mara).objects.filter(pk=mara.pk).update(is_active=False)
    assert take_out(leads[0], clock=at(0, 1))
    assert mails("lead.left_pool") == [olga.email]  # who wrote it

    type(olga).objects.filter(pk=olga.pk).update(is_active=False)
    new = make_user("Otto", enums.CHANNEL_OPERATIONS)
    sweep_leads(clock=at(0, 1))
    assert mails("lead.left_pool") == [olga.email, new.email]


def test_a_manager_who_left_does_not_swallow_what_became_of_a_lead(given, mara, olga):
    type(mara).objects.filter(pk=mara.pk).update(is_active=False)
    given.onward = Onward.BACK
    given.save(update_fields=["onward"])
    sweep_leads(clock=at(3))
    assert mails("lead.unplaced") == [olga.email]


def test_offered_on_by_territory_without_one_it_comes_back(given, mara):
    """The territory was taken off it since, or the portal lost it: the lead isn't stuck with a silent firm."""
    type(given).objects.filter(pk=given.pk).update(onward=Onward.TERRITORY, territory=None)
    assert sweep_leads(clock=at(3)).pulled_back == [given.code]
    given.refresh_from_db()
    assert (given.status, mails("lead.unplaced")) == (LeadStatus.NEW, [mara.email])


def test_a_lead_in_the_pool_that_nobody_can_claim_is_told_once_and_shown(
    mara, olga, northgate, southridge, alice, charlie, europe, gateways, client
):
    """One firm after the other falls away, by whatever way; one comes back, and goes again."""
    lead = make_lead(mara, "Blohm Presswerk GmbH", gateways, territory=europe)
    put_into_pool(lead, by=olga, clock=MONDAY_CLOCK)

    def told(day):
        sweep = sweep_leads(clock=at(day))
        fits = [standing.partner.name for standing in eligible(Lead.objects.get(pk=lead.pk))]
        stuck = bool(claimable_by_none([Lead.objects.get(pk=lead.pk)], at=MONDAY + timedelta(days=day)))
        assert stuck == (not fits), fits  # the pool is asked what the list of firms says
        return bool(sweep.out_of_reach)

    claim(lead, by=alice, clock=at(0))
    decline(lead, by=alice, reason="fit", clock=at(0))  # it goes on into the pool, where Southridge sees it
    assert not told(1)
    southridge.territories.set([Territory.objects.create(code="oz", name="Oceania", countries=["AU"])])
    assert sweep_leads(clock=at(2), dry_run=True).out_of_reach == [lead.code]
    assert [told(day) for day in (2, 3, 4)] == [True, False, False]
    assert mails("lead.out_of_reach") == [olga.email] and kinds(lead)[-1] == "out_of_reach"
    mail = Message.objects.get(event="lead.out_of_reach")
    assert (
        "No active partner is left that serves Europe and has not had it already and may register it."
        in mail.text
    )

    client.force_login(mara)
    (row,) = client.get(reverse("leads:list")).context["rows"]
    assert row.stuck and "Nobody can claim it" in client.get(reverse("leads:list")).content.decode()
    page = client.get(reverse("leads:lead", args=[lead.code])).content.decode()
    assert "Nobody can claim it from the pool" in page and "serves Europe and has not had it" in page
    client.force_login(charlie)
    assert client.get(reverse("leads:lead", args=[lead.code])).status_code == 404

    southridge.territories.clear()  # everywhere
    assert not told(5)
    assert not client.get(reverse("leads:lead", args=[lead.code])).context.get("stuck")
    User.objects.filter(pk=charlie.pk).update(is_active=False)
    assert told(6)
    User.objects.filter(pk=charlie.pk).update(is_active=True)
    Partner.objects.filter(pk=southridge.pk).update(status=PartnerStatus.SUSPENDED)
    assert not told(7)  # still nobody: told already
    assert mails("lead.out_of_reach") == [olga.email, olga.email]
    assert first_broken(lead) is None


def test_a_lead_of_a_program_that_its_firms_left_is_told(
    mara, olga, northgate, southridge, alice, charlie, gateways
):
    program = make_program(olga, name="Edge Partners")
    joined = take_in(program, northgate, at=MONDAY)
    lead = make_lead(mara, "Blohm Presswerk GmbH", gateways, program=program)
    put_into_pool(lead, by=olga, clock=MONDAY_CLOCK)
    assert sweep_leads(clock=at(1)).out_of_reach == []
    end_enrolment(joined, by=olga, reason="Over.", clock=at(1))
    assert not eligible(Lead.objects.get(pk=lead.pk))
    assert sweep_leads(clock=at(2)).out_of_reach == [lead.code]
    assert (
        "serves Europe and takes part in Edge Partners and has not had it already and may register it."
        in Message.objects.get(event="lead.out_of_reach").text
    )
