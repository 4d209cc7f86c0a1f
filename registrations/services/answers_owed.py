"""What the vendor still owes an answer about, and what that means for the end of protection (R10): it waits for the answer.

A partner must not lose a deal because nobody has looked at the request yet. While one is owed the deal does not expire and
no warning of its end goes out. A 'no' leaves the days that lie between a final notice and the expiry, so the warnings of
that end come as ever; then the deal expires. Which requests count is said in querysets.answer_owed.
"""

from datetime import datetime, timedelta

from registrations.enums import Action, RequestState
from registrations.models import Appeal, Extension, Registration
from registrations.querysets import answer_owed, in_time_or_decidable


def owed(registration: Registration, now: datetime | None = None) -> Extension | Appeal | None:
    """The request that the end of protection waits for `now`, else as the database has it; None where it waits for none."""
    if (
        not registration.is_held
        or not Registration.objects.filter(answer_owed(now), pk=registration.pk).exists()
    ):
        return None
    open_ones = registration.appeals.filter(in_time_or_decidable(now), state=RequestState.OPEN)
    disputed = open_ones.filter(decision__action=Action.REFUSE_EXTENSION)
    first = disputed.order_by("decision__extension__pk").first()  # a later refusal holds nothing off
    return first or registration.extensions.filter(state=RequestState.OPEN).first()


def would_hold(registration: Registration) -> bool:
    """Whether a request made now would hold the expiry off: none was refused since the last update."""
    since = registration.last_update_at
    refused = registration.extensions.filter(state=RequestState.REFUSED)
    return since is None or not refused.filter(closed_at__gt=since).exists()


def end_after_no(registration: Registration, at: datetime) -> datetime:
    """When protection ends if the request that it waits for is refused at `at`: as before, or later where less than the
    policy's days between a final notice and the expiry would be left."""
    assert registration.policy is not None and registration.protected_until is not None
    least = at + timedelta(days=registration.policy.warning_days_before_expiry)
    saved_until = registration.protected_until + timedelta(days=registration.policy.grace_days)
    return registration.protected_until if saved_until >= least else least


def answer_no(registration: Registration, request: Extension | Appeal, at: datetime) -> tuple[str, ...]:
    """Writes that end onto a locked registration whose `request` is refused at `at`; returns the fields that changed. Nothing
    where the end did not wait for it."""
    if owed(registration, at) != request:
        return ()
    end = end_after_no(registration, at)
    if end == registration.protected_until:
        return ()
    registration.protected_until = end
    return ("protected_until",)


def rule_of_end(registration: Registration, moved: tuple[str, ...]) -> str:
    """What a receipt adds where the end moved."""
    if not moved or registration.protected_until is None:
        return ""
    end = registration.protected_until
    return f" Protection went on until the answer, and ends on {end:%-d %b %Y}, {end:%H:%M} UTC."
