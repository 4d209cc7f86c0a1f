"""The clock of a review: it runs in the vendor's business hours (L4, SLA)."""

from datetime import datetime, timedelta

from core.business_time import add_business_hours, business_time_between, vendor_calendar
from policies.models import RegistrationPolicy


def review_due(policy: RegistrationPolicy, at: datetime) -> datetime:
    """When the policy promises an answer to something that reached the referee at `at`: its business days, each as long
    as the vendor's working day, counted from `at` in the vendor's opening hours. What comes in at night or on a
    holiday begins to count in the morning."""
    calendar = vendor_calendar()
    return add_business_hours(at, policy.review_sla_business_days * calendar.day_length, calendar)


def time_left(due: datetime, now: datetime) -> timedelta:
    """Opening hours between `now` and `due`; negative once it is overdue."""
    return business_time_between(now, due, vendor_calendar())
