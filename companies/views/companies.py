"""Find a company, look at it, take a verdict back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from companies.evidence import Candidate
from companies.forms import CompanySearchForm
from companies.matching import CompanyQuery, normalise
from companies.models import Company, Verdict
from companies.search import SearchFailed, search
from companies.services import undo_verdict
from core.http import render_page_or_partial

_LISTED = 25


@require_safe
@requires("companies.view")
def search_companies(request: HttpRequest) -> HttpResponse:
    """The companies that a name may mean, best first with the reasons; without a name the newest ones."""
    form = CompanySearchForm(request.GET)
    form.is_valid()
    asked = request.GET.get("q", "").strip()
    context: dict[str, Any] = {"page_title": "Companies", "form": form, "search_query": asked, "asked": asked}
    companies = Company.objects.visible_to(request.user).standing()
    if asked:
        context |= _found(companies, asked, form.cleaned_data.get("country") or "")
    else:
        context["newest"] = companies.with_open_claims().order_by("-pk")[:_LISTED]
    return render_page_or_partial(request, "companies/search.html", "companies/_results.html", context)


def _found(companies: Any, asked: str, country: str) -> dict[str, Any]:
    failed, crowd = False, False
    candidates: list[tuple[Candidate, bool]] = []
    try:
        result = search(
            CompanyQuery(asked, domain=asked if "." in asked else "", country=country), limit=_LISTED
        )
        candidates = [(candidate, False) for candidate in result.candidates]
        candidates += [(candidate, True) for candidate in result.ruled_out]
        crowd = result.crowd
    except SearchFailed:
        failed = True
    core = normalise(asked).core
    seen = [candidate.company.pk for candidate, _ in candidates]
    containing = (
        companies.called_with(core).exclude(pk__in=seen).order_by("name", "pk") if core else companies.none()
    )
    return {
        "failed": failed,
        "candidates": candidates,
        "crowd": crowd,
        "containing": containing.with_open_claims()[:_LISTED],
    }


@require_safe
@requires("companies.view")
def company(request: HttpRequest, code: str) -> HttpResponse:
    """A company: what it is called, who claims it, what was decided about it."""
    visible = Company.objects.visible_to(request.user).select_related("industry", "parent", "merged_into")
    found = get_object_or_404(visible, code=code)
    today = datetime.now(UTC).date()
    verdicts = Verdict.objects.about(found.pk).select_related("low", "high", "by", "undone_by")
    context = {
        "page_title": found.name,
        "breadcrumbs": [{"label": "Companies", "url": reverse("companies:search")}, {"label": found.name}],
        "company": found,
        "survivor": found.survivor() if found.merged_into_id else None,
        "names": found.names.active().select_related("confirmed_by"),
        "accounts": [(a, a.force_on(today)) for a in found.named_accounts.all()[:_LISTED]],
        "verdicts": [(verdict, verdict.other(found)) for verdict in verdicts[:_LISTED]],
        "subsidiaries": found.subsidiaries.standing()[:_LISTED],
        "may_judge": request.user.may("companies.judge"),  # type: ignore[union-attr]
    }
    return render_page_or_partial(request, "companies/company.html", "companies/_company.html", context)


@require_POST
@requires("companies.judge")
def undo(request: HttpRequest, code: str, other: str) -> HttpResponse:
    """Take back what was decided about two companies."""
    visible = Company.objects.visible_to(request.user)
    one, two = get_object_or_404(visible, code=code), get_object_or_404(visible, code=other)
    verdict = get_object_or_404(Verdict.objects.active().between(one.pk, two.pk))
    undo_verdict(verdict, by=request.user)  # type: ignore[arg-type]
    messages.success(request, f"Taken back: {one.name} and {two.name} are as they were before.")
    return redirect(one)
