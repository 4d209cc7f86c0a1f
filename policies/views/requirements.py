"""What product lines require: the matrix, one line with its history, and a change whose effect is shown before it is saved."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from accounts.models import User
from catalog.models import ProductLine
from core.clock import database_clock
from core.errors import BadInput, StaleVersion
from core.vendor_days import vendor_day
from partners.models import Partner
from policies.authorised import Difference, in_force
from policies.binding import Authorisation
from policies.by_country import Standing
from policies.certificates import names_of
from policies.firms import as_firms, selling_firms
from policies.following import Following, if_taken_back
from policies.forms.requirements import RequirementForm
from policies.forms.typed import typed_requirement
from policies.loading import authorisation_of, authorisations_at
from policies.models import ProductAuthorisation
from policies.planned import Change, Kind
from policies.rules.product_authorisation import (
    Gap,
    area_words,
    asks_nothing,
    kinds_words,
    requirement_words,
    tier_words,
)
from policies.services.requirements import preview, preview_of_next, set_requirement, take_back_requirement
from policies.shown import day_words
from policies.simulations import trials_of
from policies.stands import Stand, around
from policies.views.sections import EDIT, READ, crumbs, sections

_METHODS = ["GET", "HEAD", "POST"]
_TITLE = "Product authorisation"
_HISTORY = 50
_MANY = ("kinds", "certificates", "territories", "groups")


@dataclass(frozen=True)
class LineRow:
    """A product line of the matrix: what it requires, and how many firms may register it, `in_part` of them for some customers
    alone."""

    name: str
    url: str
    kinds: str
    tier: str
    certificates: list[str]
    areas: str
    groups: list[str]
    otherwise: str
    open_to: int
    in_part: int
    of: int
    coming: str


@dataclass(frozen=True)
class FirmRow:
    """A firm as it stands to one product line."""

    partner: Partner
    stand: Stand

    @property
    def lacks(self) -> list[Gap]:
        """What shuts it out, then what it lacks."""
        return [*self.stand.barred, *self.stand.lacks]


@dataclass(frozen=True)
class Then:
    """Whom what is announced next touches on its day, as things would be by then."""

    begins: str
    touched: Difference


@dataclass(frozen=True)
class Effect:
    """What a change does on its day, and what that makes of the one announced after it."""

    touched: Difference
    then: Then | None


@dataclass(frozen=True)
class HistoryRow:
    """A requirement of one line as its history tells it. `then` is what comes after it, if it is taken back."""

    pk: int
    words: str
    begins: str
    note: str
    author: str
    label: str
    tone: str
    scheduled: bool
    change: Change
    then: Then | None = None


@require_safe
@requires(READ)
def requirements(request: HttpRequest) -> HttpResponse:
    """The matrix: product line × requirement."""
    assert isinstance(request.user, User)
    now = database_clock()
    asked = {row.product_line: row for row in authorisations_at(now)}
    firms = [firm for _, firm in as_firms(selling_firms(), now)]
    binding = around(now)
    coming: dict[int, str] = {}
    for row in ProductAuthorisation.objects.scheduled(now):
        coming.setdefault(row.product_line_id, f"Changes on {day_words(row.effective_from)}")
    rows = []
    for line in ProductLine.objects.filter(is_active=True):
        one = asked.get(line.pk)
        stands = [binding.stand(firm, line.pk, one) for firm in firms]
        rows.append(_line_row(line, one, stands, coming.get(line.pk, "")))
    context = {
        "page_title": _TITLE,
        "sections": sections(request.user, "requirements"),
        "rows": rows,
        "may_edit": request.user.may(EDIT),
    }
    return render(request, "policies/requirements.html", context)


@require_safe
@requires(READ)
def requirement(request: HttpRequest, code: str) -> HttpResponse:
    """One product line: what applies, who lacks what, what is coming, what was."""
    assert isinstance(request.user, User)
    now = database_clock()
    line = get_object_or_404(ProductLine, code=code)
    asked = in_force(authorisations_at(now), line.pk, now)
    binding = around(now)
    found = as_firms(selling_firms(), now)
    firms = [FirmRow(partner, binding.stand(firm, line.pk, asked)) for partner, firm in found]
    stands = [row.stand for row in firms]
    history = _history(line, now)
    context = {
        "page_title": line.name,
        "breadcrumbs": crumbs(_TITLE, "policies:requirements", line.name),
        "line": line,
        "words": requirement_words(asked, named=True)
        if asked
        else f"{line.name} can be registered by every partner.",
        "firms": sorted(firms, key=lambda row: (-row.stand.freest, not row.stand.in_part)),
        "open_to": _open_to(stands),
        "in_part": sum(stand.in_part for stand in stands),
        "scheduled": [row for row in history if row.scheduled],
        "history": [row for row in history if not row.scheduled],
        "may_edit": request.user.may(EDIT),
    }
    return render(request, "policies/requirement.html", context)


def _open_to(stands: list[Stand]) -> int:
    return sum(stand.freest == Standing.OPEN for stand in stands)


@require_http_methods(_METHODS)
@requires(EDIT)
def change_requirement(request: HttpRequest, code: str) -> HttpResponse:
    """First the effect, then saving: what is saved is what was shown."""
    assert isinstance(request.user, User)
    line = get_object_or_404(ProductLine, code=code, is_active=True)
    now = database_clock()
    current = ProductAuthorisation.objects.in_force(now).filter(product_line=line).first()
    if request.method != "POST":
        form = RequirementForm.starting_from(current, vendor_day(now))
        form.initial.update(_initial(request.GET))
        return _form_page(request, line, form)
    if request.POST.get("step") == "try":
        form, change = typed_requirement(line, request.POST, now)
        if change is None or (panel := trials_of(change, request.user)) is None:
            return _form_page(request, line, form, status=422)
        return redirect(panel.start_url)
    saving = request.POST.get("step") == "save"
    form = RequirementForm(request.POST, held=current.certificates if current else (), saving=saving)
    if not form.is_valid():
        return _form_page(request, line, form, effect=_seen_already(form, line, now), status=422)
    mark = form.mark()
    try:
        if saving and form.cleaned_data["seen"] == mark:
            set_requirement(
                line,
                form.asked(),
                by=request.user,
                begins_on=form.cleaned_data["begins_on"],
                note=form.cleaned_data["note"],
                based_on=form.cleaned_data["based_on"],
            )
            messages.success(request, "Saved. The firms that it touches are told.")
            return redirect("policies:requirement", line.code)
        effect = _effect(form, line, now)
    except BadInput as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return _form_page(request, line, form, status=422)
    except StaleVersion as stale:
        form.add_error(None, f"{stale.message} Look at the effect again, then save.")
        form.data = {**_lists(request), "based_on": current.pk if current else 0, "seen": ""}
        return _form_page(request, line, form, status=409)
    form.data = {**_lists(request), "seen": mark}
    _, tried = typed_requirement(line, request.POST, now)
    return _form_page(request, line, form, effect=effect, tried=tried, again=saving)


def _effect(form: RequirementForm, line: ProductLine, now: datetime) -> Effect:
    """Whom it touches on its day, and on the day of what is announced after it."""
    asked, begins_on = form.asked(), form.cleaned_data["begins_on"]
    following = preview_of_next(line, asked, begins_on=begins_on, now=now)
    return Effect(preview(line, asked, begins_on=begins_on, now=now), _then(following))


def _then(following: Following | None) -> Then | None:
    return Then(day_words(following.asked.from_at), following.touched) if following is not None else None


def _seen_already(form: RequirementForm, line: ProductLine, now: datetime) -> Effect | None:
    """The effect that the author was shown, where saving lacks the note alone: it stays on the page."""
    if set(form.errors) != {"note"} or form.cleaned_data["seen"] != form.mark():
        return None
    return _effect(form, line, now)


@require_POST
@requires(EDIT)
def take_back(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Takes back what has not begun."""
    assert isinstance(request.user, User)
    row = get_object_or_404(
        ProductAuthorisation.objects.select_related("product_line"), pk=pk, product_line__code=code
    )
    take_back_requirement(row, by=request.user)
    messages.success(request, "Taken back: it will not apply. The firms that knew of it are told.")
    return redirect("policies:requirement", code)


def _initial(typed: QueryDict) -> dict[str, Any]:
    """What was tried, to go on with: it comes back with its address."""
    names = [
        name for name in typed if name in RequirementForm.base_fields and name not in ("based_on", "seen")
    ]
    many = {name: typed.getlist(name) if name in _MANY else typed[name] for name in names}
    return {**{name: [] for name in _MANY}, "least_tier": "", **many} if names else {}


def _lists(request: HttpRequest) -> dict[str, Any]:
    """What was sent, lists as lists."""
    return {
        name: request.POST.getlist(name) if name in _MANY else request.POST[name] for name in request.POST
    }


def _form_page(
    request: HttpRequest,
    line: ProductLine,
    form: RequirementForm,
    *,
    effect: Effect | None = None,
    tried: Change | None = None,
    again: bool = False,
    status: int = 200,
) -> HttpResponse:
    url = reverse("policies:requirement", args=[line.code])
    context = {
        "page_title": f"Who may register {line.name}",
        "breadcrumbs": crumbs(_TITLE, "policies:requirements", line.name, url, "Change"),
        "line": line,
        "form": form,
        "shown": effect.touched if effect is not None else None,
        "then": effect.then if effect is not None else None,
        "tried": tried,
        "again": again,
        "cancel_url": url,
    }
    return render(request, "policies/change_requirement.html", context, status=status)


def _line_row(line: ProductLine, asked: Authorisation | None, stands: list[Stand], coming: str) -> LineRow:
    nothing = asked is None or asks_nothing(asked)
    return LineRow(
        name=line.name,
        url=reverse("policies:requirement", args=[line.code]),
        kinds=kinds_words(asked) if asked and asked.kinds else "",
        tier=tier_words(asked) if asked and asked.least_tier else "",
        certificates=[name for _, name in asked.certificates] if asked else [],
        areas=area_words(asked) if asked and asked.areas else "",
        groups=[name for _, name in asked.groups] if asked else [],
        otherwise=""
        if nothing or asked is None
        else ("Refused" if asked.effect == "refused" else "Looked at"),
        open_to=_open_to(stands),
        in_part=sum(stand.in_part for stand in stands),
        of=len(stands),
        coming=coming,
    )


def _history(line: ProductLine, now: datetime) -> list[HistoryRow]:
    """Newest first."""
    rows = ProductAuthorisation.objects.filter(product_line=line).select_related("product_line", "created_by")
    found = list(rows.prefetch_related("territories", "groups").order_by("-effective_from", "-pk")[:_HISTORY])
    names = names_of({code for row in found for code in row.certificates})
    current = next((row.pk for row in found if row.withdrawn_at is None and row.effective_from <= now), None)
    return [_history_row(row, names, current, now) for row in found]


def _history_row(
    row: ProductAuthorisation, names: dict[str, str], current: int | None, now: datetime
) -> HistoryRow:
    scheduled = row.withdrawn_at is None and row.effective_from > now
    if row.withdrawn_at is not None:
        label, tone = "Taken back", "off"
    elif scheduled:
        label, tone = "Scheduled", "wait"
    else:
        label, tone = ("In force", "ok") if row.pk == current else ("Past", "off")
    asked = authorisation_of(row, until=None, names=names)
    return HistoryRow(
        pk=row.pk,
        words=requirement_words(asked, named=True),
        begins=day_words(row.effective_from),
        note=row.note,
        author=str(row.created_by),
        label=label,
        tone=tone,
        scheduled=scheduled,
        change=Change(Kind.REQUIREMENT, asked=asked, line=row.product_line.code),
        then=_then(if_taken_back(asked)) if scheduled else None,
    )
