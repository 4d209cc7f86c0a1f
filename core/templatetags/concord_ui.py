"""Tags the list components need: addresses that keep the other filters, page numbers, sort order."""

import re
from typing import Any

from django import template
from django.core.paginator import Page
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


def _query(context: template.Context) -> QueryDict:
    """Return the filters in the present address; `include … only` keeps the request on the context itself."""
    request = getattr(context, "request", None) or context.get("request")
    if request is None:
        raise LookupError("A list component needs the request in its context.")
    return request.GET


def _address_with(context: template.Context, **changes: str | None) -> str:
    """Return '?…' of the present address with `changes` made; None takes a parameter away."""
    query = _query(context).copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag(takes_context=True)
def page_address(context: template.Context, number: int, parameter: str = "") -> str:
    """Return the address of page `number` with every other filter kept."""
    return _address_with(context, **{parameter or "page": str(number)})


@register.filter
def breakable(address: str) -> SafeString:
    """A mail address that may be broken before its '@' and dots, so that a narrow column doesn't break it inside a word."""
    pieces = re.split(r"(?=[@.])", address)
    return format_html_join(mark_safe("<wbr>"), "{}", ((piece,) for piece in pieces))


# What core.codes makes.
_CODE = re.compile(r"\b([A-Z]{1,2}-[2-9A-HJ-NP-TV-Z]{7,12})\b")


@register.filter
def whole_codes(text: Any) -> SafeString:
    """A sentence whose codes ('R-7KQ2MXA') are not broken at their hyphen. What is markup already stays as it is."""
    words = text if isinstance(text, str) else str(text)
    if isinstance(words, SafeString):
        return words
    pieces = _CODE.split(words)
    shown = (
        format_html('<span class="code">{}</span>', piece) if at % 2 else piece
        for at, piece in enumerate(pieces)
    )
    return format_html_join("", "{}", ((piece,) for piece in shown))


@register.simple_tag
def page_window(page: Page[Any]) -> list[int | None]:
    """Return the page numbers worth showing, None for a gap: first, last and the neighbours of this page."""
    last = page.paginator.num_pages
    shown = sorted({1, last} | {n for n in range(page.number - 1, page.number + 2) if 1 <= n <= last})
    numbers: list[int | None] = []
    for number in shown:
        if numbers and number - (numbers[-1] or 0) > 1:
            numbers.append(None)
        numbers.append(number)
    return numbers


@register.simple_tag(takes_context=True)
def sort_state(context: template.Context, field: str, parameter: str = "") -> dict[str, str]:
    """Return `direction` ('ascending', 'descending' or '') of a column and the `address` that turns it round."""
    name = parameter or "sort"
    present = _query(context).get(name, "")
    direction = {field: "ascending", f"-{field}": "descending"}.get(present, "")
    following = f"-{field}" if direction == "ascending" else field
    return {
        "direction": direction,
        "address": _address_with(context, **{name: following, "page": None, "after": None}),
    }
