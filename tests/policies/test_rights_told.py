"""Rights given, ended and taken back at random, to firms that come and go: each heard ahead of the day that shuts it out."""

import random
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction

from core.clock import fixed
from core.errors import DomainError
from core.vendor_days import midnight, vendor_day
from notifications.models import Message
from partners.models import Partner
from policies.facts import Facts
from policies.firms import firm_of
from policies.models import ExclusiveRight
from policies.outcome import Landing, decide
from policies.rulebook import rulebook_at
from policies.services import publish_version
from policies.services.right_ends import tell_of_right_ends
from policies.services.rights import end_right, take_back_right
from policies.services.rights_ahead import tell_who_is_kept_out_since
from policies.shown import day_words
from tests.people import MONDAY, make_user
from tests.policies.makers import give, hold, licence, require, territory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


class Life:
    """Some weeks of rights to gateways, which ask for a licence."""

    def __init__(self, seed, olga, gateways, areas, firms):
        self.chance = random.Random(seed)
        self.olga, self.line, self.areas, self.firms = olga, gateways, areas, firms
        self.touched = {}  # firm → the day on which it changed itself

    def step(self, now):
        """Something happens at some moment of the day."""
        moment = now + timedelta(hours=self.chance.uniform(0, 12))
        act = self.chance.choice(
            [self.give, self.give, self.give, self.end, self.take_back, self.firm_changes]
        )
        with suppress(DomainError, IndexError), transaction.atomic():
            act(moment, fixed(moment))

    def give(self, now, clock):
        begins, pick = self.chance.choice([3, 4]), self.chance.choice
        give(
            pick(self.firms),
            self.olga,
            product_line=self.line,
            territory=pick([None, *self.areas]),
            is_exclusive=self.chance.random() < 0.15,
            begins=begins,
            ends=pick([None, begins + 2, begins + 5]),
            clock=clock,
            nobody_concerned=False,
        )

    def end(self, now, clock):
        right = self.chance.choice(list(ExclusiveRight.objects.in_force(now)))
        on = vendor_day(now) + self.chance.choice([0, 2, 3]) * DAY
        end_right(right, by=self.olga, note="Over.", version=right.version, on=on, agreed=True, clock=clock)

    def take_back(self, now, clock):
        right = self.chance.choice(list(ExclusiveRight.objects.scheduled(now)))
        take_back_right(right, by=self.olga, note="No.", version=right.version, clock=clock)

    def firm_changes(self, now, clock):
        firm = self.chance.choice(self.firms)
        if self.chance.random() < 0.5:
            firm.certificates.all().delete() if firm.certificates.exists() else long_held(firm)
        else:
            Partner.objects.filter(pk=firm.pk).update(
                status="suspended" if firm.status == "active" else "active"
            )
            firm.refresh_from_db()
        self.touched[firm.pk] = vendor_day(now)

    def refused(self, at):
        """The firms of which a deal in Germany is refused at the moment."""
        book = rulebook_at(at)
        deals = {
            firm.pk: Facts(at=at, firm=firm_of(firm, at), product_lines=(self.line.pk,), country="DE")
            for firm in self.firms
        }
        return {pk for pk, deal in deals.items() if decide(deal, book).landing == Landing.REFUSED}


def long_held(firm):
    paper = hold(firm, licence())
    type(paper).objects.filter(pk=paper.pk).update(valid_from=(MONDAY - DAY).date())


def sweep(at):
    tell_of_right_ends(clock=fixed(at))
    tell_who_is_kept_out_since(clock=fixed(at))


@pytest.mark.parametrize("seed", range(8))
def test_each_day_that_shuts_a_firm_out_was_told_to_it_ahead(
    seed, alice, charlie, olga, mara, gateways, europe
):
    third = Partner.objects.create(name="Third Firm", country="DE", status="active", manager=mara)
    make_user("Tess", "partner_rep", third)
    firms = [alice.member.partner, charlie.member.partner, third]
    before = fixed(MONDAY - 100 * DAY)
    publish_version(by=olga, settings={"right_notice_days": 3}, note="Short notice.", clock=before)
    require(gateways, olga, certificates=[licence().code], clock=before)
    for firm in firms[:2]:
        long_held(firm)
    life, shut = Life(seed, olga, gateways, [europe, territory("germany", "DE")], firms), None
    for number in range(22):
        start = midnight(vendor_day(MONDAY + number * DAY))
        today = vendor_day(start)
        now_shut = life.refused(start)
        for pk in now_shut - (now_shut if shut is None else shut):
            if life.touched.get(pk, today - DAY * 9) >= today - DAY:
                continue  # its own doing
            mails = Message.objects.filter(recipient__member__partner=pk).exclude(status="cancelled")
            told = mails.filter(
                event="policy.right_announced", subject__startswith=f"From {day_words(start)}:"
            )
            ended = mails.filter(
                event="policy.right_ends",
                subject__contains=f"ends on {day_words(start - DAY)}",
                text__contains="refused",
            )
            assert told.exists() or ended.exists(), (pk, today)
        shut = now_shut
        sweep(start + timedelta(minutes=5))
        for _ in range(2 if number < 16 else 0):
            life.step(start + timedelta(hours=1))
            sweep(start + timedelta(hours=13))
