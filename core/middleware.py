"""Turns what the domain refuses into a page that says so."""

from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.errors import DomainError

# PostgreSQL's codes for a lock that was not to be had in time, a deadlock and a serialisation failure.
_CONTENTION = {"55P03", "40P01", "40001"}


class DomainErrors:
    """A DomainError that no view caught becomes its own status and a page with its message; contention becomes 409."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

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
    """The page (or, asked for by htmx, the alert alone) that tells what was refused."""
    template = "components/alert.html" if getattr(request, "htmx", False) else "errors/refused.html"
    context = {
        "page_title": error.title,
        "title": error.title,
        "message": error.message,
        "tone": "bad",
        "text": error.message,
    }
    return render(request, template, context, status=error.status)
