"""Proposing a split or a transfer between a holder and a registration that wants the same."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from core.clock import database_clock
from core.errors import BadInput, StaleVersion, WrongStatus
from registrations import shown, workflow
from registrations.enums import Action
from registrations.forms.agreements import ProposeForm
from registrations.models import Agreement, Registration
from registrations.services import agreements, holdings, receiving, taking_back
from registrations.views.access import noted, sent_version
from registrations.views.review.item import load

_CHANGED = "Something changed here after you opened this page. Your entries are kept: look, then send again."


@require_http_methods(["GET", "HEAD", "POST"])
@requires("registrations.decide")
def propose(request: HttpRequest, code: str) -> HttpResponse:
    """The form, with both deals beside each other; sent, both partners are asked. While a proposal waits it leads to that."""
    user: Any = request.user
    registration = load(code, user)
    if registration is None:
        raise Http404("There is no registration with this reference.")
    noted(request, registration)
    workflow.check(user, Action.PROPOSE, registration)
    if request.method != "POST" and Agreement.objects.current().of(registration).exists():
        messages.info(request, "A proposal waits for an answer already. Take it back to make another one.")
        return redirect(f"{reverse('registrations:review_item', args=[code])}#proposal")
    holder = next(
        (holding.registration for holding in holdings.held_by_others(registration, shown=True)), None
    )
    if holder is None or holder.partner_id == registration.partner_id:
        raise WrongStatus("No other partner holds this deal, so there is nobody to share it with.")
    form = ProposeForm(request.POST or None)
    stale, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = {**form.cleaned_data, "other_share": form.cleaned_data["other_share"] or 0}
            try:
                agreements.propose(
                    registration, holder=holder, by=user, version=sent_version(request), **said
                )
            except BadInput as error:
                form.add_error(error.field if error.field in form.fields else None, error.message)
            except StaleVersion:
                stale, status = _CHANGED, 409
                registration.refresh_from_db()
            else:
                messages.success(
                    request, "Proposed. Both partners are asked; nothing changes until both agree."
                )
                return redirect("registrations:review_item", code)
    context = {
        "page_title": "Propose a split or a transfer",
        "breadcrumbs": [
            {"label": "Review queue", "url": reverse("registrations:queue")},
            {
                "label": registration.code,
                "url": reverse("registrations:review_item", args=[registration.code]),
            },
            {"label": "Split or transfer"},
        ],
        "registration": registration,
        "rows": [_row(holder, "Holder"), _row(registration, "Newcomer")],
        "form": form,
        "stale": stale,
        "policy": _policy_says(registration),
    }
    return render(request, "registrations/review/propose.html", context, status=status)


@require_POST
@requires("registrations.decide")
def take_back(request: HttpRequest, code: str) -> HttpResponse:
    """Takes a proposal back that waits for an answer. One that is over is told with 410."""
    user: Any = request.user
    reach = Agreement.objects.visible_to(user).select_related("holder", "other")
    found = get_object_or_404(reach, code=code)
    noted(request, found.other)
    taking_back.take_back(found, by=user)
    messages.success(request, "Taken back. Both partners are told; everything stays as it is.")
    return redirect("registrations:review_item", found.other.code)


def _policy_says(newcomer: Registration) -> dict[str, str] | None:
    """What the policy says of the newcomer's firm coming into the deal; None where nothing stands against it."""
    answer = receiving.ask_policy(newcomer, database_clock())
    if answer.refused:
        text = agreements.refusal_words(newcomer, answer)
        return {"tone": "stop", "title": "The policy stands against it", "text": text}
    if answer.looks:
        text = f"What {newcomer.partner} would be told: {receiving.words_of(answer.looks)} By proposing it you have looked."
        return {"tone": "wait", "title": "The policy asks for a look", "text": text}
    return None


def _row(deal: Registration, part: str) -> dict[str, str]:
    return {
        "part": part,
        "partner": deal.partner.name,
        "code": deal.code,
        "url": reverse("registrations:review_item", args=[deal.code]),
        "submitted": shown.day(deal.submitted_at),
        "value": shown.money(deal.value, deal.currency),
    }
