"""What becomes of a suggestion 'these look like doubles': answered by a verdict, put off, or open again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from companies import permissions
from companies.enums import SuggestionState, VerdictKind
from companies.models import Suggestion, Verdict
from core.clock import Clock, database_clock
from core.errors import WrongStatus

_ANSWERS = {VerdictKind.SAME: SuggestionState.MERGED, VerdictKind.DIFFERENT: SuggestionState.DIFFERENT}


def answer(low: int, high: int, kind: VerdictKind, *, by: User | None, at: datetime) -> None:
    """A verdict about the pair settles its suggestion, wherever the verdict was given. In the verdict's transaction."""
    Suggestion.objects.between(low, high).update(state=_ANSWERS[kind], decided_by=by, decided_at=at)


def follow_verdicts(*company_ids: int) -> None:
    """Brings the suggestions about these companies in step with the verdicts: what a merge handed on settles a pair, what was
    taken back, or handed on by nothing any more, waits for a person again unless an older verdict holds."""
    either = Q(low__in=company_ids) | Q(high__in=company_ids)
    said = {(row.low_id, row.high_id): row for row in Verdict.objects.active().filter(either)}
    for row in Suggestion.objects.filter(either):
        verdict = said.get((row.low_id, row.high_id))
        state = _ANSWERS[VerdictKind(verdict.verdict)] if verdict else SuggestionState.OPEN
        if row.state == state or (verdict is None and row.state == SuggestionState.LATER):
            continue
        row.state = state
        row.decided_by, row.decided_at = (verdict.by, verdict.at) if verdict else (None, None)
        row.save(update_fields=["state", "decided_by", "decided_at"])


@transaction.atomic
def put_off(suggestion: Suggestion, *, by: User, clock: Clock = database_clock) -> Suggestion:
    """Not now: the pair leaves the list and stands under 'later'. Raises WrongStatus for one that was answered."""
    return _move(suggestion, SuggestionState.OPEN, SuggestionState.LATER, by=by, clock=clock)


@transaction.atomic
def take_up(suggestion: Suggestion, *, by: User, clock: Clock = database_clock) -> Suggestion:
    """A pair that was put off is back on the list. Raises WrongStatus for one that wasn't put off."""
    return _move(suggestion, SuggestionState.LATER, SuggestionState.OPEN, by=by, clock=clock)


def _move(
    suggestion: Suggestion, source: SuggestionState, target: SuggestionState, *, by: User, clock: Clock
) -> Suggestion:
    permissions.check(by, permissions.JUDGE)
    row = Suggestion.objects.select_for_update(of=("self",)).get(pk=suggestion.pk)
    if row.state != source:
        raise WrongStatus("Somebody answered this already. Look at the list again.")
    row.state = target
    row.decided_by, row.decided_at = (by, clock()) if target == SuggestionState.LATER else (None, None)
    row.save(update_fields=["state", "decided_by", "decided_at"])
    return row
