"""Random lives of registrations: 200,000 steps of the machine in tests/registrations/life.py, on a PostgreSQL of its own,
in as many processes as there are cores.

LIFE_STEPS in the environment takes another number. The seed is printed: LIFE_SEED repeats a run.
"""

import multiprocessing
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

STEPS = 200_000
# Seeds of two processes never meet: one of them uses a seed for some 3,000 steps.
APART = 1_000_000


def measure() -> Iterator[dict[str, Any]]:
    """Steps, seconds and what happened how often; a broken promise ends it with the steps that led there."""
    from tests import cluster

    first = int(os.environ.get("LIFE_SEED", random.randrange(2**31)))
    wanted = int(os.environ.get("LIFE_STEPS", STEPS))
    processes = os.cpu_count() or 1
    cluster.start()
    try:
        began = time.monotonic()
        context = multiprocessing.get_context("spawn")
        with context.Pool(processes) as pool:
            share = -(-wanted // processes)
            parts = pool.starmap(
                _lead, [(number, share, first + number * APART) for number in range(processes)]
            )
        happened: Counter[str] = sum((part for _, part in parts), Counter())
        yield {
            "seed": first,
            "processes": processes,
            "steps": sum(steps for steps, _ in parts),
            "seconds": round(time.monotonic() - began, 1),
            "happened": dict(happened.most_common()),
        }
    finally:
        cluster.stop()


def _lead(number: int, steps: int, seed: int) -> tuple[int, Counter[str]]:
    """One process's lives, in a copy of the migrated database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prm.settings")
    import django

    django.setup()
    from tests import databases
    from tests.registrations import life

    databases.make_copy(f"life_{number}")
    life.Life.world = life.World()
    happened = life.lead(steps, first_seed=seed)
    return life.Life.steps, happened
