"""What every view of the partner's side begins with: the registration in reach, and the version a form was made from."""

from django.http import Http404, HttpRequest
from django.urls import reverse

from core.errors import DomainError
from partners.standing_words import standing_word
from registrations.models import Registration

VIEW = ("registrations.view_own", "registrations.view_firm", "registrations.view_all")
REGISTER = "registrations.register"


class LeftBehind(DomainError):
    """A registration of one's own that another firm has now."""

    status = 410
    title = "This is with another firm now"


def in_reach(request: HttpRequest, code: str) -> Registration:
    """The registration, if this person may see it; else 404, as if it did not exist. Who wrote it and is with another firm
    now (or the firm was two records for a while) is told so instead."""
    reach = Registration.objects.visible_to(request.user).select_related(  # type: ignore[arg-type]
        "partner", "company", "currency", "owner__role", "reviewer", "territory", "industry", "previous"
    )
    found = reach.filter(code=code).first()
    if found is None:
        mine = Registration.objects.filter(code=code, owner=request.user.pk)
        if mine.exclude(partner__members__user=request.user.pk).exists():
            raise LeftBehind(
                f"{code} is yours no longer: it belongs to a firm that you are not with. Where two records of one firm were made"
                " one and then parted again, it stayed with the other. Your channel manager knows more."
            )
        raise Http404("There is no such registration.")
    return noted(request, found)


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
