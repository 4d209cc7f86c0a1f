"""Who of the audience has read the current version, and who has not."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import DateTimeField, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.models import User
from core import shown
from core.http import render_page_or_partial
from programs.content_audience import people_for
from programs.enums import ContentKind
from programs.models import ContentItem, ContentReading
from programs.views.content.access import VIEW_ALL, crumbs, in_reach

_ON_A_PAGE = 50


@dataclass(frozen=True)
class Row:
    """A person of the audience."""

    name: str
    email: str
    firm: str
    url: str
    opened: str
    acknowledged: str


@require_safe
@requires(VIEW_ALL)
def readers(request: HttpRequest, code: str) -> HttpResponse:
    """Everybody in the audience now, those who have not read it first."""
    item = in_reach(request, code)
    if item.current is None:
        raise Http404("It is not published yet.")
    asks = item.kind == ContentKind.ANNOUNCEMENT
    people = _people(item)
    missing = people.filter(Q(acknowledged=None) if asks else Q(opened=None))
    tab = "all" if request.GET.get("show") == "all" else "missing"
    found = (people if tab == "all" else missing).order_by("member__partner__name", "name", "pk")
    page = Paginator(found.select_related("member__partner"), _ON_A_PAGE).get_page(request.GET.get("page"))
    here = reverse("programs:content_readers", args=[item.code])
    context = {
        "page_title": f"Who has read {item.current.title}",
        "breadcrumbs": crumbs(item, item.current.title, "Readers"),
        "item": item,
        "asks": asks,
        "page": page,
        "rows": [_row(person) for person in page.object_list],
        "all": tab == "all",
        "views": [
            {
                "label": "Not acknowledged" if asks else "Not read",
                "count": missing.count(),
                "active": tab == "missing",
                "url": here,
            },
            {
                "label": "Everybody",
                "count": people.count(),
                "active": tab == "all",
                "url": f"{here}?show=all",
            },
        ],
    }
    return render_page_or_partial(
        request, "programs/content/readers.html", "programs/content/_readers.html", context
    )


def _people(item: ContentItem) -> QuerySet[User]:
    """The audience with `opened` and `acknowledged`."""
    mine = ContentReading.objects.filter(version=item.current_id, user=OuterRef("pk"))
    return people_for(item).annotate(
        opened=Subquery(mine.values("opened_at"), output_field=DateTimeField()),
        acknowledged=Subquery(mine.values("acknowledged_at"), output_field=DateTimeField()),
    )


def _row(person: User) -> Row:
    firm = person.member.partner
    return Row(
        name=person.name or person.email,
        email=person.email,
        firm=firm.name,
        url=reverse("partners:partner", args=[firm.code]),
        opened=shown.moment(person.opened),  # type: ignore[attr-defined]
        acknowledged=shown.moment(person.acknowledged),  # type: ignore[attr-defined]
    )
