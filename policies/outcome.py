"""What the registration policy says about a registration: a pure function over facts, so that it can be replayed."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from policies.models import RegistrationPolicy


class Landing(StrEnum):
    """Where a submitted registration lands (R4)."""

    APPROVED = "approved"
    IN_REVIEW = "in_review"
    WAITLISTED = "waitlisted"
    REFUSED = "refused"


@dataclass(frozen=True)
class Facts:
    """All that the policy looks at. `value_in_base` is in the base currency, `best_score` a probability from 0 to 1;
    `same_is_held` says that a rival at or above the policy's 'same' holds an overlapping scope. `open_registrations` are
    the firm's others, `let_expire_at` is when its own registration of this company ran out last, `at` the moment of asking."""

    value_in_base: Decimal
    partner_status: str
    tender: bool
    contact_stated: bool
    best_score: float = 0.0
    same_is_held: bool = False
    at: datetime | None = None
    tier: str = ""
    open_registrations: int = 0
    let_expire_at: datetime | None = None
    only_other_product_lines: bool = False
    crowd: bool = False
    check_failed: bool = False


@dataclass(frozen=True)
class Finding:
    """One rule that spoke: its code and the sentence a partner may read."""

    code: str
    words: str


@dataclass(frozen=True)
class Outcome:
    """Where the registration lands and the findings that put it there, the deciding one first."""

    landing: Landing
    findings: list[Finding] = field(default_factory=list)

    @property
    def rule(self) -> str:
        """The deciding rule in words."""
        return self.findings[0].words if self.findings else "Nothing in the policy stands against it."


def decide(facts: Facts, policy: RegistrationPolicy) -> Outcome:
    """Applies `policy` to `facts`: refusals first, then the waitlist, then reasons for a review, else approved."""
    refusals = _refusals(facts, policy)
    if refusals:
        return Outcome(Landing.REFUSED, refusals)
    if policy.waitlist_same and facts.same_is_held and not facts.check_failed:
        held = Finding(
            "held", "This opportunity is registered already; it waits in line, first come, first served."
        )
        return Outcome(Landing.WAITLISTED, [held])
    reasons = _reasons_for_review(facts, policy)
    if reasons:
        return Outcome(Landing.IN_REVIEW, reasons)
    return Outcome(Landing.APPROVED)


def _refusals(facts: Facts, policy: RegistrationPolicy) -> list[Finding]:
    found = []
    if facts.partner_status in {"suspended", "ended"}:
        found.append(Finding("partner_standing", "Only active partners can register deals."))
    if facts.tender and policy.refuse_public_tender:
        found.append(Finding("tender", "Public tenders cannot be registered."))
    most = policy.open_most(facts.tier)
    if most is not None and facts.open_registrations >= most:
        words = (
            f"A firm of your tier can have {most:,} {'deal' if most == 1 else 'deals'} open at a time, and yours has "
            f"{facts.open_registrations:,}. Close or release what you no longer work on, then register this one again."
        )
        found.append(Finding("cap", words))
    free_from = cooling_off_until(facts.let_expire_at, policy)
    if free_from is not None and facts.at is not None and facts.at < free_from:
        words = (
            f"Your firm let its registration of this company expire, and can register the company again from "
            f"{free_from:%-d %B %Y}, {free_from:%H:%M} UTC on."
        )
        found.append(Finding("cooling_off", words))
    return found


def cooling_off_until(let_expire_at: datetime | None, policy: RegistrationPolicy) -> datetime | None:
    """When a firm may register a company again that it let expire; None where nothing stands against it."""
    if let_expire_at is None or not policy.cooling_off_days:
        return None
    return let_expire_at + timedelta(days=policy.cooling_off_days)


def _reasons_for_review(facts: Facts, policy: RegistrationPolicy) -> list[Finding]:
    limit = policy.auto_approve_below
    checks = [
        (
            facts.check_failed,
            "check_failed",
            "The conflict check could not be completed, so a person looks at it.",
        ),
        (
            facts.best_score >= policy.review_score and not facts.only_other_product_lines,
            "similar",
            "A similar company is registered or claimed; a channel manager compares the two.",
        ),
        (
            policy.review_other_scope
            and facts.best_score >= policy.review_score
            and facts.only_other_product_lines,
            "other_lines",
            "A similar company is registered outside this deal's scope; a channel manager takes a look.",
        ),
        (
            facts.crowd,
            "crowd",
            "Many companies have a name like this one; a channel manager finds the right one.",
        ),
        (facts.partner_status != "active", "partner_onboarding", "Your firm is still being onboarded."),
        (
            policy.evidence_required and not facts.contact_stated,
            "no_contact",
            "The policy asks what contact with the company took place.",
        ),
        (
            facts.value_in_base >= limit,
            "value",
            f"Deals of {limit:,.0f} and above in the base currency are looked at by a channel manager.",
        ),
        (not policy.auto_approve, "all", "The policy has every registration looked at by a channel manager."),
    ]
    return [Finding(code, words) for applies, code, words in checks if applies]
