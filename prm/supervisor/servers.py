"""The embedded servers of one portal: those that the environment does not replace."""

import time
from collections.abc import Callable, Mapping
from typing import Protocol

from prm.supervisor import cluster_files
from prm.supervisor.errors import CannotStart
from prm.supervisor.isolation import choose_identity
from prm.supervisor.layout import Layout
from prm.supervisor.postgres import Postgres
from prm.supervisor.processes import Child, Program
from prm.supervisor.valkey import Valkey

READY_WITHIN = 60.0


class Server(Protocol):
    """What PostgreSQL and Valkey have in common."""

    name: str

    def prepare(self) -> bool: ...
    def program(self) -> Program: ...
    def ready(self) -> bool: ...
    def why_not(self) -> CannotStart: ...


def postgres_of(layout: Layout) -> Postgres:
    """The cluster of this var/."""
    place = cluster_files.home(layout.var, layout.sockets, choose_identity(), layout.fingerprint)
    return Postgres(place, layout.logs / "postgres.log")


def valkey_of(layout: Layout) -> Valkey:
    """The job queue of this var/."""
    return Valkey(layout.var / "valkey", layout.sockets, layout.logs / "valkey.log")


class Servers:
    """PostgreSQL and Valkey, each only when no address in `environment` replaces it."""

    def __init__(self, layout: Layout, environment: Mapping[str, str]) -> None:
        self.postgres = None if environment.get("DATABASE_URL") else postgres_of(layout)
        self.valkey = None if environment.get("CELERY_BROKER_URL") else valkey_of(layout)
        self.children: list[Child] = []

    @property
    def any(self) -> bool:
        return self.postgres is not None or self.valkey is not None

    @property
    def without_tables(self) -> bool:
        """Whether the database here, once started, was never migrated; False for one elsewhere."""
        return self.postgres is not None and not self.postgres.has_tables()

    def addresses(self) -> dict[str, str]:
        """The environment that leads to the servers."""
        found = {}
        if self.postgres:
            found["DATABASE_URL"] = self.postgres.url()
        if self.valkey:
            found["CELERY_BROKER_URL"] = self.valkey.url()
        return found

    def start(self, interrupted: Callable[[], None] = lambda: None) -> None:
        """Make what is missing, start, wait until both answer. Raises CannotStart; call stop() in any case."""
        if self.postgres:
            self.postgres.prepare()
            self._start(self.postgres)
        if self.valkey:
            self.valkey.prepare()
            self._start(self.valkey)
        for server, child in zip(self._wanted(), self.children, strict=True):
            wait_until_ready(server, child, interrupted)
        if self.postgres:
            self.postgres.make_database()

    def stop(self) -> None:
        """Stop Valkey, then PostgreSQL: who wrote last goes first."""
        for child in reversed(self.children):
            child.stop()

    def _wanted(self) -> list[Server]:
        return [server for server in (self.postgres, self.valkey) if server is not None]

    def _start(self, server: Server) -> None:
        child = Child(server.program())
        self.children.append(child)
        child.start()


def wait_until_ready(
    server: Server,
    child: Child,
    interrupted: Callable[[], None] = lambda: None,
    seconds: float = READY_WITHIN,
) -> None:
    """Return once the server accepts connections; raise CannotStart with its reason when it ends or takes too long."""
    deadline = time.monotonic() + seconds
    while not server.ready():
        interrupted()
        if not child.running() or time.monotonic() > deadline:
            raise server.why_not()
        time.sleep(0.05)
