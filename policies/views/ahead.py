"""Versions that wait to begin, beside a draft that is about to be published: each is whole, so one undoes the other, and what the
draft changes depends on which of them applies before it begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from django.urls import reverse

from policies.models import RegistrationPolicy
from policies.services.telling import firms_concerned
from policies.views.version_rows import day
from policies.words import Change, changes, told_changes


@dataclass(frozen=True)
class Ahead:
    """A version that waits. `taken_back` is what it brings and the draft does not have: `before` as it brings it, `after` as
    the draft says."""

    number: int
    url: str
    begins: str
    taken_back: list[Change]


@dataclass(frozen=True)
class Span:
    """The time in which a draft may begin and version `before` applies until then: `since` its beginning (empty for the one in
    force) and `until` that of the next one (empty for the last). What it changes against that one, and how many partners are
    told."""

    before: int
    since: str
    until: str
    changes: list[Change]
    firms: int


def ahead_of(draft: RegistrationPolicy, standing: Sequence[RegistrationPolicy], base: str) -> list[Ahead]:
    """Those of `standing` that wait, each against what applies before it; the first is in force."""
    found = []
    for before, version in pairwise(standing):
        brings = {change.setting for change in changes(before, version, base)}
        found.append(
            Ahead(
                version.version,
                reverse("policies:version", args=[version.version]),
                day(version.effective_from),
                [change for change in changes(version, draft, base) if change.setting in brings],
            )
        )
    return found


def spans_of(draft: RegistrationPolicy, standing: Sequence[RegistrationPolicy], base: str) -> list[Span]:
    """For each of `standing` the time before the next one: `publish_draft` compares with the one that applies before the day that
    is chosen, and so does the mail. The first is in force."""
    return [
        Span(
            before.version,
            day(before.effective_from) if place else "",
            day(following.effective_from) if following else "",
            changes(before, draft, base),
            firms_concerned(told_changes(before, draft, base)).count(),
        )
        for place, (before, following) in enumerate(zip_longest(standing, standing[1:]))
    ]
