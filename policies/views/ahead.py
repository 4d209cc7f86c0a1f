"""Versions that wait to begin, beside a draft that is about to be published: each is whole, so one undoes the other."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from policies.models import RegistrationPolicy
from policies.views.version_rows import day
from policies.words import Change, changes


@dataclass(frozen=True)
class Ahead:
    """A version that waits. `taken_back` is what it brings and the draft does not have: `before` as it brings it, `after` as
    the draft says."""

    number: int
    url: str
    begins: str
    taken_back: list[Change]


def ahead_of(draft: RegistrationPolicy, current: RegistrationPolicy, now: datetime, base: str) -> list[Ahead]:
    """The versions that wait, the next one first, each against what applies before it."""
    found, before = [], current
    for version in RegistrationPolicy.objects.scheduled(now):
        brings = {change.setting for change in changes(before, version, base)}
        found.append(
            Ahead(
                version.version,
                reverse("policies:version", args=[version.version]),
                day(version.effective_from),
                [change for change in changes(version, draft, base) if change.setting in brings],
            )
        )
        before = version
    return found
