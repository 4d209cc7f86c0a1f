"""'My programs': where the firm stands on the ladder of tiers, in which programs it is, and which it could join."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requires
from core import shown
from core.clock import database_clock
from core.vendor_days import vendor_day
from partners.standing_words import standing_word
from programs import words
from programs.audience import programs_for
from programs.enums import ENROLMENT_OPEN, EnrolmentStatus, Joining
from programs.journeys import Step, current_of, journeys_of
from programs.models import Enrolment, Program
from programs.permissions import JOIN, VIEW_OWN, firm_of
from programs.views.access import person_of
from programs.views.programs.journey import opening, tracker
from programs.views.tiers.bars import ladder_of

_ASKED = {EnrolmentStatus.INVITED, EnrolmentStatus.APPLIED}


@require_safe
@requires(VIEW_OWN)
def ours(request: HttpRequest) -> HttpResponse:
    """Invitations first, then what the firm takes part in, then what it could apply for, then what is over."""
    person = person_of(request)
    firm, now = firm_of(person), database_clock()
    if firm is None:
        return render(request, "programs/ours.html", {"page_title": "Programs", "firmless": True})
    standing = standing_word(person)
    mine = list(Enrolment.objects.filter(partner=firm).select_related("program", "partner"))
    enrolled = [one for one in mine if one.status == EnrolmentStatus.ENROLLED]
    journeys = journeys_of(enrolled, now)
    open_ids = {one.program_id for one in mine if one.status in ENROLMENT_OPEN}
    applicable = Program.objects.running(vendor_day(now)).filter(joining=Joining.APPLICATION)
    others = programs_for(firm, applicable.exclude(pk__in=open_ids), now)
    context = {
        "page_title": "Programs",
        "firm": firm,
        "standing": standing,
        "ladder": None if standing else ladder_of(firm, now),
        "asked": [_card(one) for one in mine if one.status in _ASKED],
        "enrolled": [_card(one, journeys[one.pk]) for one in enrolled],
        "others": [
            {"program": program, "url": _url(program), "dates": words.dates_of(program)} for program in others
        ],
        "past": [_card(one) for one in mine if one.status not in ENROLMENT_OPEN],
        "may_join": person.may(JOIN),
    }
    return render(request, "programs/ours.html", context)


def _card(enrolment: Enrolment, steps: list[Step] | None = None) -> dict[str, Any]:
    label, tone = words.standing_of(enrolment, vendor=False)
    current = current_of(steps) if steps else None
    return {
        "enrolment": enrolment,
        "program": enrolment.program,
        "url": _url(enrolment.program),
        "label": label,
        "tone": tone,
        "since": shown.day(enrolment.decided_at or enrolment.asked_at),
        "until": shown.day(enrolment.ended_at),
        "steps": tracker(steps) if steps else [],
        "current": current.stage if current else None,
        "next": opening(steps) if steps else None,
    }


def _url(program: Program) -> str:
    return reverse("programs:program", args=[program.code])
