"""The receipt of a decision, for both sides: a document that can be printed and disputed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import requires
from core.clock import database_clock
from core.errors import DomainError
from policies.shown import day_words
from policies.sources import address_of, is_version
from registrations import shown, workflow
from registrations.enums import Action
from registrations.models import Appeal, Decision
from registrations.services import appeals, expiry, undo
from registrations.views.access import REGISTER, VIEW
from registrations.views.page import AGAIN, title_of
from registrations.workflow import label_for

_NO_APPEAL = "An offer ends by itself with its last day, so there is nothing to appeal against."
_NOT_ANSWERED = f"{_NO_APPEAL} If you still work on the deal, use it again for a new registration."


@dataclass(frozen=True)
class Dispute:
    """What the receipt says about an appeal: a sentence, and where to go."""

    text: str
    url: str = ""
    label: str = ""
    main: bool = False


@require_safe
@requires(*VIEW)
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """What was decided, by which rule of which policy version, when and why; the internal note for the vendor only."""
    person: Any = request.user
    reach = Decision.objects.visible_to(person).select_related(
        "registration__partner__manager", "registration__owner", "policy", "by__role", "undone_by"
    )
    decision = get_object_or_404(reach, code=code)
    deal, now = decision.registration, database_clock()
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
        "rules": decision.rule_in_words.split("\n"),
        "stands_in": _stands_in(decision, vendor=vendor),
        "policy_decided": _policy_decided(decision),
        "policy_from": day_words(decision.policy.effective_from),
        "clock_start": shown.moment(decision.clock_start),
        "clock_due": shown.moment(decision.clock_due),
        "in_time": _in_time(decision),
        "decided_by": _decided_by(decision),
        "internal_note": decision.internal_note if vendor else "",
        "went_first": _went_first(decision) if vendor else "",
        "letter": _letter(decision) if vendor else None,
        "dispute": _dispute(decision, person, now),
        "may_use_again": not vendor and person.may(REGISTER) and deal.status in AGAIN,
        "undone_at": shown.moment(decision.undone_at),
        "undo": undo.may_undo(decision, person, now),
        "undo_seconds": max(1, undo.UNDO_SECONDS - int((now - decision.at).total_seconds())),
        "address": request.build_absolute_uri("/"),
        "path": [f"{part}/" for part in request.path.strip("/").split("/")],
        "vendor": vendor,
        "zone": timezone.get_current_timezone_name().replace("_", " "),
    }
    return render(request, "registrations/receipt.html", context)


def _dispute(decision: Decision, person: Any, now: datetime) -> Dispute | None:
    """How to appeal, for the partner; what became of it, for both. None where there is nothing to dispute."""
    outcome = Appeal.objects.filter(outcome=decision).select_related("decision").first()
    if outcome is not None:
        first = reverse("registrations:receipt", args=[outcome.decision.code])
        return Dispute(
            "This is the answer to an appeal; it cannot be disputed again.", first, "The first receipt"
        )
    if decision.action == Action.LAPSE:
        return Dispute(_NOT_ANSWERED if not person.is_vendor else _NO_APPEAL)
    if not appeals.can_be_disputed(decision) or decision.undone_at is not None:
        return None
    made = Appeal.objects.filter(decision=decision).first()
    if made is not None:
        words = f"An appeal was made on {shown.day(made.asked_at)}: {made.get_state_display().lower()}."
        return Dispute(words, reverse("registrations:appeal_page", args=[made.code]), f"Appeal {made.code}")
    again = appeals.reopened_since(decision)
    if again is not None:
        words = f"This decision was reopened on {shown.day(again.at)}, so it counts no more."
        return Dispute(words, reverse("registrations:receipt", args=[again.code]), f"Receipt {again.code}")
    last = _last_moment(decision)
    until = shown.unbroken(shown.moment(last))
    if person.is_vendor:
        over = now > last
        return Dispute(f"The partner {'could' if over else 'can'} appeal until {until}.")
    try:
        appeals.check(decision, decision.registration, now)
    except DomainError as refused:
        return Dispute(refused.message)
    judge = "somebody else than the person who decided" if decision.by else "a channel manager"
    words = f"You can appeal until {until}, once. Say what was overlooked and attach what shows it; {judge} looks at it anew."
    if not workflow.may(person, Action.APPEAL, decision.registration):
        return Dispute(words)
    return Dispute(words, reverse("registrations:appeal", args=[decision.code]), "Appeal", main=True)


def _last_moment(decision: Decision) -> datetime:
    """Until when it can be disputed: the policy's days; of a refused extension no longer than the deal is protected."""
    last, deal = appeals.open_until(decision), decision.registration
    if decision.action != Action.REFUSE_EXTENSION or not deal.is_held:
        return last
    return min(last, expiry.saved_until(deal) or last)


def _stands_in(decision: Decision, *, vendor: bool) -> list[dict[str, str]]:
    """The requirements and rights that decided, beside the policy's version, with their pages for the vendor's people."""
    return [
        {"words": kept["words"], "url": address_of(kept["record"]) if vendor else ""}
        for kept in decision.records
        if not is_version(kept)
    ]


def _policy_decided(decision: Decision) -> bool:
    """Whether a rule of the version was among what decided, as far as that was kept."""
    return not decision.records or any(map(is_version, decision.records))


def _went_first(decision: Decision) -> str:
    """Whom the deal passed by this decision, and why; '' where nobody."""
    said = decision.registration.timeline.filter(kind="went_first", at=decision.at).first()
    return str(said.data["text"]) if said is not None else ""


def _letter(decision: Decision) -> dict[str, str] | None:
    if decision.action != Action.CUSTOMER_LETTER:
        return None
    letter = decision.customer_letter
    return {
        "dated": shown.day(letter.dated),
        "name": letter.attachment.name,
        "url": reverse("registrations:attachment", args=[letter.attachment.code]),
        "partner": letter.in_favour_of.partner.name,
        "code": letter.in_favour_of.code,
    }


def _decided_by(decision: Decision) -> str:
    if decision.by is None:
        return "The registration policy" if _policy_decided(decision) else "The portal, by these rules"
    return f"{decision.by.name}, {decision.by.role.name.lower()}"


def _in_time(decision: Decision) -> str:
    if decision.clock_due is None or decision.by is None:
        return ""
    return "within the promised time" if decision.at <= decision.clock_due else "later than promised"
