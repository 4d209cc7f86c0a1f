"""Who takes part in the rotation, and with which weight."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from core.errors import BadInput
from leads.enums import GiftEnd, Way
from leads.forms.giving import WeightsForm
from leads.models import Turn
from leads.services.rotation import set_weights
from leads.views.access import MANAGE, crumbs
from partners.enums import PartnerStatus
from partners.models import Partner
from registrations import shown


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def rotation(request: HttpRequest) -> HttpResponse:
    """Each active firm with its weight, and what it was given so far."""
    turns = {turn.partner_id: turn for turn in Turn.objects.all()}
    partners = list(_partners())
    weights = {partner: turns[partner.pk].weight if partner.pk in turns else 1 for partner in partners}
    form = WeightsForm(request.POST or None, weights=weights)
    person: Any = request.user
    if request.method == "POST" and form.is_valid():
        try:
            changed = set_weights(form.weights, by=person)
        except BadInput as error:
            form.add_error(None, error.message)
        else:
            words = {0: "Nothing was changed.", 1: "1 weight was changed."}
            messages.success(request, words.get(changed, f"{changed} weights were changed."))
            return redirect("leads:rotation")
    context = {
        "page_title": "Rotation",
        "breadcrumbs": crumbs(request, None, "Rotation"),
        "form": form,
        "rows": [(partner, form[partner.code], shown.day(partner.last_lead)) for partner in partners],
    }
    return render(request, "leads/rotation.html", context, status=422 if form.errors else 200)


def _partners() -> Any:
    in_turn = Q(gifts__way=Way.ROTATION)
    return (
        Partner.objects.filter(status=PartnerStatus.ACTIVE)
        .annotate(
            in_turn=Count("gifts", filter=in_turn),
            accepted=Count("gifts", filter=in_turn & Q(gifts__end=GiftEnd.ACCEPTED)),
            last_lead=Max("gifts__at"),
        )
        .prefetch_related("territories")
        .order_by("name")
    )
