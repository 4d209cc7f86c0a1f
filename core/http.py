"""The same address serves the whole page or, asked for by htmx, its named part."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def note_place(request: HttpRequest, place: str) -> None:
    """What this request is about stands at the address `place`: a page that refuses something leads there."""
    request.place = place  # type: ignore[attr-defined]


def render_page_or_partial(
    request: HttpRequest, page: str, partial: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """`partial` for an htmx request that is not a boosted visit or a step back in history, else `page`.

    `page` includes `partial`, so both show the same.
    """
    htmx = getattr(request, "htmx", None)
    part = htmx and not htmx.boosted and not htmx.history_restore_request
    response = render(request, partial if part else page, context, status=status)
    response.headers["Vary"] = "HX-Request"
    return response
