"""What each button will do and to whom, said before it is pressed. What follows for others the services say that do it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import prefetch_related_objects

from policies import saying
from registrations.claims import Claim
from registrations.comparison import day
from registrations.enums import OPEN, TURN_CAME, UNDER_REVIEW, Action, ConflictState, Status
from registrations.models import Holding, Registration
from registrations.services import (
    first_come,
    holdings,
    judgements,
    next_turns,
    noting,
    overlaps,
    passing,
    places,
    receiving,
)
from registrations.services.next_turns import Due
from registrations.services.protection import end_of_renewed
from registrations.views.review import reopen_words, turn_words
from registrations.views.review.naming import cut, joined, named, possessive, short
from registrations.views.review.rivals import Rival
from registrations.workflow import transition

_NAMED = 2


@dataclass(frozen=True)
class Around:
    """Who else a decision touches: the holder that w would wait behind, those in line there who want the same, those in
    line at the registration's own company, or family, `in_its_way` those of them who want the same, and open rivals for
    the same scope that wait for a decision as well. `joins`: the two companies become one by it. `held` keeps its
    scope from it; `unjudged` does if it is the same company, which nobody has said yet. `passed` have an earlier place in
    line, `claims` are from before it, such as leads that others have; `disputed` says which appeal about the order has to be
    answered first. `whole` is `line` with those who are reviewed anew, and count. `dues` is what becomes of the line if it
    ends; `frees`: so it does if the candidate is another company. `is_news`: the holder that w would wait behind gets a mail.
    `yields`: if it is the same company, what is kept for the registration is given back; `goes_on` is what becomes of the
    line then, and if it waits behind that holder. `also_yield` are other reviews of which that is true. `elsewhere` are the
    companies besides its own at which something is kept for it. What is kept for `later`, which came after it, is given back
    by approving; `after_later` is what becomes of the line then. `told` are claims from after it, such as leads, whose firms
    hear of an approval."""

    behind: Registration | None = None
    joins: bool = False
    behind_line: Sequence[Registration] = field(default_factory=list)
    line: Sequence[Registration] = field(default_factory=list)
    in_its_way: Sequence[Registration] = field(default_factory=list)
    undecided: Sequence[Registration] = field(default_factory=list)
    held: Holding | None = None
    unjudged: Registration | None = None
    passed: Sequence[Registration] = field(default_factory=list)
    claims: Sequence[Claim] = field(default_factory=list)
    disputed: str = ""
    whole: Sequence[Registration] = field(default_factory=list)
    dues: Sequence[Due] = field(default_factory=list)
    frees: bool = False
    is_news: bool = False
    yields: bool = False
    also_yield: Sequence[Registration] = field(default_factory=list)
    goes_on: Sequence[Due] = field(default_factory=list)
    elsewhere: Sequence[str] = field(default_factory=list)
    later: Sequence[Registration] = field(default_factory=list)
    after_later: Sequence[Due] = field(default_factory=list)
    told: Sequence[Claim] = field(default_factory=list)

    @property
    def passes(self) -> bool:
        """Whether approving passes somebody, who has to read why."""
        return bool(self.passed or self.claims)

    @property
    def forbids_approval(self) -> bool:
        """Whether approving would be refused as things stand."""
        return self.held is not None or self.unjudged is not None or bool(self.disputed)


def around(
    registration: Registration,
    rivals: Sequence[Rival],
    chosen: Rival | None,
    held: Sequence[Holding],
    now: datetime,
) -> Around:
    """Read from the line, the candidates and what others hold, in as many queries however many there are."""
    behind = chosen.registration if chosen and chosen.can_hold_back else None
    whole = places.line_of(registration, anew=True)
    line = [row for row in whole if row.status == Status.WAITLISTED]
    behind_line: list[Registration] = []
    joins = False
    if behind is not None:
        same = behind.company_id == registration.company_id
        joins = not same and not overlaps.stay_apart(registration, behind)
        behind_line = places.line_of(behind, anew=True) if joins else whole
    waiting = [*whole, *(behind_line if behind_line is not whole else ())]
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
    barring = first_come.keeping_out(registration, held)
    later = first_come.reviews_behind(registration, held)
    free = not barring and registration.status in transition(Action.ASSIGN).sources
    judged = chosen.conflict if chosen and chosen.conflict.pk else None
    yielding = judgements.giving_way(judged, registration) if judged else []
    is_kept = TURN_CAME in registration.review_reasons and registration.status in UNDER_REVIEW
    return Around(
        behind,
        joins,
        _who_wants_it(registration, behind_line, behind if joins else None),
        line,
        _who_wants_it(registration, line),
        undecided,
        next(iter(barring), None),
        next(iter(unjudged), None),
        passing.passed_by(registration) if free else [],
        passing.claims_passed_by(registration) if free else [],
        passing.waits_for_appeal(registration, now) if free else "",
        whole,
        next_turns.foreseen(registration, at=now) if registration.status in OPEN else [],
        bool(judged and judgements.frees(judged, registration)),
        behind is not None and _is_news(registration, behind),
        is_kept and registration in yielding,
        [review for review in yielding if review != registration],
        _goes_on(registration, behind, now) if is_kept and behind is not None else [],
        _kept_elsewhere(registration) if is_kept else [],
        later if free else [],
        _after_later(registration, later, now) if free else [],
        passing.claims_told_beside(registration) if free else [],
    )


def _goes_on(registration: Registration, behind: Registration, now: datetime) -> list[Due]:
    """What becomes of the line where something is kept for the registration, once that waits behind `behind`."""
    taken = holdings.scope_now(behind, registration.company_id)
    return next_turns.foreseen(registration, at=now, taken=[taken])


def _after_later(registration: Registration, later: Sequence[Registration], now: datetime) -> list[Due]:
    """What becomes of those who wait for what is kept for `later`, once the registration has the deal."""
    taken = [holdings.scope_now(registration)]
    return [due for review in later for due in next_turns.foreseen(review, at=now, taken=taken)]


def _kept_elsewhere(registration: Registration) -> list[str]:
    kept_there = registration.holdings.filter(ended_at=None).exclude(company=registration.company_id)
    return sorted(set(kept_there.values_list("company__name", flat=True)))


def effects_of(registration: Registration, now: datetime, others: Around) -> dict[str, str]:
    """A sentence or two per action."""
    firm = short(registration)
    policy = registration.policy
    until = f" until {day(end_of_renewed(registration, policy, at=now))}" if policy else ""
    rivals = others.in_its_way
    moves_up = _moved([row for row in rivals if _after(row, registration)], by=0)
    follows = joined(turn_words.beside(registration), turn_words.next_in_line(others.dues))
    told = {
        "assign": receiving.not_selling(registration)
        or _forbidden(others)
        or joined(
            f"{firm} gets protection{until} and a mail that says so.",
            _passing(others),
            _giving_back(registration, others),
            _approving(registration, others, rivals),
            _elsewhere(others),
            receiving.over_cap(registration, now),
        ),
        "refuse": joined(
            f"{firm} gets a mail with your reason and text.",
            moves_up if registration.status == Status.WAITLISTED else "",
            follows,
        ),
        "ask_information": f"{firm} gets a mail with your question; {_clock_while_asked(registration)}",
        "same_company": joined(
            "The two names become one company.",
            _yielding(registration, others),
            *(turn_words.gives_way(review) for review in others.also_yield),
            "" if others.also_yield or (others.yields and others.goes_on) else "Nobody gets mail.",
        ),
        "different_company": joined(
            "The two are kept apart and not flagged again.",
            turn_words.next_in_line(others.dues) if others.frees else "",
            "" if others.frees and others.dues else "Nobody gets mail.",
        ),
        "revoke": joined(
            f"{firm} loses protection today and gets a mail with your reason and text.", follows
        ),
        "reopen": reopen_words.words(registration, now),
    }
    if others.behind is not None:
        told["waitlist"] = joined(
            _waiting(registration, others.behind, others.behind_line, joins=others.joins),
            _yielding(registration, others)
            if others.yields and others.joins
            else turn_words.next_in_line(others.goes_on),
            *(turn_words.gives_way(review) for review in others.also_yield if others.joins),
        )
        if others.is_news:
            told["waitlist"] += (
                f" {short(others.behind)} is told, without a name, that somebody registered the same."
            )
    return told


def _is_news(registration: Registration, behind: Registration) -> bool:
    return noting.is_told(behind, registration) and not noting.is_known(registration, behind)


def _yielding(registration: Registration, others: Around) -> str:
    """That nothing is kept for it any more once the two are one company, and what becomes of the line."""
    if not others.yields:
        return ""
    return joined(
        f"What is kept for {short(registration)} is given back, since somebody else has it there.",
        turn_words.next_in_line(others.goes_on),
    )


def _clock_while_asked(registration: Registration) -> str:
    if TURN_CAME in registration.review_reasons:
        return "the clock begins anew, and runs while they are asked, since its turn in line came."
    return "the clock stands still until they answer."


def _giving_back(registration: Registration, others: Around) -> str:
    """Whose kept place is given back, since the registration came before it, and what becomes of the line."""
    if not others.later:
        return ""
    names = saying.joined([named(review) for review in others.later])
    return joined(
        f"What is kept for {names} is given back, since {registration.code} came first.",
        turn_words.next_in_line(others.after_later),
    )


def _elsewhere(others: Around) -> str:
    """What is kept for it where it may be the same company goes on to others, if nobody says first whether it is."""
    if not others.elsewhere:
        return ""
    return f"What is kept for it at {saying.joined(others.elsewhere)} goes to the next in line there."


def _forbidden(others: Around) -> str:
    """Why approving would be refused; empty where it would not."""
    if others.unjudged is not None:
        return f"Only after you have said whether {named(others.unjudged)} holds the same company or a different one."
    if others.held is None:
        return others.disputed
    holder = named(others.held.registration)
    if others.held.registration.status == Status.OFFERED:
        return f"Not now: the deal is offered to {holder}, and waits for their answer."
    if others.held.reserved:
        return f"Not now: the deal is kept for {holder}, whose turn came first."
    return f"Not while {holder} holds this company for the same scope."


def _passing(others: Around) -> str:
    """Who is passed, and that a reason is asked for."""
    said = []
    if others.passed:
        came, they = ("comes", "reads") if len(others.passed) == 1 else ("come", "read")
        said.append(f"{_list(others.passed)} {came} before it in line, and {they} why it goes first.")
    said += [
        f"{claim.kind} to {cut(claim.partner)} ({claim.code}) came before it, and they read why it goes first."
        for claim in others.claims
    ]
    said += [
        f"{claim.kind} to {cut(claim.partner)} ({claim.code}) came after it, and they read that an earlier decision was taken "
        "back."
        for claim in others.told
    ]
    return joined(*said)


def _approving(registration: Registration, others: Around, rivals: Sequence[Registration]) -> str:
    if registration.status == Status.WAITLISTED:
        return _moved([row for row in rivals if _after(row, registration)], by=0)
    said = []
    if others.undecided:
        said.append(f"{_list(others.undecided)} can then only wait in line.")
    if rivals:
        said.append(f"{_list(rivals)} {'waits' if len(rivals) == 1 else 'wait'} in line behind it.")
    return " ".join(said)


def _waiting(
    registration: Registration, behind: Registration, line: Sequence[Registration], *, joins: bool
) -> str:
    ahead = [row for row in line if not _after(row, registration)]
    later = [row for row in line if _after(row, registration) and row.status == Status.WAITLISTED]
    own = behind.partner_id == registration.partner_id
    said = (
        f"{short(registration)} waits behind {f'its own {behind.code}' if own else named(behind)} "
        f"at place {len(ahead) + 1} and gets a mail{'.' if own else ', without that name.'}"
    )
    said = joined(said, _moved(later, by=len(ahead) + 2))
    return joined(said, "The two names become one company.") if joins else said


def _moved(rows: Sequence[Registration], *, by: int) -> str:
    """'Southridge's R-7KQ2MX moves to place 2.' `by` is the first one's place, 0 where each moves up by one."""
    if not rows:
        return ""
    if not by:
        verb = "moves" if len(rows) == 1 else "move"
        return f"{_list(rows)} {verb} up one place."
    first, *rest = rows
    more = f" {len(rest)} more move back with it." if rest else ""
    return f"{possessive(first)} moves to place {by}.{more}"


def _after(row: Registration, registration: Registration) -> bool:
    """Whether `row` comes after `registration` in line: by rank, unless a manager changed the order."""
    turn, own = places.turn_of(row), places.turn_of(registration)
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
    return [row for row in others if scope.keeps_out(row)]


def _list(rows: Sequence[Registration]) -> str:
    named = [possessive(row) for row in rows[:_NAMED]]
    more = len(rows) - len(named)
    if more:
        return f"{', '.join(named)} and {more} more"
    return " and ".join(named)
