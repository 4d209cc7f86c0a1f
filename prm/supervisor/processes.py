"""Child processes: started with their own session, their lines prefixed, restarted with patience, stopped for sure."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from prm.supervisor import output
from prm.supervisor.isolation import Identity, before_exec

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
# A child that ran this long before it fell is taken for healthy: the next pause is the first again.
STEADY_AFTER = 60.0


@dataclass(frozen=True)
class Program:
    """What to run and how to end it. With `log` its output goes there, else line by line to the terminal."""

    name: str
    command: list[str]
    stop_signal: signal.Signals = signal.SIGTERM
    environment: Mapping[str, str] | None = None
    log: Path | None = None
    identity: Identity = Identity.SAME_USER
    patience: float = 10.0
    folder: Path = field(default=Path("/"))


class Child:
    """One running program. Only the main thread may start it: the kernel ends it with the thread that started it."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.pause = FIRST_PAUSE
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._restart_at: float | None = None

    @property
    def name(self) -> str:
        return self.program.name

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the program in a session of its own, so that the terminal's interrupt reaches the supervisor only."""
        program = self.program
        with contextlib.ExitStack() as stack:
            out: int | IO[bytes] = (
                stack.enter_context(program.log.open("wb")) if program.log else subprocess.PIPE
            )
            self._process = subprocess.Popen(
                program.command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=dict(program.environment) if program.environment is not None else None,
                cwd=program.folder,
                start_new_session=True,
                preexec_fn=before_exec(program.stop_signal, program.identity),
            )
        self._started = time.monotonic()
        self._restart_at = None
        if self._process.stdout:
            threading.Thread(target=_copy_lines, args=(self.name, self._process.stdout), daemon=True).start()

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def watch(self) -> None:
        """Called often: notice that the program fell, and start it again after a pause that doubles up to 30 s."""
        if self.running():
            return
        now = time.monotonic()
        if self._restart_at is None:
            if now - self._started > STEADY_AFTER:
                self.pause = FIRST_PAUSE
            code = self._process.returncode if self._process else None
            output.line(self.name, f"ended with code {code}; starting it again in {self.pause:.0f} s")
            self._end_group(signal.SIGKILL)
            self._restart_at = now + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
        elif now >= self._restart_at:
            self.start()

    def ask_to_stop(self) -> None:
        """Send the program its stop signal."""
        if self._process is not None and self.running():
            self._process.send_signal(self.program.stop_signal)

    def stop(self, patience: float | None = None) -> None:
        """Stop the program and everything it started; after `patience` seconds without asking."""
        if self._process is None:
            return
        self.ask_to_stop()
        try:
            self._process.wait(self.program.patience if patience is None else patience)
        except subprocess.TimeoutExpired:
            output.line(self.name, "did not stop in time; ending it now")
            self._end_group(signal.SIGKILL)
            self._process.wait()
        self._end_group(signal.SIGKILL)

    def _end_group(self, with_signal: signal.Signals) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, with_signal)


def _copy_lines(name: str, stream: IO[bytes]) -> None:
    with stream:
        for raw in stream:
            text = raw.decode("utf-8", errors="replace").rstrip()
            if text:
                output.line(name, text)
