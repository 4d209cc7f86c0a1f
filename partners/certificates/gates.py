"""What certificates open. Apps further up know it (policies: product lines; programs: tiers): they provide it, pages and mails
here say it.

Like figures.py: this app doesn't know who provides. A provider says only what is open to a firm that holds these
certificates; what closes when some of them end is worked out from that in one place, closing.py, for all providers alike.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Gate:
    """Something that a certificate opens: `name` says which ('product_line:gateways'), `label` completes the sentence
    'What closes: …' ('Registering Gateways'), `url` leads to the rule that says so. `together` names the other
    certificates that end at the same moment and that it closes with as well; `is_past`: they ended already."""

    name: str
    label: str
    url: str = ""
    together: tuple[str, ...] = ()
    is_past: bool = False

    @property
    def words(self) -> str:
        """'Registering Gateways (together with Export control, which ends the same day)'."""
        if not self.together:
            return self.label
        *first, last = _few(self.together)
        named = f"{', '.join(first)} and {last}" if first else last
        end = "ended" if self.is_past else "end" if first else "ends"
        return f"{self.label} (together with {named}, which {end} the same day)"


@dataclass(frozen=True)
class Case:
    """A firm (its id) on a day of the vendor's, as if of certificates it held exactly these (ids), of types with these codes."""

    firm: int
    on: date
    certificates: frozenset[int]
    codes: frozenset[str]


# `opens`: codes of types → what each opens for firms in general, as far as that is told. `prepare`: ids of firms and days → what
# says of any case of these which of the gates that hang on certificates are open; preparing takes a constant number of queries,
# judging none. `asks`: codes of types → those that some rule asks for without telling firms in general.
Opens = Callable[[Collection[str]], dict[str, list[Gate]]]
Judge = Callable[[Case], list[Gate]]
Prepare = Callable[[Collection[int], Collection[date]], Judge]
Asks = Callable[[Collection[str]], set[str]]
_providers: list[tuple[Opens, Prepare, Asks]] = []


def _untold_by_none(codes: Collection[str]) -> set[str]:
    return set()


def provide(*, opens: Opens, prepare: Prepare, asks: Asks = _untold_by_none) -> None:
    """Adds a provider; an app does so when it is ready."""
    if (opens, prepare, asks) not in _providers:
        _providers.append((opens, prepare, asks))


def opened_by(codes: Collection[str]) -> dict[str, list[Gate]]:
    """What each type of certificate opens; every code has a list."""
    found: dict[str, list[Gate]] = {code: [] for code in codes}
    for opens, _, _ in _providers:
        for code, gates in opens(codes).items():
            found[code] += gates
    return found


def asked_for(codes: Collection[str]) -> set[str]:
    """The types that some rule asks for, whether firms are told which or not."""
    found = {code for code, gates in opened_by(codes).items() if gates}
    return found.union(*(asks(codes) for _, _, asks in _providers))


def judge_of(firms: Collection[int], days: Collection[date]) -> Judge:
    """Says what is open in any case of these firms and days, each case asked once."""
    judges = [prepare(firms, days) for _, prepare, _ in _providers] if firms else []
    known: dict[Case, list[Gate]] = {}

    def judge(case: Case) -> list[Gate]:
        if case not in known:
            known[case] = [gate for one in judges for gate in one(case)]
        return known[case]

    return judge


def _few(names: tuple[str, ...], most: int = 3) -> tuple[str, ...]:
    """The first of many, and how many more there are."""
    return names if len(names) <= most else (*names[: most - 1], f"{len(names) - most + 1} more")
