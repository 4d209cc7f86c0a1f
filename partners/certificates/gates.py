"""What certificates open, and what closes when one lapses. Apps further up know it (policies: product lines; programs: tiers):
they provide it, pages and mails here say it.

Like figures.py: this app doesn't know who provides. It is asked beforehand, for the warnings, and again on the day.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Gate:
    """Something that a certificate opens: `name` says which ('product_line:gateways'), `label` completes the sentence
    'What closes: …' ('Registering Gateways'), `url` leads to the rule that says so."""

    name: str
    label: str
    url: str = ""


@dataclass(frozen=True)
class Lapse:
    """One certificate that no longer holds from `on` (UTC) on, as a question. `code` is its type's, `firm` the partner's
    id; `remaining` are the codes of the types that the firm then still has a valid certificate of. `code` is among
    them where another person's, or a second one, goes on."""

    certificate: int
    firm: int
    code: str
    remaining: frozenset[str]
    on: date


# `opens`: codes of types → what each opens for firms in general. `closes`: lapses → certificate's id → what closes with it
# for that very firm. Each must answer in a constant number of queries; what is not in the answer has nothing.
Opens = Callable[[Collection[str]], dict[str, list[Gate]]]
Closes = Callable[[Sequence[Lapse]], dict[int, list[Gate]]]
_providers: list[tuple[Opens, Closes]] = []


def provide(*, opens: Opens, closes: Closes) -> None:
    """Adds a provider; an app does so when it is ready."""
    if (opens, closes) not in _providers:
        _providers.append((opens, closes))


def opened_by(codes: Collection[str]) -> dict[str, list[Gate]]:
    """What each type of certificate opens; every code has a list."""
    found: dict[str, list[Gate]] = {code: [] for code in codes}
    for opens, _ in _providers:
        for code, gates in opens(codes).items():
            found[code] += gates
    return found


def closed_by(lapses: Sequence[Lapse]) -> dict[int, list[Gate]]:
    """What closes with each lapse, by the certificate's id; every one has a list."""
    found: dict[int, list[Gate]] = {lapse.certificate: [] for lapse in lapses}
    for _, closes in _providers:
        for certificate, gates in closes(lapses).items():
            found[certificate] += gates
    return found
