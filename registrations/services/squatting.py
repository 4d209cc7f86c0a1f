"""What the policy's rules against hoarding names are asked about: how much a firm has open, and what it let expire."""

from datetime import datetime
from decimal import Decimal

from policies.models import RegistrationPolicy
from policies.outcome import Facts, Landing, cooling_off_until, decide
from registrations.enums import Status
from registrations.models import Registration


def open_beside(registration: Registration) -> int:
    """How many other registrations of the firm are open. Exact under the registry lock, which all submissions take."""
    firm = Registration.objects.open().filter(partner=registration.partner_id)
    return firm.exclude(pk=registration.pk).count()


def let_expire_at(registration: Registration) -> datetime | None:
    """When the firm last let protection of the same company run out; None if it never did.

    An offer that lapsed does not count: that registration was never protected.
    """
    expired = Registration.objects.filter(
        partner=registration.partner_id,
        company=registration.company_id,
        status=Status.EXPIRED,
        protected_from__isnull=False,
    )
    return expired.order_by("-closed_at").values_list("closed_at", flat=True).first()


def free_again_from(registration: Registration, policy: RegistrationPolicy) -> datetime | None:
    """When the firm may register the company of an expired registration again; None where it need not wait."""
    if registration.status != Status.EXPIRED:
        return None
    return cooling_off_until(let_expire_at(registration), policy)


def refusal_ahead(draft: Registration, now: datetime) -> str:
    """The rule by which the policy would refuse a draft now, as far as it can be told before the check; '' for none.

    The company of a draft is not known yet, unless it was made from a registration that ended.
    """
    ended = draft.previous
    facts = Facts(
        value_in_base=Decimal(0),
        partner_status=draft.partner.status,
        tender=draft.tender,
        contact_stated=bool(draft.contact_made),
        at=now,
        tier=draft.partner.tier,
        open_registrations=open_beside(draft),
        let_expire_at=let_expire_at(ended) if ended and ended.company_name == draft.company_name else None,
    )
    outcome = decide(facts, RegistrationPolicy.objects.in_force(now))
    return outcome.rule if outcome.landing == Landing.REFUSED else ""
