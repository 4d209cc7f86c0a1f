"""A firm claims, accepts or declines a lead."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from core.clock import database_clock
from leads import workflow
from leads.enums import GiftEnd, LeadAction, LeadStatus
from leads.forms.answering import AcceptForm, DeclineForm
from leads.models import Gift, Lead
from leads.querysets import firm_of
from leads.services import answering
from leads.services.giving import claim as claim_lead
from leads.services.held import is_given_elsewhere
from leads.services.in_time import require_in_time
from leads.views.access import WORK, holding_of, in_reach
from leads.views.acting import Page, act
from registrations import shown
from registrations.models import Registration
from registrations.views.access import sent_version

METHODS = ["GET", "HEAD", "POST"]


@require_POST
@requires(WORK)
def claim(request: HttpRequest, code: str) -> HttpResponse:
    """First come, one wins. Who comes second gets 409 and reads why; who claimed it already is led to it."""
    person: Any = request.user
    reach = Lead.objects.within_claim_of(person)
    found = get_object_or_404(reach, code=code)
    firm = firm_of(person)
    if not found.gifts.filter(partner=firm, end__in=["", GiftEnd.ACCEPTED]).exists():  # else a double click
        claim_lead(found, by=person)
        messages.success(
            request, "The lead is yours. Call them, then accept it to make it your registration."
        )
    address = reverse("leads:lead", args=[code])
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


@require_http_methods(METHODS)
@requires(WORK)
def accept(request: HttpRequest, code: str) -> HttpResponse:
    """A few answers, and the lead is a registration."""
    found = in_reach(request, code)
    person: Any = request.user
    if found.status == LeadStatus.ACCEPTED and _was_ours(found, person):  # the second POST of a double click
        return redirect("leads:lead", code)
    gift = holding_of(found)
    now = database_clock()
    _check(person, LeadAction.ACCEPT, found, gift, now)
    asked = answering.still_asked(found, at=now)
    form = AcceptForm(request.POST or None, lead=found, today=timezone.localdate(now), asked=asked)

    def post() -> Registration:
        return answering.accept(found, by=person, fields=form.cleaned_data, version=sent_version(request))

    words = Page(
        "Accept the lead",
        f"It becomes your registration at once. {_place(found, gift)}",
        "Accept and register",
        "The lead is your registration now.",
    )
    return act(
        request,
        found,
        form,
        post,
        words,
        go=lambda deal: redirect("registrations:submitted", deal.code),
    )


@require_http_methods(METHODS)
@requires(WORK)
def decline(request: HttpRequest, code: str) -> HttpResponse:
    """With a reason; the firm isn't offered this lead again."""
    found = in_reach(request, code)
    person: Any = request.user
    gift = holding_of(found)
    _check(person, LeadAction.DECLINE, found, gift, database_clock())
    form = DeclineForm(request.POST or None)

    def post() -> Lead:
        said = form.cleaned_data
        return answering.decline(
            found, by=person, reason=said["reason"], text=said["text"], version=sent_version(request)
        )

    words = Page(
        "Decline the lead?",
        "We may offer it to another partner; your firm is not offered it again. This cannot be undone.",
        "Decline the lead",
        "Declined. Thank you for saying so early.",
        danger=True,
    )
    return act(request, found, form, post, words, go=lambda _: redirect("leads:ours"))


def _place(found: Lead, gift: Gift | None) -> str:
    """From when its place in line counts, and that somebody has the deal meanwhile; never who."""
    if gift is None:
        return ""
    counts = f"Your place in line counts from {shown.day(gift.at)}, when you got the lead."
    if not is_given_elsewhere(found, gift.partner):
        return counts
    return (
        "The deal was given to another registration meanwhile, so we look at yours, or it waits in line behind that "
        f"one. {counts}"
    )


def _was_ours(found: Lead, person: Any) -> bool:
    firm = firm_of(person)
    return firm is not None and found.gifts.filter(partner=firm, end="accepted").exists()


def _check(person: Any, action: LeadAction, found: Lead, gift: Gift | None, now: datetime) -> None:
    """Raises what the answer itself would, before anybody fills in a form."""
    workflow.check(person, action, found, gift)
    assert gift is not None  # workflow.check has seen to it
    require_in_time(gift, now)
