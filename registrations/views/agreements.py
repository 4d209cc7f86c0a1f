"""The page on which a partner agrees to a split or a transfer, or declines it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from core.clock import database_clock
from core.errors import NotAllowed
from registrations import shown
from registrations.enums import AgreementState
from registrations.forms.agreements import DisagreeForm
from registrations.models import Agreement, Registration
from registrations.services import agreements, proposals
from registrations.views.access import REGISTER, crumbs, noted


@require_safe
@requires(REGISTER)
def agreement(request: HttpRequest, code: str) -> HttpResponse:
    """What is proposed, what it means for this side, and the two buttons. One that is over is told with 410."""
    found, mine = _in_reach(request, code)
    try:
        agreements.require_open(found, database_clock())
    except agreements.AgreementOver as error:
        return _over(request, error, mine)
    return render(request, "registrations/agreement.html", _context(found, mine))


@require_POST
@requires(REGISTER)
def agree(request: HttpRequest, code: str) -> HttpResponse:
    """This side agrees; with the other side's consent it is carried out. Where it cannot be at present, a page says so (409)."""
    found, mine = _in_reach(request, code)
    try:
        done = agreements.agree(found, by=_person(request))
    except agreements.AgreementOver as error:
        return _over(request, error, mine)
    said = (
        "Both agreed: it is done."
        if done.state == AgreementState.AGREED
        else "Thank you. Now the other partner."
    )
    messages.success(request, said)
    return redirect("registrations:registration", mine.code)


@require_POST
@requires(REGISTER)
def disagree(request: HttpRequest, code: str) -> HttpResponse:
    """This side does not want it: everything stays as it is."""
    found, mine = _in_reach(request, code)
    form = DisagreeForm(request.POST)
    try:
        agreements.require_open(found, database_clock())
        if not form.is_valid():
            context = _context(found, mine) | {"form": form}
            return render(request, "registrations/agreement.html", context, status=422)
        agreements.decline(found, by=_person(request), text=form.cleaned_data["text"])
    except agreements.AgreementOver as error:
        return _over(request, error, mine)
    messages.success(request, "Declined. Everything stays as it is.")
    return redirect("registrations:registration", mine.code)


def _in_reach(request: HttpRequest, code: str) -> tuple[Agreement, Registration]:
    reach = Agreement.objects.visible_to(_person(request)).select_related(
        "holder__partner", "holder__currency", "other__partner", "other__currency"
    )
    found = get_object_or_404(reach, code=code)
    mine = agreements.side_of(found, _person(request))
    if mine is None:
        raise NotAllowed("Only the two partners answer this.")
    return found, noted(request, mine)


def _context(found: Agreement, mine: Registration) -> dict[str, Any]:
    is_holder = mine.pk == found.holder_id
    own, other = found.holder_share, found.other_share
    return {
        "page_title": "A split is proposed" if found.kind == "split" else "A transfer is proposed",
        "breadcrumbs": crumbs(mine, "Proposal"),
        "agreement": found,
        "registration": mine,
        "is_holder": is_holder,
        "own_share": own if is_holder else other,
        "their_share": other if is_holder else own,
        "agreed": bool(found.holder_agreed_at if is_holder else found.other_agreed_at),
        "they_agreed": bool(found.other_agreed_at if is_holder else found.holder_agreed_at),
        "proposed": shown.day(found.proposed_at),
        "answer_by": shown.day(proposals.last_day(found, mine)),
        "days": shown.days_to(proposals.last_day(found, mine), database_clock()),
        "value": shown.money(mine.value, mine.currency),
        "form": DisagreeForm(),
    }


def _over(request: HttpRequest, error: agreements.AgreementOver, mine: Registration) -> HttpResponse:
    context = {"message": error.message, "title": error.title, "status": error.status, "registration": mine}
    return render(request, "registrations/offer_over.html", context, status=error.status)


def _person(request: HttpRequest) -> Any:
    return request.user
