"""A child is restarted with growing pauses, stopped for sure, and never outlives the supervisor."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from prm.supervisor import processes
from prm.supervisor.processes import Child, Program
from tests.parts.celery_processes import wait_for


def python(code: str, **options: object) -> Child:
    return Child(Program(name="web", command=[sys.executable, "-c", code], **options))  # type: ignore[arg-type]


def alive(pid: int) -> bool:
    """Whether the process still runs; one that nobody has collected yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_lines_are_prefixed(capsys: pytest.CaptureFixture[str]) -> None:
    child = python("print('one'); print(); print('two')")
    child.start()
    wait_for(lambda: not child.running(), "the child to end")
    time.sleep(0.1)
    assert capsys.readouterr().out == "web     | one\nweb     | two\n"


def test_a_crashed_child_comes_back_after_pauses_that_double(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(processes, "FIRST_PAUSE", 0.1)
    monkeypatch.setattr(processes, "LONGEST_PAUSE", 0.4)
    child = python(f"open({str(tmp_path / 'starts')!r}, 'a').write('x')")
    child.start()
    pauses = []
    for expected in (0.2, 0.4, 0.4):
        wait_for(lambda: not child.running(), "the child to end")
        ended = child.pid
        child.watch()
        assert child.pause == pytest.approx(expected)
        began = time.monotonic()

        def back(ended: int | None = ended) -> bool:
            child.watch()
            return child.pid != ended

        wait_for(back, "the child to come back")
        pauses.append(time.monotonic() - began)
    wait_for(lambda: not child.running(), "the child to end")
    assert pauses[0] < pauses[1] < 0.4
    assert len((tmp_path / "starts").read_text()) == 4


def test_a_child_that_ignores_the_request_is_ended(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    child = python(
        f"import signal, time; signal.signal(15, signal.SIG_IGN); open({str(ready)!r}, 'w'); time.sleep(60)",
        patience=0.3,
    )
    child.start()
    wait_for(ready.exists, "the child to be ready")
    child.stop()
    assert not child.running()


def test_grandchildren_go_with_the_child(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = (
        "import subprocess, sys, time;"
        "p = subprocess.Popen([sys.executable, '-c', 'import signal, time; signal.signal(15, 1); time.sleep(60)']);"
        f"open({str(note)!r}, 'w').write(str(p.pid)); time.sleep(60)"
    )
    child = python(code)
    child.start()
    wait_for(lambda: note.exists() and note.read_text(), "the grandchild")
    child.stop()
    wait_for(lambda: not alive(int(note.read_text())), "the grandchild to end")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_does_not_outlive_its_supervisor(number: signal.Signals, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = (
        "import sys, time; from prm.supervisor.processes import Child, Program;"
        "c = Child(Program(name='x', command=[sys.executable, '-c', 'import time; time.sleep(60)'])); c.start();"
        f"open({str(note)!r}, 'w').write(str(c.pid)); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": os.getcwd()})
    wait_for(lambda: note.exists() and note.read_text(), "the child")
    parent.send_signal(number)
    parent.wait()
    wait_for(lambda: not alive(int(note.read_text())), "the child to end")


def test_stopping_what_never_started_is_nothing() -> None:
    stop: Callable[[], None] = python("pass").stop
    stop()
