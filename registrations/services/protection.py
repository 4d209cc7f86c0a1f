"""How long protection lasts and what renews it (R7)."""

from datetime import date, datetime, timedelta
from functools import lru_cache

import holidays

from policies.models import RegistrationPolicy
from registrations.models import Registration

# What begins or renews protection; pass it to save(update_fields=…).
FIELDS = ("protected_from", "protected_until", "protection_epoch", "last_update_at")


def renew(registration: Registration, policy: RegistrationPolicy, *, at: datetime) -> None:
    """Protects for the policy's full period from `at`; a new epoch begins, and its reminders with it."""
    if registration.protected_from is None:
        registration.protected_from = at
    registration.protected_until = at + timedelta(days=policy.protection_days)
    registration.protection_epoch += 1
    registration.last_update_at = at


@lru_cache(maxsize=64)
def _holidays(country: str) -> holidays.HolidayBase:
    try:
        return holidays.country_holidays(country)
    except NotImplementedError:
        return holidays.HolidayBase()


def add_business_days(start: datetime, days: int, country: str) -> datetime:
    """`start` plus `days` working days (Monday to Friday, less public holidays of `country`, ISO alpha-2)."""
    closed = _holidays(country)
    moment = start
    while days > 0:
        moment += timedelta(days=1)
        if _is_working(moment.date(), closed):
            days -= 1
    return moment


def _is_working(day: date, closed: holidays.HolidayBase) -> bool:
    return day.weekday() < 5 and day not in closed
