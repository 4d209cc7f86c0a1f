"""Which rights meet, lie within one another, and spare a firm: pure, over pairs of scopes."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from policies.binding import Area
from policies.findings import Effect
from policies.reach import exclude, lasts, meet, outermost, spares, within
from tests.people import MONDAY
from tests.policies.makers import DACH, NORDICS, right_to

GERMANY = Area(9, "Germany", frozenset({"DE"}))
SHARED = right_to(is_exclusive=False)
DAY = timedelta(days=1)


def test_what_lies_within_meets_and_each_right_lies_within_itself():
    scopes = [
        right_to(product_line=line, area=area, industry=industry)
        for line, area, industry in product((None, 1, 2), (None, DACH, NORDICS, GERMANY), (None, 3))
    ]
    for one, other in product(scopes, scopes):
        assert meet(one, other) == meet(other, one)
        if within(one, other):
            assert meet(one, other)
        assert (within(one, other) and within(other, one)) == (one == other)
    assert within(right_to(area=GERMANY), right_to()) and not within(right_to(), right_to(area=GERMANY))


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [(True, True, False), (True, False, False), (False, True, False), (False, False, True)],
)
def test_two_that_meet_run_together_only_where_none_is_exclusive(one, other, together):
    rights = right_to(is_exclusive=one), right_to(is_exclusive=other, area=GERMANY)

    assert exclude(*rights) != together
    assert not exclude(rights[0], replace(rights[1], area=NORDICS))


@pytest.mark.parametrize(
    ("beside", "spared"),
    [
        ({"partner": 1}, True),
        ({"partner": 1, "area": None}, True),
        ({"partner": 1, "area": GERMANY}, False),  # a part of it is taken
        ({"partner": 1, "until": MONDAY}, False),  # and after that?
        ({"partner": 1, "from_at": MONDAY}, False),
        ({"partner": 3}, True),  # kept out by that one
        ({"partner": 3, "effect": Effect.REVIEW}, False),
    ],
)
def test_a_right_takes_nothing_from_who_holds_all_of_it_or_is_kept_out_of_all_of_it(beside, spared):
    other = right_to(is_exclusive=False, code="right:X-2", **beside)

    assert spares(SHARED, 1, [SHARED, other]) == spared
    assert not spares(SHARED, 1, [SHARED])
    assert spares(SHARED, SHARED.partner, [])


def test_a_right_lasts_as_long_as_what_ends_no_later():
    open_end, short = SHARED, replace(SHARED, until=MONDAY)

    assert lasts(short, open_end) and not lasts(open_end, short)
    assert lasts(short, replace(short, until=MONDAY + DAY))
    assert not lasts(short, replace(open_end, from_at=open_end.from_at + DAY))


def test_of_scopes_that_lie_within_one_another_the_widest_and_strictest_are_told():
    wide = right_to(code="right:wide", area=None, effect=Effect.REVIEW)
    strict, same = right_to(code="right:strict"), right_to(code="right:same")
    mild, inner = right_to(code="right:mild", effect=Effect.REVIEW), right_to(code="right:in", area=GERMANY)

    assert outermost([mild, inner, strict, same, wide]) == [strict, wide]
    assert outermost([]) == []
