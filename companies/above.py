"""What apps further up know about companies, such as registrations: they provide it, the pages here show it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count

from accounts.models import User
from companies.models import Company


@dataclass(frozen=True)
class Row:
    """One thing that concerns a company. `status` is the code of a status pill, `status_label` its words."""

    title: str
    url: str
    code: str
    who: str
    status: str
    status_label: str
    value: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Panel:
    """A list of such things for a company's page; `total` counts all, `rows` holds the newest."""

    title: str
    empty: str
    rows: list[Row]
    total: int
    url: str = ""


@dataclass(frozen=True)
class Moving:
    """Rows that a merge takes along: `name` says which ('registrations'), `label` in words, `examples` the first few."""

    name: str
    label: str
    count: int
    examples: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Share:
    """An app's part of a merge: what goes over; `clashes`, sentences for each thing that forbids the merge; and `follows`, for
    each thing that partners notice of it."""

    moves: list[Moving] = field(default_factory=list)
    clashes: list[str] = field(default_factory=list)
    follows: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Provider:
    """What one app knows. Each function must answer in a constant number of queries.

    `panels`: (company, reader) → its lists. `counts`: (company ids, reader) → sentences such as '3 registrations, 1 open'.
    `share`: (gone, survivor) → what a merge would move.
    """

    panels: Callable[[Company, User], Iterable[Panel]]
    counts: Callable[[Collection[int], User], dict[int, str]]
    share: Callable[[Company, Company], Share]


_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """Adds a provider; an app does so when it is ready."""
    if provider not in _providers:
        _providers.append(provider)


def panels_of(company: Company, reader: User) -> list[Panel]:
    """The lists about a company, as far as `reader` may see them."""
    return [panel for provider in _providers for panel in provider.panels(company, reader)]


def told_of(company_ids: Collection[int], reader: User) -> dict[int, str]:
    """What there is about each of these companies, in words, claims of direct sales included."""
    found: dict[int, list[str]] = {company_id: [] for company_id in company_ids}
    for provider in _providers:
        for company_id, words in provider.counts(company_ids, reader).items():
            found[company_id].append(words)
    claimed = Company.objects.filter(pk__in=found, named_accounts__isnull=False)
    for company_id, claims in claimed.annotate(claims=Count("named_accounts")).values_list("pk", "claims"):
        found[company_id].append(f"{claims} claim{'s' if claims != 1 else ''} of direct sales")
    return {company_id: ", ".join(words) or "nothing registered" for company_id, words in found.items()}


def share_of(gone: Company, survivor: Company) -> Share:
    """What a merge would move further up, and what forbids it."""
    shares = [provider.share(gone, survivor) for provider in _providers]
    return Share(
        [move for share in shares for move in share.moves],
        [clash for share in shares for clash in share.clashes],
        [told for share in shares for told in share.follows],
    )
