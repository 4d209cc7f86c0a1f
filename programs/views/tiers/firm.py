"""One firm on the ladder, for the vendor: bars, moves, and figures that a person enters."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import requires
from core import shown
from core.clock import database_clock
from partners.enums import PartnerTier
from partners.models import Partner
from programs import measures
from programs.forms.tiers import FigureForm
from programs.models import EnteredFigure, Move, Snapshot
from programs.permissions import DECIDE_TIERS, VIEW_ALL
from programs.services.tiers import moving
from programs.services.tiers.deciders import may_decide
from programs.services.tiers.standing import standings_of
from programs.views.access import crumbs, person_of
from programs.views.acting import act
from programs.views.tiers.bars import ladder_from

_MOST = 20


@require_safe
@requires(VIEW_ALL)
def firm(request: HttpRequest, code: str) -> HttpResponse:
    """Where it stands now, and what it earned on the days before."""
    found, now = get_object_or_404(Partner, code=code), database_clock()
    standing = standings_of([found], now)[found.pk]
    context = {
        "page_title": found.name,
        "breadcrumbs": crumbs(request, ("Tiers", reverse("programs:tiers")), title=found.name),
        "partner": found,
        "ladder": ladder_from(standing),
        "moves": [_move(move) for move in found.tier_moves.select_related("decided_by")[:_MOST]],
        "entered": [_entered(row) for row in found.entered_figures.select_related("by")[:_MOST]],
        "history": _changes(found, now),
        "may_enter": may_decide(found, person_of(request), now),
    }
    return render(request, "programs/tiers/firm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(DECIDE_TIERS)
def enter(request: HttpRequest, code: str) -> HttpResponse:
    """A figure that is not computed, such as satisfaction."""
    found = get_object_or_404(Partner, code=code)
    page = reverse("programs:firm_tier", args=[code])
    moving.check_enters(found, person_of(request), database_clock())
    form = FigureForm(request.POST or None)
    return act(
        request,
        form,
        lambda: moving.enter_figure(found, by=person_of(request), **form.cleaned_data),
        title="Enter a figure",
        done="Saved. It counts from now on.",
        go=lambda _: page,
        breadcrumbs=crumbs(
            request, ("Tiers", reverse("programs:tiers")), (found.name, page), title="Enter a figure"
        ),
        submit="Save",
        cancel_url=page,
        lead=f"{found.name} sees the value on its page.",
    )


def _move(move: Move) -> dict[str, Any]:
    return {
        "url": reverse("programs:move", args=[move.code]),
        "words": f"{PartnerTier(move.source).label} → {PartnerTier(move.target).label}",
        "label": move.get_status_display(),
        "when": shown.day(move.ended_at or move.decided_at or move.proposed_at),
        "by": str(move.decided_by or ""),
        "reason": move.get_taken_back_for_display() or move.reason,
    }


def _entered(row: EnteredFigure) -> dict[str, str]:
    measure = measures.measure_of(row.measure)
    return {
        "label": measure.label if measure else row.measure,
        "value": measure.shown(row.value) if measure else str(row.value),
        "note": row.note,
        "when": f"{shown.day(row.at)}, {row.by}",
    }


def _changes(found: Partner, now: datetime) -> list[dict[str, str]]:
    """The days on which the earned tier changed, the latest first: from the snapshots of a year."""
    rows = Snapshot.objects.filter(partner=found, on__gt=now.date() - timedelta(days=365))
    changes: list[dict[str, str]] = []
    last = ""
    for on, earned in rows.order_by("on").values_list("on", "earned"):
        if earned != last:
            changes.append({"when": shown.day(on), "tier": PartnerTier(earned).label})
            last = earned
    return changes[::-1][:_MOST]
