"""The command line as people use it in a pipe."""

import os
import subprocess
import sys

from prm.supervisor.layout import CHECKOUT


def test_a_reader_that_has_seen_enough_is_no_fault() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as closed:
        command = [sys.executable, "manage.py", "help"]
        done = subprocess.run(
            command, cwd=CHECKOUT, stdout=closed, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert (done.returncode, done.stderr) == (141, "")
