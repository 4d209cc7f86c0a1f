"""Giving a deal past the line: who is passed, who has to read why, and what it has to wait for.

The line is first come, first served. A person may give the deal to somebody else, as they may change the order, and for
the same price: a reason that those passed read and the case file keeps. So may they pass a claim of another kind that came
first, such as a lead that another firm has (registrations/claims.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from core.errors import BadInput, WrongStatus
from registrations.claims import Claim, claims_on, tell_passed
from registrations.enums import REOPENED, Audience
from registrations.models import Decision, Registration
from registrations.services import (
    first_come,
    holdings,
    notices,
    order_disputes,
    overlaps,
    places,
    timeline,
)

FIELD = "passing"
_ASK = "Say why it goes first."
TAKEN_BACK = "An earlier decision was taken back."


@dataclass(frozen=True)
class Passed:
    """Whom a deal passes if it is given to somebody: `line` of those in line, `claims` of other kinds. `told` are claims that
    came later, while there was nobody to keep them out: no reason is asked for, but their firms hear of it."""

    line: Sequence[Registration] = ()
    claims: Sequence[Claim] = ()
    told: Sequence[Claim] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nobody is passed who came first."""
        return not (self.line or self.claims)


def all_passed_by(registration: Registration) -> Passed:
    """All of them, each in order."""
    return Passed(passed_by(registration), claims_passed_by(registration), claims_told_beside(registration))


def passed_by(registration: Registration) -> list[Registration]:
    """Those with an earlier place in line who want something of what `registration` would get, in order; nobody where the
    line gave it its turn itself, and keeps the scope for it."""
    if has_turn(registration):
        return []
    wanted, turn = holdings.scope_now(registration).kept_out(), places.turn_of(registration)
    rows = Registration.objects.awaiting_turn().filter(wanted, turn__lt=turn).exclude(pk=registration.pk)  # type: ignore[misc]
    return list(rows.select_related("partner", "owner").distinct())


def claims_passed_by(registration: Registration) -> list[Claim]:
    """The same of claims that other firms have on something of it, such as a lead, from before it came in; also where the line
    gave it its turn, since a claim stands in no line, and no other order of the line puts anybody before it. An unjudged one, of
    another spelling, counts: else writing the name in another way would be a way past it."""
    rank = registration.rank
    if rank is None:
        return []
    return [claim for claim in claims_met(registration) if claim.rank < rank]


def claims_told_beside(registration: Registration) -> list[Claim]:
    """Of one that was reopened the claims that came after it: what was refused or revoked kept nobody out, so that a lead could
    be given meanwhile. Their firms hear of an approval, as they hear of a granted appeal."""
    if REOPENED not in registration.review_reasons:
        return []
    rank = registration.rank or 0
    return [claim for claim in claims_met(registration) if claim.rank > rank]


def claims_met(registration: Registration) -> list[Claim]:
    """The claims that other firms have on something of it now, the earliest first: at its company, or family, and at one that
    may be the same and that nobody has judged."""
    scope, maybe = holdings.scope_now(registration), overlaps.unjudged_claims(registration)
    found = claims_on({*scope.family, *maybe.values()}, but_of=registration.partner_id)
    met = []
    for claim in (one for claims in found.values() for one in claims):
        may_be_own = claim.code in maybe and claim.company_id not in scope.family
        company = registration.company_id if may_be_own else claim.company_id
        if scope.meets(company, claim.product_lines, claim.territory, claim.industry):
            met.append(claim)
    return sorted(met, key=lambda claim: claim.rank)


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


def check(registration: Registration, *, reason: str, at: datetime) -> Passed:
    """Whom the deal passes if it is given to `registration`, which is locked. Raises WrongStatus while an appeal about the
    order is open, BadInput where somebody is passed and `reason` is empty. Where another one holds it nobody is passed."""
    if first_come.keeping_out(registration):
        return Passed()
    waits = waits_for_appeal(registration, at)
    if waits:
        raise WrongStatus(waits)
    passed = all_passed_by(registration)
    if not passed.is_empty and not reason.strip():
        raise BadInput(_ASK, field=FIELD)
    return passed


def tell(passed: Passed, decision: Decision, *, reason: str, by: User) -> None:
    """Writes into the timelines on both sides that `decision` passed them, and to those passed why; never to whom."""
    _tell(passed.line, passed.claims, decision, reason=reason.strip(), by=by)
    _tell((), passed.told, decision, reason=TAKEN_BACK, by=by)


def _tell(
    line: Sequence[Registration], claims: Sequence[Claim], decision: Decision, *, reason: str, by: User
) -> None:
    if not (line or claims):
        return
    codes, at = [*(row.code for row in line), *(claim.code for claim in claims)], decision.at
    data = {"text": f"Before {', '.join(codes)}. {reason}"}
    timeline.record(decision.registration, "went_first", actor=by, at=at, data=data, audience=Audience.VENDOR)
    for row in line:
        timeline.record(row, "given_past", actor=by, at=at, data={"text": reason})
        notices.tell_partner(row, "registration.given_past", occasion=decision.code, reason=reason, at=at)
    for claim in claims:
        tell_passed(claim, reason=reason, occasion=decision.code, at=at)


def has_turn(registration: Registration) -> bool:
    """Whether its turn in line has come: the scope is kept for it, or it has it; not where that is at another company only."""
    return registration.holdings.filter(ended_at=None, company=registration.company_id).exists()
