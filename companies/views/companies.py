"""Find a company and look at it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requires
from companies import above
from companies.family import family_of
from companies.forms import CompanySearchForm
from companies.found import LIMIT, look_up
from companies.matching import CompanyQuery, normalise
from companies.models import Company, CompanyName, Suggestion, Verdict
from companies.reasons import TIERS
from companies.words import country_name, told
from core.http import render_page_or_partial

_LISTED = 25


@require_safe
@requires("companies.view")
def search_companies(request: HttpRequest) -> HttpResponse:
    """The companies that a name may mean, best first with the reasons; without a name the newest ones."""
    form = CompanySearchForm(request.GET)
    form.is_valid()
    asked = request.GET.get("q", "").strip()
    companies = Company.objects.visible_to(request.user).standing()
    context: dict[str, Any] = {
        "page_title": "Companies",
        "form": form,
        "search_query": asked,
        "asked": asked,
        "limit": LIMIT,
        "tiers": TIERS.values(),
    }
    if not request.htmx:  # type: ignore[attr-defined]  # not with every key
        context["doubles"] = Suggestion.objects.visible_to(request.user).waiting().count()
    if asked:
        told_too = {name: form.cleaned_data.get(name) or "" for name in ("website", "country")}
        query = CompanyQuery(asked, domain=told_too["website"], country=told_too["country"])
        context["findings"] = look_up(companies, query)
    else:
        context["newest"] = companies.with_open_claims().order_by("-pk")[:_LISTED]
    return render_page_or_partial(request, "companies/search.html", "companies/_results.html", context)


@require_safe
@requires("companies.view")
def company(request: HttpRequest, code: str) -> HttpResponse:
    """A company: its names, family, registrations and claims, what people decided about it, and how to take it back."""
    visible = Company.objects.visible_to(request.user).select_related("industry", "parent", "merged_into")
    found = get_object_or_404(visible, code=code)
    today = datetime.now(UTC).date()
    changes = found.changes.select_related("by", "undone_by", "name")[:_LISTED]
    may_judge = request.user.may("companies.judge")  # type: ignore[union-attr]
    context = {
        "page_title": found.name,
        "breadcrumbs": [{"label": "Companies", "url": reverse("companies:search")}, {"label": found.name}],
        "company": found,
        "country": country_name(found.country),
        "survivor": found.survivor() if found.merged_into_id else None,
        "family": family_of(found),
        "panels": above.panels_of(found, request.user),  # type: ignore[arg-type]
        "accounts": [(a, a.force_on(today)) for a in found.named_accounts.all()[:_LISTED]],
        "changes": [(change, told(change)) for change in changes],
        "doubles": Suggestion.objects.visible_to(request.user).waiting().about(found.pk).count(),
        "may_judge": may_judge,
        "may_change": may_judge and found.merged_into_id is None,
        **_names(found),
        **_verdicts(found),
    }
    return render_page_or_partial(request, "companies/company.html", "companies/_company.html", context)


def _names(company: Company) -> dict[str, Any]:
    every = list(company.names.select_related("confirmed_by", "from_verdict"))
    active = [name for name in every if name.withdrawn_at is None]
    return {
        "names": active,
        "withdrawn_names": [name for name in every if name.withdrawn_at is not None],
        "compared_as": sorted({_core(name) for name in active} - {""}),
    }


def _core(name: CompanyName) -> str:
    return normalise(name.text).core


def _verdicts(company: Company) -> dict[str, Any]:
    rows = Verdict.objects.about(company.pk).select_related("low", "high", "by", "undone_by")
    pairs = [(verdict, verdict.other(company)) for verdict in rows[: _LISTED * 2]]
    return {
        "verdicts": [pair for pair in pairs if pair[0].undone_at is None],
        "undone_verdicts": [pair for pair in pairs if pair[0].undone_at is not None],
    }
