"""The two rules over rights and requirements: pure functions, each case with the row that says so."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from policies.binding import Area, Route
from policies.facts import Firm
from policies.findings import Effect
from policies.outcome import Landing, decide
from policies.routing import route_for
from policies.rules import exclusive_right, product_authorisation
from tests.people import MONDAY
from tests.policies.makers import DACH, GATEWAYS, NORDICS, SENSORS, asking, book, facts, right_to

FIRM = facts().firm
CIRCLES = (("G-1", "Founders"), ("G-2", "Pilots"))
LATER, BEFORE = MONDAY + timedelta(days=1), MONDAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("right", "deal", "effect"),
    [
        ({}, {}, "refused"),
        ({"effect": Effect.REVIEW}, {}, "review"),
        ({"partner": 1}, {}, None),  # the firm's own
        ({"from_at": LATER}, {}, None),
        ({"until": MONDAY}, {}, None),  # the end is not part of it
        ({"until": LATER}, {}, "refused"),
        ({}, {"product_lines": (SENSORS,)}, None),
        ({}, {"product_lines": (SENSORS, GATEWAYS)}, "refused"),
        ({}, {"product_lines": ()}, None),  # not known yet
        ({"product_line": None}, {"product_lines": ()}, "refused"),
        ({}, {"country": "SE"}, None),
        ({}, {"country": "SE", "territory": DACH.id}, None),  # the country decides, not what was stated
        ({}, {"country": "DE", "territory": NORDICS.id}, "refused"),
        ({}, {"country": "", "territory": DACH.id}, "refused"),
        ({}, {"country": "", "territory": None}, None),
        ({"area": None}, {"country": "JP"}, "refused"),
        ({"industry": 3}, {}, "refused"),
        ({"industry": 4}, {}, None),
        ({"industry": 4}, {"industry": None}, "review"),  # left out: a person finds out
        ({"industry": 4}, {"industry": None, "product_lines": ()}, None),
    ],
)
def test_whether_a_deal_lies_within_somebody_elses_right(right, deal, effect):
    found = exclusive_right.check(facts(**deal), book(rights=(right_to(**right),)))

    assert (found.effect if found else None) == effect
    if found:
        assert found.record == "right:X-1" and "partner" not in found.words.lower()


ANY_LINE = {"product_line": None, "product_line_name": ""}
FOOD, METALS = {"industry": 3, "industry_name": "Food"}, {"industry": 4, "industry_name": "Metals"}
EUROPE = Area(9, "Europe", DACH.countries | NORDICS.countries)
GERMANY = Area(10, "Germany", frozenset({"DE"}))


@pytest.mark.parametrize(
    ("right", "own", "deal", "effect"),
    [
        ({}, None, {}, "refused"),
        ({"effect": Effect.REVIEW}, None, {}, "review"),
        ({}, None, {"country": "SE"}, None),
        ({}, {}, {}, None),  # it holds one itself
        ({}, {"from_at": LATER}, {}, "refused"),
        ({}, {"until": MONDAY}, {}, "refused"),
        ({}, {"product_line": SENSORS}, {}, "refused"),
        ({}, {"area": NORDICS}, {}, "refused"),
        ({"area": EUROPE}, {}, {}, None),  # to a part, in which the deal lies
        ({"area": EUROPE}, {}, {"country": "SE"}, "refused"),
        ({}, {"area": None}, {}, None),
        ({"area": None}, {}, {"country": "", "territory": None}, None),  # nothing is known of the place yet
        ({"area": None}, {}, {"country": "", "territory": NORDICS.id}, "refused"),
        (ANY_LINE, {}, {}, None),
        (ANY_LINE, {}, {"product_lines": (GATEWAYS, SENSORS)}, "refused"),  # sensors are in none of its own
        (ANY_LINE, {}, {"product_lines": ()}, None),  # not known yet
        (ANY_LINE, {"area": NORDICS}, {"product_lines": ()}, "refused"),
        ({}, FOOD, {}, None),
        ({}, METALS, {}, "refused"),
        ({}, METALS, {"industry": None}, "review"),  # left out: it may lie in its own, or not
        (METALS, METALS, {"industry": None}, None),  # whatever it is
        (METALS, FOOD, {"industry": None}, "review"),
        (METALS, None, {"industry": None}, "review"),
    ],
)
def test_inside_rights_that_are_not_exclusive_only_those_register_that_hold_one_there(
    right, own, deal, effect
):
    theirs = right_to(is_exclusive=False, **right)
    ours = [right_to(is_exclusive=False, code="right:X-2", **{"partner": 1} | own)] if own is not None else []

    found = exclusive_right.check(facts(**deal), book(rights=(*ours, theirs)))

    assert (found.effect if found else None) == effect
    if found:
        assert found.record == "right:X-1"


def test_a_right_to_each_of_two_lines_is_one_to_both():
    theirs = right_to(is_exclusive=False, **ANY_LINE)
    ours = [
        right_to(is_exclusive=False, partner=1, code=f"right:{line}", product_line=line)
        for line in (GATEWAYS, SENSORS)
    ]
    deal = facts(product_lines=(GATEWAYS, SENSORS))

    assert exclusive_right.check(deal, book(rights=(theirs, *ours))) is None
    assert exclusive_right.check(deal, book(rights=(theirs, ours[0]))).effect == Effect.REFUSED


def test_the_words_tell_neither_the_kind_of_a_right_nor_how_many_there_are():
    several = [
        right_to(is_exclusive=False, partner=partner, code=f"right:{partner}", area=area)
        for partner, area in ((2, DACH), (3, DACH), (4, EUROPE), (5, NORDICS))
    ]

    alone = exclusive_right.check(facts(), book(rights=(right_to(area=EUROPE),)))
    shared = exclusive_right.check(facts(), book(rights=tuple(several)))

    assert alone.words == shared.words == "Not open to your firm at present: Gateways in Europe."
    assert (shared.record, shared.beside) == ("right:4", ())
    assert exclusive_right.check(facts(), book(rights=tuple(several[:2]))).words == (
        "Not open to your firm at present: Gateways in DACH."
    )


def test_the_strictest_right_speaks():
    rights = (right_to(effect=Effect.REVIEW, code="right:mild"), right_to(code="right:hard", area=None))

    assert exclusive_right.check(facts(), book(rights=rights)).record == "right:hard"
    outcome = decide(facts(), book(rights=rights))
    assert (outcome.landing, outcome.rule) == (Landing.REFUSED, "Not open to your firm at present: Gateways.")


@pytest.mark.parametrize(
    ("asked", "firm", "country", "lacks"),
    [
        ({}, {}, "DE", []),
        ({"kinds": ("reseller", "msp")}, {}, "DE", []),
        ({"kinds": ("msp",)}, {}, "DE", ["kind"]),
        ({"least_tier": "silver"}, {}, "DE", []),
        ({"least_tier": "gold"}, {}, "DE", ["tier"]),
        ({"least_tier": "gold"}, {"tier": "platinum"}, "DE", []),
        ({"least_tier": "registered"}, {"tier": "unheard of"}, "DE", ["tier"]),
        ({"certificates": (("export", "Export Licence"),)}, {}, "DE", ["certificate"]),
        ({"certificates": (("export", "Export Licence"),)}, {"certificates": ("export", "other")}, "DE", []),
        ({"certificates": (("a", "A"), ("b", "B"))}, {"certificates": ("a",)}, "DE", ["certificate"]),
        ({"areas": (DACH, NORDICS)}, {}, "DE", []),
        ({"areas": (DACH, NORDICS)}, {}, "", []),
        ({"areas": (DACH, NORDICS)}, {}, "SE", ["customer"]),  # sold there, but not where the firm works
        ({"areas": (DACH,)}, {}, "JP", ["customer"]),
        ({"areas": (NORDICS,)}, {}, "SE", ["territory"]),
        ({"areas": (DACH,)}, {"territories": ()}, "DE", []),  # a firm without territories works everywhere
        ({"areas": (DACH,)}, {"territories": ()}, "SE", ["customer"]),
        ({"areas": (DACH,)}, {"territories": (5,), "countries": ()}, "DE", []),  # one without countries, too
        # Territories are compared by their countries, both ways round.
        ({"areas": (EUROPE,)}, {"territories": (DACH.id,), "countries": ("AT", "CH", "DE")}, "DE", []),
        ({"areas": (EUROPE,)}, {"territories": (DACH.id,), "countries": ("AT", "CH", "DE")}, "", []),
        ({"areas": (EUROPE,)}, {"territories": (NORDICS.id,), "countries": ("NO", "SE")}, "DE", ["customer"]),
        ({"areas": (GERMANY,)}, {"territories": (DACH.id,), "countries": ("AT", "CH", "DE")}, "DE", []),
        (
            {"areas": (GERMANY,)},
            {"territories": (DACH.id,), "countries": ("AT", "CH", "DE")},
            "AT",
            ["customer"],
        ),
        ({"kinds": ("msp",), "least_tier": "gold"}, {}, "DE", ["kind", "tier"]),
        ({"groups": CIRCLES}, {}, "DE", ["group"]),
        ({"groups": CIRCLES}, {"groups": ("G-3",)}, "DE", ["group"]),
        ({"groups": CIRCLES}, {"groups": ("G-2", "G-3")}, "DE", []),  # any one of them
        ({"groups": CIRCLES, "least_tier": "gold"}, {"groups": ("G-1",)}, "DE", ["tier"]),
    ],
)
def test_what_a_firm_lacks_for_a_product_line(asked, firm, country, lacks):
    catalogue = (DACH, NORDICS, EUROPE, GERMANY)
    areas = tuple(area.id for area in catalogue if country in area.countries)
    deal = facts(firm=replace(FIRM, **firm), country=country, areas=areas)
    row = asking(**asked)

    found = product_authorisation.check(deal, book(authorisations=(row,)))

    areas = deal.areas if country else None
    assert [gap.kind for gap in product_authorisation.gaps(deal.firm, row, areas=areas)] == lacks
    assert (found.effect if found else None) == ("refused" if lacks else None)
    if found:
        assert found.record == "authorisation:1" and "Gateways" in found.words
        assert "Founders" not in found.words


def test_the_refusal_names_what_would_open_it():
    row = asking(certificates=(("export", "Export Licence"),), least_tier="gold")

    words = product_authorisation.check(facts(), book(authorisations=(row,))).words

    assert words == (
        "Your firm can't register Gateways as it stands: it takes Gold tier or higher and it takes a valid Export Licence. "
        "Upload your Export Licence under your firm's certificates; it counts as soon as it is verified."
    )
    asked = product_authorisation.requirement_words(row)
    assert asked == (
        "Gateways is for partners of Gold tier or higher with a valid Export Licence. Other registrations are refused."
    )


def test_several_certificates_are_asked_for_in_one_breath():
    row = asking(certificates=(("export", "Export Licence"), ("iso", "ISO 27001")), least_tier="gold")

    words = product_authorisation.check(facts(), book(authorisations=(row,))).words

    assert words == (
        "Your firm can't register Gateways as it stands: it takes Gold tier or higher and it takes a valid Export Licence "
        "and a valid ISO 27001. Upload your Export Licence and ISO 27001 under your firm's certificates; each counts as "
        "soon as it is verified."
    )


def test_an_industry_left_out_is_said_where_the_right_would_refuse():
    """Otherwise the partner reads 'a look' where the customer's industry would be a 'no'."""
    row = right_to(industry=9, industry_name="Metals")

    silent = exclusive_right.check(facts(industry=None), book(rights=(row,)))
    milder = exclusive_right.check(facts(industry=None), book(rights=(replace(row, effect=Effect.REVIEW),)))

    assert (silent.effect, silent.words) == (
        Effect.REVIEW,
        "Not open to your firm at present: Gateways in DACH for Metals. The industry is not stated, so a channel manager "
        "looks at it first.",
    )
    assert (milder.effect, milder.words) == (
        Effect.REVIEW,
        "Gateways in DACH for Metals: a channel manager looks at registrations of this at present.",
    )


def test_a_group_is_named_to_the_vendor_alone():
    row = asking(groups=CIRCLES, least_tier="gold")
    held_against = book(authorisations=(row,))

    assert product_authorisation.check(facts(), held_against).words == (
        "Your firm can't register Gateways as it stands: it takes Gold tier or higher and it is for a circle of partners "
        "that we choose. Ask your channel manager."
    )
    words = "Gateways is for partners of Gold tier or higher in {}. Other registrations are refused."
    for_partners = words.format("a circle of partners that we choose")
    assert product_authorisation.requirement_words(row) == for_partners
    for_vendor = words.format("the group ‘Founders’ or ‘Pilots’")
    assert product_authorisation.requirement_words(row, named=True) == for_vendor
    (_, gap) = product_authorisation.gaps(FIRM, row)
    assert gap.for_vendor == "it is for the group ‘Founders’ or ‘Pilots’"
    assert product_authorisation.circles(facts(), held_against) == [
        "Gateways is for the group ‘Founders’ or ‘Pilots’"
    ]
    inside = facts(firm=replace(FIRM, groups=("G-1",)))
    assert product_authorisation.circles(inside, held_against) == []
    assert not product_authorisation.asks_nothing(asking(groups=CIRCLES))


def test_requirements_of_other_lines_and_other_times_say_nothing_and_a_look_is_milder_than_a_refusal():
    asks = {"least_tier": "platinum"}
    past = asking(until=BEFORE, **asks)
    coming = asking(from_at=LATER, **asks)
    other = asking(product_line=SENSORS, product_line_name="Sensors", code="authorisation:2", **asks)
    look = asking(effect=Effect.REVIEW, **asks)

    assert product_authorisation.check(facts(), book(authorisations=(past, coming, other))) is None
    assert decide(facts(), book(authorisations=(look,))).landing == Landing.IN_REVIEW
    both = facts(product_lines=(GATEWAYS, SENSORS))
    found = product_authorisation.check(both, book(authorisations=(look, other)))
    assert (found.effect, found.record) == (Effect.REFUSED, "authorisation:2")
    unknown = facts(product_lines=(), firm=Firm())
    assert product_authorisation.check(unknown, book(authorisations=(look, other))) is None


@pytest.mark.parametrize(
    ("value", "lines", "taken"),
    [
        (250_000, (GATEWAYS,), "large"),
        (249_999, (GATEWAYS,), "gateways"),
        (249_999, (SENSORS,), "any"),
        (10, (SENSORS, GATEWAYS), "gateways"),
        (10, (SENSORS,), None),
    ],
)
def test_the_first_route_that_fits_is_taken(value, lines, taken):
    routes = (
        Route("gone", BEFORE, until=MONDAY),
        Route("not yet", LATER),
        Route("large", BEFORE, value_from=Decimal(250_000)),
        Route("gateways", BEFORE, product_lines=(GATEWAYS,)),
        Route("any", BEFORE, value_from=Decimal(50_000)),
    )

    found = route_for(routes, value=Decimal(value), product_lines=lines, at=MONDAY)

    assert (found.code if found else None) == taken
