"""Who is told about what. Every mail of the registrations app leaves from here, through the outbox."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.absences import Roster, roster
from accounts.enums import ADMINISTRATOR, PARTNER_ADMIN
from accounts.models import User
from core.clock import Clock, database_clock, fixed
from notifications.models import Message
from notifications.services import notify
from partners.keepers import keepers_of
from partners.models import Partner
from policies.sources import is_version
from registrations.enums import REOPENED, Action, Status
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


def answer_awaited(asked: Registration, *, occasion: str) -> None:
    """The owner is asked once more for the answer to the question that is open; nothing is said of who waits meanwhile."""
    questions = asked.decisions.filter(action=Action.ASK_INFORMATION, undone_at=None)
    tell_partner(
        asked, "registration.answer_awaited", occasion=occasion, decision=questions.order_by("-at").first()
    )


def conflict_noted(holder: Registration, newcomer: Registration, *, occasion: str) -> None:
    """The holder learns that somebody else registered the same opportunity; never who."""
    tell_partner(
        holder,
        "registration.conflict_noted",
        occasion=f"conflict:{newcomer.code}:{occasion}",
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
    link: str = "",
    **more: Any,
) -> Message | None:
    """Writes mail and notice for those who look after it (`people_of`); never for `but_not`, whose own doing it was. They
    lead to its page, or to `link`.

    `for_each` adds what differs from person to person, such as a signed link; `when` says when each may get it, as
    counted from `at`. Returns the first message.
    """
    messages = []
    for person in people_of(registration, at or database_clock()) if people is None else people:
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
                link=link or reverse("registrations:registration", args=[registration.code]),
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


def manager_of(registration: Registration, present: Roster) -> User | None:
    """The firm's channel manager, else who reviewed it, each through whoever stands in for them; else the next in rotation.
    Where nobody at all is here, the manager all the same, as somebody must hear of it; None where there is none."""
    found = (registration.partner.manager, registration.reviewer)
    people = [person for person in found if person is not None]
    acting = next(filter(None, map(present.stand_in, people)), None) or routing.next_in_rotation(present)
    return acting or next((person for person in people if person.is_active), None)


def tell_manager(
    registration: Registration,
    manager: User,
    event: str,
    *,
    occasion: str,
    at: datetime,
    not_before: datetime | None = None,
    **more: Any,
) -> Message:
    """Writes mail and notice for a channel manager, to leave at `not_before` where that is given, as counted from `at`."""
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
    """Whoever answers it learns that a partner asks for more time."""
    for person in who_answers(extension, roster(extension.asked_at)):
        _tell_of_extension(extension, person)


def appeal_received(appeal: Appeal, judges: Iterable[User]) -> None:
    """Whoever decides it learns of an appeal; where nobody may, those who look after roles, who can change that."""
    people = who_decides(appeal, judges, roster(appeal.asked_at))
    alone = not people
    for person in people or User.objects.filter(is_active=True, role__code=ADMINISTRATOR).order_by("pk"):
        _tell_of_appeal(appeal, person, alone=alone)


def request_overdue(asked: Extension | Appeal, people: Iterable[User], *, level: int, at: datetime) -> None:
    """`people` learn that nobody has answered in time; once for each level."""
    tell = _tell_of_appeal if isinstance(asked, Appeal) else _tell_of_extension
    for person in people:
        tell(asked, person, late=f":overdue{level}", clock=fixed(at))  # type: ignore[arg-type]


def who_answers(extension: Extension, present: Roster) -> list[User]:
    """`manager_of`, as a request that nobody hears of would never be answered."""
    found = manager_of(extension.registration, present)
    return [found] if found is not None else []


def who_decides(appeal: Appeal, judges: Iterable[User], present: Roster) -> list[User]:
    """The firm's manager, or who stands in for them; where it was they who decided, everybody else who may."""
    found = list(judges)
    manager = appeal.registration.partner.manager
    acting = present.stand_in(manager) if manager is not None and manager in found else None
    return [acting] if acting in found else found


def _tell_of_extension(
    extension: Extension, person: User, *, late: str = "", clock: Clock = database_clock
) -> None:
    link = reverse("registrations:extension", args=[extension.code])
    _tell_judge(
        person, "registration.extension_asked", extension, link, late=late, clock=clock, days=extension.days
    )


def _tell_of_appeal(
    appeal: Appeal, person: User, *, late: str = "", alone: bool = False, clock: Clock = database_clock
) -> None:
    link = reverse("registrations:appeal_page", args=[appeal.code])
    receipt = appeal.decision.code
    event, more = "registration.appeal_received", {"receipt": receipt, "alone": alone}
    _tell_judge(person, event, appeal, link, late=late, clock=clock, **more)


def _tell_judge(
    judge: User, event: str, one: Extension | Appeal, link: str, *, late: str, clock: Clock, **more: Any
) -> None:
    asked = {"code": one.code, "text": one.text, "due": one.due_at, "overdue": bool(late), **more}
    notify(
        event=event,
        recipient=judge,
        context=_context(one.registration, None, vendor=True) | {"asked": asked},
        occasion=f"{event}:{one.code}{late}",
        link=link,
        about=one.registration.code,
        clock=clock,
    )


def people_of(registration: Registration, at: datetime) -> list[User]:
    """The owner while active in the firm, else the firm's admins, else whoever keeps the firm at `at`: somebody must hear
    that protection ends, since nothing expires unheard."""
    owner = registration.owner
    member = getattr(owner, "member", None)
    if owner.is_active and member is not None and member.partner_id == registration.partner_id:
        return [owner]
    return people_beside(registration.partner, [], at)


def people_beside(partner: Partner, people: Iterable[User], at: datetime) -> list[User]:
    """The firm's active admins but these, else whoever keeps the firm at `at`."""
    admins = User.objects.filter(member__partner=partner, role__code=PARTNER_ADMIN, is_active=True)
    return list(admins.exclude(pk__in=[person.pk for person in people])) or keepers_of(partner, at)


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
        "clock_runs": registration.clock_runs,
        "is_asked": registration.status == Status.INFORMATION_ASKED,
        "is_reopened": REOPENED in registration.review_reasons,
        "place": place_in_line(registration),
        "decision": decision
        and {
            "code": decision.code,
            "reason_label": decision.get_reason_code_display(),
            "text": decision.text,
            "url": f"{settings.PORTAL_URL}{reverse('registrations:receipt', args=[decision.code])}",
            "rule": decision.rule_in_words,
            "stands_in": [kept["words"] for kept in decision.records if not is_version(kept)],
            "policy_version": decision.policy.version,
            "at": decision.at,
        },
    }
