"""Claims on companies that apps further up know, such as leads given out (C5): they provide them, the conflict check asks.

Like partners/figures.py: this app doesn't know who provides. A claim is no registration: it holds no scope and waits in
no line, but a registration of somebody else's at the same company is for a person to decide.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from companies.models import Company
    from registrations.models import Registration


@dataclass(frozen=True)
class Claim:
    """One firm's claim on a company from `since` on; `rank` is its place in line, drawn then. `code` is its public code, `kind`
    says in words what it is ('Lead given out'), `url` leads vendor staff to it. `name`, `website` and `country` are as written
    there."""

    code: str
    kind: str
    company_id: int
    partner_id: int
    partner: str
    since: datetime
    rank: int
    product_lines: frozenset[int]
    territory: int | None
    industry: int | None
    products: str
    name: str
    website: str
    country: str
    url: str

    def as_json(self) -> dict[str, Any]:
        """What is kept with a conflict as evidence."""
        return {
            "kind": self.kind,
            "partner": self.partner,
            "since": self.since.isoformat(),
            "products": self.products,
            "name": self.name,
            "website": self.website,
            "country": self.country,
            "url": self.url,
        }


# Asked once a check: ids of companies → the claims that stand on them now, the earliest first. It must take the same
# number of queries whatever it finds, or the pre-check would tell by its time what it must not tell.
Provider = Callable[[Collection[int]], list[Claim]]
_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """Adds a provider; an app does so when it is ready."""
    if provider not in _providers:
        _providers.append(provider)


def claims_on(company_ids: Collection[int], *, but_of: int | None) -> dict[int, list[Claim]]:
    """The claims on these companies by company, leaving out those of the firm `but_of`: nobody collides with
    themselves."""
    found: dict[int, list[Claim]] = {}
    for provider in _providers:
        for claim in provider(company_ids):
            if claim.partner_id != but_of:
                found.setdefault(claim.company_id, []).append(claim)
    return found


# Called with a claim's code, reason=, occasion= and at=, as the deal is given past it: its firm has to hear of that.
Teller = Callable[..., None]
_tellers: list[Teller] = []


def provide_teller(teller: Teller) -> None:
    """Adds who tells the firms of claims; an app does so when it is ready."""
    if teller not in _tellers:
        _tellers.append(teller)


def tell_passed(claim: Claim, *, reason: str, occasion: str, at: datetime) -> None:
    """The claim's firm learns, once for `occasion`, that the deal was given past it, and the `reason`; never to whom. The
    caller holds the claim's company, but where nobody has said whether that is its own."""
    for teller in _tellers:
        teller(claim.code, reason=reason, occasion=occasion, at=at)


@dataclass(frozen=True)
class Precedence:
    """From when a submission counts, where that is earlier than now (a lead counts from the day it was given): the rank
    drawn at that time, the moment, the company it was drawn for, and the words for the timeline."""

    rank: int
    at: datetime
    company: "Company"
    words: str


@dataclass(frozen=True)
class OwnClaim:
    """A claim of the very firm that submits: the registration counts from it, and `take_up` ends it well."""

    precedence: Precedence
    take_up: "Callable[[Registration], None]"


# Called with (registration, company, by=, at=), under the locks of a submission; empty where the firm has no such claim.
Finder = Callable[..., list[OwnClaim]]
_finders: list[Finder] = []


def provide_own(finder: Finder) -> None:
    """Adds a finder of claims that a submission takes up; an app does so when it is ready."""
    if finder not in _finders:
        _finders.append(finder)


def own_claims(registration: "Registration", company: "Company", **words: Any) -> list[OwnClaim]:
    """All claims of the registration's own firm on the company that this submission takes up, the earliest first."""
    found = [claim for finder in _finders for claim in finder(registration, company, **words)]
    return sorted(found, key=lambda claim: claim.precedence.rank)


def earliest(own: Sequence[OwnClaim]) -> Precedence:
    """From when a submission that takes up all these counts: from the earliest. Its words name them all."""
    words = " ".join(claim.precedence.words for claim in own)
    return replace(own[0].precedence, words=words)
