"""Each thing that can stand in the way is told in one sentence with exit code 1, never a trace."""

import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from prm.supervisor import doctor
from prm.supervisor.errors import CannotStart
from prm.supervisor.layout import Layout
from prm.supervisor.lock import Lock, holding

from .conftest import Run, processes_naming


def says(result: subprocess.CompletedProcess[str]) -> str:
    """The one line on standard error, after the checks that every refusal must pass."""
    assert result.returncode == 1, result.stdout + result.stderr
    assert "Traceback" not in result.stdout + result.stderr
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("concord: ")
    return lines[0].removeprefix("concord: ")


@pytest.fixture
def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.fixture
def taken_port() -> Iterator[str]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield str(other.getsockname()[1])


def test_a_port_in_use(supervisor: Run, taken_port: str, var: Path) -> None:
    said = says(supervisor("up", PORT=taken_port))
    assert said.startswith(f"Port {taken_port} is in use by another program.")
    assert not (var / "postgres").exists()


def test_a_port_that_is_none(supervisor: Run) -> None:
    assert says(supervisor("up", PORT="eighty")) == "PORT must be a number from 1 to 65535, not 'eighty'."


def test_var_is_a_file(supervisor: Run, var: Path, free_port: str) -> None:
    var.write_text("not a folder")
    assert says(supervisor("up", PORT=free_port)).startswith(f"Cannot write to {var}: a file stands where")


def test_var_cannot_be_made(supervisor: Run, free_port: str) -> None:
    assert says(supervisor("up", PORT=free_port, VAR_DIR="/proc/nowhere")).startswith(
        "Cannot write to /proc/nowhere:"
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_var_is_read_only(supervisor: Run, var: Path, free_port: str) -> None:
    var.mkdir(mode=0o500)
    assert "this user may not write there" in says(supervisor("up", PORT=free_port))


def test_a_full_disk_is_measured(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    with pytest.raises(CannotStart, match="has 12 MB left and the portal needs 200 MB"):
        doctor.check_disk(layout, measure=lambda folder: 12 * 1024**2)


def cut_control_file(data: Path) -> None:
    control = data / "global" / "pg_control"
    control.write_bytes(control.read_bytes()[:512])


def wreck_control_file(data: Path) -> None:
    """The right size, the wrong content: only PostgreSQL itself can tell."""
    control = data / "global" / "pg_control"
    control.write_bytes(bytes(reversed(control.read_bytes())))


def replace_by_a_file(data: Path) -> None:
    shutil.rmtree(data)
    data.write_text("a file")


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (
            lambda data: (data / "PG_VERSION").write_text("15\n"),
            "was made by PostgreSQL 15, this portal brings",
        ),
        (lambda data: (data / "PG_VERSION").write_text("??"), "is damaged: PG_VERSION holds no version"),
        (lambda data: (data / "PG_VERSION").write_bytes(b"\xff\xfe"), "is damaged: it cannot be read"),
        (lambda data: (data / "PG_VERSION").unlink(), "is damaged: PG_VERSION is missing"),
        (lambda data: (data / "global" / "pg_control").unlink(), "is damaged: pg_control is missing"),
        (cut_control_file, "is damaged: its control file is cut short"),
        (wreck_control_file, "did not start:"),
        (lambda data: shutil.rmtree(data / "pg_wal"), "did not start:"),
        (replace_by_a_file, "is damaged: it cannot be read"),
    ],
    ids=[
        "older",
        "no version",
        "not text",
        "version gone",
        "control gone",
        "cut",
        "wrecked",
        "no log",
        "a file",
    ],
)
def test_a_damaged_database(
    damage: Callable[[Path], object],
    expected: str,
    supervisor: Run,
    whole_cluster: Path,
    var: Path,
    free_port: str,
) -> None:
    shutil.copytree(whole_cluster, var, symlinks=True)
    damage(var / "postgres")
    said = says(supervisor("up", PORT=free_port))
    assert expected in said
    assert "make reset" in said
    assert list(processes_naming(str(var))) == []


def test_a_damaged_job_queue(supervisor: Run, whole_cluster: Path, var: Path, free_port: str) -> None:
    shutil.copytree(whole_cluster, var, symlinks=True)
    queue = var / "valkey" / "appendonlydir"
    queue.mkdir(parents=True, mode=0o700)
    (queue / "appendonly.aof.manifest").write_text("no manifest at all\n")
    said = says(supervisor("up", PORT=free_port))
    assert said.startswith(f"The job queue in {var / 'valkey'} did not start")
    assert list(processes_naming(str(var))) == []


def test_already_running(supervisor: Run, var: Path, free_port: str) -> None:
    Layout(var).prepare()
    lock = Lock(Layout(var).lock)
    assert lock.acquire(holding("up", port=8000))
    try:
        said = says(supervisor("up", PORT=free_port))
        assert said.startswith(f"The portal is already running from this folder (process {os.getpid()},")
        assert "already running" in says(supervisor("reset"))
    finally:
        lock.release()


def test_wrong_usage(supervisor: Run) -> None:
    result = supervisor("fly")
    assert result.returncode == 2
    assert result.stderr.startswith("usage:")
