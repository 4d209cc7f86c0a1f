"""Simulations of versions and of changes of rights and requirements on past registrations (L6). An app further up makes them
and provides them here; the pages of what is simulated show the last one and where to ask for another."""

from collections.abc import Callable
from dataclasses import dataclass, field

from accounts.models import User
from policies.models import RegistrationPolicy
from policies.planned import Change


@dataclass(frozen=True)
class Last:
    """The last simulation of a version. `label` and `tone` are a status pill's; `sentence` says what it found, '' until it
    has finished; `stale`: the version was changed since; `beside` names the changes that were tried together with it."""

    url: str
    label: str
    tone: str
    period: str
    asked: str
    sentence: str
    stale: bool
    beside: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Panel:
    """What a version's page shows of its simulations; `start_url` is where another is asked for, '' for those who
    only read."""

    start_url: str
    last: Last | None


# (version, reader) → its panel; None where there is nothing for this reader.
Provider = Callable[[RegistrationPolicy, User], Panel | None]
_providers: list[Provider] = []


# Versions → the ids of those whose settings of now were simulated to the end; in a constant number of queries.
Simulated = Callable[[list[RegistrationPolicy]], set[int]]
_simulated: list[Simulated] = []


def provide_simulated(provider: Simulated) -> None:
    """Adds who knows which versions were simulated; an app does so when it is ready."""
    if provider not in _simulated:
        _simulated.append(provider)


def simulated_as_they_stand(policies: list[RegistrationPolicy]) -> set[int]:
    """The ids of those that were simulated to the end and not changed since."""
    return {found for provider in _simulated for found in provider(policies)} if policies else set()


def provide(provider: Provider) -> None:
    """Adds a provider; an app does so when it is ready."""
    if provider not in _providers:
        _providers.append(provider)


def panel_of(policy: RegistrationPolicy, reader: User) -> Panel | None:
    """What to show `reader`; None where nobody simulates."""
    return next((panel for provider in _providers if (panel := provider(policy, reader)) is not None), None)


# (change, reader) → its panel, as for versions; None where there is nothing for this reader.
_trials: list[Callable[[Change, User], Panel | None]] = []


def provide_trials(provider: Callable[[Change, User], Panel | None]) -> None:
    """Adds who tries changes; an app does so when it is ready."""
    if provider not in _trials:
        _trials.append(provider)


def trials_of(change: Change, reader: User) -> Panel | None:
    """What to show `reader` of trials of the change, and where another is asked for; None where nobody tries any."""
    return next((panel for provider in _trials if (panel := provider(change, reader)) is not None), None)
