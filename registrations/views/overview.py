"""The partner's first screen: what waits for me, what I have, and the way to a new one."""

from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requires
from core.clock import database_clock
from partners.standing_words import standing_word
from programs.asking import asked_of
from registrations.enums import Status
from registrations.models import Registration
from registrations.views.access import REGISTER
from registrations.views.proposed import waiting_for
from registrations.views.rows import rows_of
from registrations.waiting import groups_for

_SOON_DAYS = 14
_MOST = 5


@require_safe
@requires(REGISTER)
def overview(request: HttpRequest) -> HttpResponse:
    """What to answer, protection that ends soon (soonest first), drafts; figures; the latest registrations."""
    now = database_clock()
    mine = Registration.objects.visible_to(request.user)  # type: ignore[arg-type]
    counts = dict(mine.order_by().values_list("status").annotate(n=Count("pk")))
    ending = mine.filter(status=Status.APPROVED, protected_until__lte=now + timedelta(days=_SOON_DAYS))
    listed = mine.for_list()
    offered = listed.filter(status=Status.OFFERED).order_by("changed_at")[:_MOST]
    questions = listed.filter(status=Status.INFORMATION_ASKED).order_by("changed_at")[:_MOST]
    soon = listed.filter(pk__in=ending.values("pk")).order_by("protected_until")[:_MOST]
    drafts = listed.filter(status=Status.DRAFT).order_by("-changed_at")[:_MOST]
    latest = listed.exclude(status=Status.DRAFT).order_by("-submitted_at")[:_MOST]
    ending_count = ending.count()
    others = groups_for(request.user, now)  # type: ignore[arg-type]
    proposed = waiting_for(request.user, now)  # type: ignore[arg-type]
    context = {
        "page_title": "Overview",
        "standing": standing_word(request.user),  # type: ignore[arg-type]
        "asked": asked_of(request.user),  # type: ignore[arg-type]
        "offered": rows_of(offered, now, vendor=False),
        "proposed": proposed,
        "others": others,
        "questions": rows_of(questions, now, vendor=False),
        "ending": rows_of(soon, now, vendor=False),
        "drafts": rows_of(drafts, now, vendor=False),
        "latest": rows_of(latest, now, vendor=False),
        "more": {
            "offered": counts.get(Status.OFFERED, 0) > _MOST,
            "questions": counts.get(Status.INFORMATION_ASKED, 0) > _MOST,
            "ending": ending_count > _MOST,
            "drafts": counts.get(Status.DRAFT, 0) > _MOST,
        },
        "figures": _figures(counts, ending_count),
        "waiting": ending_count
        + sum(group.total for group in ([proposed] if proposed else []) + others)
        + sum(counts.get(status, 0) for status in (Status.OFFERED, Status.INFORMATION_ASKED, Status.DRAFT)),
        "has_any": bool(counts or others),
        "shows_owner": request.user.may("registrations.view_firm"),  # type: ignore[union-attr]
    }
    return render(request, "registrations/overview.html", context)


def _figures(counts: dict[str, int], ending: int) -> list[dict[str, Any]]:
    address = reverse("registrations:list")
    under_review = counts.get(Status.IN_REVIEW, 0)
    asked = counts.get(Status.INFORMATION_ASKED, 0)
    return [
        {
            "label": "Protected",
            "value": counts.get(Status.APPROVED, 0),
            "icon": "shield-check",
            "url": f"{address}?status={Status.APPROVED}",
            "hint": f"{ending} {'ends' if ending == 1 else 'end'} within {_SOON_DAYS} days" if ending else "",
            "tone": "wait",
        },
        {
            "label": "In review",
            "value": under_review,
            "icon": "scale",
            "url": f"{address}?status={Status.IN_REVIEW}",
            "hint": "",
        },
        {
            "label": "To answer",
            "value": asked,
            "icon": "message-question",
            "url": f"{address}?status={Status.INFORMATION_ASKED}",
            "hint": "",
        },
        {
            "label": "Won",
            "value": counts.get(Status.WON, 0),
            "icon": "trophy",
            "url": f"{address}?status={Status.WON}",
            "hint": "",
        },
    ]
