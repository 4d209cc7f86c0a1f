"""Everything that points at a firm, and what a merge does with it.

What there is comes from the models themselves (`_meta`), hidden and automatic tables included, so nothing can be forgotten:
a relation that no app has declared forbids every merge and fails a test. Apps declare theirs when they are ready.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, ForeignKey, ManyToOneRel, Model, OneToOneRel, OuterRef, Q, QuerySet
from django.db.models.lookups import IsNull

from partners.models import Partner


@dataclass(frozen=True)
class Relation:
    """What becomes of one relation. `name` is '<app>.<Model>.<field>', `label` what its rows are ('Registrations').

    Rows move to the survivor, unless `stays` says why they don't; with `only`, those that it holds for move nevertheless. A row
    also stays where the survivor has one with the same values in the fields `unless`, of those rows of the survivor's that
    are `among`; `already` says so in words. `shows` is the path of a value by which people know a row ('code').

    Of two that are alike the old record's is the better one where `wins` holds for it and `yields`, in which OuterRef is the
    old record's row, for the survivor's: then the two change places, and `instead` says which is better.

    When a merge is undone a row goes back if nobody touched it since, and one that `returns` holds for even then: the firm's
    own whatever was written on it, or marked by the portal alone. One that is somebody's own, by `goes_with` (a path to a
    member), goes where that person goes, changed or written meanwhile. `written` says which rows these members wrote since
    a moment: what of that stays is named. `lock` takes what has to be locked before such rows are.
    """

    name: str
    label: str
    shows: str = ""
    unless: tuple[str, ...] = ()
    among: Q = field(default_factory=Q)
    already: str = "The record that goes on has them already."
    wins: Q = field(default_factory=Q)
    yields: Q | None = None
    instead: str = ""
    stays: str = ""
    only: Q | None = None
    returns: Q | None = None
    goes_with: str = ""
    written: "Callable[[Collection[int], datetime], Q] | None" = None
    lock: "Callable[[QuerySet[Any]], None] | None" = None


@dataclass(frozen=True)
class Moved:
    """What a merge, or its undoing (`back`), moved: names of relations → keys; none where nothing did. `merged_at` is when
    the two were made one, `stays` what did not go back. For those who note it in their own history, end what stays behind,
    or tell people of it. What they write into `notes` as the rows move (texts and numbers), they find there on the way back."""

    source: Partner
    target: Partner
    keys: Mapping[str, list[int]]
    merged_at: datetime
    back: bool = False
    stays: Mapping[str, list[int]] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)


# (gone, survivor) → a sentence for each thing that forbids the merge, in a constant number of queries.
Check = Callable[[Partner, Partner], Iterable[str]]
# Called after the rows moved, inside the transaction, with who did it and when.
Hook = Callable[..., None]
_relations: dict[str, Relation] = {}
_checks: list[Check] = []
_hooks: list[Hook] = []


def provide(*relations: Relation, check: Check | None = None, hook: Hook | None = None) -> None:
    """Declares what becomes of an app's relations, what forbids a merge, and who is told of the rows that moved
    (`hook(moved, by=…, at=…)`)."""
    for relation in relations:
        _relations[relation.name] = relation
    if check is not None and check not in _checks:
        _checks.append(check)
    if hook is not None and hook not in _hooks:
        _hooks.append(hook)


def fields() -> dict[str, "ForeignKey[Any, Any]"]:
    """Every foreign key to a firm that there is, by the name of its relation."""
    found = {}
    for relation in Partner._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel | OneToOneRel):
            key = relation.field
            found[f"{key.model._meta.label}.{key.name}"] = key
    return dict(sorted(found.items()))


def declared() -> list[Relation]:
    """The relations that there are and that somebody declared, as they were declared."""
    there = fields()
    return [relation for name, relation in _relations.items() if name in there]


def undeclared() -> list[str]:
    """The relations that nobody declared: they forbid every merge."""
    return sorted(set(fields()) - set(_relations))


def clashes(gone: Partner, survivor: Partner) -> list[str]:
    """What forbids the merge, further up and here."""
    unknown = [f"The merge does not know what to do with {name}." for name in undeclared()]
    return unknown + [sentence for check in _checks for sentence in check(gone, survivor)]


def tell(moved: Moved, **how: Any) -> None:
    """Hands what moved to everybody who wants to note it."""
    for hook in _hooks:
        hook(moved, **how)


def rows_of(relation: Relation, partner: Partner) -> QuerySet[Model]:
    """The rows of a relation that point at a firm."""
    key = fields()[relation.name]
    return key.model._base_manager.filter(**{key.name: partner})


def lock_before(rows: Mapping[str, QuerySet[Model]]) -> None:
    """Takes the locks that come before those of these rows, by the name of their relation."""
    for relation in declared():
        if relation.lock is not None and relation.name in rows:
            relation.lock(rows[relation.name])


def candidates(relation: Relation, gone: Partner) -> QuerySet[Model]:
    """The rows that may move, whatever the survivor has."""
    rows = rows_of(relation, gone)
    if relation.stays:
        rows = rows.none() if relation.only is None else rows.filter(relation.only)
    return rows


def moving(relation: Relation, gone: Partner, survivor: Partner) -> QuerySet[Model]:
    """The rows that the merge moves."""
    rows = candidates(relation, gone)
    if not relation.unless and not fields()[relation.name].unique:
        return rows
    if relation.yields is None:
        return rows.filter(~has_its_place(relation, survivor))
    better = Q(relation.wins, ~has_its_place(relation, survivor, ~relation.yields))
    return rows.filter(~has_its_place(relation, survivor) | better)


def has_its_place(relation: Relation, partner: Partner, which: Q | None = None) -> Q:
    """As a condition on rows: the firm has one of them `among` that is alike."""
    return Q(Exists(rows_of(relation, partner).filter(relation.among, which or Q(), _same(relation))))


def giving_way(relation: Relation, moved: QuerySet[Model], partner: Partner) -> QuerySet[Model]:
    """The rows of a firm in whose place those of `moved` come."""
    if relation.yields is None:
        return rows_of(relation, partner).none()
    return rows_of(relation, partner).filter(relation.among, Exists(moved.filter(_same(relation))))


def _same(relation: Relation) -> Q:
    """As a condition beside a row (OuterRef): the same values in the fields `unless`. None is a value like others here."""
    model = fields()[relation.name].model
    found = Q()
    for name in relation.unless:
        same = Q(**{name: OuterRef(name)})
        if model._meta.get_field(name).null:
            same |= Q(IsNull(OuterRef(name), True), **{f"{name}__isnull": True})
        found &= same
    return found
