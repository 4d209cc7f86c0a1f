"""The referee's desk: the queue on the left, the open registration on the right. Nothing here changes anything."""

from dataclasses import replace
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.models import User
from core.clock import database_clock
from core.http import render_page_or_partial
from registrations import queue as queue_module
from registrations.forms.review import QueueFilter
from registrations.models import Registration, SavedView
from registrations.queue import Choice, Reader, reader_of
from registrations.services.undo import still_open
from registrations.views.review import choosing
from registrations.views.review.address import Address, address_of, choice_from, query_of
from registrations.views.review.item import Feedback, item_context, load
from registrations.views.review.rows import row_of

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
    user: User,
    address: Address,
    registration: Registration | None = None,
    feedback: Feedback | None = None,
    refused_bulk: Any = None,
    **more: Any,
) -> dict[str, Any]:
    """List and item. Without `registration` the first row of the view is open, and a phone shows the list.
    `refused_bulk` is a form for many that was not accepted; `more` is shown besides, such as the outcome of many decisions."""
    reader = reader_of(user, database_clock())
    decides = user.may("registrations.decide")
    kept = [(view, choice_from(view.query)) for view in user.saved_views.all()]
    counts = _counts(address, kept, reader)
    rows = queue_module.rows_of(address.choice, reader)
    total = counts[address.choice.view.code]
    place = queue_module.place_of(registration, rows) if registration else 1
    paginator = Paginator(
        rows.select_related("partner", "currency", "reviewer", "snooze", "timeline_head"), _ROWS
    )
    paginator.count = total  # counted with the views already
    page = paginator.get_page(address.page or max(1, -(-place // _ROWS)))
    shown = list(page.object_list)
    first = load(shown[0].code, user) if shown and registration is None else None
    opened = registration or first
    referees = choosing.referees_of(reader)
    context = {
        "page_title": registration.company_name if registration else "Review queue",
        "views": _views(address, counts),
        "saved_views": _saved_views(address, kept, counts),
        "may_save_view": (address.choice.is_filtered or address.choice.view.code != "all")
        and all(choice != address.choice for _, choice in kept),
        "kept_query": query_of(address.choice),
        "view_query": address.query(),
        "filter": QueueFilter(
            initial=_filters(address), partners=choosing.partners(user), **choosing.choices(referees, user)
        ),
        "filtered": address.choice.is_filtered,
        "more_filters": bool(address.choice.partner or address.choice.reviewer or address.choice.territory),
        "clear_url": address.cleared(),
        "queue_url": address.queue(),
        "list_url": reverse("registrations:queue"),
        "list_fields": address.fields(),
        "open_form": address.open,
        "page": page,
        "rows": [row_of(row, reader, address, opened) for row in shown],
        "view": address.choice.view,
        "total": total,
        "waiting": None if address.choice.is_filtered else counts["all"],
        "shows": "item" if registration else "list",
        "place": place if opened else 0,
        "stands_in_for": reader.stands_in_for,
        "undoable": lambda: still_open(user, reader.now),  # asked for by whole pages alone
        "bulk": choosing.bulk_forms(referees, address, refused_bulk) if decides else None,
        **more,
    }
    if opened is not None:
        context |= item_context(opened, reader, address, feedback, referees=referees)
    return context


def _item_only(registration: Registration, user: User, address: Address) -> dict[str, Any]:
    reader = reader_of(user, database_clock())
    rows = queue_module.rows_of(address.choice, reader)
    place = queue_module.place_of(registration, rows)
    return {
        "queue_url": address.queue(),
        "view": address.choice.view,
        "place": place,
        "total": rows.count() if place else 0,
        **item_context(registration, reader, address, referees=choosing.referees_of(reader)),
    }


def _found(code: str, user: User) -> Registration:
    registration = load(code, user)
    if registration is None:
        raise Http404("There is no registration with this reference.")
    return registration


def _counts(address: Address, kept: list[tuple[SavedView, Choice]], reader: Reader) -> dict[str, int]:
    """Of all views under the same filters, and of the reader's own under theirs: one query."""
    choices = {code: replace(address.choice, view=view) for code, view in queue_module.VIEWS.items()}
    own = {f"saved_{view.pk}": choice for view, choice in kept}
    return queue_module.counts({**choices, **own}, reader)


def _views(address: Address, counts: dict[str, int]) -> list[dict[str, Any]]:
    opened = address.choice.view
    return [
        {
            "label": view.label,
            "url": address.queue(view=view.code),
            "count": counts[view.code],
            "active": view is opened,
        }
        for view in queue_module.VIEWS.values()
        if counts[view.code] or view is opened or not view.rare
    ]


def _saved_views(
    address: Address, kept: list[tuple[SavedView, Choice]], counts: dict[str, int]
) -> list[dict[str, Any]]:
    queue_url = reverse("registrations:queue")
    rows = []
    for view, choice in kept:
        query = query_of(choice)
        rows.append(
            {
                "pk": view.pk,
                "label": view.name,
                "url": f"{queue_url}?{query}" if query else queue_url,
                "count": counts[f"saved_{view.pk}"],
                "active": choice == address.choice,
            }
        )
    return rows


def _filters(address: Address) -> dict[str, str]:
    choice = address.choice
    return {
        "q": choice.text,
        "partner": choice.partner,
        "reviewer": choice.reviewer,
        "territory": choice.territory,
        "view": choice.view.code,
    }
