"""Which route a deal takes, and which ones no deal can take."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from policies.binding import Route
from policies.routing import never_taken, route_for
from tests.policies.makers import EARLIER, MONDAY

AMOUNTS = [Decimal(0), Decimal(10), Decimal(20)]
lines = st.sets(st.integers(1, 3)).map(tuple)
routes = st.lists(st.tuples(lines, st.sampled_from(AMOUNTS)), max_size=5).map(
    lambda found: [
        Route(code=f"route:{place}", from_at=EARLIER, product_lines=on, value_from=value)
        for place, (on, value) in enumerate(found)
    ]
)


@given(routes)
def test_a_route_is_told_as_idle_where_no_deal_takes_it_and_nowhere_else(found):
    """Deals on one line, or on one that no route names, show all there is: more lines only fit more routes."""
    taken = {
        route.code
        for value in AMOUNTS
        for line in (1, 2, 3, 4)
        if (route := route_for(found, value=value, product_lines=[line], at=MONDAY))
    }

    assert never_taken(found) == {route.code for route in found} - taken


def test_what_stands_above_takes_them_all():
    small = Route(code="a", from_at=EARLIER, product_lines=(1,), value_from=Decimal(10))
    large = Route(code="b", from_at=EARLIER, product_lines=(1,), value_from=Decimal(20))

    assert never_taken([small, large]) == {"b"}
    assert never_taken([large, small]) == set()
