"""Who is told about what. Every mail of the registrations app leaves from here, through the outbox."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.enums import PARTNER_ADMIN
from accounts.models import User
from core.clock import database_clock, fixed
from notifications.models import Message
from notifications.services import notify
from registrations.enums import Status
from registrations.models import Appeal, Decision, Extension, Registration
from registrations.services import routing
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
    people: list[User] | None = None,
    for_each: Callable[[User], dict[str, Any]] | None = None,
    when: Callable[[User], datetime] | None = None,
    at: datetime | None = None,
    **more: Any,
) -> Message | None:
    """Writes mail and notice for those who look after it (`people_of`); never for `but_not`, whose own doing it was.

    `for_each` adds what differs from person to person, such as a signed link; `when` says when each may get it, as
    counted from `at`. Returns the first message.
    """
    messages = []
    for person in people_of(registration) if people is None else people:
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
                clock=fixed(at) if at else database_clock,
                not_before=when(person) if when else None,
                reply_to=context.pop("reply_to", ""),
            )
        )
    return next((message for message in messages if message is not None), None)


def tell_referee(registration: Registration, event: str, *, occasion: str) -> None:
    """Writes mail and notice for the reviewer, else the partner's manager, or for whoever stands in while they are
    away, else for the next in rotation; nobody where there is no channel manager."""
    referee = routing.acting_referee(registration, registration.changed_at)
    if referee is None:
        return
    notify(
        event=event,
        recipient=referee,
        context=_context(registration, None, vendor=True),
        occasion=f"{event}:{registration.code}:{occasion}",
        link=reverse("registrations:review_item", args=[registration.code]),
        about=registration.code,
    )


def manager_of(registration: Registration) -> User | None:
    """The firm's channel manager, else who reviewed it; None where neither is there any more."""
    for person in (registration.partner.manager, registration.reviewer):
        if person is not None and person.is_active:
            return person
    return None


def tell_manager(
    registration: Registration,
    manager: User,
    event: str,
    *,
    occasion: str,
    at: datetime,
    not_before: datetime,
    **more: Any,
) -> Message:
    """Writes mail and notice for a channel manager, to leave at `not_before`, as counted from `at`."""
    return notify(
        event=event,
        recipient=manager,
        context=_context(registration, None, vendor=True) | more,
        occasion=f"{event}:{registration.code}:{occasion}",
        link=reverse("registrations:review_item", args=[registration.code]),
        about=registration.code,
        clock=fixed(at),
        not_before=not_before,
    )


def extension_asked(extension: Extension) -> None:
    """The referee learns that a partner asks for more time."""
    registration = extension.registration
    manager = manager_of(registration)
    if manager is not None:
        _tell_judge(
            manager,
            "registration.extension_asked",
            registration,
            extension.code,
            extension.text,
            extension.due_at,
            link=reverse("registrations:extension", args=[extension.code]),
            days=extension.days,
        )


def appeal_received(appeal: Appeal, judges: Iterable[User]) -> None:
    """The firm's manager learns of an appeal; where it was they who decided, everybody else who may."""
    found = list(judges)
    manager = appeal.registration.partner.manager
    for judge in [manager] if manager in found else found:
        _tell_judge(
            judge,
            "registration.appeal_received",
            appeal.registration,
            appeal.code,
            appeal.text,
            appeal.due_at,
            link=reverse("registrations:appeal_page", args=[appeal.code]),
            receipt=appeal.decision.code,
        )


def _tell_judge(
    judge: User,
    event: str,
    registration: Registration,
    code: str,
    text: str,
    due: datetime,
    *,
    link: str,
    **more: Any,
) -> None:
    asked = {"code": code, "text": text, "due": due, **more}
    notify(
        event=event,
        recipient=judge,
        context=_context(registration, None, vendor=True) | {"asked": asked},
        occasion=f"{event}:{code}",
        link=link,
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
