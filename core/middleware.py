"""What every request goes through: addresses made safe for the database, refusals of the domain turned into pages."""

from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.errors import DomainError

# PostgreSQL's codes for a lock that was not to be had in time, a deadlock and a serialisation failure.
_CONTENTION = {"55P03", "40P01", "40001"}


class NoNul:
    """PostgreSQL takes no text with the character NUL, and nobody types it. In an address it becomes a space, before anything
    reads it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.path_info = request.path_info.replace("\0", " ")
        asked = request.META.get("QUERY_STRING", "")
        if "%00" in asked or "\0" in asked:
            request.META["QUERY_STRING"] = asked.replace("%00", "%20").replace("\0", "%20")
        return self.get_response(request)


class DomainErrors:
    """A DomainError that no view caught becomes its own status and a page with its message; contention becomes 409. The
    address of a button, opened like a page (after signing in again, from the history), says so instead of nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content or request.method != "GET":
            return response
        page = render(request, "errors/405.html", status=405)
        page.headers["Allow"] = response.headers.get("Allow", "")
        return page

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Called by Django for an exception that left a view."""
        if isinstance(exception, DomainError):
            return refusal(request, exception)
        if (
            isinstance(exception, OperationalError)
            and getattr(exception.__cause__, "pgcode", "") in _CONTENTION
        ):
            return refusal(request, DomainError("Somebody else is changing this at the moment. Try again."))
        return None


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page (or, asked for by htmx, the alert alone) that tells what was refused. `request.place`, noted by
    core.http.note_place, is the address of the thing that it was about: what can be done with it stands there."""
    place = getattr(request, "place", "")
    template = "components/alert.html" if getattr(request, "htmx", False) else "errors/refused.html"
    context = {
        "page_title": error.title,
        "title": error.title,
        "message": error.message,
        "tone": "bad",
        "text": error.message,
        "place": place if place != request.path else "",
    }
    return render(request, template, context, status=error.status)
