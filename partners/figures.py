"""Figures about firms that apps further up know, such as open registrations: they provide them, the pages here show them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from accounts.models import User


@dataclass(frozen=True)
class Figure:
    """One figure of a firm: `name` says which ('open_registrations'), `value` is ready to be shown, `url` opens its rows."""

    name: str
    label: str
    value: str
    url: str = ""
    hint: str = ""


# Asked once for all firms of a page: (partner ids, reader) → partner id → figures.
Provider = Callable[[Collection[int], User], dict[int, list[Figure]]]
_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """Adds a provider; an app does so when it is ready. It must answer in a constant number of queries."""
    if provider not in _providers:
        _providers.append(provider)


def figures_for(partner_ids: Collection[int], reader: User) -> dict[int, list[Figure]]:
    """All figures of these firms as `reader` may see them; every id has a list."""
    found: dict[int, list[Figure]] = {partner_id: [] for partner_id in partner_ids}
    for provider in _providers:
        for partner_id, figures in provider(partner_ids, reader).items():
            found[partner_id] += figures
    return found
