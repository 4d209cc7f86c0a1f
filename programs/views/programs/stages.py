"""Operations write the stages of a journey."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from programs.forms.programs import StageForm
from programs.models import Program, Stage
from programs.permissions import EDIT
from programs.services import keeping
from programs.views.access import crumbs, person_of, program_in_reach, sent_version
from programs.views.acting import act


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def new(request: HttpRequest, code: str) -> HttpResponse:
    """A new last stage."""
    return _form(request, program_in_reach(request, code), None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def change(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """What a stage says and asks for."""
    found = program_in_reach(request, code)
    return _form(request, found, _stage(found, number))


@require_POST
@requires(EDIT)
def move(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One place up or, with `down`, down."""
    found = program_in_reach(request, code)
    up = request.POST.get("to") != "down"
    keeping.move_stage(_stage(found, number), up=up, by=person_of(request), version=sent_version(request))
    return redirect(_page(found))


@require_POST
@requires(EDIT)
def delete(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Takes out a stage that has opened for nobody."""
    found = program_in_reach(request, code)
    heir = keeping.delete_stage(_stage(found, number), by=person_of(request), version=sent_version(request))
    more = f" Its training opens with ‘{heir.name}’ now." if heir else ""
    messages.success(request, f"The stage is gone.{more}")
    return redirect(_page(found))


def _form(request: HttpRequest, found: Program, stage: Stage | None) -> HttpResponse:
    form = StageForm(request.POST or None, program=found, stage=stage)

    def post() -> Stage:
        return keeping.save_stage(
            found,
            by=person_of(request),
            version=sent_version(request),
            name=form.cleaned_data["name"],
            text=form.cleaned_data["text"],
            conditions=form.conditions,
            paths=form.cleaned_data["paths"],
            stage=stage,
        )

    title = f"Stage {stage.number}" if stage else "New stage"
    return act(
        request,
        form,
        post,
        title=title,
        done="The stage is saved.",
        go=lambda _: _page(found),
        breadcrumbs=crumbs(request, (found.name, _page(found)), title=title),
        submit="Save the stage",
        cancel_url=_page(found),
        version=found.version,
        template="programs/stage.html",
        program=found,
    )


def _stage(found: Program, number: int) -> Stage:
    return get_object_or_404(found.stages, number=number)


def _page(found: Any) -> str:
    return f"{reverse('programs:program', args=[found.code])}#journey"
