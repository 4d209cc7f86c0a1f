"""From which likelihood on a person looks at two companies, and from which they count as one. The policy says so, which is
an app further up: it provides the answer, the pages here show it."""

from __future__ import annotations

from collections.abc import Callable

from companies.measuring.thresholds import Thresholds

_sources: list[Callable[[], Thresholds]] = []


def provide(source: Callable[[], Thresholds]) -> None:
    """Says who knows the thresholds; an app does so when it is ready."""
    if source not in _sources:
        _sources.append(source)


def thresholds() -> Thresholds:
    """Those in force now, by one query; the matcher's own where nobody knows others."""
    return _sources[0]() if _sources else Thresholds()
