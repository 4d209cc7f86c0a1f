"""What each tier asks for, now and from a later day on; operations change it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from core import shown
from core.clock import database_clock
from core.errors import NotAllowed
from core.vendor_days import vendor_day
from partners.enums import PartnerTier
from programs import measures
from programs.forms.tiers import CriterionForm, DropForm
from programs.ladder import LADDER
from programs.models import Criterion
from programs.permissions import EDIT, VIEW_ALL
from programs.services.tiers import criteria as service
from programs.views.access import crumbs, person_of
from programs.views.acting import act
from programs.views.tabs import tabs


@require_http_methods(["GET", "HEAD", "POST"])
@requires(VIEW_ALL)
def criteria(request: HttpRequest) -> HttpResponse:
    """The tiers from the top with what they ask for, and the form for another criterion."""
    person, today = person_of(request), vendor_day(database_clock())
    if request.method == "POST" and not person.may(EDIT):
        raise NotAllowed("Your role does not include changing what tiers ask for.")
    form = CriterionForm(request.POST or None, initial={"starts_on": today})

    def post() -> Criterion:
        return service.set_criterion(by=person, **form.cleaned_data)

    return act(
        request,
        form,
        post,
        title="What tiers ask for",
        done="Saved.",
        go=lambda _: reverse("programs:criteria"),
        breadcrumbs=crumbs(request, ("Tiers", reverse("programs:tiers")), title="Criteria"),
        submit="Save the criterion",
        cancel_url="",
        template="programs/tiers/criteria.html",
        tabs=tabs(request, "tiers"),
        tiers=_tiers(today),
        may_edit=person.may(EDIT),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT)
def drop(request: HttpRequest, criterion_id: int) -> HttpResponse:
    """A criterion ends on a day; one that has not begun goes away."""
    found = get_object_or_404(Criterion, pk=criterion_id)
    today = vendor_day(database_clock())
    form = DropForm(request.POST or None, initial={"last_day": max(today, found.starts_on)})
    back = reverse("programs:criteria")
    measure = measures.measure_of(found.measure)
    name = f"{PartnerTier(found.tier).label}: {measure.label if measure else found.measure}"

    def post() -> None:
        service.drop_criterion(found, by=person_of(request), last_day=form.cleaned_data["last_day"])

    return act(
        request,
        form,
        post,
        title="End a criterion",
        done="The criterion ends on that day.",
        go=lambda _: back,
        breadcrumbs=crumbs(
            request, ("Tiers", reverse("programs:tiers")), ("Criteria", back), title="End a criterion"
        ),
        submit="End it",
        cancel_url=back,
        lead=f"{name}, from {shown.day(found.starts_on)} on. Choose yesterday to end it at once.",
    )


def _tiers(today: date) -> list[dict[str, Any]]:
    rows: dict[str, list[dict[str, Any]]] = {tier: [] for tier in LADDER[1:]}
    past = today - timedelta(days=1)
    units: dict[str, str] = {}
    found = (
        Criterion.objects.exclude(ends_on__lt=past).select_related("program").order_by("measure", "starts_on")
    )
    for row in found:
        measure = measures.measure_of(row.measure)
        rows[row.tier].append(
            {
                "pk": row.pk,
                "label": measure.label if measure else row.measure,
                "hint": measure.hint if measure else "This figure is not computed any more.",
                "asked": _asked(measure, row.threshold, units),
                "program": row.program.name if row.program else "",
                "from": shown.day(row.starts_on),
                "until": shown.day(row.ends_on),
                "later": row.starts_on > today,
                "over": row.ends_on is not None and row.ends_on < today,
            }
        )
    return [{"label": PartnerTier(tier).label, "rows": rows[tier]} for tier in reversed(LADDER[1:])]


def _asked(measure: measures.Measure | None, threshold: Decimal, units: dict[str, str]) -> str:
    if measure is None:
        return str(threshold)
    if measure.code not in units:
        units[measure.code] = measure.unit()
    return measure.shown(threshold, units[measure.code])
