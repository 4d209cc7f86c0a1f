"""Parts of the rule builder while it is used: rows after a button, and who would be in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.access import requires
from core.clock import database_clock
from partners.groups import preview as previews
from partners.groups.builder import Draft
from partners.groups.builder_form import act, read_draft
from partners.groups.drawing import drawn
from partners.groups.views.access import EDIT
from partners.models import Group


@require_POST
@requires(EDIT)
def rule(request: HttpRequest) -> HttpResponse:
    """The rows after a button was pressed or a field chosen; the preview is asked to follow."""
    draft = act(read_draft(request.POST), request.POST.get("do", ""))
    response = render(request, "partners/groups/_rule.html", drawn(draft))
    response.headers["HX-Trigger-After-Swap"] = "rule-changed"
    return response


@require_POST
@requires(EDIT)
def preview(request: HttpRequest) -> HttpResponse:
    """Who is in as the rows stand, and the answer about one firm."""
    person: Any = request.user
    code = request.POST.get("group", "")
    group = Group.objects.visible_to(person).filter(code=code).first() if code.isprintable() else None
    context = previewed(request, read_draft(request.POST), group)
    return render(request, "partners/groups/_preview.html", context)


def previewed(request: HttpRequest, draft: Draft, group: Group | None) -> dict[str, Any]:
    """The context of _preview.html: rows that are still being written are left out, which is said."""
    person: Any = request.user
    now, complete = database_clock(), draft.complete()
    asked = request.POST.get("why", "") or request.POST.get("firm", "")
    return {
        "preview": previews.preview(complete, reader=person, at=now, group=group),
        "unfinished": draft.unfinished,
        "has_rule": bool(complete),
        "answer": previews.answer(asked, complete, reader=person, at=now, group=group),
        "asks_by_button": bool(request.POST.get("why")),
    }
