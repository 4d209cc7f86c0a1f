"""What a program holds that other apps know, such as leads: they provide it, the program's page shows it.

Like partners/page_parts.py: this app doesn't know who provides.
"""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import User
from programs.models import Program


@dataclass(frozen=True)
class Row:
    """One line: a title that leads to `url`, what there is to say about it, and a word on where it stands."""

    title: str
    url: str = ""
    note: str = ""
    label: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Section:
    """A part of a program's page: its rows, and where all of them are. Without rows it is not shown."""

    key: str
    title: str
    rows: tuple[Row, ...]
    url: str = ""
    link_label: str = ""
    order: int = 100


# Asked once a page: (program, reader) → what it holds as the reader may see it, in a constant number of queries. A reader on
# the partners' side belongs to a firm that takes part.
Provider = Callable[[Program, User], list[Section]]
_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """Adds a provider; an app does so when it is ready."""
    if provider not in _providers:
        _providers.append(provider)


def held_by(program: Program, reader: User) -> list[Section]:
    """All that other apps add to a program's page for `reader`, in order."""
    found = [section for provider in _providers for section in provider(program, reader) if section.rows]
    return sorted(found, key=lambda section: (section.order, section.title))
