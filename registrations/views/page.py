"""One registration, and the receipt of a decision, for both sides."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requires
from core.clock import database_clock
from registrations import shown, standing, words, workflow
from registrations.enums import OPEN, Action, Status
from registrations.forms.actions import AnswerForm
from registrations.models import Decision, Registration, TimelineEntry
from registrations.services import places
from registrations.views.access import REGISTER, VIEW, in_reach
from registrations.views.facts import facts_of, lines_of
from registrations.views.files import files_of
from registrations.workflow import label_for

_AGAIN = (Status.REFUSED, Status.EXPIRED, Status.WITHDRAWN, Status.LOST, Status.REVOKED)


@dataclass(frozen=True)
class Button:
    """Something to do: a link, or with `post` a form of one button."""

    label: str
    url: str
    icon: str
    post: bool = False


@require_safe
@requires(*VIEW)
def registration(request: HttpRequest, code: str) -> HttpResponse:
    """Where it stands, what happens next, its facts, and everything that happened. A draft leads to its details."""
    deal = in_reach(request, code)
    if deal.status == Status.DRAFT:
        return redirect("registrations:details", code)
    person: Any = request.user
    vendor = person.is_vendor
    open_actions = workflow.actions_for(person, deal)
    days = shown.days_until(deal.protected_until, database_clock()) if deal.is_held else None
    entries = TimelineEntry.objects.visible_to(person).filter(registration=deal).select_related("actor__role")
    decisions = _decisions(deal, person)
    buttons = [] if vendor else _buttons(deal, open_actions, may_register=person.may(REGISTER))
    context = {
        "page_title": deal.company_name,
        "breadcrumbs": [{"label": "Registrations", "url": reverse("registrations:list")}, {"label": code}],
        "registration": deal,
        "label": label_for(deal.status, vendor=vendor),
        "vendor": vendor,
        "steps": standing.steps(deal, vendor=vendor),
        "days": days,
        "value": shown.money(deal.value, deal.currency),
        "closed_value": shown.money(deal.closed_value, deal.currency),
        "submitted": shown.day(deal.submitted_at),
        "next": None if vendor else _next(deal, days),
        "main": buttons[0] if buttons else None,
        "others": buttons[1:],
        "question": _question(decisions) if deal.status == Status.INFORMATION_ASKED else "",
        "answer_form": AnswerForm() if Action.ANSWER in open_actions and not vendor else None,
        "review_url": _review_url(deal, person),
        "sections": facts_of(deal),
        "lines": lines_of(deal),
        "files": files_of(deal, person),
        "may_attach": not vendor and person.may(REGISTER) and deal.status in OPEN,
        "timeline": words.tell(entries, deal, vendor=vendor),
        "decisions": decisions,
    }
    return render(request, "registrations/registration.html", context)


def _next(deal: Registration, days: int | None) -> standing.Next | None:
    return standing.what_next(deal, place=places.place_in_line(deal), days=days)


def _buttons(deal: Registration, open_actions: set[str], *, may_register: bool) -> list[Button]:
    """What the partner can do, the main thing first. The answer has a form of its own on the page."""

    def at(name: str) -> str:
        return reverse(f"registrations:{name}", args=[deal.code])

    offered = [
        (Action.UPDATE, Button("Post an update", at("update"), "refresh")),
        (Action.WIN, Button("Mark as won", at("won"), "trophy")),
        (Action.LOSE, Button("Mark as lost", at("lost"), "trending-down")),
        (Action.WITHDRAW, Button("Withdraw", at("withdraw"), "arrow-back-up")),
    ]
    buttons = [button for action, button in offered if action in open_actions]
    if may_register and deal.status in _AGAIN:
        buttons.insert(0, Button("Use again", at("use_again"), "copy", post=True))
    return buttons


def _decisions(deal: Registration, person: Any) -> list[dict[str, str]]:
    decisions = Decision.objects.visible_to(person).filter(registration=deal)
    return [
        {
            "action": decision.action,
            "title": title_of(decision, vendor=person.is_vendor),
            "text": decision.text,
            "reason": decision.get_reason_code_display(),
            "when": shown.day(decision.at),
            "code": decision.code,
        }
        for decision in decisions
    ]


def _question(decisions: list[dict[str, str]]) -> str:
    asked = (decision["text"] for decision in decisions if decision["action"] == Action.ASK_INFORMATION)
    return next(asked, "")


def _review_url(deal: Registration, person: Any) -> str:
    decidable = (Status.IN_REVIEW, Status.INFORMATION_ASKED, Status.WAITLISTED, Status.APPROVED)
    if person.may("registrations.decide") and deal.status in decidable:
        return reverse("registrations:review_item", args=[deal.code])
    return ""


_TITLES = {
    Action.ASSIGN: "Protected by a decision",
    Action.REFUSE: "Refused",
    Action.ASK_INFORMATION: "Question asked",
    Action.WAITLIST: "Put in line",
    Action.REVOKE: "Protection taken away",
    Action.MOVE_UP: "Moved up: protected",
    Action.JUDGE: "Company judged",
}


def title_of(decision: Decision, *, vendor: bool) -> str:
    """What was decided, as a heading."""
    if decision.action == Action.SUBMIT:
        return f"{label_for(decision.status_after, vendor=vendor)} when it was submitted"
    return _TITLES.get(Action(decision.action), "Decision")


@require_safe
@requires(*VIEW)
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """What was decided, by which rule of which policy version, when and why; the internal note for the vendor only."""
    person: Any = request.user
    reach = Decision.objects.visible_to(person).select_related(
        "registration__partner__manager", "registration__owner", "policy", "by__role"
    )
    decision = get_object_or_404(reach, code=code)
    deal = decision.registration
    vendor = person.is_vendor
    context = {
        "page_title": f"Receipt {decision.code}",
        "breadcrumbs": [
            {"label": "Registrations", "url": reverse("registrations:list")},
            {"label": deal.code, "url": reverse("registrations:registration", args=[deal.code])},
            {"label": decision.code},
        ],
        "decision": decision,
        "registration": deal,
        "title": title_of(decision, vendor=vendor),
        "before": label_for(decision.status_before, vendor=vendor),
        "after": label_for(decision.status_after, vendor=vendor),
        "reason": decision.get_reason_code_display(),
        "decided_at": shown.moment(decision.at),
        "clock_start": shown.moment(decision.clock_start),
        "clock_due": shown.moment(decision.clock_due),
        "in_time": _in_time(decision),
        "decided_by": _decided_by(decision, vendor=vendor),
        "internal_note": decision.internal_note if vendor else "",
        "may_use_again": not vendor and person.may(REGISTER) and deal.status in _AGAIN,
        "manager": deal.partner.manager.name if deal.partner.manager else "your channel manager",
        "vendor": vendor,
    }
    return render(request, "registrations/receipt.html", context)


def _decided_by(decision: Decision, *, vendor: bool) -> str:
    if decision.by is None:
        return "The registration policy"
    return f"{decision.by.name}, {decision.by.role.name.lower()}"


def _in_time(decision: Decision) -> str:
    if decision.clock_due is None or decision.by is None:
        return ""
    return "within the promised time" if decision.at <= decision.clock_due else "later than promised"
