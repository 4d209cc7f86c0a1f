"""Management commands with and without a running portal, and the way back to the beginning."""

import shutil
from pathlib import Path

import pytest

from prm.supervisor.layout import Layout
from prm.supervisor.lock import Lock, holding
from prm.supervisor.reset import run_reset

from .conftest import Run, processes_naming

ASK = (
    "from django.db import connection as c; k = c.cursor();"
    "k.execute('SELECT count(*) + 42 FROM companies_company'); print('answer', k.fetchone()[0])"
)


@pytest.fixture
def var_with_cluster(whole_cluster: Path, var: Path) -> Path:
    """A database without tables, as a command leaves it that needs none."""
    shutil.copytree(whole_cluster, var, symlinks=True)
    return var


def test_a_command_gets_servers_and_tables_of_its_own_and_leaves_nothing_but_its_exit_code(
    supervisor: Run, var_with_cluster: Path
) -> None:
    result = supervisor("manage", "shell", "--no-imports", "-c", f"{ASK}; raise SystemExit(7)", PORT="8000")
    assert "answer 42" in result.stdout, result.stderr
    assert result.returncode == 7
    assert list(processes_naming(str(var_with_cluster))) == []


def test_addresses_from_outside_start_nothing(supervisor: Run, var: Path) -> None:
    outside = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "CELERY_BROKER_URL": "memory://"}
    result = supervisor("manage", "shell", "--no-imports", "-c", "print('here')", PORT="8000", **outside)
    assert "here" in result.stdout, result.stderr
    assert result.returncode == 0
    assert not (var / "postgres").exists()


def test_reset_says_what_it_removes_and_keeps_what_is_not_the_portals(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    layout = Layout(tmp_path / "var")
    layout.prepare()
    for name in ("postgres", "valkey", "media"):
        (layout.var / name).mkdir()
        (layout.var / name / "file").write_text("data")
    layout.secret_key.write_text("key")
    (layout.var / "my-notes").write_text("mine")
    assert run_reset(layout) == 0
    assert [path.name for path in layout.var.iterdir()] == ["my-notes"]
    assert f"mails and secret key in {layout.var}" in capsys.readouterr().out


def test_reset_of_nothing_is_fine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_reset(Layout(tmp_path / "var")) == 0
    assert "Nothing to remove" in capsys.readouterr().out


def test_a_lock_is_free_again_when_its_holder_is_gone(tmp_path: Path) -> None:
    first, second = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    assert first.acquire(holding("up", port=8000))
    assert not second.acquire(holding("manage"))
    found = second.holder()
    assert found is not None
    assert (found.command, found.port, found.ready) == ("up", 8000, False)
    first.release()
    assert second.acquire(holding("manage"))
    second.release()
