"""The whole portal under one command: it serves, heals, stops cleanly, keeps its data, and dies with its supervisor."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from prm.supervisor.layout import CHECKOUT
from prm.supervisor.up import answers
from tests.parts.celery_processes import wait_for
from tests.schema import shape

from .conftest import Run, processes_naming

# Another computer's first start may be slow: the tests wait for what happens, not for this long.
PATIENCE = 120.0
WRITE = "from django.db import connection as c; c.cursor().execute('CREATE TABLE kept (id int)')"
SHAPE = "import json; from tests.schema import shape; print('shape', json.dumps(shape()))"
READ = (
    "from django.db import connection as c; k = c.cursor();"
    "k.execute('SELECT count(*) FROM kept'); print('kept', k.fetchone()[0])"
)

pytestmark = pytest.mark.fault


class Portal:
    """One `up`, its output in a file."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.log = log
        self.environment = {**environment, "PORT": str(self.port), "DEMO": "no"}
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "prm.supervisor", "up"],
                env=self.environment,
                cwd=CHECKOUT,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for_page(self) -> None:
        def shown() -> bool:
            assert self.process.poll() is None, self.output()
            return "The portal is ready" in self.output() and answers(self.port)

        wait_for(shown, "the first page", PATIENCE)

    def pid_of(self, word: str) -> int:
        """The oldest child whose command holds `word`."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for pid in sorted(map(int, children)):
            if word in Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace"):
                return pid
        raise AssertionError(f"no child with {word}: {self.output()}")

    def interrupt_as_a_terminal(self) -> int:
        """Ctrl-C reaches the whole foreground group."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(40)


@pytest.fixture
def portals(clean_environment: dict[str, str], tmp_path: Path) -> Iterator[list[Portal]]:
    started: list[Portal] = []
    yield started
    for portal in started:
        if portal.process.poll() is None:
            portal.process.kill()
            portal.process.wait()


def start(portals: list[Portal], environment: dict[str, str], folder: Path) -> Portal:
    portal = Portal(environment, folder / f"up-{len(portals)}.log")
    portals.append(portal)
    portal.wait_for_page()
    return portal


def test_serves_heals_keeps_its_data_when_killed_and_stops(
    db: None,
    portals: list[Portal],
    clean_environment: dict[str, str],
    tmp_path: Path,
    var: Path,
    supervisor: Run,
) -> None:
    portal = start(portals, clean_environment, tmp_path)
    assert f"http://127.0.0.1:{portal.port}/" in portal.output()

    # What migrations make of an empty database is what tests are given, who migrate with a shortcut (tests/databases.py).
    told = supervisor("manage", "shell", "--no-imports", "-c", SHAPE, PORT=str(portal.port))
    assert json.loads(told.stdout.partition("shape ")[2]) == shape(), told.stderr

    # A management command uses the running servers, and the running portal keeps its own.
    written = supervisor("manage", "shell", "--no-imports", "-c", WRITE, PORT=str(portal.port))
    assert written.returncode == 0, written.stderr
    assert answers(portal.port)
    assert "already running" in supervisor("reset").stderr

    # A web server that fell comes back.
    os.kill(portal.pid_of("gunicorn"), signal.SIGKILL)
    wait_for(
        lambda: "ended with code -9; starting it again in 1 s" in portal.output(), "the fall to be noticed"
    )
    wait_for(lambda: answers(portal.port), "the page to come back", 30)

    # A killed supervisor takes everything along.
    portal.process.kill()
    portal.process.wait()
    wait_for(lambda: not list(processes_naming(str(var))), "the servers to end", 30)
    wait_for(lambda: not answers(portal.port), "the web server to end", 30)
    assert "Traceback" not in portal.output()

    # The second start finds the table, and does not load anything again.
    again = start(portals, clean_environment, tmp_path)
    read = supervisor("manage", "shell", "--no-imports", "-c", READ, PORT=str(again.port))
    assert "kept 0" in read.stdout, read.stderr
    assert again.interrupt_as_a_terminal() == 0, again.output()
    assert again.output().rstrip().endswith("stopped")
    assert "Traceback" not in again.output()
    assert list(processes_naming(str(var))) == []
    assert list((var / "run").iterdir()) == []


def test_an_interrupt_while_starting_stops_too(
    portals: list[Portal], clean_environment: dict[str, str], tmp_path: Path, var: Path
) -> None:
    portal = Portal(clean_environment, tmp_path / "up.log")
    portals.append(portal)
    wait_for(lambda: "preparing the database" in portal.output(), "the preparation", 30)
    time.sleep(0.5)
    assert portal.interrupt_as_a_terminal() == 130
    assert "Traceback" not in portal.output()
    assert list(processes_naming(str(var))) == []
