"""`manage ARGS`: any management command, whether or not the portal is running."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from types import FrameType

from prm.supervisor import output
from prm.supervisor.environment import portal_environment
from prm.supervisor.errors import CannotStart
from prm.supervisor.layout import CHECKOUT, Layout, python
from prm.supervisor.lock import Lock, holding
from prm.supervisor.servers import Servers

WAIT_FOR_OTHERS = 600.0
# These make or check migrations, or need no tables: an empty database stays empty for them.
_WITHOUT_TABLES = {
    "migrate",
    "makemigrations",
    "showmigrations",
    "sqlmigrate",
    "check",
    "help",
    "collectstatic",
}


def run_manage(layout: Layout, arguments: list[str], base: Mapping[str, str] = os.environ) -> int:
    """Run the command with the terminal as its own and return its exit code. Servers that are not up are lent to it."""
    layout.prepare()
    servers = Servers(layout, base)
    environment = portal_environment(layout, base, servers.addresses())
    lock = Lock(layout.lock)
    if not servers.any or not _own_servers_needed(lock):
        return _run(arguments, environment)
    try:
        servers.start()
        lock.describe(holding("manage", ready=True))
        if arguments[0] not in _WITHOUT_TABLES and servers.without_tables:
            code = _run(["migrate", "--no-input", "--verbosity", "0"], environment)
            if code:
                return code
        return _run(arguments, environment)
    finally:
        servers.stop()
        lock.release()


def _own_servers_needed(lock: Lock) -> bool:
    """True with the lock taken when nothing runs; False when a running portal's servers can be used."""
    deadline, told = time.monotonic() + WAIT_FOR_OTHERS, False
    while not lock.acquire(holding("manage")):
        other = lock.holder()
        if other and other.command == "up" and other.ready:
            return False
        if time.monotonic() > deadline:
            raise CannotStart(
                "Another command has been using this portal's data for ten minutes. Try again later."
            )
        if not told and other:
            output.problem(f"waiting for process {other.pid}, which is using this portal's data")
            told = True
        time.sleep(0.2)
    return True


def _run(arguments: list[str], environment: Mapping[str, str]) -> int:
    """The command shares the terminal, so Ctrl-C reaches it directly; here it is only noted."""

    def note(number: int, frame: FrameType | None) -> None:
        if number == signal.SIGTERM and process is not None:
            process.terminate()

    process: subprocess.Popen[bytes] | None = None
    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        process = subprocess.Popen([python(), "manage.py", *arguments], env=dict(environment), cwd=CHECKOUT)
        return process.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
