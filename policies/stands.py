"""How firms stand to product lines: one answer, country by country, from all that keeps a firm out beforehand.

That is the policy (what the firm is, and where it works), others' distribution rights, and what the line requires. Whatever
foretells something to somebody asks here: previews, notices, the pages of partners and of operations.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from policies.binding import Authorisation, Right, runs
from policies.by_country import ByCountry, Standing
from policies.facts import Facts, Firm
from policies.loading import rights_at
from policies.models import RegistrationPolicy
from policies.outcome import Landing, Outcome, decide
from policies.reach import closing
from policies.rulebook import Rulebook
from policies.rules import own_territory, product_authorisation
from policies.rules.product_authorisation import Gap, gaps, only_for

_STANDINGS = {
    Landing.APPROVED: Standing.OPEN,
    Landing.IN_REVIEW: Standing.REVIEW,
    Landing.REFUSED: Standing.REFUSED,
}


@dataclass(frozen=True)
class Stand:
    """How a firm stands to a product line. `welcome` is what the policy makes of all its deals, `lacks` what the line requires
    and the firm hasn't, `barred` what shuts it out, or has its deals looked at, whatever it has: for the vendor's people alone,
    as it names rights."""

    by_country: ByCountry
    welcome: ByCountry
    lacks: tuple[Gap, ...] = ()
    barred: tuple[Gap, ...] = ()

    @property
    def freest(self) -> Standing:
        """The best that it can do anywhere."""
        return self.by_country.freest()

    @property
    def in_part(self) -> bool:
        """It may register the line, but not for all the customers that the policy lets it register."""
        return self.freest == Standing.OPEN and self.by_country.harder_than(self.welcome)

    @property
    def words(self) -> str:
        """As operations and partners read it."""
        return f"{self.freest.words} in part" if self.in_part else self.freest.words

    @property
    def tone(self) -> str:
        """The tone of its pill."""
        if self.in_part:
            return "wait"
        return {Standing.OPEN: "ok", Standing.REVIEW: "wait", Standing.REFUSED: "stop"}[self.freest]


class Around:
    """What binds firms at a moment besides what product lines require: a version of the policy, and others' rights. Keeps what
    was worked out, so that many firms and lines can be asked."""

    def __init__(self, policy: RegistrationPolicy, rights: Iterable[Right], at: datetime) -> None:
        self._policy, self._at = policy, at
        self._rights = [right for right in rights if runs(right, at)]
        self._holders = {right.partner for right in self._rights}
        self._welcome: dict[int, tuple[ByCountry, tuple[Gap, ...]]] = {}
        self._closed: dict[tuple[int, int], tuple[ByCountry, tuple[Gap, ...]]] = {}

    def stand(self, firm: Firm, line: int, asked: Authorisation | None) -> Stand:
        """How the firm stands to the line where `asked` is what that requires (None: nothing)."""
        welcome, out = self._welcome_of(firm)
        reserved, others = self._closed_to(firm.id, line)
        asks = product_authorisation.by_country(firm, asked)
        lacks = gaps(firm, asked) if asked is not None else []
        if asked is not None and not lacks and asks.harder_than(welcome):
            lacks = [only_for(firm, asked)]
        return Stand(welcome.and_also(reserved).and_also(asks), welcome, tuple(lacks), (*out, *others))

    def _welcome_of(self, firm: Firm) -> tuple[ByCountry, tuple[Gap, ...]]:
        if firm.id not in self._welcome:
            self._welcome[firm.id] = welcome(firm, self._policy, self._at)
        return self._welcome[firm.id]

    def _closed_to(self, firm: int, line: int) -> tuple[ByCountry, tuple[Gap, ...]]:
        """The same for all firms that hold nothing."""
        key = (firm if firm in self._holders else 0, line)
        if key not in self._closed:
            found = closing(key[0], self._rights, self._at, line=line)
            where = together(where for _, where in found)
            self._closed[key] = where, tuple(Gap("right", _whose(right)) for right, _ in found)
        return self._closed[key]


def around(at: datetime) -> Around:
    """What binds at `at`, as far as is known now."""
    return Around(RegistrationPolicy.objects.in_force(at), rights_at(at), at)


def together(found: Iterable[ByCountry]) -> ByCountry:
    """Where all of them bind."""
    where = ByCountry()
    for one in found:
        where = where.and_also(one)
    return where


def version_at(versions: Sequence[RegistrationPolicy], at: datetime) -> RegistrationPolicy:
    """The one that applies at `at`, of versions in the order in which they begin; the first is in force already."""
    return [one for one in versions if one.effective_from is None or one.effective_from <= at][-1]


def welcome(firm: Firm, policy: RegistrationPolicy, at: datetime) -> tuple[ByCountry, tuple[Gap, ...]]:
    """What the version makes of all the firm's deals, by the customer's country, and what it says where it takes none, or has
    each looked at, by kind, tier or how the firm stands. How many deals it has open passes by itself, and does not count."""
    outcome = decide(Facts(at=at, firm=firm), Rulebook(policy))
    where = own_territory.by_country(firm, policy).and_also(ByCountry(standing_of(outcome)))
    return where, tuple(_said(outcome))


def standing_of(outcome: Outcome) -> Standing:
    """What the firm can do where that is what the engine says."""
    return _STANDINGS[outcome.landing]


def _said(outcome: Outcome) -> list[Gap]:
    return [Gap("policy", finding.words.rstrip(".")) for finding in outcome.findings]


def _whose(right: Right) -> str:
    """For the vendor's people."""
    where = f"in {right.area.name} " if right.area is not None else ""
    whose = "another partner's alone" if right.is_exclusive else "for firms with a right to it"
    return f"{where}it is {whose} ({right.code.partition(':')[2]})"
