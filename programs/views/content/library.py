"""The library: a search and a list by kind, for readers and for those who keep it."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.search import SearchHeadline
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, TextField, Value
from django.db.models.functions import Concat
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from accounts.access import requires
from core import shown
from core.clock import database_clock
from core.http import render_page_or_partial
from core.vendor_days import vendor_day
from partners.standing_words import standing_word
from programs.content_audience import in_words
from programs.enums import ContentKind
from programs.forms.content import ContentFilter
from programs.models import ContentItem, ContentReading, ContentVersion
from programs.querysets.content import search_query
from programs.views.content.access import EDIT, LOOK, VIEW_ALL

_ON_A_PAGE = 25
_ICONS = {ContentKind.FILE: "file-text", ContentKind.PAGE: "list", ContentKind.ANNOUNCEMENT: "bell"}
# Marks that no text holds: what lies between them is what the search found.
_SIGNS = re.compile(r"(?:^|\s)[#-] ")
_FROM, _TO = "\ue000", "\ue001"


@dataclass(frozen=True)
class Row:
    """What the list shows of an item."""

    url: str
    title: str
    kind: str
    icon: str
    text: str | SafeString
    detail: str
    label: str
    tone: str
    days: int | None
    until: datetime | None
    audience: str


@require_safe
@requires(*LOOK)
def library(request: HttpRequest) -> HttpResponse:
    """What somebody may read, the newest first or, for a search, the best first."""
    person: Any = request.user
    form = ContentFilter(request.GET)
    form.is_valid()
    text, kind = form.cleaned_data.get("q", ""), form.cleaned_data.get("kind", "")
    keeps = person.may(VIEW_ALL)
    reach = ContentItem.objects.visible_to(person)
    found = reach.searched(text) if text else reach.order_by("-current__published_at", "-pk")
    counts = dict(found.order_by().values_list("kind").annotate(n=Count("pk")))
    narrowed = found.filter(kind=kind) if kind else found
    page = Paginator(for_list(narrowed, person, text), _ON_A_PAGE).get_page(request.GET.get("page"))
    now = database_clock()
    context = {
        "page_title": "Library",
        "form": form,
        "views": _tabs(text, kind, counts),
        "page": page,
        "rows": [row_of(item, now, keeps=keeps) for item in page.object_list],
        "searched": text,
        "clear_url": reverse("programs:library"),
        "narrowed": bool(text or kind),
        "keeps": keeps,
        "may_edit": person.may(EDIT),
        "standing": standing_word(person),
        "kinds": [(value, label, _ICONS[ContentKind(value)]) for value, label in ContentKind.choices],
    }
    return render_page_or_partial(
        request, "programs/content/library.html", "programs/content/_library.html", context
    )


def for_list(items: QuerySet[ContentItem], person: Any, text: str = "") -> QuerySet[ContentItem]:
    """With everything that a row shows: a constant number of queries."""
    mine = ContentReading.objects.filter(version=OuterRef("current_id"), user=person)
    listed = items.select_related("current").annotate(
        is_read=Exists(mine), is_acknowledged=Exists(mine.filter(acknowledged_at__isnull=False))
    )
    if text:
        whole = Concat("current__summary", Value(" "), "current__body", output_field=TextField())
        listed = listed.annotate(
            found=SearchHeadline(
                whole,
                search_query(text),
                config="english",
                start_sel=_FROM,
                stop_sel=_TO,
                max_words=18,
                min_words=8,
                max_fragments=2,
            )
        )
    if not person.may(VIEW_ALL):
        return listed
    drafts = ContentVersion.objects.filter(published_at=None)
    return listed.prefetch_related(
        "groups", "program_contents__program", Prefetch("versions", drafts, to_attr="drafts")
    )


def row_of(item: ContentItem, now: datetime, *, keeps: bool) -> Row:
    """The row of an item that came from `for_list`: asks the database nothing."""
    draft = next(iter(item.drafts), None) if keeps else None  # type: ignore[attr-defined]
    version = item.current or draft
    label, tone = _standing(item, draft) if keeps else _for_reader(item)
    asks = not keeps and item.kind == ContentKind.ANNOUNCEMENT and not item.is_acknowledged  # type: ignore[attr-defined]
    due = version.due_on if version and asks else None
    return Row(
        url=reverse("programs:content", args=[item.code]),
        title=version.title if version else item.code,
        kind=item.get_kind_display(),
        icon=_ICONS[ContentKind(item.kind)],
        text=_marked(getattr(item, "found", "") or (version.summary if version else "")),
        detail=_detail(item, version),
        label=label,
        tone=tone,
        days=(due - vendor_day(now)).days if due else None,
        until=None,
        audience=in_words(item) if keeps else "",
    )


def _marked(text: str) -> SafeString:
    """The text with what was found between <mark>; everything else escaped. Marks of headings and lists are left out."""
    return mark_safe(escape(_SIGNS.sub(" ", text)).replace(_FROM, "<mark>").replace(_TO, "</mark>"))


def _detail(item: ContentItem, version: ContentVersion | None) -> str:
    if version is None:
        return ""
    parts = [shown.day(version.published_at), f"version {version.number}" if version.number > 1 else ""]
    if item.kind == ContentKind.FILE:
        parts.append(f"{version.file_name}, {shown.size(version.file_size)}")
    return " · ".join(part for part in parts if part)


def _standing(item: ContentItem, draft: ContentVersion | None) -> tuple[str, str]:
    """Where an item stands, for those who keep the library."""
    if item.withdrawn_at is not None:
        return "Withdrawn", "off"
    if item.current is None:
        return "Draft", "wait"
    return ("Published, next version in draft", "info") if draft else ("Published", "ok")


def _for_reader(item: ContentItem) -> tuple[str, str]:
    """Where an item stands for its reader."""
    if item.kind == ContentKind.ANNOUNCEMENT:
        return ("Acknowledged", "ok") if item.is_acknowledged else ("To acknowledge", "ask")  # type: ignore[attr-defined]
    return ("Read", "off") if item.is_read else ("New", "info")  # type: ignore[attr-defined]


def _tabs(text: str, kind: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    tabs = [("", "Everything", sum(counts.values()))]
    tabs += [(value, f"{label}s", counts.get(value, 0)) for value, label in ContentKind.choices]
    return [
        {"label": label, "count": count, "active": value == kind, "url": _address(q=text, kind=value)}
        for value, label, count in tabs
    ]


def _address(**given: str) -> str:
    query = urlencode({name: value for name, value in given.items() if value})
    return f"{reverse('programs:library')}?{query}" if query else reverse("programs:library")
