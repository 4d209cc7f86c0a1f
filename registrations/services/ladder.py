"""The ladder of a silent deal (R7): which mail is due when. Pure functions of policy, dates and the reader's time zone.

Days are calendar days of the reader and each rung stands at 8 in their morning, so a change to summer time or a leap day
moves nothing: day 30 is the thirtieth date after the update. The end of protection itself stays a moment in UTC.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core.mornings import morning_of, next_morning
from policies.models import RegistrationPolicy
from registrations.enums import Rung

# How far the morning of a day can lie before the same time of day as the update: 16 hours, and one for summer time.
MARGIN = timedelta(hours=17)


@dataclass(frozen=True)
class Mark:
    """A rung: `day` counts from the update for reminders, else back from the end. `at` is when it is due, in UTC."""

    rung: Rung
    day: int
    at: datetime


def marks(policy: RegistrationPolicy, *, since: datetime, until: datetime, zone: ZoneInfo) -> list[Mark]:
    """What a partner gets between the update at `since` and the end at `until`, in order.

    Reminders each `reminder_days` before the first final notice; final notices; with days of grace, one mail in the
    first morning of them.
    """
    begin, end = since.astimezone(zone).date(), until.astimezone(zone).date()
    finals = [
        Mark(Rung.FINAL, day, morning_of(end - timedelta(days=day), zone)) for day in policy.final_notice_days
    ]
    finals = [mark for mark in finals if mark.at > since]
    before = min((mark.at for mark in finals), default=until)
    found = list(finals)
    day = policy.reminder_days
    while (at := morning_of(begin + timedelta(days=day), zone)) < before:
        found.append(Mark(Rung.REMINDER, day, at))
        day += policy.reminder_days
    if policy.grace_days:
        found.append(Mark(Rung.GRACE, 0, next_morning(until, zone)))
    return sorted(found, key=lambda mark: mark.at)


def escalation(
    policy: RegistrationPolicy, *, since: datetime, until: datetime, zone: ZoneInfo
) -> Mark | None:
    """When the channel manager hears of the silence, in the morning of their `zone`; None where the policy has none."""
    if not policy.escalation_days:
        return None
    day = until.astimezone(zone).date() - timedelta(days=policy.escalation_days)
    return Mark(Rung.ESCALATION, policy.escalation_days, max(morning_of(day, zone), since))
