"""Where groups are used, as apps further up know it: they provide it, the group's page shows it, and a group that is used
is not deleted, nor given a rule that its use forbids."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from partners.groups.rules import Rule
from partners.models import Group


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
# (group, another rule for it) → a sentence for each use that can't have the group with that rule.
Objection = Callable[[Group, Rule], Iterable[str]]
_providers: list[Provider] = []
_objections: list[Objection] = []


def provide(provider: Provider, *, objects: Objection | None = None) -> None:
    """Adds a provider; an app does so when it is ready. Keep a foreign key that protects the group, too: it refuses what
    two people do at the same moment."""
    if provider not in _providers:
        _providers.append(provider)
    if objects is not None and objects not in _objections:
        _objections.append(objects)


def uses_of(group_ids: Collection[int]) -> dict[int, list[Use]]:
    """What uses each of these groups; every id has a list."""
    found: dict[int, list[Use]] = {group_id: [] for group_id in group_ids}
    for provider in _providers:
        for group_id, uses in provider(group_ids).items():
            found[group_id] += uses
    return found


def objections_to(rule: Rule, group: Group) -> list[str]:
    """Why a group that is used can't have this rule; none where it can."""
    return [sentence for objection in _objections for sentence in objection(group, rule)]
