"""Open registrations by company: the page and its exports."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.models import User
from catalog.money import base_currency
from core.clock import database_clock
from core.http import render_page_or_partial
from partners.models import Partner
from registrations.enums import Status
from reports import open_registrations as report
from reports.exports import Cell, csv_lines, xlsx_file
from reports.forms import OpenRegistrationsFilter
from reports.views.rows import shown

_OFFERED = 200  # partners suggested while typing; any other is found by its name
_HEADER = [
    *("Company", "Name as registered", "Country", "Registration", "Deal", "Partner", "Owner", "Status"),
    *("Territory", "Product lines", "Value", "Currency", "Value in {base}", "Submitted", "Age in days"),
    *("Protected until", "Conflict"),
]


@require_safe
@requires("reports.view")
def open_registrations(request: HttpRequest) -> HttpResponse:
    """R12: companies with open registrations, by key, filtered and sorted by the address."""
    user = request.user
    assert isinstance(user, User)
    form = OpenRegistrationsFilter(request.GET)
    wanted, sort = form.read()
    now, base = database_clock(), base_currency()
    after = request.GET.get("after", "")
    rows, following = report.page(user, wanted, sort=sort, after=after, now=now)
    context = {
        "page_title": "Open registrations by company",
        "form": form,
        "partners": Partner.objects.visible_to(user)
        .order_by("name")
        .values_list("name", flat=True)[:_OFFERED],
        "rows": [shown(row, wanted, base=base, now=now) for row in rows],
        "base": base,
        "chips": _chips(request, form),
        "clear_url": reverse("reports:open_registrations"),
        "filtered": bool(wanted),
        "after": following,
        "is_first": not after,
        "first_url": _address(request, after=None),
        "may_export": user.may("reports.export"),
        "csv_url": _export_url(request, "csv"),
        "xlsx_url": _export_url(request, "xlsx"),
    }
    return render_page_or_partial(
        request, "reports/open_registrations.html", "reports/_open_registrations.html", context
    )


@require_safe
@requires("reports.export")
def export_open_registrations(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The registrations that fit the filter as CSV or XLSX, one a line, in the order of the report."""
    assert isinstance(request.user, User)
    wanted, sort = OpenRegistrationsFilter(request.GET).read()
    now, base = database_clock(), base_currency()
    header = [name.format(base=base) for name in _HEADER]
    found = report.for_export(request.user, wanted, sort=sort, now=now)
    # The middleware's time zone is gone by the time the rows are streamed.
    rows = _export_rows(found.iterator(chunk_size=2000), now, timezone.get_current_timezone())
    name = f"open-registrations-{now:%Y-%m-%d}.{kind}"
    if kind == "xlsx":
        return FileResponse(xlsx_file("Open registrations", header, rows), as_attachment=True, filename=name)
    response = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _export_rows(found: Iterator[dict[str, Any]], now: datetime, zone: tzinfo) -> Iterator[list[Cell]]:
    for deal in found:
        submitted, until = deal["submitted_at"], deal["protected_until"]
        yield [
            *(deal[name] for name in ("company__name", "company_name", "country", "code", "deal_name")),
            *(deal["partner__name"], deal["owner__name"], Status(deal["status"]).label),
            *(deal["territory__name"] or "", deal["product_lines"] or ""),
            *(deal["value"], deal["currency__code"], deal["in_base"]),
            submitted.astimezone(zone),
            (now - submitted).days,
            until.astimezone(zone) if until and deal["status"] == Status.APPROVED else None,
            "To be judged" if deal["to_judge"] else "",
        ]


def _chips(request: HttpRequest, form: OpenRegistrationsFilter) -> list[dict[str, str]]:
    """A chip for each filter in force; its address takes that one away."""
    chips = []
    for name in ("partner", "group", "territory", "product", "age", "status"):
        value = form.cleaned_data.get(name)
        if value:
            words = (
                dict(getattr(form.fields[name], "choices", [])).get(value, value)
                if isinstance(value, str)
                else value
            )
            label = f"{form.fields[name].label or name.capitalize()}: {words}"
            chips.append({"label": label, "url": _address(request, **{name: None, "after": None})})
    return chips


def _address(request: HttpRequest, **changes: str | None) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    path = reverse("reports:open_registrations")
    return f"{path}?{query.urlencode()}" if query else path


def _export_url(request: HttpRequest, kind: str) -> str:
    query = {name: value for name, value in request.GET.items() if value and name != "after"}
    path = reverse("reports:export_open_registrations", args=[kind])
    return f"{path}?{urlencode(query)}" if query else path
