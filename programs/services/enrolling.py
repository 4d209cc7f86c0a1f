"""Firms come into programs and leave them. The one door of `Enrolment.status`."""

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed, WrongStatus
from core.vendor_days import vendor_day
from partners.models import Partner
from partners.services.history import record
from programs.audience import is_for
from programs.enums import EnrolmentAction, EnrolmentStatus, Joining
from programs.models import Enrolment, Program
from programs.permissions import firm_of
from programs.services import notices
from programs.services.journeys import open_stages
from programs.services.steps import give_steps, take_steps_back
from programs.workflow import TRANSITIONS, check, check_person, status_before

A = EnrolmentAction


def invite(
    program: Program, partner: Partner, *, by: User, text: str = "", clock: Clock = database_clock
) -> Enrolment:
    """Invites a firm of the audience. Raises WrongStatus for a program that doesn't run or a firm outside its audience
    or in it already."""
    enrolment = _begin(program, partner, A.INVITE, Joining.INVITATION, by=by, text=text, at=clock())
    notices.invited(enrolment)
    return enrolment


def apply(program: Program, *, by: User, text: str = "", clock: Clock = database_clock) -> Enrolment:
    """The firm of `by` applies. Raises WrongStatus as `invite` does, and where the program takes no applications."""
    firm = firm_of(by)
    if firm is None:
        raise NotAllowed("Only people of a partner can apply.")
    if program.joining != Joining.APPLICATION:
        raise WrongStatus("Firms don't apply to this program: they are invited, or come in by themselves.")
    enrolment = _begin(program, firm, A.APPLY, Joining.APPLICATION, by=by, text=text, at=clock())
    notices.applied(enrolment)
    return enrolment


def take_in(program: Program, partner: Partner, *, at: datetime) -> Enrolment:
    """The portal takes a firm of the audience in. Raises WrongStatus as `invite` does."""
    with transaction.atomic():
        enrolment = _begin(program, partner, A.TAKE_IN, Joining.AUTOMATIC, by=None, text="", at=at)
        notices.enrolled(enrolment)
        _begin_journey(enrolment, by=None, at=at)
    return enrolment


def take_along(enrolment: Enrolment, *, at: datetime) -> Enrolment:
    """The portal takes a firm in that was invited, or applied, before the program took firms in by itself. Raises WrongStatus
    as `accept` does."""
    return _enter(enrolment, A.TAKE_IN, by=None, at=at)


def accept(enrolment: Enrolment, *, by: User, clock: Clock = database_clock) -> Enrolment:
    """The firm accepts its invitation."""
    return _enter(enrolment, A.ACCEPT, by=by, at=clock())


def approve(enrolment: Enrolment, *, by: User, clock: Clock = database_clock) -> Enrolment:
    """Operations approve an application."""
    return _enter(enrolment, A.APPROVE, by=by, at=clock())


def decline(enrolment: Enrolment, *, by: User, reason: str = "", clock: Clock = database_clock) -> Enrolment:
    """The firm declines its invitation."""
    return _answer(enrolment, A.DECLINE, by=by, reason=reason, at=clock())


def withdraw(enrolment: Enrolment, *, by: User, clock: Clock = database_clock) -> Enrolment:
    """The firm takes its application back."""
    return _answer(enrolment, A.WITHDRAW, by=by, reason="", at=clock())


def refuse(enrolment: Enrolment, *, by: User, reason: str, clock: Clock = database_clock) -> Enrolment:
    """Operations refuse an application; the firm reads the reason. Raises BadInput without one."""
    return _answer(enrolment, A.REFUSE, by=by, reason=reason, at=clock())


def leave(enrolment: Enrolment, *, by: User, reason: str = "", clock: Clock = database_clock) -> Enrolment:
    """The firm leaves the program."""
    return _answer(enrolment, A.LEAVE, by=by, reason=reason, at=clock())


def end(enrolment: Enrolment, *, by: User | None, reason: str, clock: Clock = database_clock) -> Enrolment:
    """The vendor, or the portal, ends an enrolment, an invitation or an application; the firm is told why."""
    return _answer(enrolment, A.END, by=by, reason=reason, at=clock())


def go_on(enrolment: Enrolment, *, at: datetime) -> Enrolment:
    """The portal ended it since the program was over, or the firm suspended, and that is so no more: the firm stands where it
    stood, and is told. Raises WrongStatus where it came in anew meanwhile."""
    try:
        with transaction.atomic():
            locked = _locked(enrolment)
            check(None, A.GO_ON, locked)
            locked.status, locked.reason, locked.ended_at = status_before(locked), "", None
            locked.save(update_fields=["status", "reason", "ended_at"])
            if locked.status == EnrolmentStatus.ENROLLED:
                _note(locked, "Takes part in a program", by=None, at=at)
                notices.enrolled(locked, again=at)
                _begin_journey(locked, by=None, at=at)
    except IntegrityError as error:
        raise WrongStatus(f"{enrolment.partner.name} came in anew.") from error
    return locked


def _begin(
    program: Program, partner: Partner, action: A, way: Joining, *, by: User | None, text: str, at: datetime
) -> Enrolment:
    row = TRANSITIONS[action]
    check_person(by, row, partner.pk)
    if not Program.objects.running(vendor_day(at)).filter(pk=program.pk).exists():
        raise WrongStatus(f"{program.name} does not run now, so nobody can join it.")
    if not partner.is_active:
        raise WrongStatus(_not_active(partner))
    if not is_for(program, partner, at):
        raise WrongStatus(f"{program.name} is not for {partner.name}: it is outside the program's audience.")
    enrolment = Enrolment(
        program=program,
        partner=partner,
        status=row.target,
        way=way,
        text=text,
        asked_by=by,
        asked_at=at,
        decided_at=at if row.target == EnrolmentStatus.ENROLLED else None,
    )
    try:
        with transaction.atomic():
            enrolment.save(force_insert=True)
    except IntegrityError as error:  # the partial UNIQUE decides between two at once
        raise WrongStatus(f"{partner.name} is in {program.name} already, or was asked.") from error
    if row.target == EnrolmentStatus.ENROLLED:
        _note(enrolment, "Takes part in a program", by=by, at=at)
    return enrolment


def _enter(enrolment: Enrolment, action: A, *, by: User | None, at: datetime) -> Enrolment:
    with transaction.atomic():
        locked = _locked(enrolment)
        row = check(by, action, locked)
        if why := what_keeps_out(locked, at):
            raise WrongStatus(why)
        locked.status, locked.decided_by, locked.decided_at = row.target, by, at
        if action == A.TAKE_IN:
            locked.way = Joining.AUTOMATIC
        locked.save(update_fields=["status", "decided_by", "decided_at", "way"])
        _note(locked, "Takes part in a program", by=by, at=at)
        if action in (A.APPROVE, A.TAKE_IN):
            notices.enrolled(locked)
        _begin_journey(locked, by=by, at=at)
    return locked


def _answer(enrolment: Enrolment, action: A, *, by: User | None, reason: str, at: datetime) -> Enrolment:
    with transaction.atomic():
        locked = _locked(enrolment)
        row = check(by, action, locked)
        if row.reason and not reason.strip():
            raise BadInput("Say why: the firm reads it.", field="reason")
        began = locked.status
        locked.status, locked.reason, locked.ended_by, locked.ended_at = row.target, reason.strip(), by, at
        locked.save(update_fields=["status", "reason", "ended_by", "ended_at"])
        if began == EnrolmentStatus.ENROLLED:
            _note(locked, "Left a program", by=by, at=at)
            take_steps_back(locked, by=by, at=at)
        notices.ended(locked, action, began)
    return locked


def what_keeps_out(enrolment: Enrolment, at: datetime) -> str:
    """Why a firm that was invited, or applied, can't come in now, in a sentence; '' where it can: up to four queries."""
    firm, program = enrolment.partner, enrolment.program
    if not firm.is_active:
        return _not_active(firm)
    if not is_for(program, firm, at):
        return f"{firm.name} is no longer in the audience of {program.name}."
    if not Program.objects.running(vendor_day(at)).filter(pk=program.pk).exists():
        return f"{program.name} does not run now, so nobody can join it."
    return ""


def _not_active(partner: Partner) -> str:
    status = partner.get_status_display().lower()
    return f"Only active partners join programs, and {partner.name} is “{status}” now."


def _begin_journey(enrolment: Enrolment, *, by: User | None, at: datetime) -> None:
    give_steps(enrolment, by=by, at=at)
    open_stages([enrolment], at=at, tell=False)


def _note(enrolment: Enrolment, title: str, *, by: User | None, at: datetime) -> None:
    """A line of the firm's history."""
    data = {"title": title, "label": enrolment.program.name, "reason": enrolment.reason}
    record(enrolment.partner, "program", actor=by, at=at, data=data)


def _locked(enrolment: Enrolment) -> Enrolment:
    rows = Enrolment.objects.select_for_update(of=("self",)).select_related("program", "partner__manager")
    return rows.get(pk=enrolment.pk)
