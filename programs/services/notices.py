"""Who is told about what in programs. Every mail about enrolments and stages leaves from here, through the outbox."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.enums import PARTNER_ADMIN
from accounts.models import User
from core.clock import database_clock
from notifications.services import notify
from partners.keepers import keepers_of
from partners.models import Partner
from programs.enums import EnrolmentAction, EnrolmentStatus
from programs.models import Enrolment, Stage
from programs.permissions import ENROL, VIEW_OWN

A = EnrolmentAction
_BY_FIRM = (A.DECLINE, A.WITHDRAW, A.LEAVE)


def invited(enrolment: Enrolment) -> None:
    """The firm's admins learn that they are invited."""
    _tell_firm(enrolment, "program.invited")


def applied(enrolment: Enrolment) -> None:
    """Everybody who decides on applications learns of one."""
    for person in people_who_may(ENROL):
        _notify(enrolment, "program.applied", person)


def enrolled(enrolment: Enrolment, *, again: datetime | None = None) -> None:
    """The firm learns that it takes part: approved, taken in by the portal, or `again` since what ended it is no longer
    so."""
    part = f":{again:%Y-%m-%d}" if again else ""
    _tell_firm(enrolment, "program.enrolled", part, again=again is not None)


def ended(enrolment: Enrolment, action: EnrolmentAction, began: str) -> None:
    """The other side learns that an invitation, application or enrolment ended, and why: the vendor's is whoever keeps the firm,
    and who invited it. Nobody leaves silently."""
    more = {"action": action.value, "began": began}
    if action not in _BY_FIRM:
        event = "program.refused" if action == A.REFUSE else "program.ended"
        _tell_firm(enrolment, event, **more)
        return
    asked_by, at = enrolment.asked_by, enrolment.ended_at or database_clock()
    told = set(keepers_of(enrolment.partner, at))
    if asked_by is not None and asked_by.is_vendor and asked_by.is_active:
        told.add(asked_by)
    for person in sorted(told, key=lambda one: one.pk) or people_who_may(ENROL):
        _notify(enrolment, "program.left", person, **more)


def stage_opened(enrolment: Enrolment, stage: Stage) -> None:
    """The firm learns that the next stage is open."""
    _tell_firm(
        enrolment, "program.stage_opened", f":{stage.pk}", stage={"name": stage.name, "text": stage.text}
    )


def people_who_may(permission: str) -> list[User]:
    """Everybody active whose role holds `permission`."""
    return list(User.objects.filter(is_active=True, role__permissions__contains=[permission]).order_by("pk"))


def admins_of(partner: Partner) -> list[User]:
    """The firm's admins, else everybody there who sees its programs."""
    people = [
        user
        for user in User.objects.filter(member__partner=partner, is_active=True).order_by("pk")
        if user.may(VIEW_OWN)
    ]
    return [user for user in people if user.role.code == PARTNER_ADMIN] or people


def _tell_firm(enrolment: Enrolment, event: str, part: str = "", **more: Any) -> None:
    for person in admins_of(enrolment.partner):
        _notify(enrolment, event, person, part, **more)


def _notify(enrolment: Enrolment, event: str, person: User, part: str = "", **more: Any) -> None:
    program = enrolment.program
    route, about = (
        ("programs:enrolment", enrolment.code) if person.is_vendor else ("programs:program", program.code)
    )
    context = {
        "program": {"name": program.name, "summary": program.summary},
        "partner_name": enrolment.partner.name,
        "text": enrolment.text,
        "reason": enrolment.reason,
        "automatic": enrolment.way == "automatic",
        "was_enrolled": more.pop("began", "") == EnrolmentStatus.ENROLLED,
        **more,
    }
    notify(
        event=event,
        recipient=person,
        context=context,
        occasion=f"{event}:{enrolment.code}{part}",
        link=reverse(route, args=[about]),
        about=enrolment.code,
    )
