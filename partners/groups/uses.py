"""Where groups are used, as apps further up know it: they provide it, the group's page shows it, and a group that is used
is not deleted."""

from collections.abc import Callable, Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Use:
    """One thing that uses a group: 'Program' 'Automation specialists', with the address of its page. `kept`: its history is
    kept, so the group can't be taken out of it."""

    kind: str
    name: str
    url: str = ""
    kept: bool = False


# Group ids → what uses each of them; ids that nothing uses may be left out. A constant number of queries.
Provider = Callable[[Collection[int]], dict[int, list[Use]]]
_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """Adds a provider; an app does so when it is ready. Keep a foreign key that protects the group, too: it refuses what
    two people do at the same moment."""
    if provider not in _providers:
        _providers.append(provider)


def uses_of(group_ids: Collection[int]) -> dict[int, list[Use]]:
    """What uses each of these groups; every id has a list."""
    found: dict[int, list[Use]] = {group_id: [] for group_id in group_ids}
    for provider in _providers:
        for group_id, uses in provider(group_ids).items():
            found[group_id] += uses
    return found
