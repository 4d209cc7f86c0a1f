"""Dos and don'ts in operations' own words: written, changed, ended, taken back. What partners read is never overwritten, and
where one text comes in the place of another, partners read one of the two on every day."""

from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed, StaleVersion, WrongStatus
from core.locks import wait_in_line
from core.vendor_days import midnight, vendor_day
from policies.enums import Advice
from policies.models import Guidance
from policies.shown import day_words
from policies.words.guidance import quoted

LONGEST = 400
_FURTHEST = timedelta(days=2 * 365)
# 'text'. A change moves the end of the text before and the link of the one after: one change after another.
_CHANGING = 0x74657874


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
    guidance: Guidance,
    *,
    by: User,
    kind: str,
    text: str,
    begins_on: date,
    neighbours: str | None = None,
    clock: Clock = database_clock,
) -> Guidance:
    """Another text in its place from `begins_on` on; until then the old one stays. One that has not begun is never shown then:
    what stands before it goes on to the new day. What is planned to come next still comes, on its day.

    `neighbours` is what the author saw before and after it. Raises NotAllowed, BadInput, also for a day that is not between
    them; WrongStatus where somebody changed or ended it first, StaleVersion where they changed what stands beside it.
    """
    _check_permission(by)
    with transaction.atomic():
        old, now = _in_line(guidance, neighbours, clock)
        begin = _begin(begins_on, now)
        same_day = old.begins_at <= now or vendor_day(old.begins_at) == begins_on
        if (old.kind, old.text) == (_kind(kind), _text(text)) and same_day:
            raise BadInput("Nothing differs from the text as it is.", field="text")
        before, after = old.until_then(now), old.comes_next()
        _check_between(begin, before, after)
        new = Guidance(kind=kind, text=_text(text), begins_at=begin, created_by=by, created_at=now)
        new.ended_at, new.ended_by = (after.begins_at, old.ended_by) if after else (None, None)
        new.replaces = old if old.begins_at <= now else old.replaces
        _link(after, None)
        _end(old, begin if old.begins_at <= now else old.begins_at, by)
        if before:
            _end(before, begin, by)
        new.save()
        _link(after, new)
        return new


def end_text(
    guidance: Guidance, *, by: User, neighbours: str | None = None, clock: Clock = database_clock
) -> None:
    """It is shown no longer. One that has not begun is taken back: it never is, and what stands before it goes on, until what
    is planned to come next. `neighbours` as for `change_text`. Raises NotAllowed, WrongStatus, StaleVersion."""
    _check_permission(by)
    with transaction.atomic():
        old, now = _in_line(guidance, neighbours, clock)
        before, after, replaced = old.until_then(now), old.comes_next(), old.replaces
        next_by = old.ended_by
        waits = old.begins_at > now
        _end(old, max(now, old.begins_at), by)
        if waits:
            _link(after, replaced)
        if before:
            _end(before, after.begins_at if after else None, next_by)


def _check_permission(by: User) -> None:
    if not by.may("policies.edit"):
        raise NotAllowed("Your role does not include changing the policy.")


def _in_line(guidance: Guidance, neighbours: str | None, clock: Clock) -> tuple[Guidance, datetime]:
    """The text as it is, with its neighbours, kept from everybody else; and the moment after the wait."""
    wait_in_line(_CHANGING)
    now = clock()
    found = Guidance.objects.select_related("replaces", "replaced_by").get(pk=guidance.pk)
    if found.is_over(now):
        raise WrongStatus("This text was changed or ended already. Look at the list again.")
    if neighbours is not None and neighbours != found.neighbours(now):
        raise StaleVersion(
            "Somebody changed what stands before or after this text. Look at it, then try again."
        )
    return found, now


def _check_between(begin: datetime, before: Guidance | None, after: Guidance | None) -> None:
    if before and begin <= before.begins_at:
        raise BadInput(
            f"{quoted(before)} comes on {day_words(before.begins_at)}, before this one. Choose a later day, or change that one "
            "first.",
            field="begins_on",
        )
    if after and begin >= after.begins_at:
        raise BadInput(
            f"{quoted(after)} comes in its place on {day_words(after.begins_at)}. Choose an earlier day, or change that one.",
            field="begins_on",
        )


def _end(text: Guidance, at: datetime | None, by: User | None) -> None:
    """Writes its end. What is never shown then replaces nothing."""
    text.ended_at, text.ended_by = at, by
    if at == text.begins_at:
        text.replaces = None
    text.save(update_fields=["ended_at", "ended_by", "replaces"])


def _link(text: Guidance | None, replaces: Guidance | None) -> None:
    if text:
        text.replaces = replaces
        text.save(update_fields=["replaces"])


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
