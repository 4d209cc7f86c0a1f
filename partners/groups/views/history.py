"""What happened to a group, and what is different between any two versions of it."""

from itertools import pairwise
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import requires
from core import shown
from partners.enums import GroupEntryKind
from partners.groups.history import differences
from partners.groups.rules import read_rule
from partners.groups.views.access import VIEW, crumbs, in_reach
from partners.groups.words import Words
from partners.models import Group, GroupEntry

_ON_A_PAGE = 25
_MARKS = {
    GroupEntryKind.CREATED: ("plus", "info"),
    GroupEntryKind.CHANGED: ("pencil", ""),
    GroupEntryKind.ADDED: ("user-plus", "ok"),
    GroupEntryKind.EXCLUDED: ("ban", "stop"),
    GroupEntryKind.DROPPED: ("arrow-back-up", ""),
}


class CompareForm(forms.Form):
    """Two versions; `since` is the earlier one on the left."""

    since = forms.TypedChoiceField(label="From", coerce=int)
    until = forms.TypedChoiceField(label="To", coerce=int)

    def __init__(self, *args: Any, versions: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.choices = versions  # type: ignore[attr-defined]


@require_safe
@requires(VIEW)
def history(request: HttpRequest, code: str) -> HttpResponse:
    """All entries, newest first; `?since=&until=` tells the difference of two versions."""
    group, words = in_reach(request, code), Words()
    versions = list(group.history.filter(version__isnull=False).select_related("by").order_by("version"))
    page = Paginator(group.history.select_related("by"), _ON_A_PAGE).get_page(request.GET.get("page"))
    named = [(one.version, f"Version {one.version}, {shown.day(one.at)}") for one in versions if one.version]
    asked = "since" in request.GET
    numbers = [number for number, _ in named]
    first = {"since": numbers[-2], "until": numbers[-1]} if len(numbers) > 1 else {}
    form = CompareForm(request.GET if asked else None, versions=named, initial=first)
    context = {
        "page_title": f"History of {group.name}",
        "breadcrumbs": crumbs(group, "History"),
        "group": group,
        "page": page,
        "entries": entries_of(page.object_list, versions, words),
        "form": form if len(versions) > 1 else None,
        "compared": _compared(form, versions, words) if asked and form.is_valid() else None,
    }
    return render(request, "partners/groups/history.html", context)


def latest_of(group: Group, most: int) -> list[dict[str, Any]]:
    """The last entries for the group's own page."""
    listed = list(group.history.select_related("by")[:most])
    versions = list(group.history.filter(version__isnull=False).order_by("version"))
    return entries_of(listed, versions, Words())


def entries_of(entries: Any, versions: list[GroupEntry], words: Words) -> list[dict[str, Any]]:
    """Entries for components/timeline.html; a version says what is different from the one before."""
    before = {later.pk: earlier for earlier, later in pairwise(versions)}
    return [_entry(one, before.get(one.pk), words) for one in entries]


def _entry(one: GroupEntry, before: GroupEntry | None, words: Words) -> dict[str, Any]:
    icon, tone = _MARKS[GroupEntryKind(one.kind)]
    title = one.get_kind_display()
    if one.version is None:
        title = f"{one.data['name']}: {title.lower()}"
        body = one.data.get("reason", "")
    elif before is not None:
        body = "\n".join(differences(before.data, one.data, words))
    else:
        body = words.of_rule(read_rule(one.data["rule"])) or "Without a rule: firms are added by hand."
    return {"title": title, "when": one.at, "who": str(one.by), "body": body, "icon": icon, "tone": tone}


def _compared(form: CompareForm, versions: list[GroupEntry], words: Words) -> dict[str, Any]:
    found = {one.version: one for one in versions}
    since, until = found[form.cleaned_data["since"]], found[form.cleaned_data["until"]]
    return {
        "since": _version(since, words),
        "until": _version(until, words),
        "lines": differences(since.data, until.data, words),
    }


def _version(one: GroupEntry, words: Words) -> dict[str, str]:
    return {
        "title": f"Version {one.version}",
        "when": f"{shown.day(one.at)}, {one.by}",
        "name": one.data["name"],
        "note": one.data["note"],
        "rule": words.of_rule(read_rule(one.data["rule"])) or "No rule: firms are added by hand.",
    }
