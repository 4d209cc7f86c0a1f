"""Whatever is announced, put before something else and taken back: a firm has heard what happens to it, and when."""

import random
import re
from contextlib import suppress
from datetime import datetime, timedelta

import pytest

from core.clock import database_clock, fixed
from core.errors import BadInput
from core.vendor_days import midnight
from notifications.models import Message
from partners.models import Partner
from policies.authorised import in_force
from policies.by_country import Standing
from policies.enums import Barred
from policies.firms import firm_of
from policies.loading import authorisations_at
from policies.models import ProductAuthorisation
from policies.rules.product_authorisation import by_country
from policies.saying import joined
from policies.services.requirement_notices import tell_who_is_touched_since
from policies.services.requirements import take_back_requirement
from policies.shown import day_words
from registrations.enums import Status
from tests.people import submitted
from tests.policies.makers import hold, in_days, licence, require, territory, today
from tests.policies.test_binding_pages import text_of

pytestmark = pytest.mark.django_db
TAKEN_BACK = re.compile(r"What we wrote about (\d+ \w+ \d+) is taken back")
COMES = re.compile(r"From (\d+ \w+ \d+) on: ")


PART = re.compile(r"Your firm registers it for customers in ([\w ]+) only")


def told(person):
    """What the person heard, in order: the day, and how the firm stands from then on, None for 'nothing changes then'; what
    is open in part as where that is."""
    found = []
    for mail in Message.objects.filter(recipient=person, event="policy.requirement_changes").order_by("pk"):
        back = TAKEN_BACK.search(mail.text)
        stands = Standing.OPEN
        if "registrations of your firm are refused" in mail.text:
            stands = Standing.REFUSED
        elif "registrations of your firm are looked at" in mail.text:
            stands = Standing.REVIEW
        elif part := PART.search(mail.text):
            assert "your firm may register a part of it then" in mail.text
            otherwise = (
                Standing.REFUSED if "Other registrations are refused" in mail.text else Standing.REVIEW
            )
            stands = (part.group(1), otherwise)
        words = (back or COMES.search(mail.text)).group(1)
        day = datetime.strptime(words, "%d %b %Y").date()
        found.append((day, None if back else stands))
    return found


def known(person, day):
    """How the firm stands on a day, by all that the person heard."""
    heard = {}
    for about, stands in told(person):
        heard[about] = stands
        if stands is None:
            del heard[about]
    return heard[max(past)] if (past := [about for about in heard if about <= day]) else Standing.OPEN


def happens(partner, line, day):
    """How the firm will stand at the end of a day."""
    at = midnight(day + timedelta(days=1)) - timedelta(seconds=1)
    asked = in_force(authorisations_at(at), line.pk, at)
    where = by_country(firm_of(partner, at), asked)
    open_to = (
        [area for area in asked.areas if where.of(min(area.countries)) == Standing.OPEN] if asked else []
    )
    return (joined([area.name for area in open_to]), where.elsewhere) if open_to else where.freest()


def test_what_takes_the_place_of_one_taken_back_is_told(client, bob, northgate, olga, gateways):
    first = require(gateways, olga, begins=10, certificates=[licence().code])
    second = require(gateways, olga, begins=20, certificates=[licence().code], least_tier="silver")
    assert told(bob) == [(in_days(10), Standing.REFUSED)]  # the second takes nothing more
    client.force_login(olga)
    page = text_of(client.get("/policies/products/gateways/"))
    dialog = page.split(f"Take back what begins on {day_words(first.effective_from)}?")[1]
    assert f"Lose it on {day_words(second.effective_from)}" in dialog.split("Take back what begins")[0]

    take_back_requirement(first, by=olga)

    assert told(bob)[1:] == [(in_days(10), None), (in_days(20), Standing.REFUSED)]
    mail = Message.objects.get(recipient=bob, subject__contains="nothing changes on")
    until = f"What applies before it goes on until {day_words(second.effective_from)};"
    assert until in mail.text and until in " ".join(mail.html.split())
    later = fixed(second.effective_from + timedelta(hours=1))
    assert submitted(bob, "Acme GmbH", gateways, clock=later).status == Status.REFUSED


def test_when_one_that_comes_between_ends_for_the_firm_is_told(client, bob, northgate, olga, gateways):
    require(gateways, olga, begins=20, kinds=["reseller", "distributor"])
    assert told(bob) == []
    client.force_login(olga)
    sent = {"kinds": ["msp"], "begins_on": in_days(10).isoformat(), "effect": "refused", "based_on": "0"}
    page = client.post("/policies/products/gateways/change/", sent | {"step": "preview"})
    assert f"Gain it on {day_words(midnight(in_days(20)))}" in text_of(page)

    require(gateways, olga, begins=10, kinds=["msp"])

    assert told(bob) == [(in_days(10), Standing.REFUSED), (in_days(20), Standing.OPEN)]
    assert known(bob, in_days(30)) == happens(northgate, gateways, in_days(30)) == Standing.OPEN


def test_who_had_heard_is_not_told_twice(bob, charlie, southridge, northgate, olga, gateways):
    Partner.objects.filter(pk=southridge.pk).update(tier="gold")
    between = [require(gateways, olga, begins=day, least_tier="silver") for day in (20, 10)]
    assert told(bob) == [(in_days(20), Standing.REFUSED), (in_days(10), Standing.REFUSED)]

    take_back_requirement(between[1], by=olga)

    assert told(bob)[2:] == [(in_days(10), None)] and known(bob, in_days(20)) == Standing.REFUSED
    assert told(charlie) == []


ASKED = [
    {},
    {"kinds": ["msp"]},
    {"kinds": ["msp"], "effect": Barred.REVIEW},
    {"kinds": ["reseller"]},
    {"least_tier": "silver"},
    {"least_tier": "gold", "effect": Barred.REVIEW},
    {"territories": ["dach"]},
    {"territories": ["dach", "north"]},
    {"territories": ["dach", "north"], "effect": Barred.REVIEW},
    {"territories": ["north"], "kinds": ["reseller"]},
]


@pytest.mark.parametrize("seed", range(15))
def test_at_any_moment_what_was_told_is_what_happens(
    bob, charlie, northgate, southridge, olga, gateways, seed
):
    """Announced, put before another, moved, replaced at once, taken back first, in the middle and last."""
    Partner.objects.filter(pk=southridge.pk).update(kind="msp", tier="silver")
    firms = [(bob, Partner.objects.get(pk=northgate.pk)), (charlie, Partner.objects.get(pk=southridge.pk))]
    areas = {"dach": territory("dach", "DE", "AT"), "north": territory("north", "SE")}
    southridge.territories.set([areas["north"], territory("far", "JP")])
    chance = random.Random(seed)
    for _ in range(9):
        waiting = list(ProductAuthorisation.objects.scheduled(database_clock()))
        if waiting and chance.random() < 0.4:
            take_back_requirement(chance.choice(waiting), by=olga)
        else:
            begins = chance.choice([0, *range(2, 12)])
            with suppress(BadInput):  # the day is taken, or nothing differs
                asked = chance.choice(ASKED)
                where = [areas[name] for name in asked.get("territories", [])]
                require(gateways, olga, begins=begins, **asked | {"territories": where})
        for person, partner in firms:
            for day in map(in_days, range(13)):
                assert known(person, day) == happens(partner, gateways, day), (partner.name, day)


def test_who_gains_what_was_missing_after_an_announcement_hears_of_it_ahead(bob, northgate, olga, gateways):
    require(gateways, olga, certificates=[licence().code])
    require(gateways, olga, begins=30, certificates=[licence().code], least_tier="gold")
    tell_who_is_touched_since()
    assert told(bob) == [(today(), Standing.REFUSED)]  # the second takes nothing more

    hold(northgate, licence())
    for _ in range(2):
        tell_who_is_touched_since()

    assert told(bob) == [(today(), Standing.REFUSED), (in_days(30), Standing.REFUSED)]
    mail = Message.objects.filter(recipient=bob, event="policy.requirement_changes").latest("pk")
    assert "Gold" in mail.text and "Licence" in mail.text


def test_what_a_sweep_wrote_at_night_is_not_told_as_taken_back_before_anybody_read_it(
    bob, northgate, olga, gateways
):
    night = midnight(today()) + timedelta(hours=1)
    earlier = fixed(night - timedelta(days=30))
    require(gateways, olga, certificates=[licence().code], clock=earlier)
    row = require(gateways, olga, begins=60, certificates=[licence().code], least_tier="gold", clock=earlier)
    hold(northgate, licence())
    tell_who_is_touched_since(clock=fixed(night))
    mail = Message.objects.get(recipient=bob, occasion__startswith=f"policy.requirement_changes:{row.pk}:")
    assert mail.not_before > night + timedelta(hours=1)  # it waits for the morning

    take_back_requirement(row, by=olga, clock=fixed(night + timedelta(hours=1)))

    mail.refresh_from_db()
    assert mail.status == "cancelled"
    assert not Message.objects.filter(recipient=bob, subject__contains="nothing changes on").exists()
