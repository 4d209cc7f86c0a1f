"""One firm in one program, for the vendor: its journey, its application, the steps that we do."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from core import shown
from core.clock import database_clock
from programs import words
from programs.audience import is_for
from programs.enums import ASKED, EnrolmentAction, EnrolmentStatus
from programs.forms.programs import ReasonForm
from programs.journeys import journeys_of
from programs.models import Condition, Enrolment
from programs.permissions import ENROL, VIEW_ALL
from programs.services import enrolling
from programs.services.journeys import mark_done
from programs.views.access import crumbs, enrolment_in_reach, person_of
from programs.views.acting import act
from programs.views.programs.journey import need, tracker
from programs.views.programs.steps import progress_of
from programs.workflow import actions_for


@require_safe
@requires(VIEW_ALL)
def enrolment(request: HttpRequest, code: str) -> HttpResponse:
    """Where the firm stands, stage by stage, and what can be done about it."""
    found, now = enrolment_in_reach(request, code), database_clock()
    label, tone = words.standing_of(found, vendor=True)
    steps = journeys_of([found], now)[found.pk]
    enrolled = found.status == EnrolmentStatus.ENROLLED
    kept_out = enrolling.what_keeps_out(found, now) if found.status in ASKED else ""
    context = {
        "page_title": found.partner.name,
        "breadcrumbs": crumbs(request, (found.program.name, _program(found)), title=found.partner.name),
        "enrolment": found,
        "label": label,
        "tone": tone,
        "facts": _facts(found),
        "steps": tracker(steps) if enrolled else [],
        "stages": [
            {
                "stage": step.stage,
                "opened": shown.day(step.opened_at),
                "needs": [need(one) for one in step.wanted],
            }
            for step in steps
        ],
        "own_steps": progress_of(found.program, found.partner),
        "enrolled": enrolled,
        "outside": enrolled and not is_for(found.program, found.partner, now),
        "kept_out": kept_out,
        "actions": actions_for(person_of(request), found)
        - ({EnrolmentAction.APPROVE} if kept_out else set()),
        "may_mark": enrolled and person_of(request).may(ENROL),
    }
    return render(request, "programs/enrolment.html", context)


@require_POST
@requires(ENROL)
def approve_application(request: HttpRequest, code: str) -> HttpResponse:
    """The firm takes part from now on."""
    found = enrolment_in_reach(request, code)
    enrolling.approve(found, by=person_of(request))
    messages.success(request, f"{found.partner.name} takes part in {found.program.name}; they are told.")
    return redirect("programs:enrolment", code)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(ENROL)
def refuse_application(request: HttpRequest, code: str) -> HttpResponse:
    """With a reason that the firm reads."""
    return _with_reason(
        request, code, enrolling.refuse, "Refuse the application", "Refused; the firm is told why."
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(ENROL)
def end_enrolment(request: HttpRequest, code: str) -> HttpResponse:
    """With a reason that the firm reads."""
    return _with_reason(request, code, enrolling.end, "End the enrolment", "Ended; the firm is told why.")


@require_POST
@requires(ENROL)
def step_done(request: HttpRequest, code: str, condition_id: int) -> HttpResponse:
    """A step of ours is done for this firm."""
    found = enrolment_in_reach(request, code)
    condition = get_object_or_404(
        Condition.objects.select_related("stage").filter(stage__program=found.program_id), pk=condition_id
    )
    mark_done(found, condition, by=person_of(request), note=request.POST.get("note", "")[:300])
    messages.success(request, f"Noted: {condition.target}.")
    return redirect("programs:enrolment", code)


def _with_reason(request: HttpRequest, code: str, service: Any, title: str, done: str) -> HttpResponse:
    found = enrolment_in_reach(request, code)
    page = reverse("programs:enrolment", args=[code])
    form = ReasonForm(request.POST if request.method == "POST" else None)
    return act(
        request,
        form,
        lambda: service(found, by=person_of(request), reason=form.cleaned_data["reason"]),
        title=title,
        done=done,
        go=lambda _: page,
        breadcrumbs=crumbs(
            request, (found.program.name, _program(found)), (found.partner.name, page), title=title
        ),
        submit=title,
        cancel_url=page,
        lead=f"{found.partner.name} in {found.program.name}. The firm is told at once.",
        danger=True,
    )


def _program(found: Enrolment) -> str:
    return reverse("programs:program", args=[found.program.code])


def _facts(found: Enrolment) -> list[tuple[str, str]]:
    facts = [
        ("How", found.get_way_display()),
        ("Asked", f"{shown.day(found.asked_at)}, {found.asked_by or 'the portal'}"),
    ]
    if found.text:
        facts.append(("In their words" if found.way == "application" else "Our words", found.text))
    if found.decided_at:
        facts.append(
            ("Takes part since", f"{shown.day(found.decided_at)}, {found.decided_by or 'the portal'}")
        )
    if found.ended_at:
        facts.append(("Ended", f"{shown.day(found.ended_at)}, {found.ended_by or 'the portal'}"))
    if found.reason:
        facts.append(("Why", found.reason))
    return facts
