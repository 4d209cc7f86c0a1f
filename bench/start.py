"""How long until the first page: a first start with the demo, and a second one on the same data."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parent.parent
WITHIN = 300.0


def measure() -> Iterator[dict[str, Any]]:
    """Seconds from the command to a page with status 200, and from the interrupt to the end of the last process."""
    with tempfile.TemporaryDirectory(prefix="concord-bench-") as folder:
        for what in ("first start", "second start"):
            yield {"what": what, **_once(folder)}


def _once(folder: str) -> dict[str, Any]:
    port = _free_port()
    environment = {**os.environ, "VAR_DIR": folder, "PORT": str(port)}
    for name in ("DATABASE_URL", "CELERY_BROKER_URL"):
        environment.pop(name, None)
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "prm.supervisor", "up"],
        env=environment,
        cwd=CHECKOUT,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not _page(port):
            if process.poll() is not None or time.monotonic() - began > WITHIN:
                return {"error": f"no page; 'VAR_DIR={folder} make up' says why"}
            time.sleep(0.05)
        shown = time.monotonic() - began
    finally:
        asked = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.wait(60)
    return {"seconds_to_page": round(shown, 2), "seconds_to_stop": round(time.monotonic() - asked, 2)}


def _page(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
