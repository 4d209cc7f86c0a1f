"""Giving a lead: who may have it and why, and what each way would do."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import requires
from core.errors import BadInput, ScopeTaken
from leads import workflow
from leads.enums import LeadAction, LeadStatus, Way
from leads.forms.giving import BY_ITSELF, GiveForm
from leads.models import Gift, Lead
from leads.services import giving, held
from leads.services.eligibility import Standing, next_of_territory, standings
from leads.services.rotation import next_in_turn
from leads.services.too_small import Smallest
from leads.views.access import MANAGE, holding_of, in_reach
from leads.views.acting import Page, act
from registrations.views.access import sent_version

MOST_LISTED = 40


@dataclass(frozen=True)
class WayShown:
    """A way that chooses by itself, and what it would do now; `closed` where it would find nobody."""

    value: str
    label: str
    effect: str
    closed: bool


@require_http_methods(["GET", "HEAD", "POST"])
@requires(MANAGE)
def give(request: HttpRequest, code: str) -> HttpResponse:
    """One choice: a firm by hand, the firm of the territory, the next in turn, or the pool."""
    found = in_reach(request, code)
    person: Any = request.user
    workflow.check(person, LeadAction.GIVE, found, holding_of(found))
    firms = standings(found)
    form = GiveForm(request.POST or None, firms=[firm.partner for firm in firms if firm.may_be_given])

    def post() -> Lead | Gift:
        try:
            return _give(found, form, by=person, version=sent_version(request))
        except (ScopeTaken, giving.NobodyLeft) as reason:
            raise BadInput(reason.message, field="to") from reason

    chosen = form["to"].value() or ""
    asked = request.GET.get("firm", "").strip()[:200]
    may = [firm for firm in firms if firm.may_be_given]
    listed = _listed(may, asked, chosen)
    words = Page("Give the lead", "", "Give the lead", "Done: the lead is on its way.")
    return act(
        request,
        found,
        form,
        post,
        words,
        template="leads/give.html",
        ways=_ways(found, firms),
        firms=listed,
        asked=asked,
        is_long=len(may) > MOST_LISTED,
        total=len(may),
        others=[firm for firm in firms if not firm.may_be_given][:MOST_LISTED],
        chosen=chosen,
        held=_held(found),
        too_small=Smallest().words(found.value, found.currency),
        cancel_url=reverse("leads:lead", args=[code]),
    )


def _listed(firms: list[Standing], asked: str, chosen: str) -> list[Standing]:
    """The most fitting MOST_LISTED, or of those whose name has what was asked for; the chosen one in any case."""
    found = [firm for firm in firms if asked.lower() in firm.partner.name.lower()][:MOST_LISTED]
    return found + [firm for firm in firms if firm.partner.code == chosen and firm not in found]


def _give(found: Lead, form: GiveForm, *, by: Any, version: int) -> Lead | Gift:
    said = form.cleaned_data
    if said["to"] == Way.POOL:
        return giving.put_into_pool(found, by=by, version=version)
    return giving.give(
        found,
        way=Way.HAND if form.firm else said["to"],
        by=by,
        partner=form.firm,
        onward=said["onward"],
        message=said["message"],
        version=version,
    )


def _ways(found: Lead, firms: list[Standing]) -> list[WayShown]:
    fitting = [firm for firm in firms if firm.is_eligible]
    return [
        _way(way, found, fitting) for way in BY_ITSELF if way != Way.POOL or found.status == LeadStatus.NEW
    ]


def _way(way: Way, found: Lead, fitting: list[Standing]) -> WayShown:
    if way == Way.TERRITORY:
        serving = next_of_territory(found, fitting)
        effect = (
            f"Goes to {serving.partner.name}: it serves {found.territory} and is next there."
            if serving
            else f"No firm that serves {found.territory} is left."
            if found.territory
            else "The lead has no territory."
        )
        return WayShown(way, "By territory", effect, serving is None)
    if way == Way.ROTATION:
        following = next_in_turn(fitting)
        effect = f"Next is {following.partner.name}." if following else "Nobody in the rotation is left."
        return WayShown(way, "In turn", effect, following is None)
    count = len(fitting)
    effect = (
        "No firm could claim it."
        if not count
        else f"{count} {'firm' if count == 1 else 'firms'} can claim it: the first one gets it, the contact is hidden until then."
    )
    return WayShown(way, "Into the pool", effect, not count)


def _held(found: Lead) -> str:
    """Why nobody but the holder could register it, in words; empty where nobody holds the company."""
    try:
        held.refuse_held(found, None)
    except ScopeTaken as reason:
        return reason.message
    return ""
