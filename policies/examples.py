"""Examples of what a version would do, decided by the engine itself: 'a deal of 80,000 EUR by a Silver partner would …'."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from partners.enums import PartnerKind, PartnerTier
from policies.enums import RequiredField
from policies.facts import Facts, Firm, Rival
from policies.models import RegistrationPolicy
from policies.outcome import Landing, Outcome, decide
from policies.rulebook import Rulebook
from policies.saying import amount

_ENDS = {
    Landing.APPROVED: "would be approved at once",
    Landing.IN_REVIEW: "would be looked at",
    Landing.WAITLISTED: "would wait in line",
    Landing.REFUSED: "would be refused",
    Landing.SENT_BACK: "would be sent back",
}


@dataclass(frozen=True)
class Example:
    """A deal in words, where it would land, and why."""

    deal: str
    ends: str
    why: str
    landing: Landing


def examples(policy: RegistrationPolicy, base: str, now: datetime) -> list[Example]:
    """Ordinary deals and the borderline ones, under the version alone: authorisations and rights are left out."""
    book = Rulebook(policy)
    return [_example(deal, facts, book) for deal, facts in _cases(policy, base, now)]


def _cases(policy: RegistrationPolicy, base: str, now: datetime) -> list[tuple[str, Facts]]:
    silver = Firm(id=1, kind=PartnerKind.RESELLER, tier=PartnerTier.SILVER)
    plain = Facts(at=now, firm=silver, value_in_base=Decimal(80_000), product_lines=(1,))
    limit = policy.auto_approve_below
    rival = Rival(score=0.5, product_lines=(1,))
    holder = Rival(score=0.99, holds=True, same_company=True, product_lines=(1,))
    expired = now - timedelta(days=1)
    worth = f"A deal of {amount(Decimal(80_000), base)}"
    return [
        (f"{worth} by a Silver partner", plain),
        (f"A deal of {amount(limit, base)} by a Silver partner", replace(plain, value_in_base=limit)),
        (f"{worth} without any contact stated", replace(plain, contact_stated=False)),
        (
            f"{worth} that says no more than every deal has to",
            replace(plain, left_empty=tuple(RequiredField.values)),
        ),
        (f"{worth}, a public tender", replace(plain, tender=True)),
        (f"{worth} at a company that is 50\u00a0% likely a registered one", replace(plain, rivals=(rival,))),
        (f"{worth} at a company that another partner holds", replace(plain, rivals=(holder,))),
        (
            f"{worth} at that company, for another product line",
            replace(plain, rivals=(replace(holder, product_lines=(2,)),)),
        ),
        (
            f"{worth} by a firm that is being onboarded",
            replace(plain, firm=replace(silver, status="onboarding")),
        ),
        (
            f"{worth} by a Registered consultant",
            replace(plain, firm=replace(silver, kind=PartnerKind.CONSULTANT, tier=PartnerTier.REGISTERED)),
        ),
        (f"{worth} by a Silver partner with 100 deals open", replace(plain, open_registrations=100)),
        (f"{worth} at a company that the firm let expire yesterday", replace(plain, let_expire_at=expired)),
    ]


def _example(deal: str, facts: Facts, book: Rulebook) -> Example:
    outcome = decide(facts, book)
    return Example(deal, _ENDS[outcome.landing], _why(outcome), outcome.landing)


def _why(outcome: Outcome) -> str:
    return outcome.rule if outcome.findings else ""
