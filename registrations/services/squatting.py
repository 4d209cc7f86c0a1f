"""What the rules against hoarding names say before anybody submits: of a deal that expired, and of a draft."""

from dataclasses import replace
from datetime import datetime

from policies.models import RegistrationPolicy
from policies.outcome import Landing, decide
from policies.rulebook import rulebook_at
from policies.rules.cooling_off import cooling_off_until
from registrations.enums import Status
from registrations.facts import facts_of, let_expire_at
from registrations.models import Registration


def free_again_from(registration: Registration, policy: RegistrationPolicy) -> datetime | None:
    """When the firm may register the company of an expired registration again; None where it need not wait."""
    if registration.status != Status.EXPIRED or registration.company_id is None:
        return None
    return cooling_off_until(let_expire_at(registration.partner_id, [registration.company_id]), policy)


def refusal_ahead(draft: Registration, now: datetime) -> str:
    """The rule by which the policy would refuse a draft now, as far as it can be told before the check; '' for none.

    The company of a draft is not known yet, unless it was made from a registration that ended.
    """
    facts = facts_of(draft, at=now)
    ended = draft.previous
    if ended is not None and ended.company_id is not None and ended.company_name == draft.company_name:
        facts = replace(facts, let_expire_at=let_expire_at(draft.partner_id, [ended.company_id]))
    outcome = decide(facts, rulebook_at(now))
    return outcome.rule if outcome.landing == Landing.REFUSED else ""
