"""Rules that begin or end while a registration is in review: an exclusive right, a requirement, a version of the policy. What
came in before is judged by what applied then, so nothing is moved; but whoever decides has to know. A sweep: safe to run never,
once or a hundred times, by two workers at once.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import OuterRef, Subquery

from core.clock import Clock, database_clock
from core.errors import StaleVersion
from policies.facts import Facts, Firm
from policies.firms import firms_of
from policies.loading import authorisations_during, rights_during
from policies.models import RegistrationPolicy
from policies.rights import whose_words
from policies.rulebook import Authorisation, Right, Rulebook
from policies.rules import exclusive_right, product_authorisation
from policies.saying import joined
from registrations.enums import UNDER_REVIEW, Audience
from registrations.facts import areas_of
from registrations.models import PolicyRun, Registration, TimelineEntry
from registrations.services import timeline
from registrations.services.expiry import Sweep

log = logging.getLogger(__name__)

BEGAN, ENDED = KINDS = ("rules_began", "rules_ended")
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


def note_new_rules(*, clock: Clock = database_clock, dry_run: bool = False) -> Sweep:
    """Notes on the timeline of each registration in review, for the vendor, what began since it was judged and would bear
    on it today, and what bore on it and has ended: each once."""
    now, sweep = clock(), Sweep()
    changed = _changed(now)
    if not changed:
        return sweep
    rows = list(_in_review())
    firms, noted = firms_of({row.partner for row in rows}, now), _noted(rows)
    areas = {country: areas_of(country) for country in {str(row.country or "") for row in rows}}
    for row in rows:
        facts = _facts(row, firms[row.partner_id], areas[str(row.country or "")], now)
        said = {
            BEGAN: dict(_begun(row, facts, changed, noted[row.pk])),
            ENDED: dict(_ended(row, facts, changed, noted[row.pk])),
        }
        if not any(said.values()):
            continue
        try:
            if dry_run or _note(row, said, now):
                sweep.done.append(row.code)
        except Exception:
            log.exception("noting the new rules for %s failed; the others go on", row.code)
            sweep.failed.append(row.code)
    return sweep


def require_seen(registration: Registration, number: int) -> None:
    """Raises StaleVersion where such a note came after timeline entry `number`, the last that a form was made from."""
    if registration.timeline.filter(kind__in=KINDS, number__gt=number).exists():
        raise StaleVersion(
            "A rule began or ceased to apply after you opened this. Look at it again, then decide."
        )


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
    """With when, and by which version, each was judged last: when it was submitted, or when its turn in line came."""
    runs = PolicyRun.objects.filter(registration=OuterRef("pk")).order_by("-at", "-id")
    rows = Registration.objects.filter(status__in=UNDER_REVIEW, submitted_at__isnull=False)
    rows = rows.annotate(
        judged_at=Subquery(runs.values("at")[:1]), judged_by=Subquery(runs.values("policy")[:1])
    )
    yield from rows.select_related("partner", "policy").prefetch_related("lines").order_by("pk")


def _noted(rows: list[Registration]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    entries = TimelineEntry.objects.filter(registration__in=rows, kind__in=KINDS)
    for pk, data in entries.values_list("registration", "data"):
        found[pk].update(data["records"])
    return found


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
        book = Rulebook(begun.policy, rights=(right,))
        if right.from_at > since and right.code not in noted and exclusive_right.check(facts, book):
            yield right.code, whose_words(right.code)
    for asked in filter(begun.began, begun.authorisations):
        book = Rulebook(begun.policy, authorisations=(asked,))
        if asked.from_at <= since or asked.code in noted:
            continue
        if lacking := product_authorisation.check(facts, book):
            told = f"What the partner would be told today: {lacking.words}"
            if circles := product_authorisation.circles(facts, book):
                told += f" {joined(circles)}; the partner does not read its name."
            yield asked.code, told


def _ended(row: Registration, facts: Facts, over: _Changed, noted: set[str]) -> Iterator[tuple[str, str]]:
    """Record → what is said of it, for what bore on the row, when it was judged or by a note since, and has ended."""
    since = _judged_at(row)

    def bore(one: Right | Authorisation) -> bool:
        over_now = one.until is not None and since < one.until <= over.at
        return over_now and (one.from_at <= since or one.code in noted) and f"{one.code}:ended" not in noted

    for right in filter(bore, over.rights):
        assert right.until is not None
        book = Rulebook(over.policy, rights=(right,))
        if exclusive_right.check(replace(facts, at=right.until - _BEFORE), book):
            yield f"{right.code}:ended", whose_words(right.code, ended=True)
    for asked in filter(bore, over.authorisations):
        assert asked.until is not None
        book = Rulebook(over.policy, authorisations=(asked,))
        lacked = product_authorisation.check(replace(facts, at=asked.until - _BEFORE), book)
        line = [one for one in over.authorisations if one.product_line == asked.product_line]
        today = Rulebook(over.policy, authorisations=tuple(line))
        if lacked and not product_authorisation.check(facts, today):  # else the note of what began says it
            yield (
                f"{asked.code}:ended",
                f"What the partner would have been told holds no longer: {lacked.words}",
            )


def _note(row: Registration, said: dict[str, dict[str, str]], now: datetime) -> bool:
    with transaction.atomic():
        locked = Registration.objects.select_for_update(of=("self",)).get(pk=row.pk)
        already = _noted([locked])[locked.pk]
        if locked.status not in UNDER_REVIEW or any(already & told.keys() for told in said.values()):
            return False
        for kind, told in said.items():
            if told:
                data = {"records": sorted(told), "text": "\n".join(told.values())}
                timeline.record(locked, kind, actor=None, at=now, data=data, audience=Audience.VENDOR)
    return True
