"""Companies that look like doubles: the list, and what a person says about a pair."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from accounts.models import User
from companies import above
from companies.enums import SuggestionState
from companies.forms import DoublesFilter
from companies.found import beside
from companies.models import Company, Suggestion, Verdict
from companies.reasons import TIERS, Reason, Tier, percent, reasons, tier_by, tier_of
from companies.services import declare_different, put_off, take_up, undo_verdict
from companies.thresholds import thresholds
from core.errors import BadInput, DomainError
from core.http import render_page_or_partial

PER_PAGE = 10


@dataclass(frozen=True)
class Pair:
    """A suggestion as its card shows it: the company asked for on the left, the one found on the right."""

    suggestion: Suggestion
    left: Company
    right: Company
    tier: Tier
    percent: str
    reasons: list[Reason]
    rows: list[dict[str, Any]]
    merge_url: str


@require_safe
@requires("companies.view")
def doubles(request: HttpRequest) -> HttpResponse:
    """Pairs that look like one company, the likeliest first; filters and page in the address."""
    form, chosen = _asked_for(request)
    state = chosen["state"] or SuggestionState.OPEN
    company = request.GET.get("company", "")
    rows = _narrowed(Suggestion.objects.visible_to(request.user), chosen, company)
    page = Paginator(_in_state(rows, state), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_title": "Companies that look like doubles",
        "breadcrumbs": [{"label": "Companies", "url": reverse("companies:search")}, {"label": "Doubles"}],
        "form": form,
        "views": _views(request, rows, state),
        "chips": _chips(request, chosen, company),
        "clear_url": reverse("companies:doubles"),
        "page": page,
        "pairs": pairs_of(page.object_list, request.user),  # type: ignore[arg-type]
        "state": state,
        "asked": _question(request),
        "narrowed": any(chosen[name] for name in ("q", "tier", "country")) or bool(company),
        "tiers": [TIERS[code] for code in ("same", "review", "possible")],
        "due": Company.objects.due_for_doubles().count(),
        "may_judge": request.user.may("companies.judge"),  # type: ignore[union-attr]
    }
    return render_page_or_partial(request, "companies/doubles.html", "companies/_doubles.html", context)


@require_POST
@requires("companies.judge")
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """`answer` is 'different', 'later', 'open' (back on the list) or 'undo'; 'same' goes through the merge's preview.

    The address carries the list's filters: the tabs above it are counted anew.
    """
    row = get_object_or_404(
        Suggestion.objects.visible_to(request.user).select_related("low", "high"), code=code
    )
    by: User = request.user  # type: ignore[assignment]
    said = request.POST.get("answer", "")
    try:
        if said == "different":
            declare_different(row.low, row.high, by=by, reason=request.POST.get("reason", ""))
        elif said == "later":
            put_off(row, by=by)
        elif said == "open":
            take_up(row, by=by)
        elif said == "undo":
            verdicts = Verdict.objects.active().between(row.low_id, row.high_id)
            undo_verdict(get_object_or_404(verdicts), by=by)
        else:
            raise BadInput("Say whether they are different, or put them off.")
    except DomainError as error:
        if not request.htmx:  # type: ignore[attr-defined]
            raise
        return render(
            request, "components/alert.html", {"tone": "stop", "text": error.message}, status=error.status
        )
    row.refresh_from_db()
    done = _DONE[SuggestionState(row.state)].format(low=row.low, high=row.high)
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, done)
        return redirect(_address(request))
    _, chosen = _asked_for(request)
    state = chosen["state"] or SuggestionState.OPEN
    rows = _narrowed(Suggestion.objects.visible_to(by), chosen, request.GET.get("company", ""))
    context = {
        "may_judge": True,
        # What belongs on the list it stands on is shown there as before; what left it says where it went.
        "done": "" if row.state == state else done,
        "pair": pairs_of([row], by)[0],
        "views": _views(request, rows, state),
        "asked": _question(request),
    }
    return render(request, "companies/_double_answered.html", context)


_DONE = {
    SuggestionState.DIFFERENT: "{low} and {high} are two companies. They won't be suggested again.",
    SuggestionState.LATER: "{low} and {high} wait under ‘Put off’.",
    SuggestionState.OPEN: "{low} and {high} are back on the list.",
    SuggestionState.MERGED: "{low} and {high} are one company.",
}


def pairs_of(rows: Iterable[Suggestion], reader: User) -> list[Pair]:
    """The rows as cards, in a constant number of statements."""
    rows = list(rows)
    ids = {pk for row in rows for pk in (row.low_id, row.high_id)}
    companies = {company.pk: company for company in Company.objects.with_active_names(ids or [0])}
    there_is = above.told_of(ids, reader)
    pairs, limits = [], thresholds()
    for row in rows:
        left = companies[row.asked_id]
        right = companies[row.high_id if row.asked_id == row.low_id else row.low_id]
        sides = beside(left, right, row.signals)
        sides.append(
            {
                "label": "There is",
                "left": there_is[left.pk],
                "right": there_is[right.pk],
                "differs": False,
            }
        )
        merge_url = reverse("companies:merge", args=[left.code, right.code])
        told = reasons(row.signals, both_known=True)
        pairs.append(
            Pair(
                row,
                left,
                right,
                tier_by(row.score, row.tier, limits),
                percent(row.score),
                told,
                sides,
                merge_url,
            )
        )
    return pairs


def _asked_for(request: HttpRequest) -> tuple[DoublesFilter, dict[str, str]]:
    form = DoublesFilter(request.GET)
    form.is_valid()
    return form, {name: form.cleaned_data.get(name) or "" for name in form.fields}


def _question(request: HttpRequest) -> str:
    """The filters in force as the end of an address, '' for none."""
    return f"?{request.GET.urlencode()}" if request.GET else ""


def _narrowed(rows: Any, chosen: dict[str, str], company: str) -> Any:
    if company:
        rows = rows.filter(Q(low__code=company) | Q(high__code=company))
    if chosen["q"]:
        rows = rows.filter(Q(low__name__icontains=chosen["q"]) | Q(high__name__icontains=chosen["q"]))
    if chosen["tier"]:
        rows = rows.filter(_of_tier(chosen["tier"]))
    if chosen["country"]:
        rows = rows.filter(Q(low__country=chosen["country"]) | Q(high__country=chosen["country"]))
    return rows


def _of_tier(code: str) -> Q:
    """What `tier_by` says, asked of the database."""
    surely = Q(score__gte=thresholds().same)
    if code == "same":
        return surely
    return ~surely & (Q(tier="possible") if code == "possible" else ~Q(tier="possible"))


def _in_state(rows: Any, state: str) -> QuerySet[Suggestion]:
    found = rows.in_state(state).select_related("decided_by")
    order = ["-score", "pk"] if state == SuggestionState.OPEN else ["-decided_at", "pk"]
    return found.order_by(*order)


def _views(request: HttpRequest, rows: Any, state: str) -> list[dict[str, Any]]:
    counted = rows.counted_by_state()
    return [
        {
            "label": label,
            "url": _address(request, state="" if code == SuggestionState.OPEN else code),
            "count": counted[code],
            "active": code == state,
        }
        for code, label in SuggestionState.choices
    ]


def _chips(request: HttpRequest, chosen: dict[str, str], company: str) -> list[dict[str, str]]:
    chips = []
    if chosen["q"]:
        chips.append({"label": chosen["q"], "url": _address(request, q="")})
    if chosen["tier"]:
        chips.append({"label": tier_of(chosen["tier"]).words, "url": _address(request, tier="")})
    if chosen["country"]:
        chips.append({"label": chosen["country"], "url": _address(request, country="")})
    if company:
        name = Company.objects.visible_to(request.user).filter(code=company).values_list("name", flat=True)
        chips.append({"label": name.first() or company, "url": _address(request, company="")})
    return chips


def _address(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        if value:
            query[name] = value
        else:
            query.pop(name, None)
    return f"{reverse('companies:doubles')}?{query.urlencode()}" if query else reverse("companies:doubles")
