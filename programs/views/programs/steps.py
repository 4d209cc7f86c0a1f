"""Operations write the steps that a program gives to the firms that join it."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from partners.enums import StepSide
from partners.models import OnboardingStep, Partner
from programs.forms.steps import ProgramStepForm
from programs.models import Program, ProgramStep
from programs.permissions import EDIT
from programs.services import steps as services
from programs.views.access import crumbs, person_of, program_in_reach, sent_version
from programs.views.acting import act


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def new(request: HttpRequest, code: str) -> HttpResponse:
    """One more step, of the last stage unless the form says otherwise."""
    return _form(request, program_in_reach(request, code), None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def change(request: HttpRequest, code: str, step_id: int) -> HttpResponse:
    """A step in other words, for the firms to come."""
    found = program_in_reach(request, code)
    return _form(request, found, get_object_or_404(found.steps, pk=step_id))


@require_POST
@requires(EDIT)
def delete(request: HttpRequest, code: str, step_id: int) -> HttpResponse:
    """Firms that join from now on don't get it."""
    found = program_in_reach(request, code)
    step = get_object_or_404(found.steps, pk=step_id)
    services.delete_step(step, by=person_of(request), version=sent_version(request))
    messages.success(request, "Taken out. Firms that have the step keep it.")
    return redirect(_page(found))


def stages_of(found: Program) -> list[dict[str, Any]]:
    """The steps by stage, each with how many of the firms that take part don't have it, for the program's page: three
    queries."""
    inside = services.without(found)
    have = OnboardingStep.objects.current().filter(source=services.source_of(found), partner__in=inside)
    counts = dict(have.order_by().values_list("key").annotate(number=Count("pk")))
    firms = inside.count()
    grouped = groupby(found.steps.all(), key=lambda step: (step.stage, step.stage_title))
    return [
        {
            "number": number,
            "title": title,
            "steps": [_row(step, firms - counts.get(str(step.pk), 0)) for step in steps],
        }
        for (number, title), steps in grouped
    ]


def progress_of(found: Program, partner: Partner) -> dict[str, Any] | None:
    """How many of a firm's steps of this program are done, and where they stand; None where it has none. One query."""
    rows = OnboardingStep.objects.current().filter(partner=partner, source=services.source_of(found))
    done = [when is not None for when in rows.values_list("done_at", flat=True)]
    url = reverse("partners:onboarding", args=[partner.code])
    return {"done": sum(done), "total": len(done), "url": url} if done else None


def _row(step: ProgramStep, lacking: int) -> dict[str, Any]:
    days = "" if step.due_days is None else f"{step.due_days} day{'' if step.due_days == 1 else 's'}"
    who = "The partner" if step.side == StepSide.PARTNER else "Us"
    return {
        "pk": step.pk,
        "title": step.title,
        "lacking": lacking,
        "note": " · ".join(
            part
            for part in (who, f"due after {days}" if days else "", "" if step.required else "optional")
            if part
        ),
    }


def _form(request: HttpRequest, found: Program, step: ProgramStep | None) -> HttpResponse:
    # The form writes into an object of its own: a refused value must not show in the page's heading.
    known = ProgramStep.objects.get(pk=step.pk) if step else _begun(found)
    lacking = services.without(found, step).count()
    form = ProgramStepForm(request.POST or None, instance=known, lacking=lacking)

    def post() -> int:
        return services.save_step(
            found,
            by=person_of(request),
            version=sent_version(request),
            fields=form.cleaned_data,
            step=step,
            give=form.cleaned_data.get("give", False),
        )

    title = step.title if step else "New step"
    return act(
        request,
        form,
        post,
        title=title,
        done=_done,
        go=lambda _: _page(found),
        breadcrumbs=crumbs(request, (found.name, _page(found)), title=title),
        submit="Save the step",
        cancel_url=_page(found),
        version=found.version,
    )


def _done(given: int) -> str:
    told = "Saved. Firms that join from now on get it so; those that have it keep it as it was."
    if not given:
        return told
    return f"{told} {given:,} firm{'s that take' if given > 1 else ' that takes'} part got it now."


def _begun(found: Program) -> ProgramStep:
    """An empty step in the last stage that there is."""
    last = found.steps.last()
    if last is None:
        return ProgramStep(program=found, stage=1)
    return ProgramStep(program=found, stage=last.stage, stage_title=last.stage_title)


def _page(found: Program) -> str:
    return f"{reverse('programs:program', args=[found.code])}#steps"
