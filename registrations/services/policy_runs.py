"""Keeping what the policy was asked and what it answered, in the transaction that acts on it."""

from collections.abc import Sequence

from policies.facts import Facts
from policies.models import RegistrationPolicy
from policies.outcome import Outcome
from policies.sources import Source
from registrations.enums import Occasion
from registrations.models import PolicyRun, Registration


def keep_run(
    registration: Registration,
    occasion: Occasion,
    *,
    facts: Facts,
    outcome: Outcome,
    policy: RegistrationPolicy,
    records: Sequence[Source] = (),
    only_refusals: bool = False,
) -> PolicyRun:
    """Writes down one run; it is never changed. `outcome` is what was acted on, `records` where its rules stand."""
    return PolicyRun.objects.create(
        registration=registration,
        occasion=occasion,
        at=facts.at,
        policy=policy,
        landing=outcome.landing.value,
        rules=[finding.rule for finding in outcome.findings],
        records=list(records),
        only_refusals=only_refusals,
        facts=facts.as_json(),
    )
