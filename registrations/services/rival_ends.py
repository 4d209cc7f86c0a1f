"""Others that end while a registration is under review: what it was to be compared with, or could not have, is gone. Whoever
decides about it has to know, whichever way the other one ended.

Its partner hears nothing, not even by a form that grew old: the version stays, as with rules that begin (new_rules.py). A
snooze ends, since the wait was often for this.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from accounts.models import User
from registrations.enums import OPEN, UNDER_REVIEW, Action, Audience, ConflictState
from registrations.models import Conflict, Registration, Snooze
from registrations.services import holdings, timeline
from registrations.services.locks import lock_registrations
from registrations.workflow import label_for, transition

KIND = "rival_ended"


def locked_with(registration: Registration, action: Action) -> list[int]:
    """The ids of those whose rows are locked together with `registration`, in the order of ranks, where `action` may end it."""
    may_end = registration.status in OPEN and not set(transition(action).targets) <= set(OPEN)
    if action == Action.UNDO or not may_end:
        return []
    companies = [registration.company_id] if registration.company_id else []
    return sorted(_beside(registration, companies))


def note(ended: Registration, *, by: User | None, at: datetime) -> None:
    """`ended` is not open any more: written for the vendor on each registration under review that may be the same deal."""
    beside = _beside(ended, holdings.freed_companies(ended, at=at))
    words = f"{ended.code} of {ended.partner} has ended: {label_for(ended.status, vendor=True).lower()}."
    _write(beside, words, code=ended.code, by=by, at=at)


def note_claim(code: str, *, at: datetime) -> None:
    """The same for a claim of an app further up, before its conflicts are closed."""
    found = Conflict.objects.filter(claim_code=code, claim_ended_at=None).exclude(
        state=ConflictState.DIFFERENT
    )
    claims = dict(found.filter(registration__status__in=UNDER_REVIEW).values_list("registration", "claim"))
    claim = next(iter(claims.values()), None)
    if claim is not None:
        words = f"{claim['kind']}, {code} of {claim['partner']}, stands in the way no longer."
        _write(claims, words, code=code, by=None, at=at)


def _beside(ended: Registration, companies: Iterable[int]) -> set[int]:
    """Those under review that the check took for the same opportunity, or that stand at one of `companies`."""
    rows = Conflict.objects.exclude(state=ConflictState.DIFFERENT)
    found = rows.filter(Q(rival=ended) | Q(registration=ended, rival__isnull=False))
    named = {pk for pair in found.values_list("registration", "rival") for pk in pair}
    concerned = Q(pk__in=named) | Q(company__in=companies)
    under_review = Registration.objects.under_review().filter(concerned).exclude(pk=ended.pk)
    return set(under_review.values_list("pk", flat=True))


def _write(beside: Iterable[int], words: str, *, code: str, by: User | None, at: datetime) -> None:
    reviews = lock_registrations(list(beside)).values()
    data = {"with": code, "text": words}
    events = [
        timeline.Event(review, KIND, Audience.VENDOR, data)
        for review in reviews
        if review.status in UNDER_REVIEW
    ]
    timeline.record_all(events, actor=by, at=at)
    Snooze.objects.filter(registration__in=reviews, until__gt=at).update(until=at)
