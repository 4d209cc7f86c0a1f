"""One item: what it says, its file, that it was opened, that it was acknowledged."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from core import shown
from core.clock import database_clock
from core.downloads import as_download
from core.vendor_days import vendor_day
from programs.content_audience import in_words, people_for
from programs.content_text import as_html
from programs.enums import ContentKind
from programs.models import ContentItem, ContentReading, ContentVersion
from programs.services.content import reading
from programs.services.content.keeping import draft_of
from programs.views.content.access import EDIT, LOOK, READ, VIEW_ALL, crumbs, in_reach, shown_version


@require_safe
@requires(*LOOK)
def content(request: HttpRequest, code: str) -> HttpResponse:
    """The item as its readers see it; for the vendor with its standing, versions and audience."""
    item, person = in_reach(request, code), _person(request)
    version = shown_version(item)
    mine = ContentReading.objects.filter(version=version, user=person).first()
    context = {
        "page_title": version.title,
        "breadcrumbs": crumbs(item, version.title),
        **_as_shown(item, version),
        "reads": person.may(READ),
        "acknowledged": shown.moment(mine.acknowledged_at) if mine else "",
        "keeps": person.may(VIEW_ALL),
        "may_edit": person.may(EDIT),
    }
    if person.may(VIEW_ALL):
        context |= _kept(item)
    return render(request, "programs/content/item.html", context)


@require_safe
@requires(VIEW_ALL)
def version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One version as it was, for the vendor."""
    item = in_reach(request, code)
    found = get_object_or_404(item.versions.select_related("written_by", "published_by"), number=number)
    context = {
        "page_title": found.title,
        "breadcrumbs": crumbs(item, shown_version(item).title, f"Version {number}"),
        **_as_shown(item, found),
        "published": shown.moment(found.published_at),
        "written": shown.moment(found.written_at),
        "readers_url": _readers_of(item, found),
        "read": found.readings.count(),
    }
    return render(request, "programs/content/version.html", context)


@require_POST
@requires(*LOOK)
def file(request: HttpRequest, code: str, number: int) -> FileResponse:
    """The file as a download, with a receipt: a POST, since it leaves a trace. Readers get the newest version only."""
    item, person = in_reach(request, code), _person(request)
    found = item.versions.filter(number=number).first()
    if found is None or not found.file or not (person.may(VIEW_ALL) or found.pk == item.current_id):
        raise Http404("There is no such file.")
    response = as_download(found.file, name=found.file_name, content_type=found.file_type)
    if found.pk == item.current_id:
        reading.note_opened(item, by=person)
    return response


@require_POST
@requires(READ)
def opened(request: HttpRequest, code: str) -> HttpResponse:
    """The page tells that it was opened; looking at it by itself changes nothing."""
    item = in_reach(request, code)
    if item.kind != ContentKind.FILE:
        reading.note_opened(item, by=_person(request))
    return HttpResponse(status=204)


@require_POST
@requires(READ)
def acknowledge_content(request: HttpRequest, code: str) -> HttpResponse:
    """'I have read this', for the version that was on the page."""
    item = in_reach(request, code)
    sent = request.POST.get("number", "")
    number = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
    reading.acknowledge(item, by=_person(request), number=number)
    messages.success(request, "Thank you: we know that you have read it.")
    return redirect("programs:content", item.code)


def _as_shown(item: ContentItem, version: ContentVersion) -> dict[str, Any]:
    """What readers see of a version."""
    today = vendor_day(database_clock())
    return {
        "item": item,
        "version": version,
        "text": as_html(version.body),
        "asks": item.kind == ContentKind.ANNOUNCEMENT,
        "days": (version.due_on - today).days if version.due_on else None,
        "due": shown.day(version.due_on),
        "published": shown.day(version.published_at),
        "file_size": shown.size(version.file_size) if version.file else "",
    }


def _kept(item: ContentItem) -> dict[str, Any]:
    """What the vendor sees besides: standing, audience, versions, how many have read it."""
    draft = draft_of(item)
    audience = people_for(item)
    receipts = ContentReading.objects.filter(version=item.current_id, user__in=audience.values("pk"))
    versions = item.versions.select_related("written_by").annotate(read=Count("readings")).order_by("-number")
    return {
        "draft": draft,
        "audience": in_words(item),
        "people": audience.count(),
        "read": receipts.count(),
        "said_so": receipts.filter(acknowledged_at__isnull=False).count(),
        "versions": [
            {
                "number": one.number,
                "url": reverse("programs:content_version", args=[item.code, one.number]),
                "label": "Draft" if one.published_at is None else f"Published {shown.day(one.published_at)}",
                "by": str(one.written_by),
                "changes": one.changes,
                "is_current": one.pk == item.current_id,
                "read": one.read,
                "readers_url": _readers_of(item, one),
            }
            for one in versions
        ],
    }


def _readers_of(item: ContentItem, version: ContentVersion) -> str:
    """The page with all receipts of a version; '' for a draft."""
    if version.published_at is None:
        return ""
    show = "show=all" if version.pk == item.current_id else f"version={version.number}"
    return f"{reverse('programs:content_readers', args=[item.code])}?{show}"


def _person(request: HttpRequest) -> Any:
    return request.user
