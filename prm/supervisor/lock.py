"""One supervisor per var/: a lock file that the kernel frees however its holder ends."""

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from prm.supervisor.errors import unwritable


@dataclass(frozen=True)
class Holder:
    """Who holds the lock: its process, command (up, manage, reset), port, and whether the servers can be used."""

    pid: int
    command: str
    port: int = 0
    ready: bool = False


class Lock:
    """The lock of one var/. Children do not inherit it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[str] | None = None

    def acquire(self, holder: Holder) -> bool:
        """Take the lock and write down who has it; False when somebody else has it."""
        try:
            file = open(self.path, "a+", encoding="utf-8")  # noqa: SIM115
        except OSError as error:
            raise unwritable(self.path, error) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        self.describe(holder)
        return True

    def describe(self, holder: Holder) -> None:
        """Replace what others read about the holder."""
        assert self._file is not None, "describe() needs the lock"
        text = json.dumps(asdict(holder))
        self._file.seek(0)
        self._file.truncate()
        self._file.write(text)
        self._file.flush()

    def holder(self) -> Holder | None:
        """Who has the lock, as far as can be read; None while it is being written."""
        try:
            return Holder(**json.loads(self.path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def release(self) -> None:
        """Give the lock back. Safe to call twice."""
        if self._file is not None:
            self._file.close()
            self._file = None


def holding(command: str, *, port: int = 0, ready: bool = False) -> Holder:
    """This process as a holder."""
    return Holder(pid=os.getpid(), command=command, port=port, ready=ready)
