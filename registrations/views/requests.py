"""All that partners have asked for and wait for: extensions and appeals in one list, the one due first first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requires
from core.clock import database_clock
from registrations import shown
from registrations.models import Appeal, Extension, Registration
from registrations.querysets import answer_owed
from registrations.services import answers_owed

_MOST = 200


@dataclass(frozen=True)
class Row:
    """A request in the list. `for_others` marks an appeal against the reader's own decision; `ended` is the day on which
    protection ran out that only goes on until the answer."""

    kind: str
    code: str
    url: str
    company: str
    partner: str
    asked: str
    due: str
    due_at: datetime
    overdue: bool
    for_others: bool
    ended: str


@require_safe
@requires("registrations.view_all")
def requests(request: HttpRequest) -> HttpResponse:
    """The list, for the vendor."""
    person: Any = request.user
    now = database_clock()
    parts = ("registration__partner",)
    extensions = Extension.objects.visible_to(person).awaiting().select_related(*parts)[: _MOST + 1]
    appeals = Appeal.objects.visible_to(person).awaiting().select_related(*parts)[: _MOST + 1]
    late = {one.pk: one for one in Registration.objects.filter(answer_owed(), protected_until__lt=now)}
    rows = [_row(one, "Extension", "extension", now, person, late) for one in extensions]
    rows += [_row(one, "Appeal", "appeal_page", now, person, late) for one in appeals]
    rows.sort(key=lambda row: row.due_at)
    context = {
        "page_title": "Requests",
        "rows": rows[:_MOST],
        "more": len(rows) > _MOST,
        "most": _MOST,
    }
    return render(request, "registrations/requests.html", context)


def _row(
    one: Extension | Appeal, kind: str, route: str, now: datetime, person: Any, late: dict[int, Registration]
) -> Row:
    held = late.get(one.registration_id)
    return Row(
        kind=kind,
        code=one.code,
        url=reverse(f"registrations:{route}", args=[one.code]),
        company=one.registration.company_name,
        partner=one.registration.partner.name,
        asked=shown.day(one.asked_at),
        due=shown.moment(one.due_at),
        due_at=one.due_at,
        overdue=one.due_at < now,
        for_others=isinstance(one, Appeal) and one.first_decider_id == person.pk,
        ended=shown.day(held.protected_until) if held and answers_owed.owed(held) == one else "",
    )
