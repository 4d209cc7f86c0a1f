"""How long something has waited and when it is due, in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from registrations.enums import Status
from registrations.models import Registration

_SOON = timedelta(hours=8)


@dataclass(frozen=True)
class Age:
    """A chip: words, and the tone that repeats them."""

    words: str
    tone: str


def age_of(registration: Registration, now: datetime) -> Age:
    """When the decision is due; of those that wait for something else, since when they do."""
    if registration.status == Status.IN_REVIEW and registration.review_due_at is not None:
        left = registration.review_due_at - now
        if left < timedelta(0):
            return Age(f"overdue {span(-left)}", "stop")
        return Age(f"due in {span(left)}", "wait" if left < _SOON else "off")
    since = (
        registration.changed_at
        if registration.status == Status.INFORMATION_ASKED
        else registration.submitted_at
    )
    if since is None:
        return Age("", "off")
    word = "asked" if registration.status == Status.INFORMATION_ASKED else "submitted"
    return Age(f"{word} {ago(since, now)}", "off")


def ago(moment: datetime, now: datetime) -> str:
    """'just now', '2 min ago', '5 h ago', '3 d ago'."""
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
