"""Business days: what a review's answer is promised by."""

from datetime import UTC, datetime, timedelta

import pytest

from policies.models import RegistrationPolicy
from registrations.models import Registration
from registrations.services.protection import add_business_days, renew

NINE = {"hour": 9, "tzinfo": UTC}


@pytest.mark.parametrize(
    ("start", "days", "country", "expected"),
    [
        ((2026, 3, 2), 0, "DE", (2026, 3, 2)),
        ((2026, 3, 2), 2, "DE", (2026, 3, 4)),  # Monday to Wednesday
        ((2026, 3, 5), 2, "DE", (2026, 3, 9)),  # Thursday: Friday, Monday
        ((2026, 3, 6), 1, "DE", (2026, 3, 9)),  # Friday to Monday
        ((2026, 3, 7), 1, "DE", (2026, 3, 9)),  # from a Saturday
        ((2026, 3, 8), 1, "DE", (2026, 3, 9)),  # from a Sunday
        ((2026, 4, 2), 1, "DE", (2026, 4, 7)),  # Good Friday and Easter Monday
        ((2026, 4, 2), 1, "US", (2026, 4, 3)),  # which are working days in the United States
        ((2026, 12, 24), 1, "DE", (2026, 12, 28)),  # Christmas, then the weekend
        ((2026, 7, 2), 1, "US", (2026, 7, 6)),  # the 4th on a Saturday is kept on Friday
        ((2026, 5, 13), 1, "DE", (2026, 5, 15)),  # Ascension Day
        ((2028, 2, 28), 1, "DE", (2028, 2, 29)),  # a leap day is a day
        ((2026, 12, 31), 1, "DE", (2027, 1, 4)),  # over New Year
        ((2026, 3, 2), 10, "DE", (2026, 3, 16)),
        ((2026, 3, 6), 1, "", (2026, 3, 9)),  # no country: weekends only
        ((2026, 3, 6), 1, "XX", (2026, 3, 9)),  # a country nobody knows: weekends only
    ],
)
def test_business_days(start, days, country, expected):
    assert add_business_days(datetime(*start, **NINE), days, country) == datetime(*expected, **NINE)


def test_the_hour_stays():
    start = datetime(2026, 3, 6, 23, 59, 30, tzinfo=UTC)

    assert add_business_days(start, 1, "DE") == start + timedelta(days=3)


def test_renewing_protects_for_the_full_period_and_begins_a_new_epoch():
    deal, policy = Registration(), RegistrationPolicy(protection_days=45)
    first, second = datetime(2026, 3, 2, **NINE), datetime(2026, 4, 1, **NINE)

    renew(deal, policy, at=first)
    renew(deal, policy, at=second)

    assert (deal.protected_from, deal.protected_until) == (first, second + timedelta(days=45))
    assert (deal.protection_epoch, deal.last_update_at) == (2, second)
