"""What a firm's people do: apply, accept or decline, take an application back, leave."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import requires
from core.errors import BadInput
from programs.forms.programs import ApplyForm
from programs.models import Enrolment
from programs.permissions import JOIN
from programs.services import enrolling
from programs.views.access import crumbs, person_of, program_in_reach
from programs.views.acting import act

# What the buttons send → the service, and what is said when it is done.
_ANSWERS: dict[str, tuple[Callable[..., Enrolment], str]] = {
    "accept": (enrolling.accept, "You take part from now on. Your journey is below."),
    "decline": (enrolling.decline, "You declined the invitation. We were told."),
    "withdraw": (enrolling.withdraw, "Your application is taken back."),
    "leave": (enrolling.leave, "Your firm left the program."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(JOIN)
def apply_to(request: HttpRequest, code: str) -> HttpResponse:
    """An application with a word to those who decide."""
    found = program_in_reach(request, code)
    page = reverse("programs:program", args=[code])
    form = ApplyForm(request.POST if request.method == "POST" else None)
    return act(
        request,
        form,
        lambda: enrolling.apply(found, by=person_of(request), text=form.cleaned_data["text"]),
        title=f"Apply: {found.name}",
        done="Your application is with us. We write to you when it is decided.",
        go=lambda _: page,
        breadcrumbs=crumbs(request, (found.name, page), title="Apply"),
        submit="Apply",
        cancel_url=page,
        lead="We look at your application and write to you. Until then you can take it back.",
    )


@require_POST
@requires(JOIN)
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """One of the buttons on the program's page."""
    found, person = program_in_reach(request, code), person_of(request)
    service, done = _ANSWERS.get(request.POST.get("answer", ""), (None, ""))
    if service is None:
        raise BadInput("Choose one of the answers on the program's page.")
    mine: Any = Enrolment.objects.visible_to(person).filter(program=found)
    enrolment = get_object_or_404(mine.open())
    service(enrolment, by=person)
    messages.success(request, done)
    return redirect("programs:program", code)
