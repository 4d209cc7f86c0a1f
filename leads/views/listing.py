"""The vendor's list of leads; filters, tab and place in the address."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from core.clock import database_clock
from core.errors import DomainError
from core.http import render_page_or_partial
from core.paging import page_by_id
from leads.enums import LeadStatus, Onward, Way
from leads.forms.filters import LeadFilters
from leads.forms.giving import GiveManyForm
from leads.models import Lead
from leads.services.giving import give, put_into_pool
from leads.views.access import MANAGE, VIEW_ALL
from leads.workflow import tone_of
from registrations import shown

_ONWARD = {Way.TERRITORY: Onward.TERRITORY, Way.ROTATION: Onward.ROTATION}


@dataclass(frozen=True)
class Row:
    """What the list shows of a lead. `days` are those left to answer, None where nobody is asked; `stuck`: in the pool,
    where nobody could claim it as the sweep last looked."""

    code: str
    url: str
    company: str
    need: str
    label: str
    tone: str
    partner: str
    days: int | None
    until: datetime | None
    stuck: bool
    territory: str
    lines: str
    value: str
    created: str
    may_choose: bool


@require_safe
@requires(VIEW_ALL)
def leads(request: HttpRequest) -> HttpResponse:
    """All leads, newest first, as tab and filters say."""
    now, person = database_clock(), request.user
    filters = LeadFilters(request.GET)
    reach = filters.narrow(Lead.objects.visible_to(person))  # type: ignore[arg-type]
    counts = dict(reach.order_by().values_list("status").annotate(n=Count("pk")))
    status = filters.chosen.get("status", "")
    found = reach.filter(status=status) if status else reach
    page = page_by_id(found.for_list(), request.GET.get("after", ""))
    may_manage = person.may(MANAGE)  # type: ignore[union-attr]
    may_choose = may_manage and status == LeadStatus.NEW
    narrowed = [name for name in filters.chosen if name != "status"]
    context = {
        "page_title": "Leads",
        "filters": filters,
        "views": _tabs(request.GET, counts, status),
        "chips": [{"label": filters.words_of(name), "url": _without(request.GET, name)} for name in narrowed],
        "clear_url": f"?status={status}" if status else reverse("leads:list"),
        "rows": rows_of(page.rows, now, may_choose=may_choose),
        "may_choose": may_choose,
        "older": _with(request.GET, after=page.after) if page.after else "",
        "newest": _without(request.GET, "after") if request.GET.get("after") else "",
        "narrowed": bool(narrowed),
        "status": status,
        "has_any": bool(counts) or Lead.objects.exists(),
        "may_manage": may_manage,
        "ways": GiveManyForm().fields["way"].choices,  # type: ignore[attr-defined]
    }
    return render_page_or_partial(request, "leads/list.html", "leads/_list.html", context)


def rows_of(leads_: Iterable[Lead], now: datetime, *, may_choose: bool) -> list[Row]:
    """The rows of leads that came from `for_list()`: asks the database nothing."""
    return [_row(lead, now, may_choose=may_choose) for lead in leads_]


def _row(lead: Lead, now: datetime, *, may_choose: bool) -> Row:
    gift = next(iter(lead.holding), None)  # type: ignore[attr-defined]
    keeper = gift or lead.registration  # an accepted one is with whoever has its registration
    return Row(
        code=lead.code,
        url=reverse("leads:lead", args=[lead.code]),
        company=lead.company_name,
        need=lead.need,
        label=lead.get_status_display(),
        tone=tone_of(lead.status),
        partner=keeper.partner.name if keeper else "",
        days=shown.days_until(gift.answer_by, now) if gift else None,
        until=gift.answer_by if gift else None,
        stuck=lead.status == LeadStatus.POOLED and lead.out_of_reach_at is not None,
        territory=lead.territory.name if lead.territory else "",
        lines=", ".join(line.name for line in lead.product_lines.all()),
        value=shown.money(lead.value, lead.currency),
        created=shown.day(lead.created_at),
        may_choose=may_choose and lead.status == LeadStatus.NEW,
    )


@require_POST
@requires(MANAGE)
def give_many(request: HttpRequest) -> HttpResponse:
    """Gives the chosen leads by a way that chooses by itself; each on its own, and what each came to is said."""
    form = GiveManyForm(request.POST)
    if not form.is_valid() or not form.cleaned_data["lead"]:
        messages.error(request, "Choose at least one lead, and how to give them.")
        return redirect("leads:list")
    way, given, refused = form.cleaned_data["way"], 0, []
    person: Any = request.user
    chosen = Lead.objects.visible_to(person).filter(code__in=form.cleaned_data["lead"])
    for lead in chosen.order_by("pk"):
        try:
            if way == Way.POOL:
                put_into_pool(lead, by=person)
            else:
                give(lead, way=way, by=person, onward=_ONWARD[Way(way)])
            given += 1
        except DomainError as reason:
            refused.append(f"{lead.company_name} ({lead.code}): {reason.message}")
    if given:
        where = "put into the pool" if way == Way.POOL else "given"
        messages.success(request, f"{given} {'lead was' if given == 1 else 'leads were'} {where}.")
    for words in refused[:10]:
        messages.warning(request, words)
    if len(refused) > 10:
        messages.warning(request, f"{len(refused) - 10} more could not be given either.")
    return redirect(f"{reverse('leads:list')}?status={LeadStatus.NEW}" if refused else "leads:list")


def _tabs(query: QueryDict, counts: dict[str, int], status: str) -> list[dict[str, Any]]:
    tabs = [("", "All", sum(counts.values()))]
    tabs += [(value, label, counts.get(value, 0)) for value, label in LeadStatus.choices]
    return [
        {
            "label": label,
            "count": count,
            "active": value == status,
            "url": _with(query, status=value) if value else _without(query, "status"),
        }
        for value, label, count in tabs
    ]


def _with(query: QueryDict, **values: str) -> str:
    changed = query.copy()
    if "after" not in values:
        changed.pop("after", None)
    for name, value in values.items():
        changed[name] = value
    return f"?{changed.urlencode()}"


def _without(query: QueryDict, *names: str) -> str:
    changed = query.copy()
    for name in (*names, "after"):
        changed.pop(name, None)
    return f"?{changed.urlencode()}"
