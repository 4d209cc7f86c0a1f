"""Proposing a split or a transfer between a holder and a registration that wants the same."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from core.errors import BadInput, StaleVersion, WrongStatus
from registrations import shown, workflow
from registrations.enums import Action
from registrations.forms.agreements import ProposeForm
from registrations.models import Registration
from registrations.services import agreements, holdings
from registrations.views.access import noted, sent_version
from registrations.views.review.item import load

_CHANGED = "Something changed here after you opened this page. Your entries are kept: look, then send again."


@require_http_methods(["GET", "HEAD", "POST"])
@requires("registrations.decide")
def propose(request: HttpRequest, code: str) -> HttpResponse:
    """The form, with both deals beside each other; sent, both partners are asked."""
    user: Any = request.user
    registration = load(code, user)
    if registration is None:
        raise Http404("There is no registration with this reference.")
    noted(request, registration)
    workflow.check(user, Action.PROPOSE, registration)
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
    }
    return render(request, "registrations/review/propose.html", context, status=status)


def _row(deal: Registration, part: str) -> dict[str, str]:
    return {
        "part": part,
        "partner": deal.partner.name,
        "code": deal.code,
        "url": reverse("registrations:review_item", args=[deal.code]),
        "submitted": shown.day(deal.submitted_at),
        "value": shown.money(deal.value, deal.currency),
    }
