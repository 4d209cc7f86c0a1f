"""What every view of the partner's side begins with: the registration in reach, and the version a form was made from."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from partners.standing_words import standing_word
from registrations.models import Registration

VIEW = ("registrations.view_own", "registrations.view_firm", "registrations.view_all")
REGISTER = "registrations.register"


def in_reach(request: HttpRequest, code: str) -> Registration:
    """The registration, if this person may see it; else 404, as if it did not exist."""
    reach = Registration.objects.visible_to(request.user).select_related(  # type: ignore[arg-type]
        "partner", "company", "currency", "owner__role", "reviewer", "territory", "industry", "previous"
    )
    return noted(request, get_object_or_404(reach, code=code))


def noted(request: HttpRequest, deal: Registration) -> Registration:
    """The same registration; a page that refuses something leads back to it."""
    request.place = reverse("registrations:registration", args=[deal.code])  # type: ignore[attr-defined]
    return deal


def may_begin(request: HttpRequest) -> bool:
    """Whether to show what begins a registration: not to people of a firm whose registrations would be refused."""
    person = request.user
    return person.may(REGISTER) and standing_word(person) is None  # type: ignore[union-attr, arg-type]


def sent_version(request: HttpRequest) -> int:
    """The version that the form carried; -1, which is always stale, when it is missing or unreadable."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1


def crumbs(deal: Registration, title: str) -> list[dict[str, str]]:
    """Where an action's page stands."""
    return [
        {"label": "Registrations", "url": reverse("registrations:list")},
        {"label": deal.code, "url": reverse("registrations:registration", args=[deal.code])},
        {"label": title},
    ]
