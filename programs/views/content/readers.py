"""Who has read a version, and who of the audience has not read the current one. Receipts stay: of versions from before, of
people whose account was closed, and of firms that the item is no longer for."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.models import User
from core import shown
from core.http import render_page_or_partial
from programs.content_audience import firms_for, people_for
from programs.enums import ContentKind
from programs.models import ContentItem, ContentReading, ContentVersion
from programs.views.content.access import VIEW_ALL, crumbs, in_reach

_ON_A_PAGE = 50


@dataclass(frozen=True)
class Row:
    """A person of the audience, or one who read it before; `outside` says why they are no longer in it."""

    name: str
    email: str
    firm: str
    url: str
    opened: str
    acknowledged: str
    outside: str


@require_safe
@requires(VIEW_ALL)
def readers(request: HttpRequest, code: str) -> HttpResponse:
    """Of the current version those of the audience who have not read it, or everybody; of an earlier one its receipts."""
    item = in_reach(request, code)
    if item.current is None:
        raise Http404("It is not published yet.")
    published = list(item.versions.filter(published_at__isnull=False).order_by("-number"))
    version = _chosen(published, request.GET.get("version", ""), item.current)
    is_current = version.pk == item.current_id
    asks = item.kind == ContentKind.ANNOUNCEMENT
    views, people = _views(request, item, version, asks) if is_current else ([], _read(item, version))
    found = people.order_by("member__partner__name", "name", "pk")
    page = Paginator(found.select_related("member__partner"), _ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_title": f"Who has read {version.title}",
        "breadcrumbs": crumbs(item, item.current.title, "Readers"),
        "item": item,
        "version": version,
        "published": shown.day(version.published_at),
        "asks": asks,
        "page": page,
        "rows": [_row(person) for person in page.object_list],
        "is_current": is_current,
        "all": request.GET.get("show") == "all",
        "views": views,
        "versions": [(one.number, shown.day(one.published_at)) for one in published],
    }
    return render_page_or_partial(
        request, "programs/content/readers.html", "programs/content/_readers.html", context
    )


def _chosen(published: list[ContentVersion], sent: str, current: ContentVersion) -> ContentVersion:
    """The published version with this number; without one the current version."""
    if not sent:
        return current
    found = [one for one in published if str(one.number) == sent]
    if not found:
        raise Http404("There is no such version.")
    return found[0]


def _views(
    request: HttpRequest, item: ContentItem, version: ContentVersion, asks: bool
) -> tuple[list[dict[str, Any]], QuerySet[User]]:
    """The two lists of the current version with their numbers, and the people of the one that is open."""
    inside = _with_receipt(item, version, people_for(item))
    missing = inside.filter(Q(acknowledged=None) if asks else Q(opened=None))
    everybody = _with_receipt(
        item,
        version,
        User.objects.filter(
            Q(pk__in=people_for(item).order_by().values("pk")) | Q(pk__in=version.readings.values("user"))
        ),
    )
    here, is_all = reverse("programs:content_readers", args=[item.code]), request.GET.get("show") == "all"
    views: list[dict[str, Any]] = [
        {
            "label": "Not acknowledged" if asks else "Not read",
            "count": missing.count(),
            "active": not is_all,
            "url": here,
        },
        {"label": "Everybody", "count": everybody.count(), "active": is_all, "url": f"{here}?show=all"},
    ]
    return views, everybody if is_all else missing


def _read(item: ContentItem, version: ContentVersion) -> QuerySet[User]:
    """All who left a receipt of a version, wherever they are now."""
    return _with_receipt(item, version, User.objects.filter(pk__in=version.readings.values("user")))


def _with_receipt(item: ContentItem, version: ContentVersion, people: QuerySet[User]) -> QuerySet[User]:
    """People with `opened` and `acknowledged` of a version, whether they are in the audience today, and their firm."""
    theirs = ContentReading.objects.filter(version=version, user=OuterRef("pk"))
    return people.annotate(
        opened=Subquery(theirs.values("opened_at"), output_field=DateTimeField()),
        acknowledged=Subquery(theirs.values("acknowledged_at"), output_field=DateTimeField()),
        inside=Exists(people_for(item).order_by().filter(pk=OuterRef("pk"))),
        firm_inside=Exists(firms_for(item).order_by().filter(pk=OuterRef("member__partner"))),
    )


def _row(person: Any) -> Row:
    member = getattr(person, "member", None)
    return Row(
        name=person.name or person.email,
        email=person.email,
        firm=member.partner.name if member else "",
        url=reverse("partners:partner", args=[member.partner.code]) if member else "",
        opened=shown.moment(person.opened),
        acknowledged=shown.moment(person.acknowledged),
        outside=_outside(person),
    )


def _outside(person: Any) -> str:
    """Why somebody who read it is no longer in the audience; '' for those who are."""
    if person.inside:
        return ""
    if not person.is_active:
        return "Account closed"
    if getattr(person, "member", None) is None:
        return "Belongs to no firm now"
    return "Reads the library no longer" if person.firm_inside else "Firm no longer in the audience"
