"""A change of what binds beside the policy, as it is tried on past registrations (L6): a right that is given, a right that
ends, what a product line requires. Plain values, kept as JSON; `with_change` lays it over what bound on each day."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from policies.binding import Area, Authorisation, Right
from policies.certificates import names_of
from policies.findings import Effect
from policies.loading import authorisation_of, right_of
from policies.models import ExclusiveRight, ProductAuthorisation
from policies.reach import exclude
from policies.rulebook import Rulebook
from policies.rules.exclusive_right import scope_words
from policies.rules.product_authorisation import requirement_words

_ALWAYS = datetime.min.replace(tzinfo=UTC)


class Kind(StrEnum):
    """What changes."""

    RIGHT = "right"
    END = "end"
    REQUIREMENT = "requirement"


@dataclass(frozen=True)
class Change:
    """One change. `right` is the right that is given or ends, `asked` what the line requires. `holder` is the name of the
    right's partner, `line` the code of the product line. `typed` is the form's content as a query while nothing is saved, ''
    for what has a record."""

    kind: Kind
    right: Right | None = None
    asked: Authorisation | None = None
    holder: str = ""
    line: str = ""
    typed: str = ""

    @property
    def subject(self) -> str:
        """The same for all that changes the same, whenever it begins: a right that is written and the one then given."""
        if self.kind == Kind.END and self.right is not None:
            return f"end:{self.right.code}"
        told = _told(self.right) if self.right is not None else _told(self.asked)
        return f"{self.kind}:{hashlib.sha256(repr(told).encode()).hexdigest()[:32]}"

    @property
    def title(self) -> str:
        """'Gateways in DACH, for Northgate alone', as the vendor's people read it."""
        if self.asked is not None:
            return f"What {self.asked.product_line_name} requires"
        assert self.right is not None
        scope = scope_words(self.right)
        if self.kind == Kind.END:
            return f"{scope}, the right of {self.holder} ended"
        return f"{scope}, for {self.holder} {'alone' if self.right.is_exclusive else 'beside others'}"

    @property
    def words(self) -> str:
        """What is tried, in one or two sentences for the vendor's people."""
        if self.asked is not None:
            return requirement_words(self.asked, named=True)
        assert self.right is not None
        scope = scope_words(self.right)
        if self.kind == Kind.END:
            return f"The right of {self.holder} to {scope} is taken out of the whole period."
        others = "refused" if self.right.effect == Effect.REFUSED else "looked at by a channel manager first"
        if self.right.is_exclusive:
            return f"{scope} is for {self.holder} alone. Registrations of other partners are {others}."
        return (
            f"{scope} is for {self.holder} and whoever else holds a right to it. Registrations of partners without one are "
            f"{others}."
        )

    def as_json(self) -> dict[str, Any]:
        """As JSON can keep it; `from_json` gives the same back."""
        return {
            "kind": self.kind.value,
            "right": _kept(self.right),
            "asked": _kept(self.asked),
            "holder": self.holder,
            "line": self.line,
            "typed": self.typed,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Change":
        """The change that was kept."""
        right, asked = kept["right"], kept["asked"]
        return cls(
            kind=Kind(kept["kind"]),
            right=Right(**_read(right) | {"area": _area(right["area"])}) if right else None,
            asked=_asked(asked) if asked else None,
            holder=kept["holder"],
            line=kept["line"],
            typed=kept["typed"],
        )


def with_change(book: Rulebook, change: Change, *, holder_then: int | None = None) -> Rulebook:
    """`book` as it would have been had the change applied all along.

    A right runs on before and after the time that it really has, in which it stays as it was; others that it can't run beside
    are left out. `holder_then`: the deal is by this record, which has been merged into the right's holder.
    """
    if change.asked is not None:
        asked = replace(change.asked, from_at=_ALWAYS, until=None)
        kept = tuple(row for row in book.authorisations if row.product_line != asked.product_line)
        return replace(book, authorisations=(*kept, asked))
    assert change.right is not None
    if change.kind == Kind.END:
        return replace(book, rights=tuple(right for right in book.rights if right.code != change.right.code))
    own = [right for right in book.rights if right.code == change.right.code]
    others = left_beside(change.right, book.rights)
    added = _around(replace(change.right, partner=holder_then or change.right.partner), own)
    return replace(book, rights=(*others, *own, *added))


def change_of_right(row: ExclusiveRight, *, ended: bool = False) -> Change:
    """The right running all along, or not at all; needs partner, product line, territory and industry loaded."""
    return Change(Kind.END if ended else Kind.RIGHT, right=right_of(row), holder=str(row.partner))


def change_of_requirement(row: ProductAuthorisation, *, names: dict[str, str] | None = None) -> Change:
    """The requirement applying all along; needs the product line loaded. `names` of types of certificates by code, where
    they are known."""
    asked = authorisation_of(row, until=None, names=names_of(row.certificates) if names is None else names)
    return Change(Kind.REQUIREMENT, asked=asked, line=row.product_line.code)


def left_beside(right: Right, rights: Iterable[Right]) -> tuple[Right, ...]:
    """Those of `rights` that could run beside it."""
    return tuple(one for one in rights if one.code != right.code and not exclude(one, right))


def _around(right: Right, own: list[Right]) -> tuple[Right, ...]:
    """The right in all the time in which it did not run."""
    if not own:
        return (replace(right, from_at=_ALWAYS, until=None),)
    ends = [part.until for part in own if part.until is not None]
    before = replace(right, from_at=_ALWAYS, until=min(part.from_at for part in own))
    return (before, replace(right, from_at=max(ends), until=None)) if len(ends) == len(own) else (before,)


def _told(one: Right | Authorisation | None) -> list[Any]:
    """What makes a change the same, without its record and its days."""
    if isinstance(one, Right):
        area = (one.area.id, sorted(one.area.countries)) if one.area else None
        # What is said of exclusive ones stays what it was: results that are kept are found by it.
        kind = [] if one.is_exclusive else ["beside others"]
        return [one.partner, one.product_line, area, one.industry, one.effect.value, *kind]
    assert one is not None
    return [
        *(one.product_line, sorted(one.kinds), one.least_tier, sorted(code for code, _ in one.certificates)),
        *(sorted(area.id for area in one.areas), sorted(code for code, _ in one.groups), one.effect.value),
    ]


def _kept(one: Right | Authorisation | None) -> dict[str, Any] | None:
    if one is None:
        return None
    kept = asdict(one)
    kept["from_at"] = one.from_at.isoformat()
    kept["until"] = one.until.isoformat() if one.until else None
    for area in [kept["area"]] if "area" in kept else kept["areas"]:
        if area is not None:
            area["countries"] = sorted(area["countries"])
    return kept


def _read(kept: dict[str, Any]) -> dict[str, Any]:
    until = datetime.fromisoformat(kept["until"]) if kept["until"] else None
    days = {"from_at": datetime.fromisoformat(kept["from_at"]), "until": until}
    return {**kept, **days, "effect": Effect(kept["effect"])}


def _asked(kept: dict[str, Any]) -> Authorisation:
    values = _read(kept)
    values["kinds"] = tuple(kept["kinds"])
    for name in ("certificates", "groups"):
        values[name] = tuple((code, label) for code, label in kept[name])
    values["areas"] = tuple(area for one in kept["areas"] if (area := _area(one)) is not None)
    return Authorisation(**values)


def _area(kept: dict[str, Any] | None) -> Area | None:
    return Area(kept["id"], kept["name"], frozenset(kept["countries"])) if kept else None
