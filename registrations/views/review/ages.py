"""How long something has waited and when it is due, in words. What is due is counted in the vendor's business hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.business_time import vendor_calendar
from registrations.enums import Status
from registrations.models import Registration
from registrations.services.clocks import time_left


@dataclass(frozen=True)
class Age:
    """A chip: words, the tone that repeats them, and the same at length for the title and for those who listen."""

    words: str
    tone: str
    at_length: str = ""


def age_of(registration: Registration, now: datetime) -> Age:
    """When the decision is due; of those that wait for something else, since when they do. A review that is due at no time
    waits for two partners to answer a proposal (services/resting.py)."""
    if registration.clock_runs and registration.review_due_at is not None:
        return _due(registration.review_due_at, now)
    if registration.status == Status.IN_REVIEW:
        return Age("both asked", "off", "Both partners have a proposal to answer")
    since = (
        registration.changed_at
        if registration.status in (Status.INFORMATION_ASKED, Status.OFFERED)
        else registration.submitted_at
    )
    if since is None:
        return Age("", "off")
    word = {Status.INFORMATION_ASKED: "asked", Status.OFFERED: "offered"}.get(
        Status(registration.status), "submitted"
    )
    return Age(f"{word} {ago(since, now)}", "off")


def ago(moment: datetime, now: datetime) -> str:
    """'just now', '2 min ago', '5 h ago', '3 d ago', by the clock on the wall."""
    passed = now - moment
    return "just now" if passed < timedelta(minutes=1) else f"{span(passed)} ago"


def span(length: timedelta) -> str:
    """A length of time, rounded down, in its largest unit: '40 min', '5 h', '2 d'."""
    minutes = max(1, int(length.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} d"


def working_span(length: timedelta, day: timedelta) -> tuple[str, str]:
    """A length of opening hours, where a `day` has so many: ('5 h', '5 working hours'), from two days on in days."""
    minutes = max(1, int(length.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min", f"{minutes} working minutes"
    if length < 2 * day:
        hours = minutes // 60
        return f"{hours} h", f"{hours} working hour{'' if hours == 1 else 's'}"
    days = int(length / day)
    return f"{days} d", f"{days} working days"


def _due(due: datetime, now: datetime) -> Age:
    left, day = time_left(due, now), vendor_calendar().day_length
    if due < now:
        # Nobody has been at work since: overdue by the wall, and by no working time yet.
        words, at_length = working_span(-left, day) if left else ("", "")
        return Age(f"overdue {words}".strip(), "stop", f"Overdue by {at_length}" if left else "Overdue")
    words, at_length = working_span(left, day)
    return Age(f"due in {words}", "wait" if left < day / 2 else "off", f"Due in {at_length}")
