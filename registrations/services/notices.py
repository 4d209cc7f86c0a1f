"""Who is told about what. Every mail of the registrations app leaves from here, through the outbox."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.enums import PARTNER_ADMIN
from accounts.models import User
from notifications.models import Message
from notifications.services import notify
from registrations.enums import Status
from registrations.models import Decision, Registration
from registrations.services.places import place_in_line
from registrations.workflow import label_for

_LANDED = {
    Status.APPROVED: "registration.approved",
    Status.IN_REVIEW: "registration.submitted",
    Status.WAITLISTED: "registration.waitlisted",
    Status.REFUSED: "registration.refused",
}


def landed(registration: Registration, decision: Decision | None) -> None:
    """After submitting: the owner learns where it landed; the referee, that something waits."""
    status = Status(registration.status)
    tell_partner(registration, _LANDED[status], occasion="landed", decision=decision)
    if status == Status.IN_REVIEW:
        tell_referee(registration, "registration.review_needed", occasion="landed")


def decided(registration: Registration, event: str, decision: Decision) -> None:
    """The owner learns of a decision. The occasion is the decision itself."""
    tell_partner(registration, event, occasion=decision.code, decision=decision)


def conflict_noted(holder: Registration, newcomer: Registration) -> None:
    """The holder learns that somebody else registered the same opportunity; never who."""
    tell_partner(
        holder,
        "registration.conflict_noted",
        occasion=f"conflict:{newcomer.code}",
        noted_on=newcomer.submitted_at,
    )


def tell_partner(
    registration: Registration,
    event: str,
    *,
    occasion: str,
    decision: Decision | None = None,
    but_not: User | None = None,
    for_each: Callable[[User], dict[str, Any]] | None = None,
    **more: Any,
) -> Message | None:
    """Writes mail and notice for those who look after it (`people_of`); never for `but_not`, whose own doing it was.

    `for_each` adds what differs from person to person, such as a signed link. Returns the first message.
    """
    messages = []
    for person in people_of(registration):
        if person == but_not:
            continue
        context = (
            _context(registration, decision, vendor=False) | more | (for_each(person) if for_each else {})
        )
        messages.append(
            notify(
                event=event,
                recipient=person,
                context=context,
                occasion=f"{event}:{registration.code}:{occasion}",
                link=reverse("registrations:registration", args=[registration.code]),
                about=registration.code,
            )
        )
    return next((message for message in messages if message is not None), None)


def tell_referee(registration: Registration, event: str, *, occasion: str) -> None:
    """Writes mail and notice for the reviewer, else the partner's manager; nobody if neither is there."""
    referee = registration.reviewer or registration.partner.manager
    if referee is None or not referee.is_active:
        return
    notify(
        event=event,
        recipient=referee,
        context=_context(registration, None, vendor=True),
        occasion=f"{event}:{registration.code}:{occasion}",
        link=reverse("registrations:review_item", args=[registration.code]),
        about=registration.code,
    )


def people_of(registration: Registration) -> list[User]:
    """The owner while active in the firm, else the firm's admins, else the firm's channel manager: somebody must hear
    that protection ends, since nothing expires unheard."""
    owner = registration.owner
    member = getattr(owner, "member", None)
    if owner.is_active and member is not None and member.partner_id == registration.partner_id:
        return [owner]
    admins = User.objects.filter(
        member__partner=registration.partner_id, role__code=PARTNER_ADMIN, is_active=True
    )
    manager = registration.partner.manager
    return list(admins) or ([manager] if manager is not None and manager.is_active else [])


def _context(registration: Registration, decision: Decision | None, *, vendor: bool) -> dict[str, Any]:
    """Plain values for the templates: nothing about a rival is in it, so nothing can leak."""
    return {
        "registration": {
            "code": registration.code,
            "company_name": registration.company_name,
            "deal_name": registration.deal_name,
            "partner_name": registration.partner.name,
            "status_label": label_for(registration.status, vendor=vendor),
            "protected_until": registration.protected_until,
        },
        "respond_by": registration.review_due_at,
        "place": place_in_line(registration),
        "decision": decision
        and {
            "code": decision.code,
            "reason_label": decision.get_reason_code_display(),
            "text": decision.text,
            "rule": decision.rule,
            "policy_version": decision.policy.version,
            "at": decision.at,
        },
    }


def days_left(registration: Registration, now: datetime) -> int:
    """Whole days of protection left at `now`, counted up, never below 0."""
    if registration.protected_until is None:
        return 0
    seconds = (registration.protected_until - now).total_seconds()
    return max(0, -int(-seconds // 86400))
