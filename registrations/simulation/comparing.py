"""One case under two versions: where it lands, and the finding that makes the difference. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from policies.findings import Effect
from policies.outcome import Landing, Outcome, decide
from policies.rulebook import Rulebook
from policies.saying import percent
from registrations.enums import Occasion
from registrations.simulation.case import Case

# Which effect decides where several findings speak: the higher one (policies.outcome.decide).
_STRENGTH = {
    Landing.APPROVED: 0,
    Landing.IN_REVIEW: 1,
    Landing.WAITLISTED: 2,
    Landing.REFUSED: 3,
    Landing.SENT_BACK: 4,
}
UNREADABLE = "What was kept of this registration can't be read any more."


class Part(StrEnum):
    """What part a finding has in the difference."""

    CAME = "came"  # the version says so, and the one that decided did not
    GONE = "gone"  # the other way round
    STAYS = "stays"  # both say so; what hid it is gone


@dataclass(frozen=True)
class Reason:
    """A finding and its part in the difference."""

    rule: str
    words: str
    part: Part = Part.CAME


@dataclass(frozen=True)
class Comparison:
    """Where the case lands under the version. `unsettled`: what is known of it does not lead to where it landed then,
    so that a difference would say nothing about the version."""

    after: Landing
    reasons: tuple[Reason, ...] = ()
    unsettled: bool = False


def landing_of(outcome: Outcome, case: Case) -> Landing:
    """Where the outcome puts the case; at a turn in line that a person prepared, only refusals count."""
    if case.only_refusals and outcome.landing != Landing.REFUSED:
        return Landing.APPROVED
    return outcome.landing


def compare(case: Case, *, then: Rulebook, now: Rulebook) -> Comparison:
    """`case` under `now`, beside what `then`, the book that decided it, says about the same facts.

    The second is asked only where it matters: when the case would land elsewhere, or its facts are a reconstruction. An
    approval by a version that looks at less likely companies than were looked at then is no finding.
    """
    if case.facts is None:
        return Comparison(case.landing, (Reason("unreadable", UNREADABLE),), unsettled=True)
    outcome = decide(case.facts, now)
    after = landing_of(outcome, case)
    seen_from = min(case.facts.gathered_from, then.policy.review_score)
    checked = case.occasion == Occasion.SUBMISSION  # a turn in line asks for no rivals
    if checked and outcome.landing == Landing.APPROVED and now.policy.review_score < seen_from:
        return Comparison(after, (_not_looked_at(seen_from, now),), unsettled=True)
    if after == case.landing and not case.reconstructed:
        return Comparison(after)
    replayed = decide(case.facts, then)
    again = landing_of(replayed, case)
    if again != case.landing:
        return Comparison(after, (_not_replayed(case, replayed, again),), unsettled=True)
    if after == case.landing:
        return Comparison(after)
    return Comparison(after, tuple(_reasons(case.landing, after, replayed, outcome)))


def _reasons(before: Landing, after: Landing, then: Outcome, now: Outcome) -> list[Reason]:
    """The deciding one first: something stronger that comes, else what goes and left the deciding to others."""
    known, left = _spoken(then), _spoken(now)
    gone = [
        Reason(finding.rule, finding.words, Part.GONE)
        for finding in then.findings
        if (finding.rule, finding.effect) not in left
    ]
    told = [
        Reason(
            finding.rule, finding.words, Part.STAYS if (finding.rule, finding.effect) in known else Part.CAME
        )
        for finding in now.findings
        if now.landing == after  # else it was not counted
    ]
    if _STRENGTH[after] < _STRENGTH[before]:
        return [*gone, *told]
    return sorted(told, key=lambda reason: reason.part != Part.CAME)


def _spoken(outcome: Outcome) -> set[tuple[str, Effect]]:
    return {(finding.rule, finding.effect) for finding in outcome.every}


def _not_looked_at(seen_from: float, now: Rulebook) -> Reason:
    words = (
        f"Companies less than {percent(seen_from)} likely to be the same were not looked at then; "
        f"this version compares those from {percent(now.policy.review_score)} on."
    )
    return Reason("similar", words)


def _not_replayed(case: Case, replayed: Outcome, again: Landing) -> Reason:
    rule = replayed.findings[0].rule if replayed.findings else "none"
    return Reason(rule, f"It {PAST[case.landing]} then; by what is known of it now it {WOULD[again]}.")


PAST = {
    Landing.APPROVED: "was approved at once",
    Landing.WAITLISTED: "was put in line",
    Landing.IN_REVIEW: "was sent to review",
    Landing.REFUSED: "was refused by the policy",
}
WOULD = {
    Landing.APPROVED: "would have been approved at once",
    Landing.WAITLISTED: "would have been put in line",
    Landing.IN_REVIEW: "would have been sent to review",
    Landing.REFUSED: "would have been refused by the policy",
    Landing.SENT_BACK: "would have been sent back",
}
