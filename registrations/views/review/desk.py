"""The referee's desk: the queue on the left, the open registration on the right. Nothing here changes anything."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.models import User
from core.clock import database_clock
from core.http import render_page_or_partial
from partners.models import Partner
from registrations import queue as queue_module
from registrations.comparison import money
from registrations.forms.review import QueueFilter
from registrations.models import Registration
from registrations.referee_words import percent
from registrations.views.review.address import Address, address_of
from registrations.views.review.ages import age_of
from registrations.views.review.item import Feedback, item_context, load
from registrations.workflow import label_for

_PAGE = "registrations/review/desk.html"
_DESK = "registrations/review/_desk.html"
_ITEM = "registrations/review/_item.html"
_ROWS = 25


@require_safe
@requires("registrations.view_all")
def queue(request: HttpRequest) -> HttpResponse:
    """The list with its first row open beside it; on a phone the list alone."""
    context = desk_context(request.user, address_of(request))  # type: ignore[arg-type]
    return render_page_or_partial(request, _PAGE, _DESK, context)


@require_safe
@requires("registrations.view_all")
def review_item(request: HttpRequest, code: str) -> HttpResponse:
    """One registration beside the list; asked for by htmx, the registration alone."""
    registration = _found(code, request.user)  # type: ignore[arg-type]
    address = address_of(request)
    if getattr(request, "htmx", False) and not request.htmx.history_restore_request:  # type: ignore[attr-defined]
        context = _item_only(registration, request.user, address)  # type: ignore[arg-type]
        response = render(request, _ITEM, {**context, "alone": True})
        response.headers["Vary"] = "HX-Request"
        return response
    context = desk_context(request.user, address, registration)  # type: ignore[arg-type]
    return render_page_or_partial(request, _PAGE, _DESK, context)


@require_safe
@requires("registrations.view_all")
def candidates(request: HttpRequest, code: str) -> HttpResponse:
    """The candidates of one registration, another of them selected."""
    registration = _found(code, request.user)  # type: ignore[arg-type]
    context = _item_only(registration, request.user, address_of(request))  # type: ignore[arg-type]
    return render(request, "registrations/review/_candidates.html", context)


def desk_context(
    user: User, address: Address, registration: Registration | None = None, feedback: Feedback | None = None
) -> dict[str, Any]:
    """List and item. Without `registration` the first row of the view is open, and a phone shows the list."""
    now = database_clock()
    counts = queue_module.counts(address.choice, user=user, now=now)
    rows = queue_module.rows_of(address.choice, user=user, now=now)
    total = counts[address.choice.view.code]
    place = queue_module.place_of(registration, rows) if registration else 1
    paginator = Paginator(rows.for_list(), _ROWS)
    paginator.count = total  # counted with the views already
    page = paginator.get_page(address.page or max(1, -(-place // _ROWS)))
    shown = list(page.object_list)
    first = load(shown[0].code, user) if shown and registration is None else None
    opened = registration or first
    partners = _partners(user)
    context = {
        "page_title": registration.company_name if registration else "Review queue",
        "views": _views(address, counts),
        "filter": QueueFilter(initial=_filters(address), partners=partners),
        "filtered": bool(address.choice.text or address.choice.partner),
        "clear_url": address.queue(q="", partner=""),
        "queue_url": address.queue(),
        "page": page,
        "rows": [_row(row, now, address, opened) for row in shown],
        "view": address.choice.view,
        "total": total,
        "waiting": counts["all"] if not (address.choice.text or address.choice.partner) else None,
        "shows": "item" if registration else "list",
        "place": place if opened else 0,
    }
    if opened is not None:
        context |= item_context(opened, user, now, address, feedback)
    return context


def _item_only(registration: Registration, user: User, address: Address) -> dict[str, Any]:
    now = database_clock()
    rows = queue_module.rows_of(address.choice, user=user, now=now)
    place = queue_module.place_of(registration, rows)
    return {
        "queue_url": address.queue(),
        "view": address.choice.view,
        "place": place,
        "total": rows.count() if place else 0,
        **item_context(registration, user, now, address),
    }


def _found(code: str, user: User) -> Registration:
    registration = load(code, user)
    if registration is None:
        raise Http404("There is no registration with this reference.")
    return registration


def _views(address: Address, counts: dict[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "label": view.label,
            "url": address.queue(view=view.code),
            "count": counts[view.code],
            "active": view is address.choice.view,
        }
        for view in queue_module.VIEWS.values()
    ]


def _filters(address: Address) -> dict[str, str]:
    choice = address.choice
    return {"q": choice.text, "partner": choice.partner, "view": choice.view.code}


def _partners(user: User) -> list[tuple[str, str]]:
    """Partners that have something in the queue."""
    waiting = Registration.objects.visible_to(user).under_review().values("partner")
    line = Registration.objects.visible_to(user).in_line().values("partner")
    found = Partner.objects.filter(Q(pk__in=waiting) | Q(pk__in=line.order_by()))
    return list(found.order_by("name").values_list("code", "name"))


def _row(row: Registration, now: datetime, address: Address, opened: Registration | None) -> dict[str, Any]:
    score = row.top_score  # type: ignore[attr-defined]
    return {
        "code": row.code,
        "company": row.company_name,
        "partner": row.partner.name,
        "value": money(row.value, row.currency.code),
        "age": age_of(row, now),
        "likeness": percent(score) if score is not None else "",
        "failed": "check_failed" in row.review_reasons,
        "status": row.status,
        "status_label": label_for(row.status, vendor=True),
        "url": address.to("review_item", row.code),
        "current": opened is not None and opened.pk == row.pk,
    }
