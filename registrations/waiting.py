"""What else waits for a partner, as apps further up know it (leads to answer): they provide it, the first screen shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User


@dataclass(frozen=True)
class Item:
    """One thing to answer: `days` are those left until `until`, `action` the words on its button."""

    name: str
    url: str
    action: str
    days: int | None
    until: datetime | None
    value: str = ""


@dataclass(frozen=True)
class Group:
    """Things of one kind; `total` counts all, `items` holds the first few, `url` leads to the rest."""

    title: str
    icon: str
    items: list[Item]
    total: int
    url: str


# (reader, now) → groups with something in them. It must answer in a constant number of queries.
Provider = Callable[[User, datetime], list[Group]]
_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """Adds a provider; an app does so when it is ready."""
    if provider not in _providers:
        _providers.append(provider)


def groups_for(reader: User, now: datetime) -> list[Group]:
    """Everything that waits for `reader` outside the registrations."""
    return [group for provider in _providers for group in provider(reader, now)]
