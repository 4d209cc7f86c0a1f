"""What every view of this app begins with: the row in reach, the version that a form was made from, where a page stands."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from core.clock import database_clock
from core.http import note_place
from programs.models import Enrolment, Program
from programs.permissions import VIEW_ALL, firm_of
from programs.visible import programs_shown_to


def person_of(request: HttpRequest) -> Any:
    """Who asks; signed in, since every view here requires it."""
    return request.user


def sent_version(request: HttpRequest) -> int:
    """The version that the form carried; -1, which is always stale, when it is missing or unreadable."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1


def program_in_reach(request: HttpRequest, code: str) -> Program:
    """The program, if this person may see it; else 404, as if it did not exist."""
    note_place(request, reverse("programs:program", args=[code]))
    person = person_of(request)
    if person.may(VIEW_ALL):
        return get_object_or_404(Program, code=code)
    firm = firm_of(person)
    shown = programs_shown_to(firm, database_clock()) if firm is not None else []
    return get_object_or_404(Program, code=code, pk__in=[program.pk for program in shown])


def enrolment_in_reach(request: HttpRequest, code: str) -> Enrolment:
    """The enrolment, if this person may see it; else 404."""
    note_place(request, reverse("programs:enrolment", args=[code]))
    reach = Enrolment.objects.visible_to(request.user)  # type: ignore[arg-type]
    related = ("program", "partner__manager", "asked_by", "decided_by", "ended_by")
    return get_object_or_404(reach.select_related(*related), code=code)


def crumbs(request: HttpRequest, *between: tuple[str, str], title: str) -> list[dict[str, str]]:
    """Where a page of programs stands; `between` are labels with their addresses."""
    home = "programs:list" if person_of(request).is_vendor else "programs:ours"
    first = {"label": "Programs", "url": reverse(home)}
    return [first, *({"label": label, "url": url} for label, url in between), {"label": title}]
