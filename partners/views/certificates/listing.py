"""The vendor's list of certificates: about to lapse, lapsed, all."""

from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requires
from accounts.models import User
from core.clock import database_clock
from core.http import render_page_or_partial
from core.vendor_days import vendor_day
from partners.certificates.closing import closing_with
from partners.certificates.ladder import WARNED_DAYS
from partners.certificates.querysets import CertificateQuerySet
from partners.forms.certificates import CertificateFilter
from partners.models import Certificate, CertificateType, Partner
from partners.services.certificates.types import VERIFY
from partners.views.certificates.rows import rows_of

_ON_A_PAGE = 25
_FURTHEST = max(WARNED_DAYS)
_JUST_LAPSED = 90
_VIEWS = (("lapsing", "About to lapse"), ("lapsed", "Lapsed lately"), ("all", "All"))


@require_safe
@requires("partners.view_all")
def certificates(request: HttpRequest) -> HttpResponse:
    """The soonest end first; view, filters and page stand in the address."""
    user = request.user
    assert isinstance(user, User)
    today = vendor_day(database_clock())
    form = CertificateFilter(request.GET)
    form.is_valid()
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    view = chosen.get("view") if chosen.get("view") in dict(_VIEWS) else _VIEWS[0][0]
    if view != "lapsing":
        del form.fields["within"]
        chosen.pop("within", None)
    reach = _narrowed(Certificate.objects.visible_to(user), chosen)
    page = Paginator(_of(reach, str(view), today, chosen).with_names().with_followers(), _ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    found = list(page.object_list)
    context = {
        "page_title": "Certificates",
        "form": form,
        "page": page,
        "rows": rows_of(found, today, closes=closing_with(found, today=today)),
        "views": _tabs(request, reach, str(view), today),
        "view": view,
        "chips": _chips(request, form, chosen),
        "clear_url": f"{reverse('partners:certificates')}?view={view}",
        "filtered": bool(set(chosen) - {"view"}),
        "to_verify": Certificate.objects.visible_to(user).to_verify().count(),
        "may_verify": user.may(VERIFY),
        "has_types": CertificateType.objects.exists(),
    }
    return render_page_or_partial(
        request, "partners/certificates/list.html", "partners/certificates/_list.html", context
    )


def _narrowed(rows: CertificateQuerySet, chosen: dict[str, Any]) -> CertificateQuerySet:
    if text := chosen.get("q"):
        rows = rows.filter(
            Q(partner__name__icontains=text)
            | Q(member__user__name__icontains=text)
            | Q(number__icontains=text)
            | Q(code__iexact=text)
        )
    if kind := chosen.get("type"):
        rows = rows.filter(type=kind)
    if firm := chosen.get("firm"):
        rows = rows.filter(partner__code=firm)
    return rows


def _of(
    rows: CertificateQuerySet, view: str, today: date, chosen: dict[str, Any] | None = None
) -> CertificateQuerySet:
    if view == "lapsing":
        days = int((chosen or {}).get("within") or _FURTHEST)
        return rows.ending(today, today + timedelta(days=days))
    if view == "lapsed":
        yesterday = today - timedelta(days=1)
        ended = rows.ending(today - timedelta(days=_JUST_LAPSED), yesterday)
        return ended.exclude(rows.replaced()).order_by("-valid_to", "-id")
    return rows.order_by("-id")


def _tabs(request: HttpRequest, reach: CertificateQuerySet, view: str, today: date) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": _with(request, view=name),
            "count": _of(reach, name, today).count(),
            "active": name == view,
        }
        for name, label in _VIEWS
    ]


def _chips(request: HttpRequest, form: CertificateFilter, chosen: dict[str, Any]) -> list[dict[str, str]]:
    words = {
        "q": f"Search: {chosen.get('q')}",
        "type": f"Type: {chosen.get('type')}",
        "within": f"Within {chosen.get('within')} days",
    }
    if code := chosen.get("firm"):
        firm = Partner.objects.filter(code=code).values_list("name", flat=True).first()
        words["firm"] = f"Firm: {firm or code}"
    return [{"label": words[name], "url": _with(request, **{name: ""})} for name in chosen if name in words]


def _with(request: HttpRequest, **values: str) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in values.items():
        query[name] = value
        if not value:
            del query[name]
    return f"?{query.urlencode()}"
