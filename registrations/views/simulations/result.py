"""A simulation: its progress, then what it found, case by case."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.models import User
from catalog.money import base_currency
from core.http import render_page_or_partial
from core.paging import page_by_id
from core.tables import csv_lines
from policies.words import changes
from registrations.forms.simulations import CaseFilters
from registrations.models import SimulatedCase, Simulation
from registrations.services.simulations import as_simulated, is_stale
from registrations.simulation.heads import head_of
from registrations.simulation.tally import cells_from_json
from registrations.views.simulations import rows
from registrations.views.simulations.about import about
from registrations.views.simulations.access import EDIT, READ, simulation_in_reach


@require_safe
@requires(READ)
def simulation(request: HttpRequest, code: str) -> HttpResponse:
    """The page, which asks for itself again while the simulation runs. What is done with it is for those who write policies."""
    reader = request.user
    assert isinstance(reader, User)
    found, may_edit = simulation_in_reach(code), reader.may(EDIT)
    of = about(found, reader)
    context: dict[str, Any] = {
        "page_title": of.name if of.tried else f"Simulation of {of.name}",
        "breadcrumbs": of.crumbs,
        "simulation": found,
        "about": of,
        "may_edit": may_edit,
        "head": head_of(found),
        "left_out": of.left_out,
        "again_url": of.again_url,
    }
    if not found.is_unfinished:
        context |= _result(request, found)
    return render_page_or_partial(
        request,
        "registrations/simulations/simulation.html",
        "registrations/simulations/_simulation.html",
        context,
    )


@require_safe
@requires(READ)
def export_simulation(request: HttpRequest, code: str) -> HttpResponseBase:
    """The changed cases that fit the filter as CSV, one a line."""
    found = simulation_in_reach(code)
    base = base_currency()
    cases = _filters(request, found).apply(_cases(found)).order_by("-pk")
    # The middleware's time zone is gone by the time the rows are streamed.
    zone = timezone.get_current_timezone()
    lines = (rows.exported(case, zone) for case in cases.iterator(chunk_size=2000))
    response = StreamingHttpResponse(
        csv_lines(rows.header(base), lines), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="simulation-{found.code}.csv"'
    return response


def _result(request: HttpRequest, found: Simulation) -> dict[str, Any]:
    base = base_currency()
    filters = _filters(request, found)
    page = page_by_id(filters.apply(_cases(found)), request.GET.get("after", ""))
    cells = cells_from_json(found.cells)
    address = reverse("registrations:simulation", args=[found.code])
    return {
        "base": base,
        "stale": changes(as_simulated(found), found.policy, base) if found.policy and is_stale(found) else [],
        "table": rows.table_of(cells, address, filters.chosen.get("change", "")),
        "filters": filters,
        "chips": [
            {"label": filters.words_of(name), "url": rows.without(request, name)} for name in filters.chosen
        ],
        "clear_url": f"{address}#cases",
        "cases": [rows.shown(case) for case in page.rows],
        "after": page.after,
        "first_url": rows.without(request) if request.GET.get("after") else "",
        "export_url": rows.export_url(request, found),
        "any_cases": bool(page.rows) or SimulatedCase.objects.filter(simulation=found).exists(),
    }


def _filters(request: HttpRequest, found: Simulation) -> CaseFilters:
    return CaseFilters(request.GET, simulation=found, tiers=rows.tiers_of(found))


def _cases(found: Simulation) -> QuerySet[SimulatedCase]:
    return SimulatedCase.objects.filter(simulation=found).select_related("registration__partner")
