"""The ladder of a silent deal (R7): which mail is due when. Pure functions of policy, dates and the reader's time zone.

Days are calendar days of the reader and each rung stands at 8 in their morning, so a change to summer time or a leap day
moves nothing: day 30 is the thirtieth date after the update. The end of protection itself stays a moment in UTC.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from policies.models import RegistrationPolicy
from registrations.enums import Rung

MORNING = time(8)
EVENING = time(20)
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
    finals = [Mark(Rung.FINAL, day, _at(end - timedelta(days=day), zone)) for day in policy.final_notice_days]
    finals = [mark for mark in finals if mark.at > since]
    before = min((mark.at for mark in finals), default=until)
    found = list(finals)
    day = policy.reminder_days
    while (at := _at(begin + timedelta(days=day), zone)) < before:
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
    return Mark(Rung.ESCALATION, policy.escalation_days, max(_at(day, zone), since))


def sending_time(now: datetime, zone: ZoneInfo, *, last: datetime | None = None) -> datetime:
    """`now` in the reader's day, else their next morning; `now` all the same where that morning would not come before
    `last`: quiet hours never push a warning past the end."""
    if MORNING <= now.astimezone(zone).time() < EVENING:
        return now
    morning = next_morning(now, zone)
    return now if last is not None and now < last <= morning else morning


def next_morning(moment: datetime, zone: ZoneInfo) -> datetime:
    """The first 8 o'clock of `zone` that is not before `moment`, in UTC."""
    day = moment.astimezone(zone).date()
    return next(at for days in (0, 1) if (at := _at(day + timedelta(days=days), zone)) >= moment)


def days_between(now: datetime, until: datetime, zone: ZoneInfo) -> int:
    """Calendar days of the reader from `now` to `until`, never below 0: what 'days left' says in a mail."""
    return max(0, (until.astimezone(zone).date() - now.astimezone(zone).date()).days)


def zone_of(name: str) -> ZoneInfo:
    """The time zone with an IANA name; UTC for one that is none, since no mail may fail for it."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _at(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, MORNING, zone).astimezone(UTC)
