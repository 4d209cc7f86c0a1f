"""A portal's var/ of its own for each test, and the supervisor as a person starts it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from prm.supervisor.layout import CHECKOUT, Layout
from prm.supervisor.servers import Servers

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def var(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def clean_environment(var: Path) -> dict[str, str]:
    """What a newcomer's shell has: no address of the test run's own servers."""
    keep = {key: os.environ[key] for key in ("PATH", "HOME", "LANG", "PYENV_ROOT") if key in os.environ}
    return {**keep, "VAR_DIR": str(var), "PORT": "0"}


@pytest.fixture
def supervisor(clean_environment: dict[str, str]) -> Run:
    """`supervisor("reset", PORT="8001")` runs one command to its end."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "prm.supervisor", *arguments],
            env={**clean_environment, **environment},
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run


@pytest.fixture(scope="session")
def whole_cluster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A var/ with a whole database in it, to be copied and damaged."""
    layout = Layout(tmp_path_factory.mktemp("whole") / "var")
    layout.prepare()
    servers = Servers(layout, {"CELERY_BROKER_URL": "memory://"})
    try:
        servers.start()
    finally:
        servers.stop()
    return layout.var


def processes_naming(text: str) -> Iterator[str]:
    """The command lines of living processes that have `text` in their command or environment."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command, environment = (folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()
        except OSError:
            continue
        if command and text.encode() in command + environment:
            yield command.replace(b"\0", b" ").decode(errors="replace")
