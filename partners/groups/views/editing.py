"""A new group, or changing one: name, note, and the rule row by row."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from core.errors import BadInput, StaleVersion
from partners.groups.builder import Draft, draft_of, new_row
from partners.groups.builder_form import act, read_draft
from partners.groups.drawing import drawn
from partners.groups.forms import GroupForm
from partners.groups.rules import read_rule
from partners.groups.services import change_group as change
from partners.groups.services import create_group as create
from partners.groups.views.access import EDIT, crumbs, in_reach
from partners.groups.views.building import previewed
from partners.models import Group


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def new_group(request: HttpRequest) -> HttpResponse:
    """A group of firms by rule; firms are picked by hand on its page."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def change_group(request: HttpRequest, code: str) -> HttpResponse:
    """Changes a group; those who use it follow at once."""
    return _edit(request, in_reach(request, code))


def _edit(request: HttpRequest, group: Group | None) -> HttpResponse:
    if request.method != "POST":
        given = {"name": group.name, "note": group.note, "version": group.version} if group else {}
        draft = draft_of(read_rule(group.rule)) if group else Draft()
        if not draft.rows:
            new_row(draft, "")
            draft.focus = ""
        return _page(request, group, GroupForm(initial=given), draft)
    draft = read_draft(request.POST)
    if request.POST.get("do") or request.POST.get("why"):  # a button of the builder, without scripts
        sent = {name: request.POST.get(name, "") for name in ("name", "note", "version")}
        return _page(request, group, GroupForm(initial=sent), act(draft, request.POST.get("do", "")))
    draft.rows = [row for row in draft.rows if row.field]
    form, draft = GroupForm(request.POST), draft.checked()
    if not form.is_valid() or draft.has_errors:
        return _page(request, group, form, draft, status=422)
    try:
        saved = _save(request.user, group, form, draft)
    except BadInput as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return _page(request, group, form, draft, status=422)
    except StaleVersion as stale:
        form.add_error(None, stale.message)
        return _page(request, group, form, draft, status=stale.status)
    messages.success(
        request, "Saved." if group else "The group is there. Firms can be added or excluded by hand."
    )
    return redirect("partners:group", saved.code)


def _save(person: Any, group: Group | None, form: GroupForm, draft: Draft) -> Group:
    given = {"name": form.cleaned_data["name"], "note": form.cleaned_data["note"], "rule": draft.complete()}
    if group is None:
        return create(by=person, **given)
    return change(group, by=person, version=form.cleaned_data["version"] or 0, **given)


def _page(
    request: HttpRequest, group: Group | None, form: GroupForm, draft: Draft, status: int = 200
) -> HttpResponse:
    rows = drawn(draft)
    context = {
        "page_title": f"Change {group.name}" if group else "New group",
        "breadcrumbs": crumbs(group, "Change" if group else "New group"),
        "form": form,
        "group": group,
        "cancel_url": reverse("partners:group", args=[group.code]) if group else reverse("partners:groups"),
        "problems": _problems(rows),
        **rows,
        **previewed(request, draft, group),
    }
    return render(request, "partners/groups/edit.html", context, status=status)


def _problems(rows: dict[str, Any]) -> list[dict[str, str]]:
    """What is wrong with rows, for the summary on top."""
    everything = [*rows["rows"], *(row for block in rows["blocks"] for row in block["rows"])]
    return [
        {"key": row.key, "label": row.label or "Condition", "error": row.error}
        for row in everything
        if row.error
    ]
