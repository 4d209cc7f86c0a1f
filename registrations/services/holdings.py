"""Taking, keeping and giving back scopes. The database's constraint stands behind the check in words."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from core.clock import database_clock
from core.errors import ScopeTaken
from policies.models import RegistrationPolicy
from registrations import supposing
from registrations.models import Holding, Registration
from registrations.scope import Scope, know_lines, scope_of, scopes_under, wanted_by

_TAKEN = "Another registration already holds this company for the same scope."
_RESERVED = "The deal is kept for another registration, whose turn it is."


def held_by_others(
    registration: Registration, company_id: int | None = None, *, shown: bool = False
) -> list[Holding]:
    """Current holdings of other registrations that collide with the scope of this one at its company (or `company_id`),
    those that are only reserved included; those at the company itself come first. `shown`: with their registrations,
    firms, product lines and companies."""
    scope = scope_now(registration, company_id)
    others = {registration.pk, *supposing.over()}
    found = Holding.objects.filter(scope.holdings(), ended_at=None).exclude(registration__in=others)
    found = found.order_by("id")
    if shown:
        found = found.select_related("registration__partner", "product_line", "company")
    own = company_id or registration.company_id
    return sorted(found, key=lambda holding: holding.company_id != own)


def scope_now(registration: Registration, company_id: int | None = None) -> Scope:
    """Its scope under the policy that it stands under, else the one in force."""
    policy = registration.policy or RegistrationPolicy.objects.in_force(database_clock())
    return scope_of(registration, policy, company_id=company_id)


def held_among(line: Sequence[Registration]) -> dict[int, list[Holding]]:
    """As `held_by_others`, of each in `line`, by its id: as many queries for one as for many."""
    if not line:
        return {}
    know_lines(line)
    scopes: dict[int, Scope] = {}
    policies = {row.policy_id: row.policy for row in line}
    for number, policy in policies.items():
        rows = [row for row in line if row.policy_id == number]
        under = policy or RegistrationPolicy.objects.in_force(database_clock())
        wanted = [wanted_by(row) for row in rows]
        scopes |= zip((row.pk for row in rows), scopes_under(under, wanted), strict=True)
    companies = {company for scope in scopes.values() for company in scope.companies}
    current = Holding.objects.filter(company__in=companies, ended_at=None)
    kept = list(current.exclude(registration__in=supposing.over()).order_by("id"))
    found = {}
    for row in line:
        held = [one for one in kept if one.registration_id != row.pk and scopes[row.pk].covers(one)]
        found[row.pk] = sorted(held, key=lambda holding: holding.company_id != row.company_id)
    return found


def take(registration: Registration, *, at: datetime) -> None:
    """Holds each of the registration's scopes from `at`, in place of what was reserved for it.

    Raises ScopeTaken; nothing changes then.
    """
    assert registration.company_id is not None
    _require_free(registration)
    rows = list(_rows(registration, scope_now(registration), at, reserved=False))
    with _alone():
        release(registration, at=at)
        Holding.objects.bulk_create(rows)


def take_reserved(registration: Registration, *, at: datetime) -> None:
    """Holds what was reserved for the registration as it was then: a parent that was set since, or a territory that has got
    more countries, gives and takes nothing."""
    registration.holdings.filter(ended_at=None, reserved=True).update(reserved=False, since=at)


def reserve(registration: Registration, *, at: datetime, company_id: int | None = None) -> None:
    """Keeps each of its scopes for the registration whose turn has come, at its company or at `company_id`, which may be the
    same: nobody else can take them. What is kept for it elsewhere stays. Raises ScopeTaken."""
    _require_free(registration, company_id)
    kept = set(registration.holdings.filter(ended_at=None).values_list("company", flat=True))
    rows = _rows(registration, scope_now(registration, company_id), at, reserved=True)
    with _alone():
        Holding.objects.bulk_create([row for row in rows if row.company_id not in kept])


def hold_again(registration: Registration, rows: Collection[int], *, at: datetime) -> None:
    """What the registration held goes on as if it had never ended, as it was then; all else that it holds ends. Raises
    ScopeTaken where somebody else has it."""
    with _alone():
        registration.holdings.filter(ended_at=None).exclude(pk__in=rows).update(ended_at=at)
        registration.holdings.filter(pk__in=rows).update(ended_at=None)


def release(registration: Registration, *, at: datetime) -> None:
    """Ends all current holdings of the registration at `at`, reserved ones included."""
    registration.holdings.filter(ended_at=None).update(ended_at=at)


def freed_companies(ended: Registration, *, at: datetime) -> list[int]:
    """The companies at which `ended` gave something back at `at`, and its own; ascending."""
    rows = ended.holdings.filter(ended_at=at).values_list("company_id", flat=True)
    return sorted({*rows, *([ended.company_id] if ended.company_id else [])})


def given_back_at(registration: Registration, *, at: datetime) -> list[int]:
    """The companies at which something that `registration` held, or that was kept for it, ended at `at`, and where it holds
    nothing now; ascending."""
    now = registration.holdings.filter(ended_at=None).values("company")
    ended = registration.holdings.filter(ended_at=at).exclude(company__in=now)
    return sorted(set(ended.values_list("company", flat=True)))


def carry_over(gone: int, survivor: int, *, at: datetime) -> list[int]:
    """Moves the holdings of a company that is merged away. Who holds both, as its parent or subsidiary, holds one then.
    Returns the ids of those that ended by it."""
    doubles = []
    current = Holding.objects.filter(ended_at=None)
    double = current.filter(company=survivor)
    for holding in current.filter(company=gone).select_for_update():
        if double.filter(registration=holding.registration_id, product_line=holding.product_line_id).exists():
            holding.ended_at = at
            holding.save(update_fields=["ended_at"])
            doubles.append(holding.pk)
    Holding.objects.filter(company=gone).update(company=survivor)
    return doubles


def carry_back(
    restored: int,
    survivor: int,
    *,
    came: Collection[int],
    moved: Collection[int],
    doubles: Collection[int],
    since: datetime,
) -> None:
    """The way back of `carry_over`: the holdings `moved` go back, and those that the registrations `came` have taken `since`.
    One that ended as one of two goes on, as long as its registration still holds the other. Raises ScopeTaken where somebody
    has taken meanwhile what one of them held there."""
    there = Holding.objects.filter(company=survivor)
    pairs = [
        (double, twin)
        for double in there.filter(pk__in=doubles, ended_at__isnull=False).select_for_update()
        if (twin := _twin(double, there)) is not None
    ]
    # Of two that were one meanwhile, one stays: a registration holds nothing twice at one company.
    going = there.filter(Q(registration__in=came, since__gte=since) | Q(pk__in=moved)).exclude(
        pk__in=[twin.pk for _, twin in pairs]
    )
    with _alone():
        going.update(company=restored)
        for double, twin in pairs:
            Holding.objects.filter(pk=double.pk).update(ended_at=None, reserved=twin.reserved)


def _twin(double: Holding, there: QuerySet[Holding]) -> Holding | None:
    """What its registration holds now of the same scope."""
    return there.filter(
        registration=double.registration_id,
        product_line=double.product_line_id,
        territory=double.territory_id,
        industry=double.industry_id,
        ended_at=None,
    ).first()


def _require_free(registration: Registration, company_id: int | None = None) -> None:
    others = held_by_others(registration, company_id)
    if others:
        raise ScopeTaken(_RESERVED if all(holding.reserved for holding in others) else _TAKEN)


@contextmanager
def _alone() -> Iterator[None]:
    """Where the constraint finds a second holder, nothing of what is written inside stays. Raises ScopeTaken."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise ScopeTaken(_TAKEN) from error


def _rows(registration: Registration, scope: Scope, at: datetime, reserved: bool) -> Iterable[Holding]:
    lines: Iterable[int | None] = [None] if scope.product_lines is None else sorted(scope.product_lines)
    for company in sorted(scope.companies):
        for line in lines:
            yield Holding(
                registration=registration,
                company_id=company,
                product_line_id=line,
                territory_id=scope.territory,
                industry_id=scope.industry,
                since=at,
                reserved=reserved,
            )
