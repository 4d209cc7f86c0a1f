"""Real worker and beat processes against the test database."""

import os
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from prm.supervisor import programs
from prm.supervisor.layout import Layout
from prm.supervisor.processes import Child, Program


def wait_for(condition: Callable[[], object], what: str, seconds: float = 20.0) -> None:
    """Return once `condition` holds; fail naming `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s for {what}"
        time.sleep(0.05)


class CeleryProcess:
    """A worker or beat whose output goes to a file."""

    def __init__(self, program: Program, log: Path) -> None:
        self.log = log
        self._child = Child(
            Program(
                name=program.name,
                command=program.command,
                stop_signal=program.stop_signal,
                environment=program.environment,
                log=log,
                folder=program.folder,
            )
        )

    def start(self) -> "CeleryProcess":
        self._child.start()
        return self

    @property
    def pid(self) -> int:
        assert self._child.pid is not None
        return self._child.pid

    def running(self) -> bool:
        return self._child.running()

    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_until_ready(self) -> "CeleryProcess":
        """For a worker: it has connected and takes tasks."""
        wait_for(lambda: " ready." in self.output() or not self.running(), "the worker to be ready", 40)
        assert self.running(), self.output()
        return self

    def child_pids(self) -> list[int]:
        """The processes of the worker's pool."""
        found = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [int(pid) for pid in found]

    def kill(self) -> None:
        """SIGKILL the worker and its pool at once, as a power cut does."""
        os.killpg(self.pid, signal.SIGKILL)
        self._child.stop(0)

    def kill_children(self) -> None:
        """SIGKILL the pool's processes; the worker itself lives on."""
        for pid in self.child_pids():
            os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        self._child.stop()


def worker_process(
    folder: Path, environment: Mapping[str, str], *, concurrency: int, number: int
) -> CeleryProcess:
    """A worker that has not been started; `number` keeps the names of several apart."""
    program = programs.worker({**environment, "PYTHONUNBUFFERED": "1"}, concurrency)
    named = Program(**{**program.__dict__, "command": [*program.command, "-n", f"w{number}@%h"]})
    return CeleryProcess(named, folder / f"worker-{number}.log")


def beat_process(folder: Path, environment: Mapping[str, str], *, number: int) -> CeleryProcess:
    """A beat that has not been started, with a schedule file of its own."""
    layout = Layout(folder / f"beat-{number}")
    layout.var.mkdir(parents=True, exist_ok=True)
    return CeleryProcess(programs.beat(environment, layout), folder / f"beat-{number}.log")
