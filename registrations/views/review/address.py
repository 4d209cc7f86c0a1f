"""What the desk's address says: view, filters, page, candidate. Read here, written here."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest
from django.urls import reverse

from registrations.queue import VIEWS, Choice
from registrations.services.bulk import MOST


@dataclass(frozen=True)
class Address:
    """The part of the address after '?'. Anything unreadable is as if it were not there. `open` is the form that is shown
    at once, and `items` what was ticked for it ('R-7KQ2MX:3:12'), for whoever has no scripts to open it."""

    choice: Choice
    page: str = ""
    candidate: str = ""
    open: str = ""
    items: tuple[str, ...] = ()

    def query(self, **changes: str) -> str:
        """'?view=mine&q=acme', what is default left out; `changes` override."""
        told = query_of(self.choice, **changes)
        return f"?{told}" if told else ""

    def queue(self, **changes: str) -> str:
        """The queue itself."""
        return reverse("registrations:queue") + self.query(**changes)

    def to(self, route: str, code: str, **changes: str) -> str:
        """A page about one registration, in this view."""
        return reverse(f"registrations:{route}", args=[code]) + self.query(**changes)

    def fields(self) -> list[tuple[str, str]]:
        """Names and values for a form that opens the same registration again."""
        place = {"page": self.page, "candidate": self.candidate}
        return parse_qsl(query_of(self.choice, **place))

    def cleared(self) -> str:
        """The same view without filters."""
        return self.queue(q="", partner="", reviewer="", territory="")


def address_of(request: HttpRequest) -> Address:
    """The reader's view and filters."""
    given = request.GET
    told = given.get("page", ""), given.get("candidate", "")[:20], given.get("open", "")[:20]
    return Address(choice_of(given.dict()), *told, tuple(given.getlist("item")[:MOST]))


def choice_of(given: Mapping[str, str]) -> Choice:
    """View and filters out of an address' values."""

    def told(name: str, most: int) -> str:
        return given.get(name, "").replace("\x00", "").strip()[:most]

    view = VIEWS.get(given.get("view", ""), VIEWS["all"])
    return Choice(view, told("q", 100), told("partner", 16), told("reviewer", 19), told("territory", 60))


def choice_from(query: str) -> Choice:
    """View and filters out of what a saved view keeps."""
    return choice_of(dict(parse_qsl(query)))


def query_of(choice: Choice, **changes: str) -> str:
    """The address after '?' for a choice, what is default left out; `changes` override."""
    values = {
        "view": choice.view.code if choice.view.code != "all" else "",
        "q": choice.text,
        "partner": choice.partner,
        "reviewer": choice.reviewer,
        "territory": choice.territory,
        **changes,
    }
    return urlencode({name: value for name, value in values.items() if value})
