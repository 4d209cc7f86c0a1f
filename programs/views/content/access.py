"""What the pages of the library have in common."""

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from core.http import note_place
from programs.models import ContentItem, ContentVersion
from programs.services.content.keeping import draft_of

READ, VIEW_ALL, EDIT = "content.read", "content.view_all", "content.edit"
LOOK = (READ, VIEW_ALL)


def in_reach(request: HttpRequest, code: str) -> ContentItem:
    """The item with this code, 404 outside the reader's reach."""
    note_place(request, reverse("programs:content", args=[code]))
    person: Any = request.user
    return get_object_or_404(ContentItem.objects.visible_to(person).select_related("current"), code=code)


def shown_version(item: ContentItem) -> ContentVersion:
    """What a page about the item shows: the version that readers see, else its draft."""
    version = item.current or draft_of(item)
    if version is None:
        raise Http404("There is nothing to show yet.")
    return version


def sent_version(request: HttpRequest) -> int:
    """The version that the form was made for; 0 for nonsense."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


def crumbs(item: ContentItem | None, title: str, last: str = "") -> list[dict[str, str]]:
    """The way to a page below the library."""
    trail = [{"label": "Library", "url": reverse("programs:library")}]
    if item is not None:
        own = {"label": title}
        trail.append({**own, "url": reverse("programs:content", args=[item.code])} if last else own)
    return [*trail, {"label": last}] if last else trail
