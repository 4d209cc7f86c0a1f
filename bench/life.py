"""Random lives of registrations: 200,000 steps of the machine in tests/registrations/life.py, on a PostgreSQL of its own.

LIFE_STEPS in the environment takes another number. The seed is printed: LIFE_SEED repeats a run.
"""

import os
import random
import time
from collections.abc import Iterator
from typing import Any

STEPS = 200_000
STEPS_A_LIFE = 100
LIVES_AT_ONCE = 50


def measure() -> Iterator[dict[str, Any]]:
    """Steps, seconds and what happened how often; a broken promise ends it with the steps that led there."""
    from tests import cluster

    cluster.start()
    try:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prm.settings")
        import django

        django.setup()
        yield from _measure(int(os.environ.get("LIFE_STEPS", STEPS)))
    finally:
        cluster.stop()


def _measure(steps: int) -> Iterator[dict[str, Any]]:
    from django.core.management import call_command
    from hypothesis import HealthCheck, seed, settings
    from hypothesis.stateful import run_state_machine_as_test

    from tests.registrations import life

    call_command("migrate", verbosity=0)
    life.Life.world = life.World()
    first = int(os.environ.get("LIFE_SEED", random.randrange(2**32)))
    how = settings(
        max_examples=max(1, min(LIVES_AT_ONCE, steps // STEPS_A_LIFE)),
        stateful_step_count=STEPS_A_LIFE,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    began, number = time.monotonic(), 0
    with life.cheap(life.Life.world):
        while life.Life.steps < steps:
            run_state_machine_as_test(seed(first + number)(life.Life), settings=how)
            number += 1
    yield {
        "seed": first,
        "steps": life.Life.steps,
        "seconds": round(time.monotonic() - began, 1),
        "happened": dict(life.Life.happened.most_common()),
    }
