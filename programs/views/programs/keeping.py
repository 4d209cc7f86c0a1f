"""Operations write programs, open and close them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from programs.enums import ProgramStatus
from programs.forms.programs import ProgramForm
from programs.models import Program
from programs.permissions import EDIT
from programs.services import keeping
from programs.views.access import crumbs, person_of, program_in_reach, sent_version
from programs.views.acting import act

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@requires(EDIT)
def new(request: HttpRequest) -> HttpResponse:
    """A new program; then its journey is written."""
    form = ProgramForm(request.POST or None)

    def post() -> Program:
        return keeping.create_program(
            by=person_of(request),
            fields=form.values,
            audience=form.cleaned_data["audience"],
            paths=form.cleaned_data["paths"],
        )

    return act(
        request,
        form,
        post,
        title="New program",
        done="The program is a draft. Now write its journey, then open it.",
        go=_page,
        breadcrumbs=crumbs(request, title="New program"),
        submit="Create the program",
        cancel_url=reverse("programs:list"),
    )


@require_http_methods(METHODS)
@requires(EDIT)
def change(request: HttpRequest, code: str) -> HttpResponse:
    """What the program is and for whom."""
    found = program_in_reach(request, code)
    form = ProgramForm(request.POST or None, program=found)

    def post() -> Program:
        return keeping.change_program(
            found,
            by=person_of(request),
            version=sent_version(request),
            fields=form.values,
            audience=form.cleaned_data["audience"],
            paths=form.cleaned_data["paths"],
        )

    return act(
        request,
        form,
        post,
        title="Change the program",
        done="Saved.",
        go=_page,
        breadcrumbs=crumbs(request, (found.name, _page(found)), title="Change"),
        submit="Save",
        cancel_url=_page(found),
        version=found.version,
    )


@require_POST
@requires(EDIT)
def open_program(request: HttpRequest, code: str) -> HttpResponse:
    """The audience sees it from now on, or from its first day."""
    return _set(request, code, ProgramStatus.OPEN, "The program is open to its audience.")


@require_POST
@requires(EDIT)
def close_program(request: HttpRequest, code: str) -> HttpResponse:
    """Nobody joins any more; who is in stays in until the last day."""
    return _set(request, code, ProgramStatus.CLOSED, "The program is closed: nobody joins it any more.")


def _set(request: HttpRequest, code: str, status: ProgramStatus, done: str) -> HttpResponse:
    found = program_in_reach(request, code)
    keeping.set_status(found, status, by=person_of(request), version=sent_version(request))
    messages.success(request, done)
    return redirect(_page(found))


def _page(found: Any) -> str:
    return reverse("programs:program", args=[found.code])
