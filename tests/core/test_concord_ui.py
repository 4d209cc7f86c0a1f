"""List components: addresses keep the other filters, page numbers stay few, sorting turns round."""

from django.core.paginator import Paginator
from django.template import RequestContext
from django.test import RequestFactory
from django.utils.safestring import mark_safe

from core.templatetags.concord_ui import breakable, page_address, page_window, sort_state, whole_codes


def _context(address):
    return RequestContext(RequestFactory().get(address))


def test_a_page_address_keeps_the_other_filters():
    assert page_address(_context("/?status=approved&page=2"), 3) == "?status=approved&page=3"
    assert page_address(_context("/?status=approved"), 3, "part") == "?status=approved&part=3"


def test_few_page_numbers_and_a_gap_for_the_rest():
    assert page_window(Paginator(range(10_000), 25).page(7)) == [1, None, 6, 7, 8, None, 400]
    assert page_window(Paginator(range(60), 25).page(2)) == [1, 2, 3]
    assert page_window(Paginator([], 25).page(1)) == [1]


def test_a_column_sorts_up_then_down_and_starts_on_the_first_page():
    assert sort_state(_context("/?page=4"), "value") == {"direction": "", "address": "?sort=value"}
    assert sort_state(_context("/?sort=value"), "value") == {
        "direction": "ascending",
        "address": "?sort=-value",
    }
    assert sort_state(_context("/?sort=-value"), "value") == {
        "direction": "descending",
        "address": "?sort=value",
    }
    assert sort_state(_context("/?sort=value"), "name")["direction"] == ""


def test_an_address_breaks_before_its_at_and_dots():
    assert breakable("a.b@c.example") == "a<wbr>.b<wbr>@c<wbr>.example"
    assert breakable("<i>@c") == "&lt;i&gt;<wbr>@c"


def test_a_code_in_a_sentence_stays_on_one_line():
    assert whole_codes("Behind R-7KQ2MXA (a<b).") == 'Behind <span class="code">R-7KQ2MXA</span> (a&lt;b).'
    assert whole_codes("E-MAIL, X-Ray and R-7KQ2MX") == "E-MAIL, X-Ray and R-7KQ2MX"
    assert whole_codes(mark_safe('<a href="/R-7KQ2MXA/">')) == '<a href="/R-7KQ2MXA/">'
