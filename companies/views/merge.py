"""Two companies that may be one: choose the other, see what a merge would do, do it, or say that they differ."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from accounts.models import User
from companies import above
from companies.enums import VerdictKind
from companies.forms import CompanySearchForm, ReasonForm
from companies.found import LIMIT, beside, look_up
from companies.matching import CompanyQuery
from companies.models import Company, Suggestion, Verdict
from companies.reasons import reasons, turn
from companies.services import declare_different, declare_same, plan_merge, undo_verdict
from companies.views.editing import company_or_404
from core.errors import DomainError
from core.http import render_page_or_partial

_PURPOSES = {
    "merge": ("Merge with another company", "Which other row is the same company?"),
    "parent": ("Set the parent", "Which company does it belong to?"),
}


@require_safe
@requires("companies.judge")
def choose(request: HttpRequest, code: str, purpose: str) -> HttpResponse:
    """Find the other company; `purpose` is 'merge' or 'parent'. Before anything is typed: those that look alike."""
    company = company_or_404(request, code)
    title, question = _PURPOSES[purpose]
    form = CompanySearchForm(request.GET)
    form.is_valid()
    asked = request.GET.get("q", "").strip()
    companies = Company.objects.visible_to(request.user).standing()
    query = CompanyQuery(asked, country=form.cleaned_data.get("country") or "")
    if not asked and purpose == "merge":
        query = CompanyQuery(company.name, domain=company.domain, country=company.country)
    findings = look_up(companies, query, exclude=[company.pk]) if query.name else None
    context = {
        "page_title": title,
        "breadcrumbs": _crumbs(company, title),
        "company": company,
        "question": question,
        "purpose": purpose,
        "form": form,
        "asked": asked,
        "findings": findings,
        "limit": LIMIT,
    }
    return render_page_or_partial(request, "companies/choose.html", "companies/_choices.html", context)


@require_http_methods(["GET", "POST"])
@requires("companies.judge")
def merge(request: HttpRequest, code: str, other: str) -> HttpResponse:
    """What joining the two would do; a POST does it. `keep` in the address says which row goes on."""
    pair = _pair(request, code, other)
    keep = request.POST.get("keep") or request.GET.get("keep", "")
    survivor = next((company for company in pair if company.code == keep), _older(pair))
    gone = pair[0] if survivor is pair[1] else pair[1]
    form = ReasonForm(request.POST or None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            by: User = request.user  # type: ignore[assignment]
            versions = _versions(request, pair)
            kept = declare_same(gone, survivor, by=by, reason=reason, keep=survivor, versions=versions)
            messages.success(
                request, f"{gone.name} is part of {kept.name} now. It can be taken back on this page."
            )
            return redirect(kept)
        except DomainError as error:
            refused = error.message
            pair = _pair(request, code, other)
            survivor, gone = (pair[0], pair[1]) if pair[0].pk == survivor.pk else (pair[1], pair[0])
    return _preview(request, gone, survivor, form, refused)


def _preview(
    request: HttpRequest, gone: Company, survivor: Company, form: ReasonForm, refused: str
) -> HttpResponse:
    suggestion = Suggestion.objects.between(gone.pk, survivor.pk).first()
    signals = suggestion.signals if suggestion else []
    if suggestion and suggestion.asked_id != gone.pk:
        signals = turn(signals)
    there_is = above.told_of([gone.pk, survivor.pk], request.user)  # type: ignore[arg-type]
    rows = beside(gone, survivor, signals)
    rows.append(
        {
            "label": "There is",
            "left": there_is[gone.pk],
            "right": there_is[survivor.pk],
            "differs": False,
        }
    )
    title = "Merge two companies"
    context: dict[str, Any] = {
        "page_title": title,
        "breadcrumbs": _crumbs(survivor, title),
        "plan": plan_merge(gone, into=survivor),
        "rows": rows,
        "reasons": reasons(signals, both_known=True),
        "form": form,
        "refused": refused,
        "turned_url": f"{reverse('companies:merge', args=[survivor.code, gone.code])}?keep={gone.code}",
    }
    return render(
        request, "companies/merge.html", context, status=409 if refused else 422 if form.errors else 200
    )


@require_POST
@requires("companies.judge")
def different(request: HttpRequest, code: str, other: str) -> HttpResponse:
    """Say that the two are not one."""
    pair = _pair(request, code, other)
    reason = request.POST.get("reason", "")
    declare_different(*pair, by=request.user, reason=reason, versions=_versions(request, pair))  # type: ignore[arg-type]
    messages.success(
        request, f"{pair[0].name} and {pair[1].name} are two companies. They won't be flagged again."
    )
    return redirect(pair[0])


@require_POST
@requires("companies.judge")
def undo(request: HttpRequest, code: str, other: str) -> HttpResponse:
    """Take back what was decided about two companies."""
    visible = Company.objects.visible_to(request.user)
    one, two = get_object_or_404(visible, code=code), get_object_or_404(visible, code=other)
    verdict = get_object_or_404(Verdict.objects.active().between(one.pk, two.pk))
    undo_verdict(verdict, by=request.user)  # type: ignore[arg-type]
    told = f"Taken back: {one.name} and {two.name} are as they were before."
    if verdict.verdict == VerdictKind.SAME:
        told = (
            f"Taken back: {one.name} and {two.name} are two companies again. "
            "What came in meanwhile is with the one whose name it bears."
        )
    messages.success(request, told)
    return redirect(one)


def _pair(request: HttpRequest, code: str, other: str) -> tuple[Company, Company]:
    ids = [company_or_404(request, one).pk for one in (code, other)]
    rows = {company.pk: company for company in Company.objects.with_active_names(ids)}
    return rows[ids[0]], rows[ids[1]]


def _older(pair: tuple[Company, Company]) -> Company:
    return min(pair, key=lambda company: company.pk)


def _versions(request: HttpRequest, pair: tuple[Company, Company]) -> dict[int, int]:
    """The versions that the page was made from, by company id; one that can't be read is never the present one."""
    found = {}
    for company in pair:
        text = request.POST.get(f"version-{company.code}", "")
        found[company.pk] = int(text) if text.isdecimal() and len(text) < 10 else 0
    return found


def _crumbs(company: Company, title: str) -> list[dict[str, str]]:
    return [
        {"label": "Companies", "url": reverse("companies:search")},
        {"label": company.name, "url": company.get_absolute_url()},
        {"label": title},
    ]
