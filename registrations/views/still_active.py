"""The page behind a reminder's link (R8): opening it changes nothing, its button posts the update. No sign-in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.clock import database_clock
from core.errors import BadInput, DomainError
from registrations import shown
from registrations.services.qualifying import lacks_evidence
from registrations.services.still_active import keep_alive, read
from registrations.views.mail_links import mail_link, reader_of
from registrations.views.page import grace_of, owed_words


def _refused(request: HttpRequest, token: str, error: DomainError) -> HttpResponse:
    context = {"message": error.message, "title": error.title, "status": error.status}
    if isinstance(error, BadInput):  # evidence, which a click is not; the link itself is good
        context |= {"title": "Evidence is needed", "update_code": read(token).registration.code}
    return render(request, "registrations/still_active_spent.html", context, status=error.status)


@mail_link(_refused)
def still_active(request: HttpRequest, token: str) -> HttpResponse:
    """Shows which deal the link keeps alive; POST does it. A spent link is told with 410, in words."""
    return _kept(request, token) if request.method == "POST" else _asked(request, token)


def _asked(request: HttpRequest, token: str) -> HttpResponse:
    link = read(token, reader=reader_of(request))
    deal = link.registration
    context = {
        "page_title": "Is this deal still active?",
        "registration": deal,
        "until": shown.day(deal.protected_until),
        "days": shown.days_until(deal.protected_until, database_clock()),
        "grace": grace_of(deal),
        "waits_for": owed_words(deal),
        "person": link.person,
        "value": shown.money(deal.value, deal.currency),
        "wants": lacks_evidence(deal, {}, with_file=False),
    }
    return render(request, "registrations/still_active.html", context)


def _kept(request: HttpRequest, token: str) -> HttpResponse:
    deal = keep_alive(token, reader=reader_of(request))
    context = {
        "page_title": "Thank you",
        "registration": deal,
        "until": shown.day(deal.protected_until),
    }
    return render(request, "registrations/still_active_done.html", context)
