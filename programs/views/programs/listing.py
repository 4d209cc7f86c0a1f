"""The vendor's programs: those that run first."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requires
from core.clock import database_clock
from core.vendor_days import vendor_day
from programs import words
from programs.audience import groups_of_programs
from programs.enums import EnrolmentStatus
from programs.models import Program
from programs.permissions import EDIT, VIEW_ALL
from programs.views.access import person_of
from programs.views.tabs import tabs


@require_safe
@requires(VIEW_ALL)
def programs(request: HttpRequest) -> HttpResponse:
    """All programs with who is in them: four queries, however many there are."""
    today = vendor_day(database_clock())
    rows = list(
        Program.objects.annotate(
            enrolled=Count("enrolments", filter=Q(enrolments__status=EnrolmentStatus.ENROLLED)),
            applied=Count("enrolments", filter=Q(enrolments__status=EnrolmentStatus.APPLIED)),
        ).order_by("name")
    )
    groups = groups_of_programs(rows)
    shown = [_row(program, [group.name for group in groups[program.pk]], today) for program in rows]
    context = {
        "page_title": "Programs",
        "tabs": tabs(request, "programs"),
        "rows": sorted(shown, key=lambda row: row["order"]),
        "may_edit": person_of(request).may(EDIT),
    }
    return render(request, "programs/list.html", context)


def _row(program: Any, groups: list[str], today: Any) -> dict[str, Any]:
    label, tone = words.status_of(program, today)
    return {
        "name": program.name,
        "url": reverse("programs:program", args=[program.code]),
        "label": label,
        "tone": tone,
        "dates": words.dates_of(program),
        "joining": program.get_joining_display(),
        "groups": ", ".join(groups) or "All active partners",
        "enrolled": program.enrolled,
        "applied": program.applied,
        "order": {"ok": 0, "info": 1}.get(tone, 2),
    }
