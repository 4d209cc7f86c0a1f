"""Rules that begin or end while a registration is in review: a distribution right, a requirement, a version of the policy. What
came in before is judged by what applied then, so nothing is moved; but whoever decides has to know. So they have to where the
firm itself is not what it was (changed_firms.py). A sweep: safe to run never, once or a hundred times, by two workers at once.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery

from core.clock import Clock, database_clock
from policies.facts import Facts, Firm
from policies.firms import firms_of
from policies.loading import authorisations_during, rights_during
from policies.models import RegistrationPolicy
from policies.rights import own_ended_words, whose_words
from policies.rulebook import Authorisation, Right, Rulebook
from policies.rules import exclusive_right, product_authorisation
from registrations.enums import UNDER_REVIEW, Audience
from registrations.facts import areas_of, open_of
from registrations.models import PolicyRun, Registration, TimelineEntry
from registrations.services import changed_firms, timeline
from registrations.services.expiry import Sweep

log = logging.getLogger(__name__)

BEGAN, ENDED, FIRM = KINDS = ("rules_began", "rules_ended", "firm_changed")
# What changed longer ago was told long ago, however long the portal stood still.
_WITHIN = timedelta(days=30)
_BEFORE = timedelta(microseconds=1)


@dataclass(frozen=True)
class _Changed:
    """What began of late and still applies, and what ended of late. `code` names each, as findings do."""

    policy: RegistrationPolicy
    policy_is_new: bool
    rights: tuple[Right, ...]
    authorisations: tuple[Authorisation, ...]
    at: datetime

    def __bool__(self) -> bool:
        rows: tuple[Right | Authorisation, ...] = (*self.rights, *self.authorisations)
        return self.policy_is_new or any(self.began(row) or self.ended(row) for row in rows)

    def began(self, row: Right | Authorisation) -> bool:
        return row.from_at > self.at - _WITHIN and not self.ended(row)

    def ended(self, row: Right | Authorisation) -> bool:
        return row.until is not None and row.until <= self.at


@dataclass
class _Noted:
    """What the notes on a registration said: their records, the firm as the last of them saw it and when, and its number."""

    records: set[str] = field(default_factory=set)
    firm: Firm | None = None
    at: datetime | None = None
    number: int = 0


def note_new_rules(*, clock: Clock = database_clock, dry_run: bool = False) -> Sweep:
    """Notes on the timeline of each registration in review, for the vendor, what began since it was judged and would bear
    on it today, what bore on it and has ended, and what is otherwise since the firm changed: each once."""
    now, sweep = clock(), Sweep()
    changed = _changed(now)
    rows = list(_in_review())
    firms, noted, areas = firms_of({row.partner for row in rows}, now), _noted(rows), cache(areas_of)
    for row in rows:
        firm, told = firms[row.partner_id], noted[row.pk]
        before = _firm_before(row, told, firm)
        if not changed and before == firm:
            continue
        facts = _facts(row, firm, areas(str(row.country or "")), now)
        said = {
            BEGAN: dict(_begun(row, facts, changed, told.records)),
            ENDED: dict(_ended(row, facts, changed, told.records)),
            FIRM: dict(_firm_changed(row, before, facts, changed, told)),
        }
        if not any(said.values()):
            continue
        try:
            if dry_run or _note(row, said, firm, now):
                sweep.done.append(row.code)
        except Exception:
            log.exception("noting the new rules for %s failed; the others go on", row.code)
            sweep.failed.append(row.code)
    return sweep


def _changed(now: datetime) -> _Changed:
    since = now - _WITHIN
    policy = RegistrationPolicy.objects.in_force(now)
    return _Changed(
        policy,
        bool(policy.effective_from and policy.effective_from > since),
        rights_during(since, now),
        authorisations_during(since, now),
        now,
    )


def _in_review() -> Iterator[Registration]:
    """With when, by which version and as whose each was judged last: when it was submitted, or when its turn in line came."""
    runs = PolicyRun.objects.filter(registration=OuterRef("pk")).order_by("-at", "-id")
    rows = Registration.objects.filter(status__in=UNDER_REVIEW, submitted_at__isnull=False)
    rows = rows.annotate(
        judged_at=Subquery(runs.values("at")[:1]),
        judged_by=Subquery(runs.values("policy")[:1]),
        judged_firm=Subquery(runs.values("facts__firm")[:1]),
    )
    yield from rows.select_related("partner", "policy").prefetch_related("lines").order_by("pk")


def _noted(rows: list[Registration]) -> dict[int, _Noted]:
    found: dict[int, _Noted] = defaultdict(_Noted)
    entries = TimelineEntry.objects.filter(registration__in=rows, kind__in=KINDS).order_by("number")
    for pk, number, at, data in entries.values_list("registration", "number", "at", "data"):
        one = found[pk]
        one.records.update(data["records"])
        one.number = number
        if "firm" in data:
            one.firm, one.at = Firm.from_json(data["firm"]), at
    return found


def _firm_before(row: Registration, noted: _Noted, now: Firm) -> Firm:
    """The firm as it was when the row was judged, or by the last note since; what was not kept then is as it is `now`."""
    if noted.firm is not None and noted.at is not None and noted.at > _judged_at(row):
        return noted.firm
    kept: dict[str, Any] | None = row.judged_firm  # type: ignore[attr-defined]
    return Firm.from_json(now.as_json() | (kept or {}))


def _facts(row: Registration, firm: Firm, areas: tuple[int, ...], now: datetime) -> Facts:
    """What rights and requirements look at."""
    return Facts(
        at=now,
        firm=firm,
        product_lines=tuple(sorted(line.product_line_id for line in row.lines.all())),
        territory=row.territory_id,
        areas=areas,
        industry=row.industry_id,
        country=str(row.country or ""),
    )


def _judged_at(row: Registration) -> datetime:
    since: datetime | None = row.judged_at or row.submitted_at  # type: ignore[attr-defined]
    assert since is not None  # drafts are not in review
    return since


def _begun(row: Registration, facts: Facts, begun: _Changed, noted: set[str]) -> Iterator[tuple[str, str]]:
    """Record → what is said of it, for what began since the row was judged and has not been noted."""
    since = _judged_at(row)
    version = f"policy:{begun.policy.version}"
    judged_by = row.judged_by or row.policy_id  # type: ignore[attr-defined]
    if (
        begun.policy_is_new
        and begun.policy.effective_from is not None
        and begun.policy.effective_from > since
        and judged_by != begun.policy.pk
        and version not in noted
    ):
        before = f"version {row.policy.version}" if row.policy else "the version of then"
        yield (
            version,
            f"Version {begun.policy.version} of the policy is in force now; {before} applied when it came in.",
        )
    for right in filter(begun.began, begun.rights):
        book = Rulebook(begun.policy, rights=(right, *_own(facts, begun)))
        if right.from_at > since and right.code not in noted and exclusive_right.check(facts, book):
            yield right.code, whose_words(right.code)
    for asked in filter(begun.began, begun.authorisations):
        book = Rulebook(begun.policy, authorisations=(asked,))
        if asked.from_at <= since or asked.code in noted:
            continue
        if lacking := product_authorisation.check(facts, book):
            yield asked.code, changed_firms.would_be_told(lacking, facts, book)


def _own(facts: Facts, changed: _Changed) -> list[Right]:
    """The rights of the deal's own firm, which leave it what others' keep from the rest."""
    return [right for right in changed.rights if right.partner == facts.firm.id]


def _ended(row: Registration, facts: Facts, over: _Changed, noted: set[str]) -> Iterator[tuple[str, str]]:
    """Record → what is said of it, for what bore on the row, when it was judged or by a note since, and has ended."""
    since = _judged_at(row)

    def bore(one: Right | Authorisation) -> bool:
        over_now = one.until is not None and since < one.until <= over.at
        return over_now and (one.from_at <= since or one.code in noted) and f"{one.code}:ended" not in noted

    now = exclusive_right.check(facts, Rulebook(over.policy, rights=over.rights))
    for right in filter(bore, over.rights):
        assert right.until is not None
        book = Rulebook(over.policy, rights=(right, *_own(facts, over)))
        then = replace(facts, at=right.until - _BEFORE)
        kept_out = exclusive_right.check(then, book)
        # Where others' rights beside it still keep it out, nothing ended for the deal.
        if kept_out and (right.is_exclusive or not now):
            yield f"{right.code}:ended", whose_words(right.code, ended=True)
        elif right.partner == facts.firm.id and now and exclusive_right.covers(right, then):
            yield f"{right.code}:ended", f"{own_ended_words(right.code)} {whose_words(now.record)}"
    for asked in filter(bore, over.authorisations):
        assert asked.until is not None
        book = Rulebook(over.policy, authorisations=(asked,))
        lacked = product_authorisation.check(replace(facts, at=asked.until - _BEFORE), book)
        line = [one for one in over.authorisations if one.product_line == asked.product_line]
        today = Rulebook(over.policy, authorisations=tuple(line))
        if lacked and not product_authorisation.check(facts, today):  # else the note of what began says it
            yield f"{asked.code}:ended", changed_firms.held_no_longer(lacked)


def _firm_changed(
    row: Registration, before: Firm, facts: Facts, changed: _Changed, noted: _Noted
) -> Iterator[tuple[str, str]]:
    """Record → what is said of it, where the firm's own change makes a difference. A rule that began since speaks for itself,
    and what nobody was told cannot hold no longer. Named after the last note, so that each change back and forth is noted."""
    if before == facts.firm:
        return
    since = _judged_at(row)
    later = [one for one in changed.authorisations if one.from_at > since and one.code not in noted.records]
    known = tuple(one for one in changed.authorisations if one not in later or not changed.began(one))
    book = Rulebook(row.policy or changed.policy, authorisations=known, rights=changed.rights)
    facts = replace(facts, open_registrations=open_of(row.partner_id, but=row.pk))
    found = changed_firms.difference(before, facts, book)
    untold = {one.code for one in later}
    gone = tuple(one for one in found.gone if not untold.issuperset((one.record, *one.beside)))
    found = replace(found, gone=gone)
    if found:
        yield f"firm:{noted.number}", changed_firms.words(before, facts, found, book)


def _note(row: Registration, said: dict[str, dict[str, str]], firm: Firm, now: datetime) -> bool:
    with transaction.atomic():
        locked = Registration.objects.select_for_update(of=("self",)).get(pk=row.pk)
        already = _noted([locked])[locked.pk].records
        if locked.status not in UNDER_REVIEW or any(already & told.keys() for told in said.values()):
            return False
        for kind, told in said.items():
            if told:
                data = {"records": sorted(told), "text": "\n".join(told.values()), "firm": firm.as_json()}
                timeline.record(locked, kind, actor=None, at=now, data=data, audience=Audience.VENDOR)
    return True
