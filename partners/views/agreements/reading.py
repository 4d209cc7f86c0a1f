"""Agreements as both sides read them."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from accounts.models import User
from core.clock import database_clock
from core.downloads import as_download
from core.shown import day, size
from core.vendor_days import vendor_day
from partners.agreements.asking import Ask, asks_of, firms_asked, not_accepted
from partners.agreements.querysets import ASKED
from partners.enums import PartnerKind
from partners.models import Agreement, AgreementAcceptance, AgreementVersion, Partner
from partners.services.agreements import accept_version
from partners.services.agreements.accepting import ACCEPT
from partners.services.agreements.asking_firms import EDIT

VIEW = ("partners.view_all", "partners.view_own")
_ON_A_PAGE = 25


@dataclass(frozen=True)
class Row:
    """An agreement in a list; for the vendor `asked` and `accepted` count firms, for a firm `state` says where it stands."""

    title: str
    url: str
    version: int
    effective: str
    accept_by: str
    kinds: str
    state: str = ""
    detail: str = ""
    tone: str = ""
    is_open: bool = False
    ended: bool = False
    asked: int = 0
    accepted: int = 0


@require_safe
@requires(*VIEW)
def agreements(request: HttpRequest) -> HttpResponse:
    """A firm's own with what is to be accepted; all of them, with figures, for the vendor."""
    user = request.user
    assert isinstance(user, User)
    context: dict[str, Any] = {
        "page_title": "Agreements",
        "rows": _vendor_rows(user) if user.is_vendor else firm_rows(asks_of(_own(user))),
        "may_edit": user.may(EDIT),
        "may_accept": user.may(ACCEPT),
        "is_vendor": user.is_vendor,
    }
    if not user.is_vendor:
        context["breadcrumbs"] = [
            {"label": "My firm", "url": reverse("partners:firm")},
            {"label": "Agreements"},
        ]
    return render(request, "partners/agreements/list.html", context)


@require_safe
@requires(*VIEW)
def agreement(request: HttpRequest, code: str) -> HttpResponse:
    """One agreement: its newest version, or the one in `?version=`; who accepted it, and who has not."""
    user = request.user
    assert isinstance(user, User)
    found = get_object_or_404(Agreement.objects.visible_to(user), code=code)
    versions = list(found.versions.select_related("published_by"))
    wanted = request.GET.get("version", "")
    version = next((one for one in versions if str(one.number) == wanted), versions[0])
    context: dict[str, Any] = {
        "page_title": found.title,
        "breadcrumbs": [
            {"label": "Agreements", "url": reverse("partners:agreements")},
            {"label": found.title},
        ],
        "agreement": found,
        "version": version,
        "newest": versions[0],
        "versions": versions if len(versions) > 1 else [],
        "kinds": _kinds(found),
        "file": _file(version),
        "in_force": version.is_in_force(vendor_day(database_clock())),
        **(
            _vendor_part(request, found, version)
            if user.is_vendor
            else _firm_part(user, found, version, versions[0])
        ),
    }
    return render(request, "partners/agreements/agreement.html", context)


@require_safe
@requires(*VIEW)
def file(request: HttpRequest, code: str, number: int) -> FileResponse:
    """A version's file, as a download; 404 outside the reader's reach or where there is none."""
    seen = AgreementVersion.objects.visible_to(request.user)  # type: ignore[arg-type]
    version = get_object_or_404(seen, agreement__code=code, number=min(number, 2**31 - 1))
    if not version.file:
        raise Http404("This version has no file.")
    return as_download(version.file, name=version.file_name, content_type=version.file_type)


@require_POST
@requires(ACCEPT)
def accept(request: HttpRequest, code: str) -> HttpResponse:
    """Accepts the version that was read, for the reader's firm."""
    user = request.user
    assert isinstance(user, User)
    found = get_object_or_404(Agreement.objects.visible_to(user), code=code)
    number = request.POST.get("version", "")
    known = number.isdecimal() and len(number) < 10
    version = get_object_or_404(found.versions.all(), number=int(number) if known else found.versions.count())
    accept_version(version, partner=_own(user), by=user)
    messages.success(request, f"{found.title} is accepted for {_own(user).name}.")
    return redirect("partners:agreements")


def _own(user: User) -> Partner:
    member = getattr(user, "member", None)
    if member is None:
        raise Http404("You belong to no firm.")
    firm: Partner = member.partner
    return firm


def firm_rows(asks: list[Ask]) -> list[Row]:
    """The agreements of one firm, each with where it stands there."""
    today = vendor_day(database_clock())
    return [_firm_row(ask, ask.is_late(today)) for ask in asks]


def _firm_row(ask: Ask, late: bool) -> Row:
    version = ask.newest
    if ask.accepted is not None:
        state, tone, detail = "Accepted", "ok", f"by {ask.accepted.by} on {day(ask.accepted.at)}"
    elif late:
        state, tone, detail = "Overdue", "stop", f"since {day(version.accept_by)}"
    else:
        state, tone, detail = "To accept", "wait", f"by {day(version.accept_by)}"
    return Row(
        ask.agreement.title,
        reverse("partners:agreement", args=[ask.agreement.code]),
        version.number,
        day(version.effective_on),
        day(version.accept_by),
        "",
        state=state,
        detail=detail,
        tone=tone,
        is_open=ask.is_open,
    )


def _vendor_rows(user: User) -> list[Row]:
    newest = AgreementVersion.objects.visible_to(user).newest().select_related("agreement")
    versions = list(newest.order_by("agreement__ended_at", "agreement__title"))
    asked = Counter(
        dict(Partner.objects.filter(status__in=ASKED).order_by().values_list("kind").annotate(n=Count("pk")))
    )
    taken = AgreementAcceptance.objects.filter(version__in=versions, partner__status__in=ASKED).order_by()
    accepted: dict[int, Counter[str]] = {version.pk: Counter() for version in versions}
    for version_id, kind, number in taken.values_list("version_id", "partner__kind").annotate(n=Count("pk")):
        accepted[version_id][kind] = number
    return [_vendor_row(version, asked, accepted[version.pk]) for version in versions]


def _vendor_row(version: AgreementVersion, asked: "Counter[str]", accepted: "Counter[str]") -> Row:
    """`asked` and `accepted` count firms by their kind."""
    found = version.agreement
    kinds = [kind for kind in asked if found.ended_at is None and found.binds(kind)]
    return Row(
        found.title,
        reverse("partners:agreement", args=[found.code]),
        version.number,
        day(version.effective_on),
        day(version.accept_by),
        _kinds(found),
        ended=found.ended_at is not None,
        asked=sum(asked[kind] for kind in kinds),
        accepted=sum(accepted[kind] for kind in kinds),
    )


def _firm_part(
    user: User, found: Agreement, version: AgreementVersion, newest: AgreementVersion
) -> dict[str, Any]:
    own = _own(user)
    accepted = AgreementAcceptance.objects.filter(version=version, partner=own).select_related("by").first()
    asked = version.pk == newest.pk and Agreement.objects.binding(own).filter(pk=found.pk).exists()
    return {
        "accepted": accepted,
        "is_asked": asked and accepted is None,
        "may_accept": user.may(ACCEPT),
        "firm": own,
    }


def _vendor_part(request: HttpRequest, found: Agreement, version: AgreementVersion) -> dict[str, Any]:
    """Who has accepted this version and who, asked for it, has not: a page of firms."""
    shown = "accepted" if request.GET.get("firms") == "accepted" else "open"
    still_open = not_accepted(version)
    taken = version.acceptances.select_related("partner", "by").order_by("-at", "-pk")
    rows: Any = taken if shown == "accepted" else still_open.select_related("manager")
    page = Paginator(rows, _ON_A_PAGE).get_page(request.GET.get("page"))
    here = f"?version={version.number}"
    counts = {"open": still_open.count(), "accepted": taken.count()}
    labels = {"open": "Not accepted yet", "accepted": "Accepted"}
    return {
        "is_vendor": True,
        "shown": shown,
        "page": page,
        "asked_firms": firms_asked(found).count(),
        "views": [
            {
                "label": labels[name],
                "url": f"{here}&firms={name}",
                "count": counts[name],
                "active": name == shown,
            }
            for name in labels
        ],
        "may_edit": request.user.may(EDIT) and found.ended_at is None,  # type: ignore[union-attr]
        "may_ask": counts["open"] and version.told_at is not None,
    }


def _kinds(found: Agreement) -> str:
    labels = dict(PartnerKind.choices)
    return ", ".join(labels.get(kind, kind) for kind in found.kinds) or "All kinds of partners"


def _file(version: AgreementVersion) -> dict[str, str] | None:
    if not version.file:
        return None
    address = reverse("partners:agreement_file", args=[version.agreement.code, version.number])
    return {"name": version.file_name, "url": address, "detail": size(version.file_size)}
