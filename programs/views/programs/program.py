"""One program: for the vendor who is in it and where; for a firm its own journey."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, IntegerField, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requires
from core import shown
from core.clock import database_clock
from core.vendor_days import vendor_day
from programs import words
from programs.audience import audience_of, groups_of_programs, is_for
from programs.circles import circles_of
from programs.conditions import closed_of, words_of
from programs.enums import ENROLMENT_OPEN, EnrolmentStatus, Joining, ProgramStatus
from programs.journeys import Step, current_of, journeys_of
from programs.models import Enrolment, Program, Stage, StageOpened
from programs.permissions import EDIT, ENROL, JOIN, VIEW_ALL, VIEW_OWN, firm_of
from programs.services.enrolling import what_keeps_out
from programs.training import paths_for, progress_of
from programs.views.access import crumbs, person_of, program_in_reach
from programs.views.programs import holds
from programs.views.programs.journey import opening, tracker
from programs.views.programs.steps import progress_of as steps_done
from programs.views.programs.steps import stages_of as step_stages
from programs.workflow import actions_for

_ON_A_PAGE = 25
_DECIDE_FIRST = {EnrolmentStatus.APPLIED: 0, EnrolmentStatus.ENROLLED: 1, EnrolmentStatus.INVITED: 2}


@require_safe
@requires(VIEW_ALL, VIEW_OWN)
def program(request: HttpRequest, code: str) -> HttpResponse:
    """The program as its reader sees it."""
    found = program_in_reach(request, code)
    if person_of(request).may(VIEW_ALL):
        return _for_vendor(request, found)
    return _for_firm(request, found)


def _for_vendor(request: HttpRequest, found: Program) -> HttpResponse:
    now, person = database_clock(), person_of(request)
    label, tone = words.status_of(found, vendor_day(now))
    rows = Enrolment.objects.filter(program=found)
    counts = dict(rows.order_by().values_list("status").annotate(n=Count("pk")))
    stages, funnel = _funnel(found)
    status, stage = request.GET.get("status", ""), _number(request.GET.get("stage", ""))
    listed = rows.filter(status=status) if status in EnrolmentStatus.values else rows
    if stage:
        listed = (
            listed.filter(status=EnrolmentStatus.ENROLLED).alias(reached=_reached()).filter(reached=stage)
        )
    order = listed.annotate(reached=_reached()).select_related("partner").order_by("partner__name", "-pk")
    page = Paginator(order, _ON_A_PAGE).get_page(request.GET.get("page"))
    names = {one["stage"].number: one["stage"].name for one in stages}
    context = {
        "page_title": found.name,
        "breadcrumbs": crumbs(request, title=found.name),
        "program": found,
        "label": label,
        "tone": tone,
        "dates": words.dates_of(found),
        "how": words.HOW[Joining(found.joining)],
        "groups": groups_of_programs([found])[found.pk],
        "audience": audience_of(found, now).count(),
        "stages": stages,
        "funnel": funnel,
        "step_stages": step_stages(found),
        "paths": found.program_paths.select_related("path", "stage"),
        "views": _tabs(found, counts, status, stage, names),
        "page": page,
        "rows": [_firm_row(one, names) for one in page.object_list],
        "has_any": bool(counts),
        "may_edit": person.may(EDIT),
        "may_enrol": person.may(ENROL) and label == "Running",
        "is_draft": found.status == ProgramStatus.DRAFT,
        "is_open": found.status == ProgramStatus.OPEN,
        "circle": circles_of([found]).get(found.pk, ""),
        **holds.for_vendor(person, found),
    }
    return render(request, "programs/program.html", context)


def _number(sent: str) -> int:
    """The stage that the address asks for; 0 for none, or for what is no number."""
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 6 else 0


def _reached() -> Any:
    """The number of the last stage that is open for an enrolment; 0 for none."""
    last = (
        StageOpened.objects.filter(enrolment=OuterRef("pk"))
        .order_by()
        .values("enrolment")
        .annotate(number=Max("stage__number"))
        .values("number")
    )
    return Coalesce(Subquery(last, output_field=IntegerField()), 0)


def _funnel(found: Program) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The stages with what they ask for; and how many of the enrolled firms reached each."""
    stages = list(
        found.stages.prefetch_related("conditions", "program_paths__path")
        .annotate(
            reached=Count("opened", filter=Q(opened__enrolment__status=EnrolmentStatus.ENROLLED)),
            ever=Count("opened"),
        )
        .order_by("number")  # the model's own order does not hold for a query that counts
    )
    conditions = [one for stage in stages for one in stage.conditions.all()]
    said, closed = words_of(conditions), closed_of(conditions)
    enrolled = Enrolment.objects.enrolled().filter(program=found).count()
    shown_stages = [
        {
            "stage": stage,
            "conditions": [(said[one.pk], one.pk in closed) for one in stage.conditions.all()],
            "paths": [one.path.name for one in stage.program_paths.all()],
            "first": number == 0,
            "last": number == len(stages) - 1,
            "heir": _heir(stages, number),
            "untouched": not stage.ever,
            "may_delete": not stage.ever
            and (len(stages) > 1 or found.status == ProgramStatus.DRAFT)
            and (bool(_heir(stages, number)) or not stage.program_paths.all()),
        }
        for number, stage in enumerate(stages)
    ]
    funnel = [
        {
            "name": stage.name,
            "number": stage.number,
            "value": stage.reached,
            "total": enrolled,
            "share": shown.percent(shown.share(stage.reached, enrolled)) if enrolled else "",
        }
        for stage in stages
    ]
    return shown_stages, funnel


def _heir(stages: Sequence[Stage], number: int) -> str:
    """The name of the stage that a stage's training goes to when it is deleted: the next one; '' where there is none."""
    return stages[number + 1].name if number + 1 < len(stages) else ""


def _tabs(
    found: Program, counts: dict[str, int], status: str, stage: int, names: dict[int, str]
) -> list[dict[str, Any]]:
    here = reverse("programs:program", args=[found.code])
    tabs: list[dict[str, Any]] = [
        {
            "label": "All",
            "url": f"{here}#firms",
            "count": sum(counts.values()),
            "active": not status and not stage,
        }
    ]
    if stage in names:
        tabs.append({"label": f"At “{names[stage]}”", "url": "", "count": None, "active": True})
    tabs += [
        {
            "label": EnrolmentStatus(value).label,
            "url": f"{here}?status={value}#firms",
            "count": counts[value],
            "active": value == status,
        }
        for value in EnrolmentStatus.values
        if counts.get(value)
    ]
    return tabs


def _firm_row(enrolment: Any, names: dict[int, str]) -> dict[str, Any]:
    label, tone = words.standing_of(enrolment, vendor=True)
    enrolled = enrolment.status == EnrolmentStatus.ENROLLED
    return {
        "name": enrolment.partner.name,
        "url": reverse("programs:enrolment", args=[enrolment.code]),
        "label": label,
        "tone": tone,
        "stage": names.get(enrolment.reached, "Before the first stage") if enrolled else "",
        "way": enrolment.get_way_display(),
        "since": shown.day(enrolment.ended_at or enrolment.decided_at or enrolment.asked_at),
        "tier": enrolment.partner.get_tier_display(),
    }


def _for_firm(request: HttpRequest, found: Program) -> HttpResponse:
    now, person = database_clock(), person_of(request)
    firm = firm_of(person)
    assert firm is not None  # program_in_reach finds nothing without one
    mine = Enrolment.objects.filter(program=found, partner=firm).select_related("program", "partner").first()
    enrolled = mine is not None and mine.status == EnrolmentStatus.ENROLLED
    steps: list[Step] = journeys_of([mine], now)[mine.pk] if enrolled and mine else []
    running = Program.objects.running(vendor_day(now)).filter(pk=found.pk).exists()
    paths = paths_for(person, now).filter(program_paths__program=found) if enrolled else []
    label, tone = words.standing_of(mine, vendor=False) if mine else ("", "")
    open_one = mine is not None and mine.status in ENROLMENT_OPEN
    context = {
        "page_title": found.name,
        "breadcrumbs": crumbs(request, title=found.name),
        "program": found,
        "dates": words.dates_of(found),
        "mine": mine,
        "label": label,
        "tone": tone,
        "ended": shown.day(mine.ended_at) if mine else "",
        "steps": tracker(steps),
        "current": current_of(steps),
        "next": opening(steps),
        "own_steps": steps_done(found, firm) if enrolled else None,
        "later": [step.stage.name for step in steps if not step.opened_at][1:],
        "paths": progress_of(person, paths, vendor_day(now)) if enrolled else [],
        **holds.for_firm(person, found, enrolled=enrolled),
        "actions": actions_for(person, mine) if mine else set(),
        "kept_out": what_keeps_out(mine, now) if mine and mine.status == EnrolmentStatus.INVITED else "",
        "may_apply": running
        and not open_one
        and found.joining == Joining.APPLICATION
        and person.may(JOIN)
        and is_for(found, firm, now),
    }
    return render(request, "programs/program_firm.html", context)
