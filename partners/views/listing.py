"""The list of all firms, for the vendor."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_countries import countries

from accounts.access import requires
from accounts.models import User
from core.clock import database_clock
from core.http import render_page_or_partial
from partners.figures import Figure, figures_for
from partners.forms import PartnerFilter
from partners.keepers import steps_waiting_for
from partners.models import Partner

_ON_A_PAGE = 25
_IN_THE_LIST = ("open_registrations", "open_value")


@dataclass(frozen=True)
class Row:
    """A firm as the list shows it."""

    name: str
    url: str
    place: str
    kind: str
    tier: str
    status: str
    status_label: str
    manager: str
    people: int
    figures: list[Figure]


@require_safe
@requires("partners.view_all")
def partners(request: HttpRequest) -> HttpResponse:
    """Firms by name; search and filters stand in the address."""
    user = request.user
    assert isinstance(user, User)
    everybody = Partner.objects.visible_to(user)
    form = PartnerFilter(
        request.GET, used=sorted(everybody.order_by().values_list("country", flat=True).distinct())
    )
    form.is_valid()
    given = {name: value for name, value in form.cleaned_data.items() if value}
    exact = {name: value for name, value in given.items() if name != "q"}
    found = everybody.mentioning(given.get("q", "")).filter(**exact).order_by("name", "pk")
    page = Paginator(found.with_people().select_related("manager"), _ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page_title": "Partners",
        "form": form,
        "page": page,
        "rows": _rows(list(page.object_list), user),
        "chips": _chips(request, form, given),
        "clear_url": reverse("partners:list"),
        "filtered": bool(given),
        "may_add": user.may("partners.edit"),
        "our_steps": steps_waiting_for(user, database_clock()).count(),
    }
    return render_page_or_partial(request, "partners/list.html", "partners/_list.html", context)


def _rows(found: list[Partner], user: User) -> list[Row]:
    figures = figures_for([partner.pk for partner in found], user)
    return [
        Row(
            name=partner.name,
            url=reverse("partners:partner", args=[partner.code]),
            place=", ".join(part for part in (partner.city, countries.name(str(partner.country))) if part),
            kind=partner.get_kind_display(),
            tier=partner.get_tier_display(),
            status=partner.status,
            status_label=partner.get_status_display(),
            manager=str(partner.manager) if partner.manager else "",
            people=partner.people,
            figures=[figure for figure in figures[partner.pk] if figure.name in _IN_THE_LIST],
        )
        for partner in found
    ]


def _chips(request: HttpRequest, form: PartnerFilter, given: dict[str, str]) -> list[dict[str, str]]:
    chips = []
    for name, value in given.items():
        query = request.GET.copy()
        for gone in (name, "page"):
            query.pop(gone, None)
        words = dict(getattr(form.fields[name], "choices", [])).get(value, value)
        label = f"Search: {words}" if name == "q" else f"{name.capitalize()}: {words}"
        chips.append({"label": label, "url": f"{reverse('partners:list')}?{query.urlencode()}"})
    return chips
