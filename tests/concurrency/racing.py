"""Running things at the same time, and making them meet at the worst moment instead of hoping for it."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db import connection


def race(*runners: Callable[[], Any]) -> list[Any]:
    """Runs all in threads of their own, each with its own connection; returns results or exceptions, in order."""
    results: list[Any] = [None] * len(runners)

    def run(number: int, runner: Callable[[], Any]) -> None:
        try:
            results[number] = runner()
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(runners)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


def meeting(
    function: Callable[..., Any],
    parties: int,
    *,
    seconds: float = 0.7,
    barrier: threading.Barrier | None = None,
) -> Callable[..., Any]:
    """`function`, after which all `parties` wait for each other: the gap between looking and writing held open.

    Where a lock keeps the others out they never arrive, the wait runs into its limit and everybody goes on. Functions
    that are to meet each other share a `barrier`.
    """
    barrier = barrier or threading.Barrier(parties)

    def held_open(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        with suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=seconds)
        return result

    return held_open


def meanwhile(
    function: Callable[..., Any], other: Callable[[], Any], *, seconds: float
) -> tuple[Callable[..., Any], threading.Thread]:
    """`function`, after whose first call `other` is done in the thread that is given back: to its end, or for `seconds`
    where a lock makes it wait. Then whoever has called goes on with what they saw before."""

    thread = threading.Thread(target=race, args=[other])

    def held_open(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        if thread.ident is None:
            thread.start()
            thread.join(timeout=seconds)
        return result

    return held_open, thread
