"""What happens when a registration's turn in line comes: looked at under the policy in force, then offered (R9)."""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import Enum, auto
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import User
from core.business_time import Calendar, add_business_days
from notifications.holding import wait_for_day
from notifications.models import Message
from policies.facts import Facts, Rival
from policies.findings import Effect, Finding
from policies.models import RegistrationPolicy
from policies.outcome import Landing, Outcome, decide
from policies.rulebook import Rulebook, rulebook_at
from policies.rules import cap, cooling_off, onboarding
from policies.sources import is_version, sources_of
from registrations import supposing
from registrations.enums import CLAIM_FIRST, TURN_CAME, Action, Audience, Occasion, Status
from registrations.facts import facts_of
from registrations.models import Conflict, Decision, Offer, Registration
from registrations.services import (
    holdings,
    notices,
    offer_links,
    overlaps,
    passing,
    policy_runs,
    receipts,
    resting,
    routing,
    timeline,
)
from registrations.services.clocks import review_due
from registrations.services.transitions import Step, move

_TURN = "The registration before yours ended, and you were next in line."
_ANEW = "Your appeal was granted, and your registration is reviewed anew."
_PART_WON = "An earlier registration was won for some of the same."
_CLAIM_WORDS = "Somebody else's claim on the company came first, and goes first if they take it up."
_LAST_MINUTE = time(23, 59, 59)
# What passes: the firm keeps its place, and others have their turn meanwhile.
_PASSING = {cap.CODE, cooling_off.CODE, onboarding.CODE}


class Course(Enum):
    """What a turn in line comes to under the policy in force."""

    OFFER = auto()
    REVIEW = auto()  # back in review, with the scope kept for it
    REFUSE = auto()
    PASS = auto()  # passed over: what stands against it passes, and it keeps its place


@dataclass(frozen=True)
class Turn:
    """A turn as it would come now: where it leads, what was asked, and what is said of it."""

    course: Course
    look: "Look"
    outcome: Outcome
    book: Rulebook


def foresee(waiting: Registration, book: Rulebook, at: datetime) -> Turn:
    """What `waiting`'s turn comes to under what binds at `at`; nothing is changed."""
    look = recheck(waiting, book, at)
    outcome = look.outcome
    if outcome.landing == Landing.REFUSED:
        passes = {finding.rule for finding in outcome.findings} <= _PASSING
        return Turn(Course.PASS if passes else Course.REFUSE, look, outcome, book)
    if outcome.landing == Landing.APPROVED:
        outcome = _asking_a_person(waiting, book) or outcome
    course = Course.REVIEW if outcome.landing == Landing.IN_REVIEW else Course.OFFER
    return Turn(course, look, outcome, book)


def take_turn(waiting: Registration, *, at: datetime, turn: Turn | None = None) -> bool:
    """It is `waiting`'s turn: offered, or back in review with the scope kept for it, or refused by the policy.

    False where it was refused, so that the next in line has its turn; and where its firm has too much open, is not through
    with its onboarding, or let the company expire itself and has to wait: then it is passed over, is told so and keeps its
    place. The caller holds company and registration; `turn` is what it comes to, where that was foreseen under the locks.
    """
    turn = turn or foresee(waiting, rulebook_at(at), at)
    book, outcome = turn.book, turn.outcome
    waiting.policy = book.policy
    if turn.course == Course.PASS:
        _pass_over(waiting, turn.look, book, at)
        return False
    _keep(waiting, turn.look, book)
    waiting.waits_for = None
    match turn.course:
        case Course.REFUSE:
            _refuse(waiting, outcome, book, at)
        case Course.REVIEW:
            _review(waiting, outcome, book, at)
        case Course.OFFER:
            _offer(waiting, book.policy, at)
    return turn.course != Course.REFUSE


def keep_turn(reviewed: Registration, *, at: datetime, company: int | None) -> None:
    """It is the turn of one under review: anew after its appeal was granted, or since before the next in line was submitted.
    Nobody else can take the scope at `company` until that review is over. Only who appealed knows of a line, so they alone
    are told. Who has a question to answer is asked again, once, and the clock runs from now on. The caller holds company and
    registration."""
    appealed = "appeal" in reviewed.review_reasons
    asked = reviewed.status == Status.INFORMATION_ASKED and TURN_CAME not in reviewed.review_reasons
    holdings.reserve(reviewed, at=at, company_id=company)
    reviewed.review_reasons = [
        *(reason for reason in reviewed.review_reasons if reason != TURN_CAME),
        TURN_CAME,
    ]
    if asked:
        resting.run_while_asked(reviewed, at)
    reviewed.version += 1
    reviewed.changed_at = at
    reviewed.save(update_fields=["review_reasons", "review_due_at", "version", "changed_at"])
    timeline.record(
        reviewed, "turn_came", actor=None, at=at, audience=Audience.BOTH if appealed else Audience.VENDOR
    )
    occasion = f"turn:{reviewed.version}"
    # Where an answer is asked of the partner, they are told that first.
    if appealed and reviewed.status == Status.IN_REVIEW:
        notices.tell_partner(reviewed, "registration.turn_came", occasion=occasion, rule=_ANEW)
    if asked:
        notices.answer_awaited(reviewed, occasion=occasion)
    notices.tell_referee(reviewed, "registration.review_needed", occasion=occasion)


@dataclass(frozen=True)
class Look:
    """What was asked when a turn came, and the answer. With `only_refusals` nothing else counted."""

    facts: Facts
    outcome: Outcome
    only_refusals: bool = False


def recheck(waiting: Registration, book: Rulebook, at: datetime) -> Look:
    """What the policy in force says now. Where a person put it in line, they have seen what asked for a look then: only a
    rule that did not ask for it yet, and a holder of what may be the same company, whom nobody has judged, send it back to
    them.

    Those behind it in line are no rivals to it, nor is a claim of direct sales that came later.
    """
    unjudged = overlaps.unjudged_holder(waiting) is not None
    put = waiting.decisions.filter(action=Action.WAITLIST, by__isnull=False, undone_at=None)
    looked = put.order_by("-at").values_list("at", flat=True).first()
    facts = facts_of(waiting, at=at)
    if looked is not None and not unjudged:
        outcome = decide(facts, book)
        if outcome.landing == Landing.IN_REVIEW and not _seen(outcome, waiting, facts, looked):
            return Look(facts, outcome)
        counted = outcome if outcome.landing == Landing.REFUSED else Outcome(Landing.APPROVED)
        return Look(facts, counted, only_refusals=True)
    facts = replace(facts, rivals=(Rival(score=1.0),) if unjudged else _rivals(waiting))
    return Look(facts, decide(facts, book))


def _seen(outcome: Outcome, waiting: Registration, facts: Facts, looked: datetime) -> bool:
    """Whether who `looked` then saw all that asks for a look now: what was found when it was submitted, and what the rules
    that were in force then say about it. A right or a requirement is the same one where its record is."""
    submitted = waiting.policy_runs.filter(occasion=Occasion.SUBMISSION).values_list("rules", flat=True)
    known = {(rule, "") for rules in submitted for rule in rules}
    known |= {_asks(found) for found in decide(facts, rulebook_at(looked)).every}
    return {_asks(found) for found in outcome.findings} <= known


def _asks(found: Finding) -> tuple[str, str]:
    """What a finding is known by: its rule, and its record where that is no version of the policy, which is new each time."""
    return found.rule, "" if is_version({"record": found.record}) else found.record


def _keep(waiting: Registration, look: Look, book: Rulebook) -> None:
    policy_runs.keep_run(
        waiting,
        Occasion.TURN,
        facts=look.facts,
        outcome=look.outcome,
        policy=book.policy,
        records=sources_of(look.outcome, book),
        only_refusals=look.only_refusals,
    )


def _asking_a_person(waiting: Registration, book: Rulebook) -> Outcome | None:
    """A look at what no rule knows: what it waits for was won in part, or a claim of another firm's, such as a lead, came first.
    Nobody has decided yet that it passes that claim, whoever put it in line; None where there is neither."""
    asks = {
        "holder_won": _PART_WON if _won_in_part(waiting) else "",
        CLAIM_FIRST: _CLAIM_WORDS if passing.claims_passed_by(waiting) else "",
    }
    found = [Finding(rule, Effect.REVIEW, words, book.record) for rule, words in asks.items() if words]
    return Outcome(Landing.IN_REVIEW, tuple(found)) if found else None


def _won_in_part(waiting: Registration) -> bool:
    """Whether another firm has won what `waiting` wants, or some of it, since a person put it in line, or it came there by
    the policy. What it waited for alone, when that was won, sent it back to review at once."""
    put = waiting.decisions.filter(action=Action.WAITLIST, by__isnull=False, undone_at=None)
    since = put.order_by("-at").values_list("at", flat=True).first() or waiting.submitted_at
    won = Registration.objects.filter(status=Status.WON, closed_at__gt=since)
    wanted = holdings.scope_now(waiting).kept_out()
    return won.exclude(partner=waiting.partner_id).filter(wanted).exists()


def answer_by(start: datetime, policy: RegistrationPolicy, registration: Registration) -> datetime:
    """The last moment of the policy's last business day, counted from `start` where the partner works."""
    partner = registration.partner
    zone = ZoneInfo(partner.time_zone)
    calendar = Calendar(str(partner.country), partner.time_zone)
    last = add_business_days(start, policy.offer_business_days, calendar).astimezone(zone)
    return datetime.combine(last.date(), _LAST_MINUTE, zone)


def _rivals(waiting: Registration) -> tuple[Rival, ...]:
    """What nobody has judged yet and still stands at companies that are not held together with its own, each with what it
    holds or wants now. Who was one of the family and is no more is no rival."""
    open_ones = Conflict.objects.filter(registration=waiting).unjudged().standing().select_related("rival")
    others = open_ones.exclude(rival__company__in=holdings.scope_now(waiting).companies)
    over = supposing.over()
    rows = [row for row in others if row.rival_id not in over and not overlaps.by_family_only(row)]
    kept = overlaps.kept_by([row.rival for row in rows if row.rival is not None])
    found = []
    for row in rows:
        lines, territory, industry = kept.get(row.rival_id or 0, (None, None, None))
        products = None if lines is None else tuple(lines)
        found.append(Rival(score=row.score, product_lines=products, territory=territory, industry=industry))
    return tuple(found)


def _pass_over(waiting: Registration, look: Look, book: Rulebook, at: datetime) -> None:
    """Its turn came and could not be taken: told once for each reason and version, however often the line is looked at."""
    outcome, version = look.outcome, book.policy.version
    rules = "+".join(finding.rule for finding in outcome.findings)
    records = sources_of(outcome, book)
    told = {"text": outcome.rule, "policy": version, "rules": rules, "records": records}
    said = waiting.timeline.standing().filter(kind="passed_over")
    if said.filter(data__policy=version, data__rules=rules).exists():
        return
    _keep(waiting, look, book)
    entry = timeline.record(waiting, "passed_over", actor=None, at=at, data=told)
    occasion = f"{version}:{rules}:{entry.number}"
    notices.tell_partner(waiting, "registration.passed_over", occasion=occasion, rule=outcome.rule)


def _refuse(waiting: Registration, outcome: Outcome, book: Rulebook, at: datetime) -> None:
    policy, records = book.policy, sources_of(outcome, book)
    told = {"text": outcome.rule, "policy": policy.version, "records": records}
    move(
        waiting,
        Action.REFUSE,
        Status.REFUSED,
        by=None,
        at=at,
        step=Step(told, ("policy", "waits_for")),
    )
    decision = receipts.write(
        waiting,
        Action.REFUSE,
        before=Status.WAITLISTED,
        by=None,
        at=at,
        rule=f"When your turn came: {outcome.rule}",
        policy=policy,
        records=records,
    )
    notices.decided(waiting, "registration.refused", decision)


def _review(waiting: Registration, outcome: Outcome, book: Rulebook, at: datetime) -> None:
    """A person looks first; nobody else can take the scope meanwhile."""
    holdings.reserve(waiting, at=at)
    waiting.review_reasons = [TURN_CAME, *(finding.rule for finding in outcome.findings)]
    policy = book.policy
    waiting.reviewer = routing.reviewer_for(waiting, at, routes=book.routes)
    waiting.review_due_at = review_due(policy, at)
    fields = ("policy", "waits_for", "review_reasons", "reviewer", "review_due_at")
    told = {"rule": outcome.rule, "turn": True, "policy": policy.version}
    step = Step(told | {"records": sources_of(outcome, book)}, fields)
    move(waiting, Action.RETURN, Status.IN_REVIEW, by=None, at=at, step=step)
    occasion = f"turn:{waiting.version}"
    notices.tell_partner(waiting, "registration.turn_came", occasion=occasion, rule=outcome.rule)
    notices.tell_referee(waiting, "registration.review_needed", occasion=occasion)


def _offer(waiting: Registration, policy: RegistrationPolicy, at: datetime) -> None:
    people = notices.people_of(waiting, at)
    # The days count from when it can be read: one that comes by the calendar at night waits for the morning.
    read = at + min((wait_for_day(person.time_zone) for person in people), default=timedelta(0))
    offer = Offer(registration=waiting, policy=policy, made_at=at, answer_by=answer_by(read, policy, waiting))
    offer.save()
    last_day = offer.answer_by.date()  # still in the partner's time zone
    said = {"policy": policy.version, "offer": offer.code, "until": last_day.isoformat()}
    step = Step(said, ("policy", "waits_for"))
    move(waiting, Action.OFFER, Status.OFFERED, by=None, at=at, step=step)
    decision = receipts.write(
        waiting, Action.OFFER, before=Status.WAITLISTED, by=None, at=at, rule=_TURN, policy=policy
    )
    offer.message = tell_of_offer(offer, waiting, people, decision)
    offer.save(update_fields=["message"])


def tell_of_offer(
    offer: Offer, waiting: Registration, people: list[User], decision: Decision | None
) -> Message | None:
    """Writes to `people` what is offered and until when; returns the first mail, None where there is nobody."""

    def own_link(person: User) -> dict[str, Any]:
        # A channel manager, told where nobody of the firm is left to tell, gets the registration's page instead.
        return {} if person.is_vendor else {"offer_url": offer_links.link_for(offer, person)}

    return notices.tell_partner(
        waiting,
        "registration.offered",
        occasion=offer.code,
        people=people,
        decision=decision,
        answer_by=offer.answer_by.astimezone(ZoneInfo(waiting.partner.time_zone)).date(),
        business_days=offer.policy.offer_business_days,
        protection_days=offer.policy.protection_days,
        for_each=own_link,
    )
