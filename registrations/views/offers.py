"""An offer to the next in line: the page that says what is offered until when, and its two buttons. By the link of its
mail it can be answered without signing in; opening it changes nothing."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from core.clock import database_clock
from core.errors import BadInput, DomainError, StaleVersion
from registrations import shown
from registrations.forms.actions import DeclineForm
from registrations.models import Offer, Registration
from registrations.services import offer_links, offers
from registrations.views.access import REGISTER, crumbs, noted
from registrations.views.facts import lines_of
from registrations.views.mail_links import mail_link, reader_of
from registrations.views.opened import changes, meant_version

_CHANGED = "Something changed here after you opened this page. Look, then answer again."


@require_safe
@requires(REGISTER)
def offer(request: HttpRequest, code: str) -> HttpResponse:
    """What is offered, until when, and what each answer does. An offer that is over is told with 410, in words."""
    found = _in_reach(request, code)
    return _guarded(request, found, lambda: _page(request, found))


@require_POST
@requires(REGISTER)
def accept(request: HttpRequest, code: str) -> HttpResponse:
    """Takes the deal: protection begins."""
    found = _in_reach(request, code)

    def answer() -> HttpResponse:
        deal = offers.accept(found, by=_person(request), version=meant_version(request, found.registration))
        until = shown.day(deal.protected_until)
        messages.success(request, f"The deal is yours. It is protected for you until {until}.")
        return redirect("registrations:registration", deal.code)

    return _guarded(request, found, answer)


@require_POST
@requires(REGISTER)
def decline(request: HttpRequest, code: str) -> HttpResponse:
    """Leaves the deal to the next in line."""
    found = _in_reach(request, code)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _guarded(request, found, lambda: _page(request, found, form=form, status=422))

    def answer() -> HttpResponse:
        text = form.cleaned_data["text"]
        deal = offers.decline(
            found, by=_person(request), text=text, version=meant_version(request, found.registration)
        )
        messages.success(request, "Declined. Thank you for saying so: the next in line can go on.")
        return redirect("registrations:registration", deal.code)

    return _guarded(request, found, answer)


@mail_link(lambda request, token, error: _over(request, error))
def offer_link(request: HttpRequest, token: str) -> HttpResponse:
    """The same by the link of the mail, in the name of the person it was sent to."""
    link = offer_links.read(token, reader=reader_of(request))
    if request.method != "POST":
        offers.require_open(link.offer, database_clock())
        return render(
            request, "registrations/offer_link.html", _context(link.offer) | {"person": link.person}
        )
    said = request.POST.get("answer")
    if said not in ("accept", "decline"):
        raise BadInput("Press one of the two buttons: accept or decline.")
    taken = said == "accept"
    service = offers.accept if taken else offers.decline
    deal = service(link.offer, by=link.person, via="mail link")
    context = {
        "page_title": "Thank you",
        "registration": deal,
        "taken": taken,
        "until": shown.day(deal.protected_until),
    }
    return render(request, "registrations/offer_done.html", context)


def _guarded(request: HttpRequest, found: Offer, answer: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        return answer()
    except StaleVersion:
        return _page(request, _in_reach(request, found.code), stale=_CHANGED, status=409)
    except offers.OfferOver as error:
        return _over(request, error, found.registration)


def _page(
    request: HttpRequest, found: Offer, *, stale: str = "", form: DeclineForm | None = None, status: int = 200
) -> HttpResponse:
    offers.require_open(found, database_clock())
    context = _context(found) | {
        "breadcrumbs": crumbs(found.registration, "Offer"),
        "decline_form": form or DeclineForm(),
        "stale": stale,
        "since": changes(request, found.registration) if stale else [],
    }
    return render(request, "registrations/offer.html", context, status=status)


def _context(found: Offer) -> dict[str, Any]:
    deal, now = found.registration, database_clock()
    last_day = offers.last_day(found, now)
    return {
        "page_title": "It is your turn",
        "offer": found,
        "registration": deal,
        "answer_by": shown.day(last_day),
        "days": shown.days_to(last_day, now),
        "made": shown.day(found.made_at),
        "value": shown.money(deal.value, deal.currency),
        "lines": lines_of(deal),
        "protection_days": found.policy.protection_days,
        "submitted": shown.day(deal.submitted_at),
    }


def _over(request: HttpRequest, error: DomainError, deal: Registration | None = None) -> HttpResponse:
    context = {"message": error.message, "title": error.title, "status": error.status, "registration": deal}
    return render(request, "registrations/offer_over.html", context, status=error.status)


def _in_reach(request: HttpRequest, code: str) -> Offer:
    reach = Offer.objects.visible_to(_person(request)).select_related(
        "registration__partner", "registration__currency", "message", "policy"
    )
    found: Offer = get_object_or_404(reach, code=code)
    noted(request, found.registration)
    return found


def _person(request: HttpRequest) -> Any:
    return request.user
