"""The tabs above the vendor's pages of this area. Other parts of the area add theirs below."""

from django.http import HttpRequest
from django.urls import reverse

from programs.permissions import VIEW_ALL
from programs.views.access import person_of

_TABS = [
    ("programs", "Programs", "programs:list", VIEW_ALL),
    ("tiers", "Tiers", "programs:tiers", VIEW_ALL),
    ("training", "Training", "programs:training_desk", VIEW_ALL),
]


def tabs(request: HttpRequest, active: str) -> list[dict[str, object]]:
    """Those that the reader may open, in the shape that components/views_tabs.html takes."""
    person = person_of(request)
    return [
        {"label": label, "url": reverse(route), "active": key == active, "count": None}
        for key, label, route, permission in _TABS
        if person.may(permission)
    ]
