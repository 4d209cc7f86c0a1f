"""Answers that take the same time whatever was found, so that the clock tells nothing that the words do not."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Pacer:
    """Waits. `monotonic` and `sleep` are in seconds; tests hand in their own."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def wait(self, begun: float, floor: float) -> None:
        """Sleeps until a whole multiple of `floor` seconds has passed since `begun`: the first one, or the next where
        the work took longer, so that a slow answer tells no more than how many floors it took. A floor of 0 waits for
        nothing."""
        if floor <= 0:
            return
        passed = self.monotonic() - begun
        remaining = max(1, math.ceil(passed / floor)) * floor - passed
        if remaining > 0:
            self.sleep(remaining)


pacer = Pacer()


def paced(floor: Callable[[], float]) -> Callable[[View], View]:
    """A view whose answer, a raised one included, leaves after a multiple of `floor()` seconds. Put it outside of
    everything that reads what must not be told, and around no transaction: a sleeping request holds a thread and an
    idle connection, never a lock."""

    def decorate(view: View) -> View:
        @wraps(view)
        def paced_view(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
            begun = pacer.monotonic()
            try:
                return view(request, *args, **options)
            finally:
                pacer.wait(begun, floor())

        return paced_view

    return decorate
