"""What everything that binds says about a registration: a pure function over facts, so that it can be replayed."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from policies.facts import Facts
from policies.findings import Effect, Finding
from policies.rulebook import Rulebook
from policies.rules import RULES, Rule


class Landing(StrEnum):
    """Where a submitted registration lands (R4). One that is sent back was not taken: it stays a draft."""

    APPROVED = "approved"
    IN_REVIEW = "in_review"
    WAITLISTED = "waitlisted"
    REFUSED = "refused"
    SENT_BACK = "sent_back"


# The strongest effect first: what is incomplete is not decided; a refusal comes before the waitlist, and that before a look.
_LANDINGS = (
    (Landing.SENT_BACK, (Effect.INCOMPLETE,)),
    (Landing.REFUSED, (Effect.REFUSED,)),
    (Landing.WAITLISTED, (Effect.WAITLIST,)),
    (Landing.IN_REVIEW, (Effect.REVIEW, Effect.EVIDENCE)),
)


@dataclass(frozen=True)
class Outcome:
    """Where the registration lands and the findings that put it there, the deciding one first. `every` are all that
    spoke, those included that only inform."""

    landing: Landing
    findings: tuple[Finding, ...] = ()
    every: tuple[Finding, ...] = ()

    @property
    def rule(self) -> str:
        """The deciding rules in words, a line each: who mends one thing is not to be refused again for another."""
        told = "\n".join(finding.words for finding in self.findings)
        return told or "Nothing in the policy stands against it."

    @property
    def records(self) -> list[str]:
        """The rows that the deciding rules stand in, each once, the deciding one first."""
        named = [name for finding in self.findings for name in (finding.record, *finding.beside)]
        return list(dict.fromkeys(filter(None, named)))


def decide(facts: Facts, book: Rulebook, *, rules: Iterable[Rule] = RULES) -> Outcome:
    """Applies what binds to `facts`: what is still needed first, then refusals, the waitlist, reasons for a look, else
    approved."""
    every = tuple(found for rule in rules if (found := rule.check(facts, book)) is not None)
    spoken = {finding.effect for finding in every}
    for landing, effects in _LANDINGS:
        if spoken.isdisjoint(effects):
            continue
        deciding = tuple(finding for finding in every if finding.effect in effects)
        return Outcome(landing, deciding, every)
    return Outcome(Landing.APPROVED, (), every)
