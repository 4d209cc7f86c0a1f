"""'Our tier': what the firm has, what the next tier asks for, what keeps the present one, and what is coming."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import requires
from core import shown
from core.clock import database_clock
from core.vendor_days import vendor_day
from partners.enums import PartnerTier
from programs.enums import MoveStatus, TakenBack
from programs.models import Move
from programs.permissions import VIEW_OWN, firm_of
from programs.views.access import crumbs, person_of
from programs.views.tiers.bars import ladder_of

# Why a notice was taken back, as its firm reads it.
_WHY = {
    TakenBack.REACHED: "the figures reach what is asked again",
    TakenBack.ASKED_LESS: "what is asked changed",
    TakenBack.BY_HAND: "the tier was changed by hand",
    TakenBack.SUSPENDED: "tiers rest while a firm is suspended",
    TakenBack.ENDED: "the partnership had ended",
}


@require_safe
@requires(VIEW_OWN)
def our_tier(request: HttpRequest) -> HttpResponse:
    """The bars to the next tier, with how each figure is counted; a notice that runs; earlier moves."""
    person = person_of(request)
    firm, now = firm_of(person), database_clock()
    if firm is None:
        return render(request, "programs/ours.html", {"page_title": "Our tier", "firmless": True})
    moves = list(Move.objects.visible_to(person).order_by("-proposed_at"))
    notice = next((move for move in moves if move.status == MoveStatus.NOTICED), None)
    context = {
        "page_title": "Our tier",
        "breadcrumbs": crumbs(request, title="Our tier"),
        "firm": firm,
        "ladder": ladder_of(firm, now),
        "notice": notice,
        "notice_target": PartnerTier(notice.target).label if notice else "",
        "notice_on": shown.day(notice.due_on) if notice else "",
        "notice_days": (notice.due_on - vendor_day(now)).days if notice and notice.due_on else None,
        "past": [_past(move) for move in moves if move.status != MoveStatus.NOTICED],
    }
    return render(request, "programs/tiers/ours.html", context)


def _past(move: Move) -> dict[str, str]:
    source, target = PartnerTier(move.source).label, PartnerTier(move.target).label
    if move.status == MoveStatus.DONE:
        return {"words": f"{source} → {target}", "when": shown.day(move.ended_at), "reason": move.reason}
    why = _WHY.get(TakenBack(move.taken_back_for)) if move.taken_back_for else None
    words = f"Notice of {target} taken back"
    return {"words": f"{words}: {why}" if why else words, "when": shown.day(move.ended_at), "reason": ""}
