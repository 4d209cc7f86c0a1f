"""Management commands that run to their end while the portal starts; their whole output is kept in var/log."""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from prm.supervisor.errors import CannotStart
from prm.supervisor.isolation import before_exec
from prm.supervisor.layout import CHECKOUT, python


class Step:
    """One `manage.py` command in the background. Without `complaints` only its answer is kept, not its warnings."""

    def __init__(
        self,
        name: str,
        arguments: list[str],
        environment: Mapping[str, str],
        logs: Path,
        *,
        complaints: bool = True,
    ) -> None:
        self.name = name
        self.log = logs / f"{arguments[0]}.log"
        with self.log.open("wb") as out:
            self._process = subprocess.Popen(
                [python(), "manage.py", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT if complaints else subprocess.DEVNULL,
                env=dict(environment),
                cwd=CHECKOUT,
                start_new_session=True,
                preexec_fn=before_exec(signal.SIGTERM),
            )

    def finish(self, interrupted: Callable[[], None]) -> bool:
        """Wait. True when it succeeded, False when there is no such command, else CannotStart with its last line."""
        try:
            while self._process.poll() is None:
                interrupted()
                time.sleep(0.05)
        finally:
            if self._process.poll() is None:
                self._process.terminate()
                self._process.wait()
        if self._process.returncode == 0:
            return True
        lines = self.lines()
        if any(line.startswith("Unknown command:") for line in lines):
            return False
        reason = lines[-1].rstrip(".") if lines else f"it ended with code {self._process.returncode}"
        raise CannotStart(f"{self.name} failed: {reason}. The whole output is in {self.log}.")

    def lines(self) -> list[str]:
        """What the command printed, without empty lines."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return [line.rstrip() for line in text.splitlines() if line.strip()]
