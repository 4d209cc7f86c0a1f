"""Distribution rights for the vendor's people: list and calendar, one right, giving, ending and taking back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django_countries import countries

from accounts.access import requires
from accounts.models import User
from core.clock import database_clock, fixed
from core.errors import BadInput, NotAllowed, StaleVersion, WrongStatus
from core.vendor_days import vendor_day
from partners.models import Partner
from policies.authorised import in_force
from policies.concerned import firms_concerned, holder_relies
from policies.findings import Effect
from policies.firms import firm_of
from policies.forms.rights import EndForm, RightForm, TakeBackForm
from policies.forms.typed import typed_right
from policies.loading import authorisations_at, right_of
from policies.may import may_register
from policies.models import ExclusiveRight
from policies.planned import change_of_right
from policies.rights import right_words
from policies.rights_calendar import Calendar, calendar_of
from policies.rules import cap
from policies.services.rights import (
    earliest_begin,
    earliest_end,
    end_right,
    firms_to_tell,
    give_rights,
    take_back_right,
)
from policies.shown import day_words, period_words
from policies.simulations import trials_of
from policies.stands import around
from policies.views.sections import EDIT, READ, crumbs, sections

_METHODS = ["GET", "HEAD", "POST"]
_LISTED = 200
_SHOWN = {"running": "Running", "coming": "Coming", "ended": "Ended", "calendar": "Calendar"}


@dataclass(frozen=True)
class RightRow:
    """A right as the list tells it."""

    right: ExclusiveRight
    url: str
    scope: str
    period: str
    state: str
    label: str
    tone: str


@require_safe
@requires(READ)
def rights(request: HttpRequest) -> HttpResponse:
    """Running, coming and ended rights, or a year of them side by side."""
    assert isinstance(request.user, User)
    now = database_clock()
    shown = request.GET.get("show", "running")
    shown = shown if shown in _SHOWN else "running"
    every = ExclusiveRight.objects.visible_to(request.user)
    found = {"running": every.in_force(now), "coming": every.scheduled(now), "ended": _ended(every, now)}
    calendar: Calendar | None = None
    rows: list[RightRow] = []
    if shown == "calendar":
        calendar = calendar_of(_loaded(every.standing()), now)
    else:
        ordered = _loaded(found[shown]).order_by("-ends_at" if shown == "ended" else "begins_at", "pk")
        rows = [row_of(right, now) for right in ordered[:_LISTED]]
    counts: dict[str, int | None] = {name: part.count() for name, part in found.items()}
    context = {
        "page_title": "Distribution rights",
        "sections": sections(request.user, "rights"),
        "tabs": [
            {
                "label": label,
                "url": f"?show={name}",
                "active": name == shown,
                "count": counts.get(name),
            }
            for name, label in _SHOWN.items()
        ],
        "shown": shown,
        "rows": rows,
        "calendar": calendar,
        "any": any(counts.values()),
        "may_edit": request.user.may(EDIT),
    }
    return render(request, "policies/rights.html", context)


@require_safe
@requires(READ)
def right(request: HttpRequest, code: str) -> HttpResponse:
    """One right: what it is about, who gave it and why, and who was told."""
    assert isinstance(request.user, User)
    found, now = _found(request.user, code), database_clock()
    row = row_of(found, now)
    standing = row.state in ("running", "coming")
    context = {
        "countries": sorted(str(countries.name(one)) for one in found.countries),
        "page_title": row.scope,
        "breadcrumbs": crumbs("Distribution rights", "policies:rights", found.code),
        "row": row,
        "right": found,
        "given_on": day_words(found.created_at),
        "end_set_on": day_words(found.end_set_at),
        "change": change_of_right(found),
        "concerned": firms_concerned(right_of(found), now) if standing else [],
        "standing": standing,
        "holder_refused": _holder_refused(found, now) if standing else [],
        "may_end": request.user.may(EDIT) and standing,
    }
    return render(request, "policies/right.html", context)


@require_http_methods(_METHODS)
@requires(EDIT)
def new_right(request: HttpRequest) -> HttpResponse:
    """First whom it concerns, then giving it: who is told was shown. What it overlaps is named."""
    assert isinstance(request.user, User)
    now = database_clock()
    earliest, trying = earliest_begin(now), request.POST.get("step") == "try"
    concerned: list[Partner] | None = None
    if request.method != "POST":
        form = RightForm(earliest=earliest, initial=request.GET.dict())  # what was tried comes back so
    elif trying:
        form, change = typed_right(request.POST, now)
        if change is not None and (panel := trials_of(change, request.user)) is not None:
            return redirect(panel.start_url)
    else:
        form = RightForm(request.POST, earliest=earliest)
    if request.method == "POST" and not trying and form.is_valid():
        try:
            concerned = firms_to_tell(form.wanted(), form.firms(), clock=fixed(now))
            mark = form.mark(concerned)
            if request.POST.get("step") == "give" and form.cleaned_data["seen"] == mark:
                return _given(request, give_rights(form.wanted(), form.firms(), by=request.user), now)
        except BadInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
            concerned = None
        else:
            form.data = request.POST.copy()
            form.data["seen"] = mark
    context = {
        "page_title": "New distribution right",
        "breadcrumbs": crumbs("Distribution rights", "policies:rights", "New"),
        "form": form,
        "concerned": concerned,
        "again": concerned is not None and request.POST.get("step") == "give",
        "cancel_url": reverse("policies:rights"),
    }
    return render(request, "policies/new_right.html", context, status=422 if form.errors else 200)


def _given(request: HttpRequest, made: list[ExclusiveRight], now: datetime) -> HttpResponse:
    if len(made) > 1:
        told = f"{len(made)} rights are given. Their holders and the firms concerned are told."
        messages.success(request, told)
        return redirect(f"{reverse('policies:rights')}?show={row_of(made[0], now).state}")
    messages.success(request, "The right is given. Its holder and the firms concerned are told.")
    return redirect("policies:right", made[0].code)


@require_http_methods(_METHODS)
@requires(EDIT)
def end(request: HttpRequest, code: str) -> HttpResponse:
    """Ends a right with a day; one that has not begun is taken back."""
    assert isinstance(request.user, User)
    found, now = _found(request.user, code), database_clock()
    row = row_of(found, now)
    if row.state not in ("running", "coming"):
        raise WrongStatus("This right has ended already.")
    waits = row.state == "coming"
    bound: dict[str, Any] = {"data": request.POST if request.method == "POST" else None}
    bound["initial"] = {"version": found.version}
    form: Any = TakeBackForm(**bound) if waits else EndForm(**bound, earliest=_last_day(found, now))
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            (take_back_right if waits else end_right)(found, by=request.user, **form.cleaned_data)
        except BadInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        except StaleVersion as stale:
            form.add_error(None, stale.message)
            form.data = {**request.POST.dict(), "version": str(_found(request.user, code).version)}
            status = 409
        else:
            told = "The right is taken back." if waits else "The end of the right is set."
            messages.success(request, f"{told} Its holder and the firms that it opens for are told.")
            return redirect("policies:right", code)
    title = "Take the right back" if waits else "End the right"
    context = {
        "page_title": title,
        "breadcrumbs": crumbs("Distribution rights", "policies:rights", code, row.url, title),
        "row": row,
        "change": change_of_right(found, ended=True),
        "form": form,
        "waits": waits,
        "cancel_url": row.url,
    }
    status = 422 if form.errors and status == 200 else status
    return render(request, "policies/end_right.html", context, status=status)


def _last_day(found: ExclusiveRight, now: datetime) -> date:
    """The first day on which it may end; today where the holder does not rely on it."""
    return earliest_end(now) if holder_relies(right_of(found), now) else vendor_day(now)


def _holder_refused(found: ExclusiveRight, now: datetime) -> list[str]:
    """Why the holder itself could not register what it has the right to, as its people would read it: of an exclusive one then
    nobody can. How many deals it has open passes by itself."""
    line, firm = found.product_line_id or 0, firm_of(found.partner, now)
    where = around(now).stand(firm, line, in_force(authorisations_at(now), line, now)).by_country
    may = may_register(
        found.partner,
        product_lines=[line] if line else [],
        country=min(found.countries, key=where.of, default=""),  # the one that is the freest to it
        industry=found.industry_id,
        value=None,
        tender=False,
        now=now,
    )
    refused = [finding for finding in may.outcome.findings if finding.effect == Effect.REFUSED]
    return [finding.words for finding in refused if finding.rule != cap.CODE]


def row_of(found: ExclusiveRight, now: datetime) -> RightRow:
    """A right in words as of `now`; needs partner, product line, territory and industry loaded."""
    state, label, tone = _state(found, now)
    return RightRow(
        right=found,
        url=reverse("policies:right", args=[found.code]),
        scope=right_words(found),
        period=period_words(found.begins_at, found.ends_at),
        state=state,
        label=label,
        tone=tone,
    )


def _state(found: ExclusiveRight, now: datetime) -> tuple[str, str, str]:
    if found.withdrawn_at is not None:
        return "taken_back", "Taken back", "off"
    if found.ends_at is not None and found.ends_at <= now:
        return "ended", "Ended", "off"
    if found.begins_at > now:
        return "coming", "Coming", "wait"
    soon = found.ends_at is not None and found.ends_at - now < timedelta(days=30)
    return "running", "Ends soon" if soon else "Running", "wait" if soon else "ok"


def _ended(every: QuerySet[ExclusiveRight], now: datetime) -> QuerySet[ExclusiveRight]:
    return every.filter(ends_at__lte=now) | every.filter(withdrawn_at__isnull=False)


def _loaded(found: QuerySet[ExclusiveRight]) -> QuerySet[ExclusiveRight]:
    return found.select_related("partner", "product_line", "territory", "industry")


def _found(user: User, code: str) -> ExclusiveRight:
    if not user.may(READ):
        raise NotAllowed("Your role does not include this.")
    seen = _loaded(ExclusiveRight.objects.visible_to(user)).select_related("created_by", "end_set_by")
    return get_object_or_404(seen, code=code)
