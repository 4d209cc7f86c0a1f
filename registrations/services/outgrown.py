"""A protected deal whose value passes a limit by an update: smaller, the policy let it through without a person. It keeps its
protection, but somebody looks at it, as the policy says of deals of that size."""

from datetime import datetime
from decimal import Decimal

from accounts.absences import roster
from policies.facts import Facts, Firm
from policies.models import RegistrationPolicy
from policies.rulebook import Rulebook
from policies.rules import least_value, value
from policies.saying import amount
from registrations.models import Registration
from registrations.services import notices


def tell(locked: Registration, policy: RegistrationPolicy, *, before: Decimal | None, at: datetime) -> None:
    """The firm's channel manager learns of what `policy` says about the value now and did not say about `before` (in the
    registration's currency). Call after the value was changed."""
    said = _said(locked, policy, before)
    passed = [words for rule, words in _said(locked, policy, locked.value).items() if rule not in said]
    if not passed:
        return
    manager = notices.manager_of(locked, roster(at))
    if manager is not None:
        notices.tell_manager(
            locked,
            manager,
            "registration.outgrown",
            occasion=f"{locked.value}:epoch {locked.protection_epoch}",
            at=at,
            passed=" ".join(passed),
            was=amount(before, locked.currency.code) if before is not None else "",
            worth=amount(locked.value, locked.currency.code) if locked.value is not None else "",
        )


def _said(deal: Registration, policy: RegistrationPolicy, worth: Decimal | None) -> dict[str, str]:
    """Rule → words, of the rules about size."""
    in_base = None if worth is None else worth * deal.currency.rate_to_base
    facts, book = Facts(at=deal.changed_at, firm=Firm(), value_in_base=in_base), Rulebook(policy)
    rules = (least_value, value) if policy.auto_approve else (least_value,)
    return {rule.CODE: found.words for rule in rules if (found := rule.check(facts, book)) is not None}
