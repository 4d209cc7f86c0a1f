"""Moves between tiers: those to decide, those with notice given, what became of the others."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from core import shown
from core.clock import database_clock
from core.errors import BadInput
from core.http import note_place
from core.vendor_days import vendor_day
from partners.enums import PartnerStatus, PartnerTier
from partners.models import Partner
from programs.enums import MoveStatus
from programs.forms.tiers import DecisionForm
from programs.models import Move, Snapshot
from programs.permissions import DECIDE_TIERS, VIEW_ALL
from programs.services.tiers import moving
from programs.services.tiers.deciders import decider_of, may_decide
from programs.services.tiers.standing import standings_of
from programs.views.access import crumbs, person_of
from programs.views.tabs import tabs
from programs.views.tiers.bars import bars_of

_ON_A_PAGE = 25
_TONES = {
    MoveStatus.PROPOSED: "ask",
    MoveStatus.NOTICED: "wait",
    MoveStatus.DONE: "ok",
    MoveStatus.DECLINED: "off",
    MoveStatus.TAKEN_BACK: "off",
}


@require_safe
@requires(VIEW_ALL)
def tiers(request: HttpRequest) -> HttpResponse:
    """How many firms each tier has, and the moves; those to decide unless a tab says otherwise."""
    counts = dict(Move.objects.order_by().values_list("status").annotate(n=Count("pk")))
    status = request.GET.get("status", MoveStatus.PROPOSED)
    status = status if status in MoveStatus.values else MoveStatus.PROPOSED
    rows = Move.objects.filter(status=status).select_related("partner__manager", "decided_by")
    page = Paginator(rows, _ON_A_PAGE).get_page(request.GET.get("page"))
    latest = Snapshot.objects.order_by("-on").values_list("on", flat=True).first()
    context = {
        "page_title": "Tiers",
        "tabs": tabs(request, "tiers"),
        "figures": _figures(),
        "views": [
            {
                "label": one.label,
                "url": f"?status={one.value}",
                "count": counts.get(one.value, 0),
                "active": one.value == status,
            }
            for one in MoveStatus
        ],
        "page": page,
        "rows": [_row(move) for move in page.object_list],
        "status": status,
        "computed": shown.day(latest),
    }
    return render(request, "programs/tiers/moves.html", context)


def _figures() -> list[dict[str, Any]]:
    firms = Partner.objects.filter(status=PartnerStatus.ACTIVE).order_by()
    counts = dict(firms.values_list("tier").annotate(n=Count("pk")))
    here = reverse("partners:list")
    return [
        {"label": tier.label, "value": counts.get(tier.value, 0), "url": f"{here}?tier={tier.value}"}
        for tier in reversed(PartnerTier)
    ]


def _row(move: Move) -> dict[str, Any]:
    return {
        "name": move.partner.name,
        "url": reverse("programs:move", args=[move.code]),
        "source": PartnerTier(move.source).label,
        "target": PartnerTier(move.target).label,
        "up": move.is_up,
        "manager": str(move.partner.manager or ""),
        "proposed": shown.day(move.proposed_at),
        "due": shown.day(move.due_on),
        "decided": shown.day(move.decided_at),
        "by": str(move.decided_by or ""),
        "label": move.get_status_display(),
        "tone": _TONES[MoveStatus(move.status)],
    }


@require_safe
@requires(VIEW_ALL)
def move(request: HttpRequest, code: str) -> HttpResponse:
    """One move: the figures it was proposed with beside those of now, and the decision."""
    found = _found(request, code)
    return _page(request, found, DecisionForm())


def _page(request: HttpRequest, found: Move, form: DecisionForm, status: int = 200) -> HttpResponse:
    now, person, is_open = database_clock(), person_of(request), found.status == MoveStatus.PROPOSED
    standing = standings_of([found.partner], now)[found.partner_id]
    context = {
        "page_title": found.partner.name,
        "breadcrumbs": crumbs(request, ("Tiers", reverse("programs:tiers")), title=found.partner.name),
        "move": found,
        "source": PartnerTier(found.source).label,
        "target": PartnerTier(found.target).label,
        "label": found.get_status_display(),
        "tone": _TONES[MoveStatus(found.status)],
        "proposed": shown.day(found.proposed_at),
        "decided": shown.day(found.decided_at),
        "due": shown.day(found.due_on),
        "days": (found.due_on - vendor_day(now)).days
        if found.due_on and found.status == MoveStatus.NOTICED
        else None,
        "ended": shown.day(found.ended_at),
        "rows": [
            {**row, "met": _met(row), "tier_label": PartnerTier(row["tier"]).label} for row in found.figures
        ],
        "bars": bars_of(standing.gaps.get(found.target if found.is_up else found.source, [])),
        "form": form,
        "open": is_open,
        "may_decide": is_open and may_decide(found.partner, person, now),
        "decider": decider_of(found.partner, now) if is_open and person.may(DECIDE_TIERS) else None,
    }
    return render(request, "programs/tiers/move.html", context, status=status)


@require_POST
@requires(DECIDE_TIERS)
def approve(request: HttpRequest, code: str) -> HttpResponse:
    """Up at once, down after its notice."""
    found = _found(request, code)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            decided = moving.approve(found, by=person_of(request), reason=form.cleaned_data["reason"])
        except BadInput as error:
            form.add_error("reason", error.message)
        else:
            name = decided.partner.name
            messages.success(
                request,
                f"{name} is {PartnerTier(decided.target).label} now; they are told."
                if decided.is_up
                else f"Notice is given: {name} moves on {shown.day(decided.due_on)} unless its figures recover.",
            )
            return redirect("programs:tiers")
    return _page(request, found, form, status=422)


@require_POST
@requires(DECIDE_TIERS)
def decline(request: HttpRequest, code: str) -> HttpResponse:
    """The firm keeps its tier."""
    found = _found(request, code)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            moving.decline(found, by=person_of(request), reason=form.cleaned_data["reason"])
        except BadInput as error:
            form.add_error("reason", error.message)
        else:
            messages.success(request, f"{found.partner.name} keeps its tier.")
            return redirect("programs:tiers")
    return _page(request, found, form, status=422)


def _found(request: HttpRequest, code: str) -> Move:
    note_place(request, reverse("programs:move", args=[code]))
    return get_object_or_404(Move.objects.select_related("partner__manager", "decided_by"), code=code)


def _met(row: dict[str, str]) -> bool:
    return float(row["value"]) >= float(row["threshold"])
