"""What the desk's address says: saved view, filters, page, candidate. Read here, written here."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from registrations.queue import VIEWS, Choice


@dataclass(frozen=True)
class Address:
    """The part of the address after '?'. Anything unreadable is as if it were not there."""

    choice: Choice
    page: str = ""
    candidate: str = ""

    def query(self, **changes: str) -> str:
        """'?view=mine&q=acme', what is default left out; `changes` override."""
        values = {
            "view": self.choice.view.code if self.choice.view.code != "all" else "",
            "q": self.choice.text,
            "partner": self.choice.partner,
            **changes,
        }
        told = urlencode({name: value for name, value in values.items() if value})
        return f"?{told}" if told else ""

    def queue(self, **changes: str) -> str:
        """The queue itself."""
        return reverse("registrations:queue") + self.query(**changes)

    def to(self, route: str, code: str, **changes: str) -> str:
        """A page about one registration, in this view."""
        return reverse(f"registrations:{route}", args=[code]) + self.query(**changes)


def address_of(request: HttpRequest) -> Address:
    """The reader's view and filters."""
    given = request.GET
    view = VIEWS.get(given.get("view", ""), VIEWS["all"])
    text = given.get("q", "").replace("\x00", "").strip()[:100]
    partner = given.get("partner", "").replace("\x00", "")[:16]
    return Address(Choice(view, text, partner), given.get("page", ""), given.get("candidate", "")[:20])
