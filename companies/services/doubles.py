"""Looking for companies that are in the portal twice: bounded, resumable, each company once for each of its versions.

A pair is suggested as long as the search for the one or for the other brings it. So whoever loses a pair, since a name was
withdrawn, a fact corrected, a parent set, asks for the other company, too, before the pair falls away.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from django.db import connection, transaction

from companies.evidence import Candidate
from companies.matching import CompanyQuery
from companies.models import Company, Suggestion
from companies.search import SearchFailed, search
from companies.services.locks import lock_companies
from companies.thresholds import thresholds
from core.clock import Clock, database_clock

BATCH = 25
# Pairs kept of one search; of a company with more look-alikes only the closest tell anything.
MOST_PAIRS = 10
PAIRS_OF_A_CROWD = 2
# Names of one company that are asked for, its own first.
MOST_NAMES = 5
# Pairs that one company's search brings no more: asked from the other side at once; what is beyond becomes due itself.
MOST_LOST = 20
_FAILURES_IN_A_ROW = 3
# The ASCII codes of 'doub': any number does that nothing else in this database locks.
_RUN = 0x646F7562

_log = logging.getLogger(__name__)


@dataclass
class Look:
    """What a run did. `due` companies are left for the next one; `busy`: another run is at work, so this one did nothing."""

    looked_at: int = 0
    pairs: int = 0
    failed: int = 0
    due: int = 0
    busy: bool = False


def look_for_doubles(
    *,
    most: int = 2_000,
    seconds: float = 120.0,
    clock: Clock = database_clock,
    progress: Callable[[Look], None] | None = None,
) -> Look:
    """Searches for the double of every company that changed since it was last looked at, the oldest first; where the policy's
    review score was lowered, of all.

    Ends after `most` companies or `seconds`; each company commits, so a run can end at any moment and the next one goes
    on from there. A company whose search fails stays due. Two runs never work at once.
    """
    look = Look()
    if not _begin():
        look.busy = True
        return look
    try:
        _run(look, most, monotonic() + seconds, clock, progress)
    finally:
        _end()
    look.due = Company.objects.due_for_doubles().count()
    return look


def _run(look: Look, most: int, ends: float, clock: Clock, progress: Callable[[Look], None] | None) -> None:
    after, failed_in_a_row = 0, 0
    least = thresholds().review
    while True:
        batch = Company.objects.due_for_doubles().filter(pk__gt=after).order_by("pk")[:BATCH]
        ids = list(batch.values_list("pk", flat=True))
        for company in sorted(Company.objects.with_active_names(ids), key=lambda company: company.pk):
            if look.looked_at + look.failed >= most or monotonic() >= ends:
                return
            failed_in_a_row = 0 if _look_at(company, look, clock, least) else failed_in_a_row + 1
            if failed_in_a_row >= _FAILURES_IN_A_ROW:
                _log.error("the search for doubles was given up for now")
                return
        if progress is not None:
            progress(look)
        if len(ids) < BATCH:
            return
        after = ids[-1]


def _begin() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_RUN])
        (alone,) = cursor.fetchone()
    return bool(alone)


def _end() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [_RUN])


def _look_at(company: Company, look: Look, clock: Clock, least: float) -> bool:
    try:
        found = _candidates(company, least)
        lost = _lost(company, found)
        asked, later = lost[:MOST_LOST], lost[MOST_LOST:]
        back = _from_the_other_side(company, asked, least)
    except SearchFailed:
        _log.warning("no doubles looked for", extra={"company": company.code})
        look.failed += 1
        return False
    with transaction.atomic():
        # All rows that are written or pointed at, in id order: whoever locks companies does so in this order.
        lock_companies([company.pk, *found, *lost])
        for other, candidate in found.items():
            look.pairs += _keep(candidate, asked=company.pk, found=other, clock=clock)
        for other, candidate in back.items():
            _keep(candidate, asked=other, found=company.pk, clock=clock)
        for other in set(asked) - set(back):
            Suggestion.objects.unanswered().between(company.pk, other).delete()
        Company.objects.filter(pk__in=later).update(doubles_seen=0)
        # Not `version` as it is now: a change made meanwhile leaves the company due.
        Company.objects.filter(pk=company.pk).update(doubles_seen=company.version, doubles_least=least)
    look.looked_at += 1
    return True


def _lost(company: Company, found: dict[int, Candidate]) -> list[int]:
    """The ids of those that unanswered pairs name beside this company, and that its search brings no more."""
    pairs = Suggestion.objects.unanswered().about(company.pk).order_by("pk").values_list("low_id", "high_id")
    others = [high if low == company.pk else low for low, high in pairs]
    return [other for other in others if other not in found]


def _from_the_other_side(company: Company, others: list[int], least: float) -> dict[int, Candidate]:
    """`company` as the searches for these others find it; without those that don't."""
    brought = {}
    for other in Company.objects.with_active_names(others):
        candidate = _candidates(other, least).get(company.pk)
        if candidate is not None:
            brought[other.pk] = candidate
    return brought


def _candidates(company: Company, least: float) -> dict[int, Candidate]:
    """The likeliest candidates by company id from `least` on, each by the best of the company's names; of a crowd the closest."""
    best: dict[int, Candidate] = {}
    crowd = False
    names = [company.name, *(text for text in company.active_names if text != company.name)]
    for name in names[:MOST_NAMES]:
        query = CompanyQuery(
            name,
            domain=company.domain or company.website,
            country=company.country,
            city=company.city,
            postcode=company.postcode,
            phone=company.phone,
        )
        result = search(query, limit=MOST_PAIRS, exclude=[company.pk], about=company, least=least)
        crowd = crowd or result.crowd or bool(result.past)
        for candidate in result.candidates:
            if candidate.tier == "related" or company.is_parent_or_child_of(candidate.company):
                continue
            known = best.get(candidate.company.pk)
            if known is None or candidate.score > known.score:
                best[candidate.company.pk] = candidate
    if crowd:
        closest = sorted(best.values(), key=lambda candidate: (-candidate.score, candidate.company.pk))
        best = {candidate.company.pk: candidate for candidate in closest[:PAIRS_OF_A_CROWD]}
    return best


def _keep(candidate: Candidate, *, asked: int, found: int, clock: Clock) -> bool:
    """Writes a pair; what a person said about it stands, its evidence is refreshed while nobody answered. Whether it is new."""
    low, high = sorted((asked, found))
    evidence = {
        "asked_id": asked,
        "score": min(1.0, max(0.0, candidate.score)),
        "tier": candidate.tier,
        "signals": [signal.as_json() for signal in candidate.signals],
    }
    _, created = Suggestion.objects.get_or_create(
        low_id=low, high_id=high, defaults={**evidence, "found_at": clock()}
    )
    if not created:
        Suggestion.objects.unanswered().between(low, high).update(**evidence)
    return created
