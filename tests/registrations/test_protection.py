"""What begins and renews protection."""

from datetime import UTC, datetime, timedelta

from policies.models import RegistrationPolicy
from registrations.models import Registration
from registrations.services.protection import renew

NINE = {"hour": 9, "tzinfo": UTC}


def test_renewing_protects_for_the_full_period_and_begins_a_new_epoch():
    deal, policy = Registration(), RegistrationPolicy(protection_days=45)
    first, second = datetime(2026, 3, 2, **NINE), datetime(2026, 4, 1, **NINE)

    renew(deal, policy, at=first)
    renew(deal, policy, at=second)

    assert (deal.protected_from, deal.protected_until) == (first, second + timedelta(days=45))
    assert (deal.protection_epoch, deal.last_update_at) == (2, second)


def test_renewing_takes_nothing_away_from_an_end_that_lies_further_ahead():
    policy, began = RegistrationPolicy(protection_days=60), datetime(2026, 3, 2, **NINE)
    extended = began + timedelta(days=120)
    deal = Registration(protected_from=began, protected_until=extended, protection_epoch=1)

    renew(deal, policy, at=began + timedelta(days=31))
    assert (deal.protected_until, deal.protection_epoch) == (extended, 2)
    renew(deal, policy, at=began + timedelta(days=61))
    assert deal.protected_until == began + timedelta(days=121)
