"""One size in a process of its own: what it leaves in memory is no part of the next one's peak."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bench.matching.runs import Run


def alone(call: Callable[..., Any], *given: object) -> Any:
    """What `call` answers in a new process with Django set up; both ends must be able to pickle it."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=set_up) as process:
        return process.submit(call, *given).result()


def make_tables() -> None:
    """The portal's tables, in the database that the environment names."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def at_one_size(size: int) -> list[Run]:
    """All runs at one size; a line of JSON each, as they come."""
    from bench.matching.data import find_data
    from bench.matching.runs import measure

    runs = []
    for run in measure(find_data(), size, lambda words: print(words, file=sys.stderr)):
        runs.append(run)
        print(json.dumps({"way": run.way, "names": run.size, **run.told}, ensure_ascii=False), flush=True)
    return runs


def set_up() -> None:
    """Django, as the environment says."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prm.settings")
    import django

    django.setup()
