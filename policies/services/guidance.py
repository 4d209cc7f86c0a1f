"""Dos and don'ts in operations' own words: written, changed, ended. What partners read is never overwritten."""

from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed, WrongStatus
from core.vendor_days import midnight, vendor_day
from policies.enums import Advice
from policies.models import Guidance

LONGEST = 400
_FURTHEST = timedelta(days=2 * 365)


def write_text(*, by: User, kind: str, text: str, begins_on: date, clock: Clock = database_clock) -> Guidance:
    """A new text, shown from `begins_on` (a day of the vendor's; today is at once) on. Raises NotAllowed without
    'policies.edit', BadInput naming the field."""
    _check_permission(by)
    now = clock()
    return Guidance.objects.create(
        kind=_kind(kind),
        text=_text(text),
        begins_at=_begin(begins_on, now),
        created_by=by,
        created_at=now,
    )


def change_text(
    guidance: Guidance, *, by: User, kind: str, text: str, begins_on: date, clock: Clock = database_clock
) -> Guidance:
    """Another text in its place from `begins_on` on; until then the old one stays. Raises NotAllowed, BadInput,
    WrongStatus where somebody changed or ended it first."""
    _check_permission(by)
    with transaction.atomic():
        now = clock()
        old = _locked(guidance, now)
        begin = _begin(begins_on, now)
        if (old.kind, old.text) == (_kind(kind), _text(text)):
            raise BadInput("Nothing differs from the text as it is.", field="text")
        # One that has not begun is never shown.
        old.ended_at, old.ended_by = begin if old.begins_at <= now else old.begins_at, by
        old.save(update_fields=["ended_at", "ended_by"])
        return Guidance.objects.create(
            kind=_kind(kind),
            text=_text(text),
            begins_at=begin,
            replaces=old,
            created_by=by,
            created_at=now,
        )


def end_text(guidance: Guidance, *, by: User, clock: Clock = database_clock) -> None:
    """It is shown no longer; one that has not begun never is. Raises NotAllowed, WrongStatus."""
    _check_permission(by)
    with transaction.atomic():
        now = clock()
        old = _locked(guidance, now)
        old.ended_at, old.ended_by = max(now, old.begins_at), by
        old.save(update_fields=["ended_at", "ended_by"])


def _check_permission(by: User) -> None:
    if not by.may("policies.edit"):
        raise NotAllowed("Your role does not include changing the policy.")


def _locked(guidance: Guidance, now: datetime) -> Guidance:
    found = Guidance.objects.select_for_update().get(pk=guidance.pk)
    if found.ended_at is not None:
        raise WrongStatus("This text was changed or ended already. Look at the list again.")
    return found


def _kind(kind: str) -> str:
    if kind not in Advice.values:
        raise BadInput("Choose what it is.", field="kind")
    return kind


def _text(text: str) -> str:
    clean = " ".join(text.split())
    if not clean:
        raise BadInput("Enter the sentence that partners shall read.", field="text")
    if len(clean) > LONGEST:
        raise BadInput(f"Please keep this to {LONGEST} characters.", field="text")
    return clean


def _begin(begins_on: date, now: datetime) -> datetime:
    today = vendor_day(now)
    if begins_on < today:
        raise BadInput("Choose today or a later day.", field="begins_on")
    if begins_on > today + _FURTHEST:
        raise BadInput("Choose a day within the next two years.", field="begins_on")
    return now if begins_on == today else midnight(begins_on)
