"""The referee's decisions: assign, refuse, ask for information, waitlist, revoke. Each leaves a receipt and a mail."""

from django.db import transaction

from accounts.models import User
from companies.services import lock_registry
from core.clock import Clock, database_clock
from core.errors import BadInput, ScopeTaken, WrongStatus
from policies.models import RegistrationPolicy
from registrations.enums import TURN_CAME, Action, RefusalReason, Status
from registrations.models import Decision, Registration
from registrations.services import (
    first_come,
    holdings,
    judgements,
    kept,
    noting,
    overlaps,
    protection,
    receiving,
    resting,
    waitlist,
)
from registrations.services import passing as passing_by
from registrations.services.deciding import Words as _Words
from registrations.services.deciding import decide as _decide
from registrations.services.transitions import opened


def assign(
    registration: Registration,
    *,
    by: User,
    text: str = "",
    passing: str = "",
    outranks: str = "",
    internal_note: str = "",
    version: int | None = None,
    clock: Clock = database_clock,
) -> Decision:
    """Gives the deal to its partner: protection begins. Those with an earlier place in line, or a lead from before, read
    `passing`, why it goes first. What is kept for reviews that came after it is given back.

    Raises ScopeTaken while another holds the scope, or while a holder of what may be the same company has not been judged;
    WrongStatus while the firm is not active, or an appeal about the order of the line is open; BadInput where somebody is
    passed and nothing says why. `outranks` says what goes before any line, such as a customer's letter.
    """
    with transaction.atomic():
        kept_there = first_come.companies_of(first_come.reviews_behind(registration))
        locked = opened(registration, Action.ASSIGN, by=by, version=version, also_companies=kept_there)
        bar = receiving.not_selling(locked)
        if bar:
            raise WrongStatus(bar)
        holder = overlaps.unjudged_holder(locked)
        if holder is not None:
            raise ScopeTaken(
                f"{holder.company_name} is held by {holder.partner}. "
                "Say first whether it is the same company or a different one."
            )
        at = clock()
        passed = (
            passing_by.all_passed_by(locked) if outranks else passing_by.check(locked, reason=passing, at=at)
        )
        behind = first_come.reviews_behind(locked)
        protection.renew(locked, locked.policy or RegistrationPolicy.objects.in_force(at), at=at)
        locked.waits_for = None
        words = _Words("A channel manager looked at the evidence and gave you the deal.", text, internal_note)
        fields = (*protection.FIELDS, "waits_for")
        return _decide(
            locked,
            Action.ASSIGN,
            Status.APPROVED,
            by=by,
            at=at,
            words=words,
            event="registration.approved",
            fields=fields,
            beside=behind,
            first=lambda: first_come.make_room(locked, behind, at=at),
            after=lambda made: _tell_line(made, passed, behind, reason=outranks or passing, by=by),
        )


def _tell_line(
    made: Decision, passed: passing_by.Passed, behind: list[Registration], *, reason: str, by: User
) -> None:
    passing_by.tell(passed, made, reason=reason, by=by)
    waitlist.wait_behind(made.registration, at=made.at)
    waitlist.go_on(made.registration, at=made.at)  # what was kept for it at another company
    for review in behind:
        waitlist.go_on(review, at=made.at)  # what was kept for it beside the deal


def refuse(
    registration: Registration,
    *,
    by: User,
    reason_code: str,
    text: str,
    internal_note: str = "",
    version: int | None = None,
    clock: Clock = database_clock,
) -> Decision:
    """Refuses with a reason from the closed list and a text that the partner reads. Raises BadInput without them."""
    reason = _reason(reason_code, text)
    with transaction.atomic():
        locked = opened(registration, Action.REFUSE, by=by, version=version)
        locked.waits_for = None
        words = _Words(reason.label, text, internal_note, reason)
        at = clock()
        return _decide(
            locked,
            Action.REFUSE,
            Status.REFUSED,
            by=by,
            at=at,
            words=words,
            event="registration.refused",
            fields=["waits_for"],
            after=lambda _: waitlist.move_up(locked, at=at),  # it may have been its turn
        )


def ask_information(
    registration: Registration,
    *,
    by: User,
    text: str,
    version: int | None = None,
    clock: Clock = database_clock,
) -> Decision:
    """Asks the partner a question. The SLA clock stands still until they answer, or runs anew where something is kept for it."""
    if not text.strip():
        raise BadInput("Write what you need to know; the partner will read it.", field="text")
    with transaction.atomic():
        locked = opened(registration, Action.ASK_INFORMATION, by=by, version=version)
        locked.reviewer = by
        at = clock()
        if TURN_CAME in locked.review_reasons:
            resting.run_while_asked(locked, at)
        words = _Words("A channel manager needs to know more before deciding.", text)
        return _decide(
            locked,
            Action.ASK_INFORMATION,
            Status.INFORMATION_ASKED,
            by=by,
            at=at,
            words=words,
            event="registration.information_asked",
            fields=["reviewer", "review_due_at"],
        )


def put_on_waitlist(
    registration: Registration,
    *,
    behind: Registration,
    by: User,
    text: str = "",
    internal_note: str = "",
    version: int | None = None,
    clock: Clock = database_clock,
) -> Decision:
    """Puts it in line behind the holder; where the companies are two rows, they are declared the same first. A holder who does
    not know of it yet is told that somebody registered the same.

    Raises BadInput when `behind` holds none of its product lines, WrongStatus once it holds nothing any more.
    """
    with transaction.atomic():
        lock_registry()  # joining companies needs it, and it comes before their rows
        behind = Registration.objects.select_related("company").get(pk=behind.pk)
        company = behind.company
        if company is None:
            raise BadInput(f"{behind.code} was never submitted.", field="behind")
        locked = opened(registration, Action.WAITLIST, by=by, version=version, also_companies=[company.pk])
        at = clock()
        gave_way: list[Registration] = []
        if not overlaps.stay_apart(locked, behind):
            with kept.lines_wait() as gave_way:
                judgements.join(locked, company, by=by, at=at, reason="waitlisted behind the holder")
            locked.refresh_from_db()
        held = {holding.registration_id for holding in holdings.held_by_others(locked)}
        if behind.pk not in held and not behind.is_held:
            raise WrongStatus(f"{behind.code} holds nothing any more. Look at who does, then decide.")
        if behind.pk not in held:
            raise BadInput(f"{behind.code} does not hold this company for the same scope.", field="behind")
        locked.waits_for = behind
        news = {} if noting.is_known(locked, behind) else {behind.pk: 1.0}
        words = _Words(
            "This opportunity is registered already; you wait in line, first come, first served.",
            text,
            internal_note,
        )
        return _decide(
            locked,
            Action.WAITLIST,
            Status.WAITLISTED,
            by=by,
            at=at,
            words=words,
            event="registration.waitlisted",
            fields=["waits_for"],
            after=lambda made: _wait(made, news, gave_way),
        )


def _wait(made: Decision, news: dict[int, float], gave_way: list[Registration]) -> None:
    noting.note_on(news, made.registration, at=made.at, occasion=made.code)
    # What was kept for it, as its turn had come, and for others that gave way to the holder.
    kept.lines_go_on([made.registration, *gave_way], at=made.at)


def revoke(
    registration: Registration,
    *,
    by: User,
    reason_code: str,
    text: str,
    internal_note: str = "",
    version: int | None = None,
    clock: Clock = database_clock,
) -> Decision:
    """Takes protection away, with reason and text; the next in line moves up."""
    reason = _reason(reason_code, text)
    with transaction.atomic():
        locked = opened(registration, Action.REVOKE, by=by, version=version)
        at = clock()
        locked.closed_at = at
        return _decide(
            locked,
            Action.REVOKE,
            Status.REVOKED,
            by=by,
            at=at,
            words=_Words(reason.label, text, internal_note, reason),
            event="registration.revoked",
            fields=["closed_at"],
            after=lambda _: waitlist.move_up(locked, at=at),
        )


def _reason(code: str, text: str) -> RefusalReason:
    if code not in RefusalReason.values:
        raise BadInput("Choose a reason from the list.", field="reason_code")
    if not text.strip():
        raise BadInput("Write a sentence that the partner will read.", field="text")
    return RefusalReason(code)
