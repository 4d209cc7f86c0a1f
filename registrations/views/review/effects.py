"""What each button will do and to whom, said before it is pressed. Keep in step with the services."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import prefetch_related_objects
from django.utils.text import Truncator

from registrations.comparison import day
from registrations.enums import UNDER_REVIEW, ConflictState, Status
from registrations.models import Holding, Registration
from registrations.services import overlaps, places, receiving
from registrations.views.review.rivals import Rival

_NAMED = 2


@dataclass(frozen=True)
class Around:
    """Who else a decision touches: the holder that w would wait behind, those in line there who want the same, those in
    line at the registration's own company, or family, `in_its_way` those of them who want the same, and open rivals for
    the same scope that wait for a decision as well. `joins`: the two companies become one by it. `held` keeps its
    scope from it; `unjudged` does if it is the same company, which nobody has said yet."""

    behind: Registration | None = None
    joins: bool = False
    behind_line: Sequence[Registration] = field(default_factory=list)
    line: Sequence[Registration] = field(default_factory=list)
    in_its_way: Sequence[Registration] = field(default_factory=list)
    undecided: Sequence[Registration] = field(default_factory=list)
    held: Holding | None = None
    unjudged: Registration | None = None

    @property
    def forbids_approval(self) -> bool:
        """Whether approving would be refused as things stand."""
        return self.held is not None or self.unjudged is not None


def around(
    registration: Registration, rivals: Sequence[Rival], chosen: Rival | None, held: Sequence[Holding]
) -> Around:
    """Read from the line, the candidates and what others hold, in as many queries however many there are."""
    behind = chosen.registration if chosen and chosen.can_hold_back else None
    line = places.line_of(registration)
    behind_line: list[Registration] = []
    joins = False
    if behind is not None:
        same = behind.company_id == registration.company_id
        joins = not same and not overlaps.stay_apart(registration, behind)
        behind_line = places.line_of(behind) if joins else line
    waiting = [*line, *(behind_line if behind_line is not line else ())]
    if waiting:
        prefetch_related_objects(waiting, "lines")
    undecided = [
        rival.registration
        for rival in rivals
        if rival.registration is not None
        and rival.registration.status in UNDER_REVIEW
        and rival.overlaps
        and rival.conflict.state != ConflictState.DIFFERENT
    ]
    unjudged = [
        rival.registration
        for rival in rivals
        if rival.registration is not None and rival.unjudged and rival.can_hold_back
    ]
    return Around(
        behind,
        joins,
        _who_wants_it(registration, behind_line, behind if joins else None),
        line,
        _who_wants_it(registration, line),
        undecided,
        next(iter(held), None),
        next(iter(unjudged), None),
    )


def effects_of(registration: Registration, now: datetime, others: Around) -> dict[str, str]:
    """A sentence or two per action."""
    firm = _short(registration)
    policy = registration.policy
    until = f" until {day(now + timedelta(days=policy.protection_days))}" if policy else ""
    rivals = others.in_its_way
    moves_up = _moved([row for row in rivals if _after(row, registration)], by=0)
    told = {
        "assign": receiving.not_selling(registration)
        or _forbidden(others)
        or _joined(
            f"{firm} gets protection{until} and a mail that says so.",
            _approving(registration, others, rivals),
        ),
        "refuse": _joined(f"{firm} gets a mail with your reason and text.", _leaving(registration, moves_up)),
        "ask_information": f"{firm} gets a mail with your question; the clock stands still until they answer.",
        "same_company": "The two names become one company, for good. Nobody gets mail.",
        "different_company": "The two are kept apart and not flagged again. Nobody gets mail.",
        "revoke": f"{firm} loses protection today and gets a mail with your reason and text.",
    }
    if registration.is_held and rivals:
        told["revoke"] += _next_turn(registration, rivals[0], others)
    if others.behind is not None:
        told["waitlist"] = _waiting(registration, others.behind, others.behind_line, joins=others.joins)
    return told


def _next_turn(registration: Registration, following: Registration, others: Around) -> str:
    """Whose turn it is after `registration`: whoever is still under review comes first, if they were submitted before."""
    companies = places.scope_in_line(following).companies
    before = [row for row in others.undecided if row.company_id in companies and not _after(row, following)]
    if before:
        return f" It is then kept for {_named(before[0])}, submitted first, until you have decided about it."
    return f" It is then the turn of {_named(following)}: they are offered the deal by mail."


def _forbidden(others: Around) -> str:
    """Why approving would be refused; empty where it would not."""
    if others.unjudged is not None:
        return f"Only after you have said whether {_named(others.unjudged)} holds the same company or a different one."
    if others.held is None:
        return ""
    holder = _named(others.held.registration)
    if others.held.reserved:
        return f"Not now: the deal is kept for {holder}, whose turn came first."
    return f"Not while {holder} holds this company for the same scope."


def _approving(registration: Registration, others: Around, rivals: Sequence[Registration]) -> str:
    if registration.status == Status.WAITLISTED:
        return _moved([row for row in rivals if _after(row, registration)], by=0)
    said = []
    if others.undecided:
        said.append(f"{_list(others.undecided)} can then only wait in line.")
    if rivals:
        said.append(f"{_list(rivals)} {'waits' if len(rivals) == 1 else 'wait'} in line behind it.")
    return " ".join(said)


def _leaving(registration: Registration, moves_up: str) -> str:
    if registration.status == Status.WAITLISTED:
        return moves_up
    if "turn_came" in registration.review_reasons:
        return "The next in line has its turn then."
    return ""


def _waiting(
    registration: Registration, behind: Registration, line: Sequence[Registration], *, joins: bool
) -> str:
    ahead = [row for row in line if not _after(row, registration)]
    later = [row for row in line if _after(row, registration)]
    own = behind.partner_id == registration.partner_id
    said = (
        f"{_short(registration)} waits behind {f'its own {behind.code}' if own else _named(behind)} "
        f"at place {len(ahead) + 1} and gets a mail{'.' if own else ', without that name.'}"
    )
    said = _joined(said, _moved(later, by=len(ahead) + 2))
    return _joined(said, "The two names become one company.") if joins else said


def _moved(rows: Sequence[Registration], *, by: int) -> str:
    """'Southridge's R-7KQ2MX moves to place 2.' `by` is the first one's place, 0 where each moves up by one."""
    if not rows:
        return ""
    if not by:
        verb = "moves" if len(rows) == 1 else "move"
        return f"{_list(rows)} {verb} up one place."
    first, *rest = rows
    more = f" {len(rest)} more move back with it." if rest else ""
    return f"{_possessive(first)} moves to place {by}.{more}"


def _after(row: Registration, registration: Registration) -> bool:
    """Whether `row` comes after `registration` in line: by rank, unless a manager changed the order."""
    turn = row.line_order if row.line_order is not None else row.rank
    own = registration.line_order if registration.line_order is not None else registration.rank
    return turn is not None and own is not None and turn > own


def _who_wants_it(
    registration: Registration, line: Sequence[Registration], behind: Registration | None = None
) -> list[Registration]:
    """Those of `line` who want something of what it does, under the policy in force, as their turn is looked at. Behind a
    holder elsewhere its company is that one's."""
    others = [row for row in line if row.pk != registration.pk]
    if not others:
        return []
    scope = places.scope_in_line(registration)
    if behind is not None and behind.company_id not in scope.companies:
        scope = places.scope_in_line(registration, behind.company_id)
    return [row for row in others if scope.wanted_by(row)]


def _list(rows: Sequence[Registration]) -> str:
    named = [_possessive(row) for row in rows[:_NAMED]]
    more = len(rows) - len(named)
    if more:
        return f"{', '.join(named)} and {more} more"
    return " and ".join(named)


def _possessive(row: Registration) -> str:
    return f"{_short(row)}’s {row.code}"


def _named(row: Registration) -> str:
    return f"{_short(row)} ({row.code})"


def _short(row: Registration) -> str:
    return str(Truncator(row.partner.name).chars(40))


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
