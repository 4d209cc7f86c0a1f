"""The line at a company, and its order: a manager may change it, with a reason."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from core.clock import database_clock
from core.errors import BadInput, StaleVersion
from registrations import shown, workflow
from registrations.enums import Action, Status
from registrations.forms.line import PlaceForm
from registrations.models import Registration
from registrations.services import places
from registrations.services.line_order import reorder
from registrations.services.undo import still_open
from registrations.views.access import noted, sent_version
from registrations.views.review.item import load

_CHANGED = "The line changed after you opened this page. Your reason is kept: look, then send again."


@require_http_methods(["GET", "HEAD", "POST"])
@requires("registrations.decide")
def line(request: HttpRequest, code: str) -> HttpResponse:
    """Who waits in which order, and the form that gives this registration another place."""
    user: Any = request.user
    registration = load(code, user)
    if registration is None:
        raise Http404("There is no registration with this reference.")
    noted(request, registration)
    workflow.check(user, Action.REORDER, registration)
    waiting = places.line_of(registration, anew=True)
    form = PlaceForm(request.POST or None, places=places.places_to_give(waiting))
    stale, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                told = reorder(registration, by=user, version=sent_version(request), **form.cleaned_data)
            except BadInput as error:
                form.add_error(error.field if error.field in form.fields else None, error.message)
            except StaleVersion:
                stale, status = _CHANGED, 409
                registration.refresh_from_db()
                waiting = places.line_of(registration, anew=True)
            else:
                count = "1 partner is" if len(told) == 1 else f"{len(told)} partners are"
                messages.success(request, f"The order is changed. {count} being told, with your reason.")
                return redirect("registrations:line", code)
    return render(
        request,
        "registrations/review/line.html",
        _context(registration, waiting, form, stale)
        | {"undoable": still_open(user, database_clock()), "view_query": ""},
        status=status,
    )


def _context(
    registration: Registration, waiting: list[Registration], form: PlaceForm, stale: str
) -> dict[str, Any]:
    return {
        "page_title": "Change the order of the line",
        "breadcrumbs": [
            {"label": "Review queue", "url": reverse("registrations:queue")},
            {
                "label": registration.code,
                "url": reverse("registrations:review_item", args=[registration.code]),
            },
            {"label": "Line"},
        ],
        "registration": registration,
        "form": form,
        "stale": stale,
        "rows": [
            {
                "place": place,
                "code": row.code,
                "url": reverse("registrations:review_item", args=[row.code]),
                "partner": row.partner.name,
                "elsewhere": row.company_name if row.company_id != registration.company_id else "",
                "submitted": shown.moment(row.submitted_at),
                "value": shown.money(row.value, row.currency),
                "current": row.pk == registration.pk,
                "anew": row.status != Status.WAITLISTED,
                "moved": row.line_order is not None and row.line_order != row.rank,
            }
            for place, row in enumerate(waiting, start=1)
        ],
    }
