"""Correct a company's facts, names and parent, and take a change back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from accounts.models import User
from companies.forms import FactsForm, NameForm, ReasonForm
from companies.models import Change, Company, CompanyName
from companies.services import add_alias, edit_facts, set_parent, undo_change, withdraw_name
from companies.services.facts import LENGTHS
from companies.words import told
from core.errors import BadInput, StaleVersion
from core.shown import sentence


def company_or_404(request: HttpRequest, code: str) -> Company:
    """The company as this person may see it."""
    return get_object_or_404(Company.objects.visible_to(request.user).select_related("parent"), code=code)


@require_http_methods(["GET", "POST"])
@requires("companies.judge")
def facts(request: HttpRequest, code: str) -> HttpResponse:
    """Website, country, place and telephone."""
    company = company_or_404(request, code)
    initial = {field: getattr(company, field) for field in LENGTHS}
    form = FactsForm(request.POST or None, initial=initial)

    def save(by: User) -> str:
        values = {field: form.cleaned_data[field] for field in LENGTHS}
        change = edit_facts(
            company, values, by=by, version=_version(request), reason=form.cleaned_data["reason"]
        )
        return told(change) if change else "Nothing was changed."

    return _answer(request, company, form, save, title="Facts", submit="Save")


@require_http_methods(["GET", "POST"])
@requires("companies.judge")
def add_name(request: HttpRequest, code: str) -> HttpResponse:
    """Another name, under which the search finds the company from now on."""
    company = company_or_404(request, code)
    form = NameForm(request.POST or None)

    def save(by: User) -> str:
        given = form.cleaned_data
        name = add_alias(company, given["text"], kind=given["kind"], reason=given["reason"], by=by)
        return f"{company.name} is found as “{name.text}”, too."

    return _answer(request, company, form, save, title="Add a name", submit="Add the name")


@require_http_methods(["GET", "POST"])
@requires("companies.judge")
def withdraw(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take one of its names away."""
    company = company_or_404(request, code)
    name = get_object_or_404(CompanyName.objects.active().filter(company=company), pk=number)
    form = ReasonForm(request.POST or None)

    def save(by: User) -> str:
        withdraw_name(name, by=by, reason=form.cleaned_data["reason"])
        return f"The name “{name.text}” was withdrawn."

    lead = f"The search no longer finds {company.name} as “{name.text}”. You can take this back."
    return _answer(
        request, company, form, save, title="Withdraw a name", submit="Withdraw the name", lead=lead
    )


@require_http_methods(["GET", "POST"])
@requires("companies.judge")
def parent(request: HttpRequest, code: str, other: str) -> HttpResponse:
    """Make the company the subsidiary of another."""
    company, above = company_or_404(request, code), company_or_404(request, other)
    lead = sentence(f"{company.name} becomes a subsidiary of {above.name}")
    if company.parent:
        lead += f" It belongs to {company.parent.name} now."
    return _parent(request, company, above, lead=lead, title="Set the parent", submit="Set the parent")


@require_http_methods(["GET", "POST"])
@requires("companies.judge")
def no_parent(request: HttpRequest, code: str) -> HttpResponse:
    """Say that the company belongs to nobody."""
    company = company_or_404(request, code)
    lead = sentence(f"{company.name} no longer belongs to {company.parent or 'anybody'}")
    return _parent(request, company, None, lead=lead, title="Take the parent away", submit="Take it away")


def _parent(request: HttpRequest, company: Company, above: Company | None, **words: str) -> HttpResponse:
    form = ReasonForm(request.POST or None)

    def save(by: User) -> str:
        set_parent(company, above, by=by, reason=form.cleaned_data["reason"], version=_version(request))
        return (
            sentence(f"{company.name} belongs to {above.name}")
            if above
            else f"{company.name} has no parent now."
        )

    return _answer(request, company, form, save, **words)


@require_POST
@requires("companies.judge")
def undo(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take a change of names, parent or facts back."""
    company = company_or_404(request, code)
    change: Change = get_object_or_404(
        Change.objects.filter(company=company).select_related("name"), pk=number
    )
    undo_change(change, by=request.user)  # type: ignore[arg-type]
    messages.success(request, f"Taken back: {told(change)}.")
    return redirect(company)


def _answer(
    request: HttpRequest,
    company: Company,
    form: Form,
    save: Callable[[User], str],
    *,
    title: str,
    submit: str,
    lead: str = "",
) -> HttpResponse:
    """The page with the form; after a good POST the company's page with what was done. Bad input stays in the form."""
    status, stale = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                messages.success(request, save(request.user))  # type: ignore[arg-type]
                return redirect(company)
            except BadInput as error:
                field = {"name": "text"}.get(error.field or "", error.field)
                form.add_error(field if field in form.fields else None, error.message)
            except StaleVersion as error:
                status, stale = 409, error.message
                company.refresh_from_db()
    context: dict[str, Any] = {
        "page_title": title,
        "breadcrumbs": [
            {"label": "Companies", "url": reverse("companies:search")},
            {"label": company.name, "url": company.get_absolute_url()},
            {"label": title},
        ],
        "company": company,
        "form": form,
        "submit": submit,
        "lead": lead,
        "stale": stale,
    }
    return render(request, "companies/edit.html", context, status=status)


def _version(request: HttpRequest) -> int:
    """The version that the form was made from; one that can't be read is never the present one."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
