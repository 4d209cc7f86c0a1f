"""The embedded PostgreSQL: made, started, watched for readiness, and stopped."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import psycopg2

from prm.supervisor.cluster_files import ADVICE, ROLE, Home, examine, prepare_for_nobody
from prm.supervisor.errors import CannotStart
from prm.supervisor.isolation import Identity, before_exec
from prm.supervisor.processes import Program

_INITDB = [
    *("-A", "trust", "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"),
    *("--data-checksums", "--no-instructions"),
]
_MEGABYTE = 1024 * 1024


def _kept_in_memory() -> str:
    """shared_buffers: a quarter of the machine's memory, from 128 to 512 MB. The index of a million companies fits then;
    with PostgreSQL's own 128 MB a look-up among them took 1 ms more."""
    quarter = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 4 // _MEGABYTE
    return f"{min(512, max(128, quarter))}MB"


SAFE = {
    "shared_buffers": _kept_in_memory(),
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "log_checkpoints": "off",
}
# For tests only: a crash of the machine loses the data, nothing waits for the disk.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class Postgres:
    """One cluster, reached through a socket. In this order: prepare, program, ready, make_database."""

    name = "postgres"

    def __init__(self, place: Home, log: Path, options: Mapping[str, str] | None = None) -> None:
        self.place = place
        self.log = log
        self.options = {**SAFE, **(options or {})}

    def url(self, database: str = ROLE) -> str:
        """The address of `database` in the form that both libpq and Django's settings read."""
        return f"postgresql://{ROLE}@{quote(str(self.place.sockets), safe='')}/{database}"

    def prepare(self) -> bool:
        """Make the cluster unless it is there; True when it is new. Raises CannotStart when its files are damaged."""
        if self.place.identity is Identity.NOBODY:
            prepare_for_nobody(self.place)
        if examine(self.place):
            self._clear_leftover()
            return False
        self._initialise()
        return True

    def _initialise(self) -> None:
        """initdb beside its place, then one rename: an interrupted start leaves nothing that looks like a database."""
        parent = self.place.data.parent
        owned = parent / "owned" if self.place.identity is Identity.NOBODY else parent
        fresh = owned / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        done = subprocess.run(
            [self.place.binaries / "initdb", "-D", fresh, "-U", ROLE, *_INITDB],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=before_exec(signal.SIGTERM, self.place.identity),
            start_new_session=True,
            cwd="/",
        )
        if done.returncode != 0:
            shutil.rmtree(fresh, ignore_errors=True)
            self.log.write_text(done.stdout, encoding="utf-8")
            raise CannotStart(
                f"The database could not be made: {last_complaint(done.stdout)} More is in {self.log}."
            )
        if self.place.data.exists():
            self.place.data.rmdir()
        fresh.rename(self.place.data)

    def program(self) -> Program:
        """How to run the server. SIGINT ends it fast and cleanly, also when the supervisor is killed."""
        settings = {**self.options, "unix_socket_directories": str(self.place.sockets)}
        flags = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return Program(
            name=self.name,
            command=[str(self.place.binaries / "postgres"), "-D", str(self.place.data), *flags],
            stop_signal=signal.SIGINT,
            log=self.log,
            identity=self.place.identity,
            patience=15.0,
        )

    def ready(self) -> bool:
        """Whether the server accepts connections, by the last line of its pid file, as pg_ctl does it."""
        try:
            lines = (self.place.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return False
        return len(lines) >= 8 and lines[7].strip() == "ready"

    def make_database(self, name: str = ROLE) -> None:
        """Create the database unless it exists."""
        connection = psycopg2.connect(self.url("postgres"), connect_timeout=10)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
                if cursor.fetchone() is None:
                    cursor.execute(f'CREATE DATABASE "{name}"')
        finally:
            connection.close()

    def has_tables(self, name: str = ROLE) -> bool:
        """Whether migrations have ever run in the database. A command that needs none may have made it."""
        connection = psycopg2.connect(self.url(name), connect_timeout=10)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
                return bool(cursor.fetchone()[0])
        finally:
            connection.close()

    def why_not(self) -> CannotStart:
        """The sentence for a server that ended while starting, with PostgreSQL's own complaint."""
        said = last_complaint(_read(self.log))
        return CannotStart(
            f"The database in {self.place.data} did not start: {said} More is in {self.log}. "
            + ADVICE.format(data=self.place.data)
        )

    def _clear_leftover(self) -> None:
        """A pid file may outlive its server. Wait for a server that is still ending; forget one that is gone.

        PostgreSQL itself takes any living process with that number for its server, which after a reboot is a mistake.
        """
        pid_file = self.place.data / "postmaster.pid"
        deadline = time.monotonic() + 20
        while (pid := _first_number(pid_file)) and _is_server(pid, self.place.data):
            if time.monotonic() > deadline:
                raise CannotStart(
                    f"A PostgreSQL (process {pid}) still uses {self.place.data}. Stop it and start again."
                )
            os.kill(pid, signal.SIGINT)
            time.sleep(0.5)
        pid_file.unlink(missing_ok=True)


def last_complaint(text: str) -> str:
    """The last line in which PostgreSQL says what is wrong, without its time stamp."""
    for line in reversed(text.splitlines()):
        for level in ("PANIC:", "FATAL:", "ERROR:", "error:"):
            if level in line:
                return line.split(level, 1)[1].strip().rstrip(".") + "."
    return "it gave no reason."


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _first_number(path: Path) -> int | None:
    first = _read(path).split("\n", 1)[0].strip()
    return int(first) if first.isdigit() else None


def _is_server(pid: int, data: Path) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return os.fsencode(data) in command
