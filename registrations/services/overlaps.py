"""Whether the two of a conflict meet in scope now. What the check said then goes stale: a version of the policy that holds
less or more came into force since, a holder gave part of it back, a subsidiary was sold."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from django.db.models import Q

from policies.overlap import meet
from registrations import supposing
from registrations.enums import KEEPS_OTHERS_OUT, Status
from registrations.models import Conflict, Holding, Line, Registration
from registrations.scope import Scope
from registrations.services.holdings import held_among, scope_now

# Product lines, territory and industry; None stands for all of them. What one wants meets several territories.
Wanted = tuple[Collection[int] | None, Collection[int] | None, int | None]
Kept = tuple[Collection[int] | None, int | None, int | None]


def overlapping(registration: Registration, conflicts: Collection[Conflict]) -> set[int]:
    """The ids of those conflicts, of either side, in which the other one is within what `registration` would hold. As many
    queries however many there are."""
    return {row.pk for row in _overlapping(registration, conflicts)}


def _overlapping(registration: Registration, conflicts: Collection[Conflict]) -> list[Conflict]:
    """The conflicts themselves, since some are not stored."""
    scope = scope_now(registration)
    mine: Wanted = (scope.product_lines, scope.territories, scope.industry)
    pairs = [(row, _other(registration, row)) for row in conflicts]
    kept = kept_by([other for _, other in pairs if other is not None])
    found = []
    for row, other in pairs:
        if other is None:
            # A claim keeps its product lines in words only, and a named account has none.
            met = row.same_product_line or mine == (None, None, None)
        else:
            apart = by_family_only(row) and other.company_id not in scope.companies
            met = not apart and meet(mine, kept[other.pk])
        if met:
            found.append(row)
    return found


def wants_of(registration: Registration, held: Registration) -> bool:
    """Whether `registration` would hold something of what `held` holds now."""
    current = Holding.objects.filter(scope_now(registration).holdings(), registration=held, ended_at=None)
    return current.exists()


def wanting(rows: Sequence[Registration], held: Registration) -> list[Registration]:
    """Those of `rows` that would hold something of what `held` holds now: as many queries for one as for many."""
    found = held_among(rows)
    return [row for row in rows if any(one.registration_id == held.pk for one in found[row.pk])]


def stay_apart(registration: Registration, holder: Registration) -> bool:
    """Whether `registration` can wait behind `holder` while their companies are two: as parent and subsidiary, and where they
    are that no more, since what was taken then is held until it ends."""
    if holder.company_id == registration.company_id:
        return False
    return holder.company_id in scope_now(registration).companies or wants_of(registration, holder)


def unjudged_holder(registration: Registration, met: Collection[Conflict] = ()) -> Registration | None:
    """A holder of the same scope, as both stand now, at what may be the same company, as long as nobody has said whether
    it is. `met` as in `unjudged`."""
    return next(iter(unjudged(registration, KEEPS_OTHERS_OUT, met)), None)


def unjudged(
    registration: Registration, statuses: Collection[Status], met: Collection[Conflict] = ()
) -> list[Registration]:
    """Those of these `statuses` that want or hold the same scope, as both stand now, at what may be the same company, as
    long as nobody has said whether it is.

    Looked for both ways: the other one may have been submitted later, and then the conflict is kept with it. Of one that
    had ended `met` is what the check has found since, which is not stored yet (coming_back.py).
    """
    earlier = Q(registration=registration, rival__status__in=statuses)
    later = Q(rival=registration, registration__status__in=statuses)
    found_ever = Conflict.objects.unjudged().filter(earlier | later)
    rows = list(found_ever.select_related("rival__partner", "registration__partner"))
    rows += [row for row in met if row.rival is not None and row.rival.status in statuses]
    within = _overlapping(registration, rows)
    found = sorted(within, key=lambda row: row.registration_id != registration.pk)
    others = {other.pk: other for row in found if (other := _other(registration, row)) is not None}
    return [other for pk, other in others.items() if pk not in supposing.over()]


def unjudged_claims(registration: Registration) -> dict[str, int]:
    """The claims, such as leads given out, that the check found at what may be the same company, as long as nobody has said
    whether it is: their codes, and the company of each. They stand whether the registration is open or over."""
    rows = registration.conflicts.unjudged().filter(claim_code__gt="", claim_ended_at=None)
    return {row.claim_code: row.company_id for row in rows if not by_family_only(row)}


def holder_beside_claim(code: str, wanted: Scope, *, but_of: int) -> Registration | None:
    """Who of other firms than `but_of` was given, at what may be the same company, what the claim with this code is for: the
    check found the two, and nobody has said whether they are one. `wanted` is what the claim would come to."""
    found = Conflict.objects.unjudged().filter(claim_code=code, claim_ended_at=None)
    rows = found.exclude(registration__partner=but_of).select_related("registration__partner")
    for other in (row.registration for row in rows if not by_family_only(row)):
        there = replace(wanted, companies=frozenset({other.company_id or 0}))
        if other.holdings.filter(there.holdings(), ended_at=None, reserved=False).exists():
            return other
    return None


def kept_by(registrations: Collection[Registration]) -> dict[int, Kept]:
    """What each of them holds, or has reserved; where that is nothing, what it was registered for. Two queries."""
    ids = {one.pk for one in registrations}
    lines: dict[int, set[int]] = defaultdict(set)
    for pk, line in Line.objects.filter(registration__in=ids).values_list("registration", "product_line"):
        lines[pk].add(line)
    kept: dict[int, Kept] = {
        one.pk: (tuple(sorted(lines[one.pk])), one.territory_id, one.industry_id) for one in registrations
    }
    held: dict[int, list[Holding]] = defaultdict(list)
    for holding in Holding.objects.filter(registration__in=ids, ended_at=None):
        held[holding.registration_id].append(holding)
    for pk, rows in held.items():
        products = {holding.product_line_id for holding in rows}
        known = tuple(sorted(line for line in products if line is not None))
        kept[pk] = (None if None in products else known, rows[0].territory_id, rows[0].industry_id)
    return kept


def by_family_only(conflict: Conflict) -> bool:
    """Whether nothing but their being parent and subsidiary made it a rival: nobody took the names for one."""
    return bool(conflict.signals) and all(signal.get("code") == "family" for signal in conflict.signals)


def _other(registration: Registration, conflict: Conflict) -> Registration | None:
    return conflict.rival if conflict.registration_id == registration.pk else conflict.registration
