"""Ctrl-C and a polite kill ask the supervisor to stop; a second one makes it hurry."""

import signal
import threading
from types import FrameType

from prm.supervisor.errors import Interrupted


class StopRequest:
    """Remembers that somebody asked to stop. Made in the main thread."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self.hurry = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.hurry = self._asked.is_set()
        self._asked.set()

    def wait(self, seconds: float) -> bool:
        """Sleep up to `seconds`; True as soon as somebody asked to stop."""
        return self._asked.wait(seconds)

    def check(self) -> None:
        """Raises Interrupted when somebody asked to stop."""
        if self._asked.is_set():
            raise Interrupted
