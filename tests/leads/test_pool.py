"""The pool: firms hear what is new in it, once a day at most, and keepers hear what nobody claims (N1, R15)."""

from datetime import timedelta

import pytest

from core.clock import fixed
from leads.enums import DeclineReason, Onward, Way
from leads.models import Lead
from leads.services import pool_news
from leads.services.answering import decline
from leads.services.giving import claim, give, put_into_pool
from leads.services.sweeping import sweep_leads
from leads.services.timeline import first_broken
from notifications.models import Message, Notice
from partners.enums import PartnerStatus
from tests.leads.makers import kinds, mails, make_lead
from tests.people import MONDAY, MONDAY_CLOCK

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("served")]


def at(days=0, hours=0, minutes=0):
    return fixed(MONDAY + timedelta(days=days, hours=hours, minutes=minutes))


@pytest.fixture
def pooled(mara, gateways):
    lead = make_lead(mara, "Blohm Presswerk GmbH", gateways)
    return put_into_pool(lead, by=mara, clock=MONDAY_CLOCK)


def test_those_who_can_claim_it_hear_of_it_once(pooled, alice, bob, charlie):
    """The firm's admin by mail, who else could claim by a notice, and nothing about whom to call."""
    assert sweep_leads(clock=at(minutes=29)).announced == []
    assert sweep_leads(clock=at(minutes=31)).announced == [pooled.code]
    for minutes in range(40, 600, 60):
        assert sweep_leads(clock=at(minutes=minutes)).announced == []

    assert mails("lead.in_pool") == [bob.email, charlie.email]
    mail = Message.objects.filter(event="lead.in_pool").first()
    assert "Blohm Presswerk GmbH" in mail.subject and "Remote access to twelve presses." in mail.text
    assert "ines" not in (mail.text + mail.html).lower()
    told = Notice.objects.filter(event="lead.in_pool").order_by("pk").values_list("user__name", flat=True)
    assert sorted(told) == ["Alice", "Bob", "Charlie"]


def test_hundreds_of_leads_are_one_mail_a_day(mara, bob, charlie, gateways):
    for number in range(8):
        put_into_pool(make_lead(mara, f"Company {number} Werke", gateways), by=mara, clock=at(minutes=number))
    assert len(sweep_leads(clock=at(hours=1)).announced) == 8
    late = put_into_pool(make_lead(mara, "Late Werke", gateways), by=mara, clock=at(hours=2))
    assert sweep_leads(clock=at(hours=5)).announced == []
    assert mails("lead.in_pool") == [bob.email, charlie.email]
    mail = Message.objects.filter(event="lead.in_pool").first()
    assert mail.text.count("– Company") == 5 and "and more, in the pool" in mail.text

    assert sweep_leads(clock=at(days=1, hours=-2)).announced == []  # seven o'clock
    assert sweep_leads(clock=at(days=1)).announced == [late.code]
    assert mails("lead.in_pool") == [bob.email, charlie.email] * 2


def test_who_cannot_claim_it_hears_nothing(pooled, bob, charlie, southridge):
    southridge.status = PartnerStatus.SUSPENDED
    southridge.save(update_fields=["status"])
    sweep_leads(clock=at(hours=1))
    assert mails("lead.in_pool") == [bob.email]


def test_what_comes_back_into_the_pool_is_news_for_those_who_are_left(
    mara, alice, charlie, northgate, gateways
):
    lead = make_lead(mara, "Blohm Presswerk GmbH", gateways)
    give(lead, way=Way.HAND, by=mara, partner=northgate, onward=Onward.POOL, clock=MONDAY_CLOCK)
    decline(lead, by=alice, reason=DeclineReason.FIT, clock=at(hours=1))
    assert sweep_leads(clock=at(hours=2)).announced == [lead.code]
    assert mails("lead.in_pool") == [charlie.email]


def test_what_was_claimed_at_once_is_no_news(pooled, alice):
    claim(pooled, by=alice, clock=at(minutes=5))
    assert sweep_leads(clock=at(hours=1)).announced == []


def test_a_week_later_it_is_no_news(pooled):
    """As after an outage, or when this portal begins to tell news at all."""
    assert sweep_leads(clock=at(days=7)).announced == []


def test_a_dry_run_tells_nobody(pooled):
    assert sweep_leads(clock=at(hours=1), dry_run=True).announced == [pooled.code]
    assert mails("lead.in_pool") == [] and Lead.objects.get().announced_at is None


def test_what_nobody_claims_is_told_to_who_put_it_there_again_and_again(pooled, mara, olga, gateways):
    other = make_lead(mara, "Nakamura Werke", gateways)
    put_into_pool(other, by=mara, clock=at(hours=1))
    fresh = make_lead(mara, "Fresh Werke", gateways)
    put_into_pool(fresh, by=mara, clock=at(days=10))
    told = {}
    for day in range(1, 33):
        idle = sweep_leads(clock=at(days=day, hours=2)).idle
        if idle:
            told[day] = idle

    assert told == {14: [pooled.code, other.code], 24: [fresh.code], 28: [pooled.code, other.code]}
    assert mails("lead.idle") == [mara.email] * 3  # one mail with both
    mail = Message.objects.filter(event="lead.idle").first()
    assert mail.subject == "Nobody claims Blohm Presswerk GmbH and 1 more" and pooled.code in mail.text
    assert kinds(pooled) == ["create", "pool", "idle", "idle"] and first_broken(pooled) is None


def test_claimed_and_back_in_the_pool_its_days_begin_anew(pooled, alice, charlie):
    claim(pooled, by=alice, clock=at(days=10))
    decline(pooled, by=alice, reason=DeclineReason.FIT, clock=at(days=11))
    assert sweep_leads(clock=at(days=20)).idle == []
    assert sweep_leads(clock=at(days=25)).idle == [pooled.code]


def test_one_that_nobody_can_claim_is_told_as_that(pooled, northgate, southridge):
    for firm in (northgate, southridge):
        firm.status = PartnerStatus.SUSPENDED
        firm.save(update_fields=["status"])
    assert sweep_leads(clock=at(days=1)).out_of_reach == [pooled.code]
    assert sweep_leads(clock=at(days=20)).idle == []


def test_news_that_fails_stop_no_deadline(pooled, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("a mail that cannot be rendered")

    monkeypatch.setattr(pool_news.notices, "in_pool", broken)
    assert sweep_leads(clock=at(hours=1)).announced == []
    assert Lead.objects.get().announced_at is None  # tried again at the next sweep
