"""Recording a customer's written wish to work with another partner."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from core.errors import BadInput, ScopeTaken, StaleVersion, WrongStatus
from registrations import workflow
from registrations.enums import Action
from registrations.forms.requests import LetterForm
from registrations.services import customer_letters
from registrations.views.access import crumbs, in_reach, sent_version
from registrations.views.actions import METHODS
from registrations.workflow import label_for


@require_http_methods(METHODS)
@requires("registrations.revoke")
def customer_letter(request: HttpRequest, code: str) -> HttpResponse:
    """Who the customer asks for, the letter, and what recording it does."""
    person: Any = request.user
    deal = in_reach(request, code)
    workflow.check(person, Action.CUSTOMER_LETTER, deal)
    found, unjudged = list(customer_letters.wished_for(deal)), customer_letters.unjudged(deal)
    if not found and not unjudged:
        raise WrongStatus(
            f"No other partner has a registration of {deal.company_name} that waits, is under review, or was refused as "
            "registered already, so there is nobody whom the deal could be given to. Ask the partner that the customer wants "
            "to register it, then come back."
        )
    choices = [
        (one.code, f"{one.partner} – {one.code}, {label_for(one.status, vendor=True).lower()}")
        for one in found
    ]
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = LetterForm(*sent, choices=choices)
    stale, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = dict(form.cleaned_data)
            chosen = get_object_or_404(customer_letters.wished_for(deal), code=said.pop("in_favour_of"))
            upload = said.pop("file")
            try:
                decision = customer_letters.record(
                    deal, in_favour_of=chosen, upload=upload, by=person, version=sent_version(request), **said
                )
            except BadInput as error:
                form.add_error(error.field if error.field in form.fields else None, error.message)
            except (StaleVersion, ScopeTaken) as error:
                stale, status = f"{error.message} Nothing was changed; what you wrote is kept.", 409
                deal = in_reach(request, code)
            else:
                return redirect("registrations:receipt", decision.code)
    context = {
        "page_title": "Record a customer's letter",
        "breadcrumbs": crumbs(deal, "Customer's letter"),
        "registration": deal,
        "form": form,
        "danger": True,
        "lead": f"{deal.partner} loses protection at once, gets a mail that says why, without a name, and can appeal. The "
        "partner whom the customer asks for gets the deal and a mail. Those in line keep their places behind it.",
        "submit": "Record the letter",
        "busy": "Recording",
        "stale": stale,
        "multipart": True,
        "unjudged": [(one, label_for(one.status, vendor=True).lower()) for one in unjudged],
        "barred": not found,
    }
    return render(request, "registrations/customer_letter.html", context, status=status)
