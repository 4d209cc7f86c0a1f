"""Asking for a simulation of a policy version or of a change of rights and requirements, and calling it off."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.models import User
from core.clock import Clock, database_clock
from core.errors import BadInput, NotAllowed, WrongStatus
from notifications.announcing import wake_on_commit
from policies.announced import excluding
from policies.models import RegistrationPolicy
from policies.planned import Change
from policies.settings import SETTINGS, settings_of
from registrations.enums import UNFINISHED, SimulationState
from registrations.models import Simulation

EDIT = "policies.edit"
# What works on simulations: a sweep, so that one whose worker died is found again.
TASK = "registrations.run_simulations"


def start_simulation(
    policy: RegistrationPolicy,
    *,
    by: User,
    since: datetime,
    until: datetime,
    beside: Sequence[Change] = (),
    clock: Clock = database_clock,
) -> Simulation:
    """A simulation of `policy`, as its settings are now, over what was decided from `since` until before `until`, as if what
    is `beside` it had bound, too.

    Where one of the same version has not finished, that one: two clicks start one. Raises NotAllowed without
    'policies.edit', BadInput for a period that is empty or has not begun and for two changes that exclude one another,
    WrongStatus where the one that runs has something else beside it.
    """
    if (pair := excluding(beside)) is not None:
        words = "; ".join(one.title for one in pair)
        raise BadInput(f"These can't bind at the same time, so try one of them: {words}.", field="beside")
    changes = json.loads(json.dumps([one.as_json() for one in beside]))
    asked = Simulation(policy=policy, settings=settings_of(policy), beside=changes)
    found = _start(asked, Q(policy=policy), by=by, since=since, until=until, now=clock())
    if found.beside != changes:
        raise WrongStatus(
            "A simulation of this version runs with something else beside it. Wait until it is done, or cancel it."
        )
    return found


def start_trial(
    change: Change, *, by: User, since: datetime, until: datetime, clock: Clock = database_clock
) -> Simulation:
    """The same for a change of rights or requirements, beside the version of each day; one that runs is of the same
    `change.subject`. Raises as `start_simulation`."""
    asked = Simulation(change=change.as_json(), subject=change.subject)
    same = Q(policy=None, subject=change.subject)
    return _start(asked, same, by=by, since=since, until=until, now=clock())


def _start(
    asked: Simulation, same: Q, *, by: User, since: datetime, until: datetime, now: datetime
) -> Simulation:
    if not by.may(EDIT):
        raise NotAllowed("Your role does not include changing the policy.")
    if since >= until:
        raise BadInput("The period ends before it begins.", field="until")
    if since >= now:
        raise BadInput("The period lies ahead: only what has been submitted can be simulated.", field="since")
    asked.since, asked.until = since, min(until, now)
    asked.created_by, asked.created_at = by, now
    with transaction.atomic():
        try:
            with transaction.atomic():
                asked.save()
        except IntegrityError:
            running = Simulation.objects.filter(same, state__in=UNFINISHED).first()
            if running is None:  # it ended this very moment
                raise WrongStatus("A simulation of this has just ended. Look at it first.") from None
            return running
        wake_on_commit(TASK)
    return asked


def cancel_simulation(simulation: Simulation, *, by: User, clock: Clock = database_clock) -> None:
    """Calls it off; whoever works on it stops after the portion at hand. Raises NotAllowed, WrongStatus once it ended."""
    if not by.may(EDIT):
        raise NotAllowed("Your role does not include changing the policy.")
    running = Simulation.objects.filter(pk=simulation.pk, state__in=UNFINISHED)
    if not running.update(state=SimulationState.CANCELLED, finished_at=clock(), claimed_until=None):
        raise WrongStatus("This simulation has ended already.")


def as_simulated(simulation: Simulation) -> RegistrationPolicy:
    """The version with the settings that it had when the simulation was asked for; not to be saved."""
    policy = simulation.policy
    assert policy is not None
    trial = RegistrationPolicy(
        pk=policy.pk, version=policy.version, effective_from=policy.effective_from, note=policy.note
    )
    for field in RegistrationPolicy._meta.concrete_fields:
        # A setting that came later has its default, which is what the portal did before.
        if field.name in SETTINGS and field.name in simulation.settings:
            setattr(trial, field.name, field.to_python(simulation.settings[field.name]))
    return trial


def is_stale(simulation: Simulation) -> bool:
    """Whether the version was changed since: what was found is not what it would do now. A change that is tried never is:
    another one is another subject."""
    if simulation.policy is None:
        return False
    kept: dict[str, Any] = settings_of(as_simulated(simulation))
    return kept != settings_of(simulation.policy)
