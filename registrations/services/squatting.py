"""What the rules against hoarding names say before anybody submits: of a deal that expired, and of a draft."""

from dataclasses import replace
from datetime import datetime

from companies.relatives import relatives_of
from policies.models import RegistrationPolicy
from policies.outcome import Landing, decide
from policies.rulebook import rulebook_at
from policies.rules.cooling_off import cooling_off_until
from registrations.facts import facts_of, let_expire_at
from registrations.models import Registration


def free_again_from(registration: Registration, policy: RegistrationPolicy) -> datetime | None:
    """When the firm may register the company of a registration that it let expire again; None where it need not wait."""
    ended = Registration.objects.let_expire().filter(pk=registration.pk).exists()
    if not ended or registration.company_id is None:
        return None
    return cooling_off_until(let_expire_at(registration.partner_id, [registration.company_id]), policy)


def wait_if_given_up(registration: Registration, now: datetime) -> datetime | None:
    """When the firm might register the company again if its holder gave the deal up now; None where it would not wait."""
    if not registration.is_held or not Registration.objects.near_end(now).filter(pk=registration.pk).exists():
        return None
    return cooling_off_until(now, RegistrationPolicy.objects.in_force(now))


def refusal_ahead(draft: Registration, now: datetime) -> str:
    """The rule by which the policy would refuse a draft now, as far as it can be told before the check; '' for none.

    The company of a draft is not known yet, unless it was made from a registration that ended.
    """
    facts = facts_of(draft, at=now)
    ended = draft.previous
    if ended is not None and ended.company_id is not None and ended.company_name == draft.company_name:
        family = sorted(set(relatives_of(ended.company_id)) - {ended.company_id})
        facts = replace(
            facts,
            let_expire_at=let_expire_at(draft.partner_id, [ended.company_id]),
            let_expire_family=let_expire_at(draft.partner_id, family),
        )
    outcome = decide(facts, rulebook_at(now))
    return outcome.rule if outcome.landing == Landing.REFUSED else ""
