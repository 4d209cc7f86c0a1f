"""What is asked before a deal comes to a firm by another way than its turn in line: by consent, by a manager's word, by a
customer's letter."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from policies.findings import Finding
from policies.models import RegistrationPolicy
from policies.outcome import Landing, decide
from policies.rulebook import rulebook_at
from policies.rules import cap
from registrations.facts import facts_of, open_of
from registrations.models import Registration
from registrations.services import overlaps


@dataclass(frozen=True)
class Answer:
    """What the policy in force says of a firm that is to come into a deal: why it may not, or what a person looks at first.
    The words are those that the firm itself may read."""

    refused: tuple[Finding, ...] = ()
    looks: tuple[Finding, ...] = ()


def ask_policy(receiving: Registration, at: datetime) -> Answer:
    """Asks as at a turn in line: limits, waits, requirements, rights, territory. Nobody is a rival to who is let in."""
    outcome = decide(facts_of(receiving, at=at), rulebook_at(at))
    if outcome.landing == Landing.REFUSED:
        return Answer(refused=outcome.findings)
    return Answer(looks=outcome.findings)


def what_bars(receiving: Registration, at: datetime, *, seen: Collection[str]) -> str:
    """Why the deal cannot go to its firm now, in words for that firm; '' where it can. `seen` are the rules that a person
    looked at: what asks for a look besides came since, and nobody has looked."""
    if not receiving.partner.is_selling:
        return "Your firm is not active at present, so it cannot come into a deal."
    answer = ask_policy(receiving, at)
    unseen = tuple(found for found in answer.looks if found.rule not in seen)
    return words_of(answer.refused or unseen)


def words_of(findings: Collection[Finding]) -> str:
    """Findings as text, a line each."""
    return "\n".join(finding.words for finding in findings)


def not_selling(receiving: Registration) -> str:
    """Why its firm can be given no deal, for the vendor's people; '' where it can. The policy's other rules are theirs to weigh:
    a person who decides sees what they say."""
    firm = receiving.partner
    if firm.is_selling:
        return ""
    return (
        f"{firm} is not active at present ({firm.get_status_display().lower()}), so it can be given no deal. "
        "It can once operations have reinstated it."
    )


def over_cap(receiving: Registration, at: datetime) -> str:
    """That its firm has more open with it than the policy in force allows, for the vendor's people; '' where it has not. It bars
    nothing: it is for them to weigh."""
    firm = receiving.partner
    others = open_of(firm.pk, but=receiving.pk)
    return cap.over(RegistrationPolicy.objects.in_force(at), firm.tier, others)


def unjudged_third(receiving: Registration, holder: Registration) -> Registration | None:
    """Somebody else than `holder` who holds what may be the same, and nobody has said whether it is."""
    found = overlaps.unjudged_holder(receiving)
    return None if found is None or found.pk == holder.pk else found
