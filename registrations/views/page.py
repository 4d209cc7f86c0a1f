"""One registration, and the receipt of a decision, for both sides."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import requires
from core.clock import database_clock
from policies.models import RegistrationPolicy
from registrations import shown, standing, words, workflow
from registrations.enums import OPEN, Action, Status
from registrations.forms.actions import AnswerForm
from registrations.models import Appeal, Decision, Offer, Registration, TimelineEntry
from registrations.queue import QUEUED
from registrations.services import answers_owed, expiry, extensions, offers, places, squatting
from registrations.views.access import REGISTER, VIEW, in_reach, may_begin
from registrations.views.asked import lines_of_requests
from registrations.views.facts import facts_of, lines_of
from registrations.views.files import files_of
from registrations.views.proposed import agreement_on
from registrations.workflow import label_for

AGAIN = (Status.REFUSED, Status.EXPIRED, Status.WITHDRAWN, Status.LOST, Status.REVOKED)


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
    buttons = [] if vendor else _buttons(deal, open_actions, may_register=may_begin(request))
    context = {
        "agreement": agreement_on(deal, person, database_clock()),
        "page_title": deal.company_name,
        "breadcrumbs": [{"label": "Registrations", "url": reverse("registrations:list")}, {"label": code}],
        "registration": deal,
        "label": label_for(deal.status, vendor=vendor),
        "vendor": vendor,
        "steps": standing.steps(deal, vendor=vendor),
        "days": days,
        "runs_on": answers_owed.owed(deal) is not None,
        "value": shown.money(deal.value, deal.currency),
        "closed_value": shown.money(deal.closed_value, deal.currency),
        "submitted": shown.day(deal.submitted_at),
        "next": None if vendor else _next(deal, days),
        "main": buttons[0] if buttons else None,
        "others": buttons[1:],
        "question": _question(decisions) if deal.status == Status.INFORMATION_ASKED else "",
        "answer_form": AnswerForm() if Action.ANSWER in open_actions and not vendor else None,
        "review_url": _review_url(deal, person),
        "is_queued": deal.status in QUEUED,
        "sections": facts_of(deal),
        "lines": lines_of(deal),
        "files": files_of(deal, person),
        "may_attach": not vendor and person.may(REGISTER) and deal.status in OPEN,
        "timeline": words.tell(entries, deal, vendor=vendor),
        "decisions": decisions,
        "may_export_case": vendor and person.may("registrations.export_case"),
        "requests": lines_of_requests(deal),
        "may_record_letter": vendor and Action.CUSTOMER_LETTER in open_actions,
    }
    return render(request, "registrations/registration.html", context)


def _next(deal: Registration, days: int | None) -> standing.Next | None:
    offer, now = _open_offer(deal), database_clock()
    answer_by = shown.day(offers.last_day(offer, now)) if offer else ""
    again = None
    if deal.status in (Status.EXPIRED, Status.WITHDRAWN):
        again = squatting.free_again_from(deal, RegistrationPolicy.objects.in_force(now))
        again = again if again and again > now else None
    return standing.what_next(
        deal,
        place=places.place_in_line(deal),
        days=days,
        answer_by=answer_by,
        again_from=shown.moment(again),
        saved_until=grace_of(deal),
        waits_for=owed_words(deal),
    )


def owed_words(deal: Registration) -> str:
    """The request that the end of protection waits for, and when its answer is due; '' where it waits for none."""
    request = answers_owed.owed(deal)
    if request is None:
        return ""
    kind = "appeal" if isinstance(request, Appeal) else "request"
    return f"your {kind} {request.code} (due by {shown.day(request.due_at)})"


def grace_of(deal: Registration) -> str:
    """Until when an update still saves it after its end; '' where the policy gives no days of grace."""
    gives_some = deal.policy is not None and deal.policy.grace_days
    return shown.moment(expiry.saved_until(deal)) if gives_some else ""


def _open_offer(deal: Registration) -> Offer | None:
    if deal.status != Status.OFFERED:
        return None
    found: Offer | None = deal.offers.open().select_related("registration__partner").first()
    return found


def _buttons(deal: Registration, open_actions: set[str], *, may_register: bool) -> list[Button]:
    """What the partner can do, the main thing first. The answer has a form of its own on the page."""

    def at(name: str) -> str:
        return reverse(f"registrations:{name}", args=[deal.code])

    offered = [
        (Action.UPDATE, Button("Post an update", at("update"), "refresh")),
        (Action.WIN, Button("Mark as won", at("won"), "trophy")),
        (Action.LOSE, Button("Mark as lost", at("lost"), "trending-down")),
        (Action.ASK_EXTENSION, Button("Ask for an extension", at("ask_extension"), "calendar-due")),
        (Action.RELEASE, Button("Release the deal", at("release"), "arrow-back-up")),
        (Action.WITHDRAW, Button("Withdraw", at("withdraw"), "arrow-back-up")),
    ]
    if Action.RELEASE in open_actions:
        open_actions = open_actions - {Action.WITHDRAW}  # for a holder the same, said better
    if Action.ASK_EXTENSION in open_actions and extensions.why_not(
        deal, RegistrationPolicy.objects.in_force(database_clock())
    ):
        open_actions = open_actions - {Action.ASK_EXTENSION}
    buttons = [button for action, button in offered if action in open_actions]
    offer = _open_offer(deal) if Action.MOVE_UP in open_actions else None
    if offer is not None:
        url = reverse("registrations:offer", args=[offer.code])
        buttons.insert(0, Button("Answer the offer", url, "check"))
    if may_register and deal.status in AGAIN:
        buttons.insert(0, Button("Use again", at("use_again"), "copy", post=True))
    return buttons


def _decisions(deal: Registration, person: Any) -> list[dict[str, str]]:
    decisions = Decision.objects.visible_to(person).filter(registration=deal)
    return [
        {
            "action": decision.action,
            "title": title_of(decision, vendor=person.is_vendor)
            + (" (undone)" if decision.undone_at else ""),
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
    decidable = (*QUEUED, Status.APPROVED, Status.REFUSED, Status.REVOKED)
    if person.may("registrations.decide") and deal.status in decidable:
        return reverse("registrations:review_item", args=[deal.code])
    return ""


_TITLES = {
    Action.ASSIGN: "Protected by a decision",
    Action.REFUSE: "Refused",
    Action.ASK_INFORMATION: "Question asked",
    Action.WAITLIST: "Put in line",
    Action.REVOKE: "Protection taken away",
    Action.REOPEN: "Reopened: in review again",
    Action.OFFER: "Offered: your turn came",
    Action.MOVE_UP: "Moved up: protected",
    Action.LAPSE: "The offer was not answered in time",
    Action.REORDER: "Place in line changed",
    Action.SHARE: "Split between two partners",
    Action.TRANSFER: "Given to another partner",
    Action.TAKE_OVER: "Taken over from another partner",
    Action.JUDGE: "Company judged",
    Action.EXTEND: "Extended",
    Action.REFUSE_EXTENSION: "Extension not granted",
    Action.CUSTOMER_LETTER: "Given to another partner, as the customer asked",
    Action.GRANT_APPEAL: "Appeal granted",
    Action.DISMISS_APPEAL: "Appeal dismissed",
}


def title_of(decision: Decision, *, vendor: bool) -> str:
    """What was decided, as a heading."""
    if decision.action == Action.SUBMIT:
        return f"{label_for(decision.status_after, vendor=vendor)} when it was submitted"
    return _TITLES.get(Action(decision.action), "Decision")
