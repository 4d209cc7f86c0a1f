"""L2: which firms may register a product line, by type, tier, group, certificates and territory."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from partners.enums import PartnerKind, PartnerTier
from policies.binding import Area, Authorisation, runs
from policies.by_country import ByCountry, Standing
from policies.facts import Facts, Firm, Way
from policies.findings import Effect, Finding
from policies.rulebook import Rulebook
from policies.saying import joined

CODE = "product_authorisation"
_CIRCLE = "a circle of partners that we choose"


@dataclass(frozen=True)
class Gap:
    """One thing that is missing. `kind` is kind, tier, group, certificate, territory or customer; `words` say what is asked
    for, `opens` what would open it ('' where nothing does); `certificate` is its code, `way` how the firm comes by it where it
    is not to hand in a paper. Words are for partners, who are not told how they are sorted: a group is named in `named` alone."""

    kind: str
    words: str
    opens: str = ""
    certificate: str = ""
    named: str = ""
    way: Way | None = None

    @property
    def for_vendor(self) -> str:
        """What is asked for, as the vendor's people read it."""
        return self.named or self.words


def check(facts: Facts, book: Rulebook) -> Finding | None:
    """What stands against the firm registering these product lines for this customer; the strictest effect of all."""
    short = _short(facts, book)
    if not short:
        return None
    refused = [pair for pair in short if pair[0].effect == Effect.REFUSED]
    told = refused or short
    words = " ".join(refusal_words(asked, found) for asked, found in told)
    first, *others = (asked for asked, _ in told)
    return Finding(CODE, first.effect, words, first.code, tuple(asked.code for asked in others))


def circles(facts: Facts, book: Rulebook) -> list[str]:
    """'Gateways is for the group ‘Founders’', for each line whose groups the firm isn't in: for the vendor's people alone."""
    return [
        f"{asked.product_line_name} is for the group {group_words(asked)}"
        for asked, found in _short(facts, book)
        if any(gap.kind == "group" for gap in found)
    ]


def gaps(firm: Firm, asked: Authorisation, *, areas: Collection[int] | None = None) -> list[Gap]:
    """What the firm lacks, for a customer in a country of these territories (ids) or, with None, for each. Empty: it may
    register the line. Territories are compared by their countries: a firm of 'Germany' works in 'Europe', too."""
    return list(_gaps(firm, asked, areas))


def by_country(firm: Firm, asked: Authorisation | None) -> ByCountry:
    """What the firm may do where `asked` is what the line requires (None: nothing), by the customer's country. The rule above,
    asked about all customers at once."""
    if asked is None:
        return ByCountry()
    otherwise = Standing.REFUSED if asked.effect == Effect.REFUSED else Standing.REVIEW
    if gaps(firm, asked):
        return ByCountry(otherwise)
    if not asked.areas:
        return ByCountry()
    sold = {code for area in asked.areas for code in area.countries}
    own = sold if firm.works_everywhere else sold.intersection(firm.countries or ())
    return ByCountry(otherwise).but_in(own, Standing.OPEN)


def only_for(firm: Firm, asked: Authorisation) -> Gap:
    """For which customers alone a firm that lacks nothing else registers a line that asks for territories."""
    return _customer(firm, _own(firm, asked))


def _short(facts: Facts, book: Rulebook) -> list[tuple[Authorisation, list[Gap]]]:
    """What applies and isn't met, with what is missing."""
    return [
        (asked, found)
        for asked in book.authorisations
        if asked.product_line in facts.product_lines
        and runs(asked, facts.at)
        and (found := gaps(facts.firm, asked, areas=facts.areas if facts.country else None))
    ]


def _gaps(firm: Firm, asked: Authorisation, areas: Collection[int] | None) -> Iterator[Gap]:
    if asked.kinds and firm.kind not in asked.kinds:
        yield Gap("kind", f"it is for partners of the type {kinds_words(asked)}")
    if asked.least_tier and _rank(firm.tier) < _rank(asked.least_tier):
        yield Gap("tier", f"it takes {tier_words(asked)}")
    if asked.groups and not any(code in firm.groups for code, _ in asked.groups):
        named = f"it is for the group {group_words(asked)}"
        yield Gap("group", f"it is for {_CIRCLE}", "Ask your channel manager.", named=named)
    for code, name in asked.certificates:
        if code not in firm.certificates:
            way = firm.way_to(code)
            yield Gap("certificate", _takes([name]), _get([(name, way)]), code, way=way)
    if not asked.areas:
        return
    own = _own(firm, asked)
    if not own:
        yield Gap("territory", f"it is sold in {area_words(asked)} only, by firms that work there")
    elif areas is not None and not (any(area.id in areas for area in own) and _works_there(firm, areas)):
        yield _customer(firm, own)


def _own(firm: Firm, asked: Authorisation) -> list[Area]:
    return [area for area in asked.areas if _works_in(firm, area)]


def _customer(firm: Firm, own: list[Area]) -> Gap:
    where = f"registers it for customers in {joined([area.name for area in own])} only"
    if all(_works_in_all(firm, area) for area in own):
        return Gap("customer", f"your firm {where}", named=f"it {where}")
    return Gap("customer", f"your firm {where}, where your firm works", named=f"it {where}, where it works")


def _works_in(firm: Firm, area: Area) -> bool:
    """In a part of it, by the countries; by the territory itself in facts that were kept without them."""
    if firm.works_everywhere or area.id in firm.territories:
        return True
    return not area.countries.isdisjoint(firm.countries or ())


def _works_in_all(firm: Firm, area: Area) -> bool:
    if firm.works_everywhere or area.id in firm.territories:
        return True
    return area.countries.issubset(firm.countries or ())


def _works_there(firm: Firm, areas: Collection[int]) -> bool:
    """Whether one of the firm's territories is among those that have the customer's country."""
    return firm.works_everywhere or not set(areas).isdisjoint(firm.territories)


def _takes(names: list[str]) -> str:
    return f"it takes {joined([f'a valid {name}' for name in names])}"


def _get(asked: list[tuple[str, Way | None]]) -> str:
    """What the firm does for certificates that it lacks: each by its name, with the way to it."""
    papers = [name for name, way in asked if way is None]
    closed = [name for name, way in asked if way is not None and not way.training]
    said = [
        f"Take “{way.training}” under Training: it grants {name}."
        for name, way in asked
        if way is not None and way.training
    ]
    said += [_upload(papers)] if papers else []
    if closed:
        said.append(f"Your firm can't get {joined(closed)} by itself at present: ask your channel manager.")
    return " ".join(said)


def _upload(names: list[str]) -> str:
    they = "it counts as soon as it is" if len(names) == 1 else "each counts as soon as it is"
    return f"Upload your {joined(names)} under your firm's certificates; {they} verified."


def refusal_words(asked: Authorisation, found: list[Gap]) -> str:
    """The sentence with the rule named and, where something would open it, what."""
    named = dict(asked.certificates)
    lacking = [(named[gap.certificate], gap.way) for gap in found if gap.certificate]
    others = [gap for gap in found if not gap.certificate]
    why = joined(
        [*(gap.words for gap in others), *([_takes([name for name, _ in lacking])] if lacking else [])]
    )
    opens = " ".join([*(gap.opens for gap in others if gap.opens), *([_get(lacking)] if lacking else [])])
    if asked.effect == Effect.REFUSED:
        head = f"Your firm can't register {asked.product_line_name} as it stands: {why}."
    else:
        head = f"{asked.product_line_name} goes to a channel manager first: {why}."
    return f"{head} {opens}".strip()


def requirement_words(asked: Authorisation, *, named: bool = False) -> str:
    """What is asked for, as one sentence for everybody; `named` names the groups, for the vendor's people alone."""
    parts = [f"partners of the type {kinds_words(asked)}"] if asked.kinds else ["partners"]
    if asked.least_tier:
        parts.append(f"of {tier_words(asked)}")
    if asked.groups:
        parts.append(f"in the group {group_words(asked)}" if named else f"in {_CIRCLE}")
    if asked.certificates:
        names = joined([name for _, name in asked.certificates])
        parts.append(f"with a valid {names}")
    if asked.areas:
        parts.append(f"that work in {area_words(asked)}, for customers there")
    if len(parts) == 1 and not asked.kinds:
        return f"{asked.product_line_name} can be registered by every partner."
    otherwise = "refused" if asked.effect == Effect.REFUSED else "looked at by a channel manager first"
    return f"{asked.product_line_name} is for {' '.join(parts)}. Other registrations are {otherwise}."


def asks_nothing(asked: Authorisation) -> bool:
    """Whether it is open to every partner."""
    return not (asked.kinds or asked.least_tier or asked.certificates or asked.areas or asked.groups)


def kinds_words(asked: Authorisation) -> str:
    """'Reseller or Distributor'."""
    labels = dict(PartnerKind.choices)
    return joined([labels.get(kind, kind) for kind in asked.kinds], "or")


def tier_words(asked: Authorisation) -> str:
    """'Gold tier or higher'."""
    label = dict(PartnerTier.choices).get(asked.least_tier, asked.least_tier)
    top = asked.least_tier == PartnerTier.values[-1]
    return f"{label} tier" if top else f"{label} tier or higher"


def group_words(asked: Authorisation) -> str:
    """'‘Founders’ or ‘Pilots’', for the vendor's people alone."""
    return joined([f"‘{name}’" for _, name in asked.groups], "or")


def area_words(asked: Authorisation) -> str:
    """'DACH or Nordics'."""
    return joined([area.name for area in asked.areas], "or")


def _rank(tier: str) -> int:
    """The place of a tier among all, the lowest 0; -1 for one that is not known."""
    return PartnerTier.values.index(tier) if tier in PartnerTier.values else -1
