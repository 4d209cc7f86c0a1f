"""Timelines that apps further up keep, such as those of leads: they provide them; `manage verify_timeline` verifies them, and
case files hold those that belong to the dispute.

Like registrations/claims.py: this app doesn't know who provides.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import models

from registrations.models import Registration


class Entry(Protocol):
    """What is told of an entry that does not fit."""

    number: int
    kind: str
    at: datetime


# Code, number of entries, and the first broken one, or the number of a missing one, or None: it is intact.
Verdict = tuple[str, int, Entry | int | None]


@dataclass(frozen=True)
class Headline:
    """Who and what one of them is, in words."""

    company: str
    partner: str
    status: str


@dataclass(frozen=True)
class Provider:
    """One app's timelines. `name` is their key in a case file, `title` their heading there, `subject` the key of the code
    in what is sealed.

    `verify` looks at all, or at the one with this code. `in_case` tells everything about those that belong to a dispute
    as plain values, with the keys of a registration in a case file: code, fields, timeline, chain, mails, and tables by
    name; `models` are those behind 'fields' and the tables. `headline` reads one of those rows.
    """

    name: str
    title: str
    subject: str
    verify: Callable[[str | None], Iterator[Verdict]]
    in_case: Callable[[Sequence[Registration]], list[dict[str, Any]]]
    headline: Callable[[dict[str, Any]], Headline]
    models: dict[str, type[models.Model]]


_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """Adds a provider; an app does so when it is ready."""
    if provider.name not in [known.name for known in _providers]:
        _providers.append(provider)


def providers() -> list[Provider]:
    """Everybody who keeps timelines besides this app."""
    return list(_providers)
