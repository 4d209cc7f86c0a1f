"""A real Valkey that tests can stop, kill and wipe."""

import os
import shutil
import signal
from pathlib import Path

import kombu.pools

from prm.celery import app
from prm.supervisor.processes import Child
from prm.supervisor.servers import wait_until_ready
from prm.supervisor.valkey import Valkey


class Broker:
    """The queue of one test. `url` never changes; what is behind it may be down, empty or new."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._server = Valkey(folder / "data", folder, folder / "valkey.log")
        self._child: Child | None = None
        self.url = self._server.url()

    def start(self) -> None:
        """Start it and return once it answers."""
        self._server.prepare()
        self._child = Child(self._server.program())
        self._child.start()
        wait_until_ready(self._server, self._child)

    def stop(self) -> None:
        """Stop it cleanly; what was queued is kept on disk."""
        if self._child is not None:
            self._child.stop()
            self._child = None

    def kill(self) -> None:
        """End it with SIGKILL, as a crash would."""
        if self._child is not None and self._child.pid:
            os.kill(self._child.pid, signal.SIGKILL)
            self.stop()

    def restart(self) -> None:
        self.stop()
        self.start()

    def wipe(self) -> None:
        """Lose everything that was queued, on disk as well. It runs afterwards."""
        self.stop()
        shutil.rmtree(self._server.data, ignore_errors=True)
        self.start()

    def queued(self) -> int:
        """How many tasks wait in the default queue (not those a worker has taken)."""
        with app.connection_for_write(self.url) as connection:
            return int(connection.default_channel.client.llen("celery"))


def forget_connections() -> None:
    """Make this process's Celery connect anew. It reads CELERY_BROKER_URL from the environment each time."""
    kombu.pools.reset()
    app._pool = None
    app.amqp._producer_pool = None
