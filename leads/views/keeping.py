"""The vendor writes, corrects, takes back and closes leads."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from core.errors import BadInput
from leads import workflow
from leads.enums import LeadAction
from leads.forms.giving import CloseForm, TakeBackForm
from leads.forms.lead import LeadForm
from leads.models import Lead
from leads.services.keeping import change_lead, close_lead, create_lead
from leads.services.keeping import take_back as take_it_back
from leads.views.access import MANAGE, crumbs, holding_of, in_reach
from leads.views.acting import Page, act
from registrations import shown
from registrations.views.access import sent_version

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@requires(MANAGE)
def new(request: HttpRequest) -> HttpResponse:
    """A lead written by hand; then it can be given."""
    form = LeadForm(request.POST or None)
    person: Any = request.user
    if request.method == "POST" and form.is_valid():
        try:
            created = create_lead(
                by=person, fields=form.fields_of_lead, product_lines=form.cleaned_data["product_lines"]
            )
        except BadInput as error:
            form.add_error(_field(error, form), error.message)
        else:
            messages.success(request, f"Lead {created.code} is there. Now choose who gets it.")
            return redirect("leads:give", created.code)
    context = {
        "page_title": "New lead",
        "breadcrumbs": crumbs(request, None, "New lead"),
        "form": form,
        "submit": "Create the lead",
        "cancel_url": reverse("leads:list"),
    }
    return render(request, "leads/form.html", context, status=422 if form.errors else 200)


@require_http_methods(METHODS)
@requires(MANAGE)
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Corrects a lead that no firm has."""
    found = in_reach(request, code)
    _check(request, LeadAction.CHANGE, found)
    form = LeadForm(request.POST or None, lead=found)

    def post() -> Lead:
        return change_lead(
            found,
            by=_person(request),
            fields=form.fields_of_lead,
            product_lines=form.cleaned_data["product_lines"],
            version=sent_version(request),
        )

    words = Page("Correct the lead", "", "Save", "Saved.")
    return act(
        request,
        found,
        form,
        post,
        words,
        template="leads/form.html",
        submit="Save",
        cancel_url=reverse("leads:lead", args=[code]),
    )


@require_http_methods(METHODS)
@requires(MANAGE)
def take_back(request: HttpRequest, code: str) -> HttpResponse:
    """Out of a firm's hands, or out of the pool."""
    found = in_reach(request, code)
    _check(request, LeadAction.TAKE_BACK, found)
    form = TakeBackForm(request.POST or None)
    gift = holding_of(found)
    if gift is not None:
        effect = f"{gift.partner.name} has had it since {shown.day(gift.at)}; the firm is told. It may get the lead again."
    else:
        effect = "It leaves the pool: nobody can claim it any more. Nobody is told."

    def post() -> Lead:
        text = form.cleaned_data["text"]
        return take_it_back(found, by=_person(request), text=text, version=sent_version(request))

    words = Page("Take the lead back?", effect, "Take it back", "The lead is with you again.")
    return act(request, found, form, post, words)


@require_http_methods(METHODS)
@requires(MANAGE)
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Ends a lead that is with no firm."""
    found = in_reach(request, code)
    _check(request, LeadAction.CLOSE, found)
    form = CloseForm(request.POST or None)

    def post() -> Lead:
        said = form.cleaned_data
        return close_lead(
            found,
            by=_person(request),
            reason=said["reason"],
            text=said["text"],
            version=sent_version(request),
        )

    effect = "It is given to nobody any more. This cannot be undone; its history stays."
    words = Page("Close the lead?", effect, "Close the lead", "The lead is closed.", danger=True)
    return act(request, found, form, post, words)


def _check(request: HttpRequest, action: LeadAction, found: Lead) -> None:
    workflow.check(_person(request), action, found, holding_of(found))


def _field(error: BadInput, form: LeadForm) -> str | None:
    name = "company_name" if error.field == "name" else error.field
    return name if name in form.fields else None


def _person(request: HttpRequest) -> Any:
    return request.user
