"""What the pages about groups have in common."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from core.http import note_place
from partners.models import Group

VIEW, EDIT = "partners.view_all", "groups.edit"


def in_reach(request: HttpRequest, code: str) -> Group:
    """The group with this code, 404 outside the reader's reach."""
    note_place(request, reverse("partners:group", args=[code]))
    person: Any = request.user
    return get_object_or_404(Group.objects.visible_to(person).select_related("changed_by"), code=code)


def crumbs(group: Group | None, last: str = "") -> list[dict[str, str]]:
    """The way to a page below the list."""
    trail = [{"label": "Groups", "url": reverse("partners:groups")}]
    if group is not None:
        own = {"label": group.name}
        trail.append({**own, "url": reverse("partners:group", args=[group.code])} if last else own)
    return [*trail, {"label": last}] if last else trail
