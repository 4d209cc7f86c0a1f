"""Giving a deal past the line: who is passed, who has to read why, and what it has to wait for.

The line is first come, first served. A person may give the deal to somebody else, as they may change the order, and for
the same price: a reason that those passed read and the case file keeps.
"""

from collections.abc import Sequence
from datetime import datetime

from accounts.models import User
from core.errors import BadInput, WrongStatus
from registrations.enums import Audience
from registrations.models import Decision, Registration
from registrations.services import holdings, notices, order_disputes, timeline

FIELD = "passing"
_ASK = "Say why it goes first."


def passed_by(registration: Registration) -> list[Registration]:
    """Those with an earlier place in line who want something of what `registration` would get, in order; nobody where the
    line gave it its turn itself, and keeps the scope for it."""
    if has_turn(registration):
        return []
    turn = registration.line_order if registration.line_order is not None else registration.rank
    wanted = holdings.scope_now(registration).registrations()
    rows = Registration.objects.awaiting_turn().filter(wanted, turn__lt=turn).exclude(pk=registration.pk)  # type: ignore[misc]
    return list(rows.select_related("partner", "owner").distinct())


def waits_for_appeal(registration: Registration, at: datetime) -> str:
    """That an appeal about the order of the line has to be answered before the deal is given to it, in words with the
    appeal's code; '' where none has."""
    if has_turn(registration):
        return ""
    codes = order_disputes.about_place_of(registration, at)
    if not codes:
        return ""
    appeals = f"the appeal {codes[0]} is" if len(codes) == 1 else f"the appeals {' and '.join(codes)} are"
    return (
        f"Not while {appeals} open: it is about the order of this line, and a “yes” would be worth nothing "
        "once somebody has the deal."
    )


def check(registration: Registration, *, reason: str, at: datetime) -> list[Registration]:
    """Whom the deal passes if it is given to `registration`, which is locked. Raises WrongStatus while an appeal about the
    order is open, BadInput where somebody is passed and `reason` is empty. Where another one holds it nobody is passed."""
    if holdings.held_by_others(registration):
        return []
    waits = waits_for_appeal(registration, at)
    if waits:
        raise WrongStatus(waits)
    passed = passed_by(registration)
    if passed and not reason.strip():
        raise BadInput(_ASK, field=FIELD)
    return passed


def tell(passed: Sequence[Registration], decision: Decision, *, reason: str, by: User) -> None:
    """Writes into the timelines on both sides that `decision` passed them, and to those passed why; never to whom."""
    if not passed:
        return
    at, reason = decision.at, reason.strip()
    codes = ", ".join(row.code for row in passed)
    data = {"text": f"Before {codes}. {reason}"}
    timeline.record(decision.registration, "went_first", actor=by, at=at, data=data, audience=Audience.VENDOR)
    for row in passed:
        timeline.record(row, "given_past", actor=by, at=at, data={"text": reason})
        notices.tell_partner(row, "registration.given_past", occasion=decision.code, reason=reason, at=at)


def has_turn(registration: Registration) -> bool:
    """Whether its turn in line has come: the scope is kept for it, or it has it."""
    return registration.holdings.filter(ended_at=None).exists()
