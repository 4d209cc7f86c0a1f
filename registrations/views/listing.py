"""The list of registrations, for partners and for the vendor; filters and place in the address."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requires
from core.clock import database_clock
from core.http import render_page_or_partial
from core.paging import page_by_id
from registrations.forms.filters import RegistrationFilters
from registrations.models import Registration
from registrations.views.access import VIEW, may_begin
from registrations.views.rows import rows_of


@require_safe
@requires(*VIEW)
def registrations(request: HttpRequest) -> HttpResponse:
    """What this person may see, newest first, as the filters in the address say."""
    now = database_clock()
    person: Any = request.user
    filters = RegistrationFilters(request.GET, person=person)
    reach = Registration.objects.visible_to(person)
    page = page_by_id(filters.apply(reach.for_list(), now), request.GET.get("after", ""))
    chips = [{"label": filters.words_of(name), "url": _without(request.GET, name)} for name in filters.chosen]
    context = {
        "page_title": "Registrations",
        "rows": rows_of(page.rows, now, vendor=person.is_vendor),
        "filters": filters,
        "chips": chips,
        "clear_url": reverse("registrations:list"),
        "older": _with(request.GET, after=page.after) if page.after else "",
        "newest": _without(request.GET, "after") if request.GET.get("after") else "",
        "has_any": bool(page.rows) or reach.exists(),
        "shows_partner": person.is_vendor,
        "shows_owner": person.may("registrations.view_firm"),
        "may_register": may_begin(request),
    }
    return render_page_or_partial(request, "registrations/list.html", "registrations/_list.html", context)


def _with(query: QueryDict, **values: str) -> str:
    changed = query.copy()
    for name, value in values.items():
        changed[name] = value
    return f"?{changed.urlencode()}"


def _without(query: QueryDict, *names: str) -> str:
    changed = query.copy()
    for name in (*names, "after"):
        changed.pop(name, None)
    return f"?{changed.urlencode()}"
