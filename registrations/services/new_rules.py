"""Rules that begin while a registration is in review: an exclusive right, a requirement, a version of the policy. What came in
before is judged by what applied then, so nothing is moved; but whoever decides has to know. A sweep: safe to run never,
once or a hundred times, by two workers at once.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import OuterRef, Subquery

from core.clock import Clock, database_clock
from policies.facts import Facts, Firm
from policies.firms import firms_of
from policies.loading import authorisations_at, rights_at
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

KIND = "rules_began"
# What began longer ago was told long ago, however long the portal stood still.
_BEGAN_WITHIN = timedelta(days=30)


@dataclass(frozen=True)
class _Begun:
    """What began of late and still applies. `record` names each, as findings do."""

    policy: RegistrationPolicy
    rights: tuple[Right, ...]
    authorisations: tuple[Authorisation, ...]
    policy_is_new: bool

    def __bool__(self) -> bool:
        return bool(self.rights or self.authorisations or self.policy_is_new)


def note_new_rules(*, clock: Clock = database_clock, dry_run: bool = False) -> Sweep:
    """Notes on the timeline of each registration in review, for the vendor, what began since it was judged and would bear
    on it today: each once."""
    now, sweep = clock(), Sweep()
    begun = _begun(now)
    if not begun:
        return sweep
    rows = list(_in_review())
    firms, noted = firms_of({row.partner for row in rows}, now), _noted(rows)
    areas = {country: areas_of(country) for country in {str(row.country or "") for row in rows}}
    for row in rows:
        facts = _facts(row, firms[row.partner_id], areas[str(row.country or "")], now)
        told = dict(_told(row, facts, begun, noted[row.pk]))
        if not told:
            continue
        try:
            if dry_run or _note(row, told, now):
                sweep.done.append(row.code)
        except Exception:
            log.exception("noting the new rules for %s failed; the others go on", row.code)
            sweep.failed.append(row.code)
    return sweep


def began_after(registration: Registration, number: int) -> bool:
    """Whether such a note came after timeline entry `number`."""
    return registration.timeline.filter(kind=KIND, number__gt=number).exists()


def _begun(now: datetime) -> _Begun:
    since = now - _BEGAN_WITHIN
    policy = RegistrationPolicy.objects.in_force(now)
    return _Begun(
        policy,
        tuple(right for right in rights_at(now) if right.from_at > since),
        tuple(asked for asked in authorisations_at(now) if asked.from_at > since),
        bool(policy.effective_from and policy.effective_from > since),
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
    entries = TimelineEntry.objects.filter(registration__in=rows, kind=KIND)
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


def _told(row: Registration, facts: Facts, begun: _Begun, noted: set[str]) -> Iterator[tuple[str, str]]:
    """Record → what is said of it, for what began since the row was judged and has not been noted."""
    since = row.judged_at or row.submitted_at  # type: ignore[attr-defined]
    assert since is not None  # drafts are not in review
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
    for right in begun.rights:
        book = Rulebook(begun.policy, rights=(right,))
        if right.from_at > since and right.code not in noted and exclusive_right.check(facts, book):
            yield right.code, whose_words(right.code)
    for asked in begun.authorisations:
        book = Rulebook(begun.policy, authorisations=(asked,))
        if asked.from_at <= since or asked.code in noted:
            continue
        if lacking := product_authorisation.check(facts, book):
            told = f"What the partner would be told today: {lacking.words}"
            if circles := product_authorisation.circles(facts, book):
                told += f" {joined(circles)}; the partner does not read its name."
            yield asked.code, told


def _note(row: Registration, told: dict[str, str], now: datetime) -> bool:
    with transaction.atomic():
        locked = Registration.objects.select_for_update(of=("self",)).get(pk=row.pk)
        already = _noted([locked])[locked.pk]
        if locked.status not in UNDER_REVIEW or already & told.keys():
            return False
        data = {"records": sorted(told), "text": "\n".join(told.values())}
        timeline.record(locked, KIND, actor=None, at=now, data=data, audience=Audience.VENDOR)
    return True
