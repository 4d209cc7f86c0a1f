"""All that the rules look at, as plain values: frozen, kept as JSON, and not yet judged by any version of the policy.

So the same facts can be put before another version later: that is what a simulation does.
"""

from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

# Rivals are gathered from this likelihood on, so that versions that look from a higher one on can all be asked about the same
# facts; what is less likely than this is hardly ever the same company.
GATHERED_FROM = 0.15
_ONCE_FROM = 0.45  # in facts that were kept before they said so


@dataclass(frozen=True)
class Way:
    """How a firm comes by a `certificate` (a type's code) that it doesn't hold and isn't to hand in: by `training`, whose page
    is `url`. Without these it can do nothing by itself."""

    certificate: str
    training: str = ""
    url: str = ""


@dataclass(frozen=True)
class Firm:
    """The partner as it stood at `Facts.at`. `territories` are ids, `countries` the codes of all that these had then (empty:
    everywhere; None where that was not kept), `certificates` the codes of those that were valid then, `groups` the codes of
    the groups that it was in. `ways` lead to what it lacked, other than by a paper: they change words alone."""

    id: int = 0
    kind: str = ""
    tier: str = ""
    status: str = "active"
    country: str = ""
    territories: tuple[int, ...] = ()
    countries: tuple[str, ...] | None = None
    certificates: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    ways: tuple[Way, ...] = field(default=(), compare=False)

    def way_to(self, certificate: str) -> Way | None:
        """How it comes by one that it lacks; None where it hands in a paper."""
        return next((way for way in self.ways if way.certificate == certificate), None)

    @property
    def works_everywhere(self) -> bool:
        """It has no territories, or one without countries."""
        return not self.territories or self.countries == ()

    def as_json(self) -> dict[str, Any]:
        """As JSON can keep it; `from_json` gives the same firm back."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Firm":
        """The firm that was kept. A field that came later has its default."""
        values = _known(cls, kept)
        values["ways"] = tuple(Way(**_known(Way, way)) for way in kept.get("ways", ()))
        return cls(**values)


@dataclass(frozen=True)
class Rival:
    """Somebody else's registration, named account or claim that may be of the same company.

    `score` is how likely that is by the names, 0 to 1, or 1 where it is known to be the same. `holds`: it keeps others
    out. `product_lines`, `territory` and `industry` are ids of what it is about, None for all of them. `same_company`:
    at the company itself that the registration stands for; `family`: at one of its parents and subsidiaries; `branch`:
    the name is that of a branch ('Siemens India'), which a person compares however low the score is. `kind` is
    'registration', 'named_account' or 'claim'.
    """

    score: float
    holds: bool = False
    product_lines: tuple[int, ...] | None = None
    territory: int | None = None
    industry: int | None = None
    family: bool = False
    branch: bool = False
    same_company: bool = False
    kind: str = "registration"


@dataclass(frozen=True)
class Facts:
    """A deal at the moment `at`, the firm that registers it, and its rivals.

    `product_lines`, `territory` and `industry` are ids; no product lines means that they are not known yet, and then all
    may overlap. `territories_met` are those that shared a country with `territory` at that moment, itself included (where
    none are kept: itself alone). `areas` are the ids of the territories that had the company's `country` at that moment.
    `value_in_base` is in the base currency, None while it is not known. `open_registrations` are the firm's others,
    `let_expire_at` is when its own registration of this company ran out last, `let_expire_family` the same of its parents
    and subsidiaries, and `let_expire_like` of each company that may be this one, with how likely that is by the names.
    `turned_down` says the same of those about which a person's last word to the firm was a no, this company with
    likelihood 1. `left_empty` names what was submitted without being filled in, of all that a policy can ask for
    (rules/required_fields.py); a question before submitting, or a turn in line, leaves nothing.

    What has a likelihood by the names was gathered from `gathered_from` on: a version that looks at less likely companies
    could see more. `crowd`: there are more likely companies than were looked at; `next_like` is how likely the next one is.
    """

    at: datetime
    firm: Firm
    product_lines: tuple[int, ...] = ()
    territory: int | None = None
    territories_met: tuple[int, ...] = ()
    areas: tuple[int, ...] = ()
    industry: int | None = None
    country: str = ""
    value_in_base: Decimal | None = None
    tender: bool = False
    contact_stated: bool = True
    open_registrations: int = 0
    let_expire_at: datetime | None = None
    let_expire_family: datetime | None = None
    let_expire_like: tuple[tuple[float, datetime], ...] = ()
    turned_down: tuple[tuple[float, datetime], ...] = ()
    rivals: tuple[Rival, ...] = ()
    crowd: bool = False
    next_like: float = 0.0
    gathered_from: float = 0.0
    check_failed: bool = False
    left_empty: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As JSON can keep it; `from_json` gives the same facts back."""
        kept = asdict(self)
        kept["at"] = self.at.isoformat()
        kept["value_in_base"] = None if self.value_in_base is None else str(self.value_in_base)
        for name in _MOMENTS:
            kept[name] = kept[name].isoformat() if kept[name] else None
        for name in _SCORED:
            kept[name] = [[score, at.isoformat()] for score, at in getattr(self, name)]
        return kept

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Facts":
        """The facts that were kept. A field that came later has its default."""
        values = _known(cls, kept)
        values["at"] = datetime.fromisoformat(kept["at"])
        values.setdefault("gathered_from", _ONCE_FROM)
        values["firm"] = Firm.from_json(kept["firm"])
        values["rivals"] = tuple(Rival(**_known(Rival, rival)) for rival in kept.get("rivals", ()))
        if values.get("value_in_base") is not None:
            values["value_in_base"] = Decimal(values["value_in_base"])
        for name in _MOMENTS:
            if values.get(name):
                values[name] = datetime.fromisoformat(values[name])
        for name in _SCORED:
            like = kept.get(name, ())
            values[name] = tuple((score, datetime.fromisoformat(at)) for score, at in like)
        return cls(**values)


def _known(kind: type[Any], kept: dict[str, Any]) -> dict[str, Any]:
    """What `kind` has a field for, lists as the tuples that they were."""
    names = _NAMES[kind]
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in kept.items()
        if name in names
    }


_SCORED = ("let_expire_like", "turned_down")
_MOMENTS = ("let_expire_at", "let_expire_family")
_NAMES: dict[type[Any], frozenset[str]] = {
    kind: frozenset(one.name for one in fields(kind)) for kind in (Facts, Firm, Rival, Way)
}
