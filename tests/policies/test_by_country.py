"""How a firm stands to a line, country by country, is what the engine says: now and on each announced day, for random rights,
requirements and versions; pages, previews and notices follow from it."""

import random
from contextlib import suppress
from copy import copy
from datetime import timedelta
from decimal import Decimal
from functools import cache

import pytest
from django.db import transaction

from catalog.models import Industry, Territory
from core.clock import fixed
from core.errors import DomainError
from core.vendor_days import vendor_day
from partners.enums import PartnerTier
from partners.models import Partner
from policies.authorised import in_force
from policies.by_country import ByCountry, Standing
from policies.facts import Facts
from policies.firms import firm_of
from policies.loading import authorisations_at
from policies.mine import mine
from policies.models import ExclusiveRight, ProductAuthorisation
from policies.outcome import Landing, decide
from policies.rulebook import rulebook_at
from policies.services.publishing import publish_version
from policies.services.requirements import Asked, preview
from policies.services.rights import end_right, take_back_right
from policies.stands import around
from tests.people import MONDAY
from tests.policies.makers import circle, give, require, territory

COUNTRIES = ["DE", "FR", "SE", "US"]
CLOCK, NOW = fixed(MONDAY), MONDAY + timedelta(minutes=5)
SECOND = timedelta(seconds=1)
LANDS = {
    Landing.APPROVED: Standing.OPEN,
    Landing.IN_REVIEW: Standing.REVIEW,
    Landing.REFUSED: Standing.REFUSED,
}


def test_the_harder_binds_and_what_is_named_everywhere_leaves_no_elsewhere():
    europe = ByCountry(Standing.REFUSED).but_in(["DE", "FR"], Standing.OPEN)
    france = ByCountry().but_in(["FR"], Standing.REVIEW)

    both = europe.and_also(france)

    assert [both.of(country) for country in COUNTRIES] == [0, 1, 2, 2]
    assert (both.freest(), both.freest(["FR", "SE"]), both.freest(["US"])) == (0, 1, 2)
    assert both.harder_than(europe) and not europe.harder_than(both)
    assert not both.harder_than(europe, ["DE", "US"])
    assert ByCountry().but_in(None, Standing.REVIEW).of("US") == Standing.REVIEW


class World:
    """Three firms and two lines, and whatever is drawn about them."""

    def __init__(self, chance, olga, firms, lines, areas):
        self.chance, self.olga, self.firms, self.lines, self.areas = chance, olga, firms, lines, areas
        self.metals = Industry.objects.create(code="m", name="Metals")
        self.trades = [self.metals.pk, Industry.objects.create(code="f", name="Food").pk]
        aside = copy(chance)  # what is drawn of it leaves the rest as it was
        for firm in firms:
            firm.kind, firm.tier = chance.choice(["reseller", "msp"]), chance.choice(PartnerTier.values)
            firm.status = aside.choice(["active", "active", "onboarding"])
            firm.save()
            firm.territories.set(chance.choice([[], [], [areas[0]], [areas[1]], areas]))
        self.group = circle(olga, "Founders", None, firms[0])
        policy = {
            "outside_territory": chance.choice(["allowed", "review", "refused"]),
            "auto_approve_below": Decimal(10) ** 9,
            "least_tier": chance.choice(["registered", "registered", "silver"]),
            "onboarding_partners": aside.choice(["review", "refused"]),
            "auto_approve": aside.choice([True, True, True, False]),
        }
        publish_version(by=olga, settings=policy, note="x", clock=fixed(MONDAY - timedelta(days=100)))
        for _ in range(9):
            with suppress(DomainError), transaction.atomic():
                chance.choice([self._give, self._give, self._require, self._require, self._end])()
        self.moments = sorted({at for at in self._moments() if at is not None and at > NOW})
        self.book = cache(rulebook_at)
        self.firm = cache(firm_of)
        self.places = {
            country: tuple(
                Territory.objects.filter(countries__contains=[country]).values_list("pk", flat=True)
            )
            for country in COUNTRIES
        }

    def _give(self):
        pick = self.chance.choice
        give(
            pick(self.firms),
            self.olga,
            product_line=pick([*self.lines, None]),
            territory=pick([None, *self.areas]),
            industry=pick([None, None, self.metals]),
            is_exclusive=self.chance.random() < 0.5,
            effect=pick(["refused", "review"]),
            begins=pick([0, 0, 5, 10, 20]),
            ends=pick([None, 21, 25, 40]),
            clock=CLOCK,
        )

    def asked(self):
        pick = self.chance.choice
        return {
            "least_tier": pick(["", "", "silver"]),
            "kinds": pick([[], [], ["msp"]]),
            "groups": pick([[], [], [self.group]]),
            "effect": pick(["refused", "review"]),
            "territories": pick([[], [self.areas[0]], [self.areas[1]], self.areas]),
        }

    def _require(self):
        begins = self.chance.choice([0, 7, 20, 25])
        require(self.chance.choice(self.lines), self.olga, begins=begins, clock=CLOCK, **self.asked())

    def _end(self):
        row = self.chance.choice(list(ExclusiveRight.objects.order_by("pk")) or [None])
        if row is None:
            return
        said = {"by": self.olga, "note": "x", "version": row.version, "clock": CLOCK}
        if row.begins_at > MONDAY:
            take_back_right(row, **said)
        else:
            end_right(row, on=vendor_day(MONDAY + timedelta(days=15)), agreed=True, **said)

    def _moments(self):
        rights, asked = ExclusiveRight.objects.standing(), ProductAuthorisation.objects.standing()
        yield from rights.values_list("begins_at", flat=True)
        yield from rights.values_list("ends_at", flat=True)
        yield from asked.values_list("effective_from", flat=True)

    def engine(self, partner, line, at, **other):
        """What the engine says of a deal in each country, in a trade that no right is about and in two that may be."""
        firm, book = self.firm(partner, at), other.get("book") or self.book(at)
        found = {}
        for country, trade in ((country, trade) for country in COUNTRIES for trade in (0, *self.trades)):
            deal = Facts(
                at=at,
                firm=firm,
                product_lines=(line.pk,),
                areas=self.places[country],
                industry=trade,
                country=country,
                value_in_base=Decimal(100),
            )
            found[country, trade] = LANDS[decide(deal, book).landing]
        return found

    def stand(self, partner, line, at):
        asked = in_force(authorisations_at(at), line.pk, at)
        return around(at).stand(self.firm(partner, at), line.pk, asked)


@pytest.fixture(params=range(25))
def world(request, alice, charlie, olga, mara, gateways, sensors, europe):
    north = territory("north", "SE", "DE")
    third = Partner.objects.create(name="Third", country="DE", status="active", manager=mara)
    firms = [alice.member.partner, charlie.member.partner, third]
    return World(random.Random(request.param), olga, firms, [gateways, sensors], [europe, north])


def harder(after, before):
    return any(after[where] > before[where] for where in after)


@pytest.mark.django_db
def test_what_is_foretold_is_what_the_engine_says(world):
    for partner in world.firms:
        page = mine(partner, NOW)
        for line in world.lines:
            _same_now(world, partner, line, page)
            for moment in world.moments:
                _same_then(world, partner, line, moment, page)


def _same_now(world, partner, line, page):
    shown = next(one for one in page.lines if one.name == line.name)
    said, stand = world.engine(partner, line, NOW), world.stand(partner, line, NOW)
    assert {country: stand.by_country.of(country) for country in COUNTRIES} == {
        country: said[country, 0] for country in COUNTRIES
    }
    assert shown.standing == min(said[country, 0] for country in COUNTRIES)
    takes = {country: stand.welcome.of(country) for country in COUNTRIES}
    closed = any(value > takes[country] for (country, _), value in said.items())
    if shown.standing == Standing.OPEN and closed:
        assert shown.label == "May register in part"


def _same_then(world, partner, line, moment, page):
    before, after = world.engine(partner, line, moment - SECOND), world.engine(partner, line, moment)
    stand = world.stand(partner, line, moment)
    assert all(stand.by_country.of(country) == after[country, 0] for country in COUNTRIES)
    said = [
        one
        for one in page.changes
        if one.at == moment and (line.name in one.words or "All product" in one.words)
    ]
    if harder(after, before):
        assert any(one.worse for one in said), (partner.name, line.name, moment)
    for one in said:
        if "possible again" in one.words and line.name in one.words:
            assert harder(before, after), (one, before, after)


@pytest.mark.django_db
def test_the_preview_names_whom_the_engine_would_treat_otherwise(world):
    """Of random requirements, for a day after all that is drawn."""
    begins = vendor_day(MONDAY) + timedelta(days=60)
    for line in world.lines:
        for _ in range(4):
            with suppress(DomainError):
                _same_in_preview(world, line, Asked(**world.asked()), begins)


def _same_in_preview(world, line, asked, begins):
    shown = preview(line, asked, begins_on=begins, now=MONDAY)
    row = require(line, world.olga, begins=60, clock=CLOCK, **vars(asked))
    loses, gains = [], []
    for partner in sorted(world.firms, key=lambda firm: firm.name):
        at = row.effective_from
        before = world.engine(partner, line, at - SECOND, book=rulebook_at(at - SECOND))
        after = world.engine(partner, line, at, book=rulebook_at(at))
        if harder(_by_country(after), _by_country(before)):
            loses.append(partner)
        elif harder(_by_country(before), _by_country(after)):
            gains.append(partner)
    ProductAuthorisation.objects.filter(pk=row.pk).update(withdrawn_at=MONDAY, withdrawn_by=world.olga)
    assert [one.partner for one in shown.loses] == loses
    assert [one.partner for one in shown.gains] == gains


def _by_country(said):
    return {country: value for (country, trade), value in said.items() if trade == 0}
