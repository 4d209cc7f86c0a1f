"""How far rights reach: which meet, which lie within another, and what others' rights leave to a firm. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from policies.binding import Right, runs
from policies.by_country import ByCountry, Standing
from policies.findings import Effect


def meet(one: Right, other: Right) -> bool:
    """Whether something lies within both, whenever they run."""
    return (
        (None in (one.product_line, other.product_line) or one.product_line == other.product_line)
        and (None in (one.industry, other.industry) or one.industry == other.industry)
        and (one.area is None or other.area is None or bool(one.area.countries & other.area.countries))
    )


def exclude(one: Right, other: Right) -> bool:
    """Whether they could not run at the same time: what the database's constraint asks, days aside."""
    return (one.is_exclusive or other.is_exclusive) and meet(one, other)


def within(inner: Right, outer: Right) -> bool:
    """Whether all of `inner` lies within `outer`, whenever they run."""
    return (
        outer.product_line in (None, inner.product_line)
        and outer.industry in (None, inner.industry)
        and (outer.area is None or (inner.area is not None and inner.area.countries <= outer.area.countries))
    )


def common(one: Right, other: Right) -> Right:
    """The first, as far as it lies within the other, which it meets."""
    area = one.area or other.area
    if one.area is not None and other.area is not None:
        area = replace(one.area, countries=one.area.countries & other.area.countries)
    return replace(
        one,
        area=area,
        product_line=one.product_line or other.product_line,
        industry=one.industry or other.industry,
    )


def lasts(inner: Right, outer: Right) -> bool:
    """Whether `outer` runs all the time that `inner` does."""
    ends_later = outer.until is None or (inner.until is not None and inner.until <= outer.until)
    return outer.from_at <= inner.from_at and ends_later


def spares(right: Right, firm: int, rights: Iterable[Right]) -> bool:
    """Whether the right takes nothing from the firm, all the time that it runs: it is the firm's, or not exclusive, and the
    firm holds one to all of it, or others keep it out of all of it as strictly."""
    if right.partner == firm:
        return True
    if right.is_exclusive:
        return False
    beside = [one for one in rights if one.code != right.code and within(right, one) and lasts(right, one)]
    if any(one.partner == firm for one in beside):
        return True
    return any(stricter(one, right) for one in beside)


def stricter(one: Right, other: Right) -> bool:
    """Whether what follows inside the first is at least as hard for others."""
    return one.effect == Effect.REFUSED or other.effect == Effect.REVIEW


def outermost(rights: Sequence[Right]) -> list[Right]:
    """Those that do not lie within another one that is as strict, of equal ones the first: what is said of them tells no scope
    twice, and so not how many hold a right there."""
    told: list[Right] = []
    wide = {one.code: sum(within(other, one) for other in rights) for one in rights}
    for right in sorted(rights, key=lambda one: (-wide[one.code], one.effect != Effect.REFUSED)):
        if not any(within(right, one) and stricter(one, right) for one in told):
            told.append(right)
    return [right for right in rights if right in told]


def keeps_out(right: Right, firm: int, rights: Iterable[Right], at: datetime) -> bool:
    """Whether the right, as long as it runs, keeps the firm out of all or a part of it at `at`; of one that is not exclusive it
    is out but for what it holds a right to itself."""
    if right.partner == firm:
        return False
    return right.is_exclusive or not any(within(right, own) for own in held(firm, rights, at))


def left_of(right: Right, firm: int, rights: Iterable[Right], at: datetime) -> list[Right]:
    """The rights of the firm's own to something within it at `at`."""
    return [own for own in held(firm, rights, at) if meet(right, own)]


def leaves_a_part(right: Right, firm: int, rights: Iterable[Right], at: datetime) -> bool:
    """Whether the firm holds one."""
    return bool(left_of(right, firm, rights, at))


def held(firm: int, rights: Iterable[Right], at: datetime) -> list[Right]:
    """The rights of the firm's own that run at `at`."""
    return [right for right in rights if right.partner == firm and runs(right, at)]


def closing(
    firm: int, rights: Sequence[Right], at: datetime, *, line: int | None, industry: int | None = None
) -> list[tuple[Right, ByCountry]]:
    """Others' rights that keep the firm at `at` out of whole countries, as far as the product line and the industry go (None:
    all of them), each with where. Of one that is not exclusive it is out but for the countries in which it holds some right to
    that itself."""
    own = [
        one
        for one in held(firm, rights, at)
        if (None in (one.product_line, line) or one.product_line == line)
        and (None in (one.industry, industry) or one.industry == industry)
    ]
    found = []
    for right in rights:
        if right.partner == firm or not runs(right, at):
            continue
        if right.product_line not in (None, line) or right.industry not in (None, industry):
            continue
        where = _where(right)
        for one in [] if right.is_exclusive else own:
            where = where.but_in(one.countries, Standing.OPEN)
        if where.harder_than(ByCountry()):
            found.append((right, where))
    return found


def _where(right: Right) -> ByCountry:
    kept = Standing.REFUSED if right.effect == Effect.REFUSED else Standing.REVIEW
    return ByCountry().but_in(right.countries, kept)
