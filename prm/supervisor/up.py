"""`up`: the whole portal under one command, until it is asked to stop."""

import http.client
import os
import time
from collections.abc import Mapping

from prm.supervisor import doctor, output, programs
from prm.supervisor.environment import port_of, portal_environment
from prm.supervisor.errors import CannotStart
from prm.supervisor.layout import Layout
from prm.supervisor.lock import Lock, holding
from prm.supervisor.processes import Child
from prm.supervisor.servers import Servers
from prm.supervisor.signals import StopRequest
from prm.supervisor.steps import Step

PAGE_WITHIN = 60.0
_WATCH_EVERY = 0.5


def run_up(layout: Layout, base: Mapping[str, str] = os.environ) -> int:
    """Start everything, serve until SIGINT or SIGTERM, stop everything. Raises CannotStart when it can't."""
    port = port_of(base)
    layout.prepare()
    lock = Lock(layout.lock)
    doctor.take_lock(lock, holding("up", port=port))
    try:
        doctor.check_disk(layout)
        doctor.check_port(port)
        stop = StopRequest()
        _Portal(layout, base, port, lock, stop).run()
    finally:
        lock.release()
    return 0


class _Portal:
    def __init__(
        self, layout: Layout, base: Mapping[str, str], port: int, lock: Lock, stop: StopRequest
    ) -> None:
        self.layout, self.port, self.lock, self.stop_request = layout, port, lock, stop
        self.servers = Servers(layout, base)
        self.environment = portal_environment(layout, base, self.servers.addresses())
        self.programs: list[Child] = []
        self.began = time.monotonic()

    def run(self) -> None:
        try:
            self._start_servers()
            self._prepare_data()
            self._start_programs()
            while not self.stop_request.wait(_WATCH_EVERY):
                for child in (*self.servers.children, *self.programs):
                    child.watch()
        finally:
            self._stop()

    def _start_servers(self) -> None:
        output.line("setup", f"starting the database and the job queue in {self.layout.var}")
        self.servers.start(self.stop_request.check)
        self.lock.describe(holding("up", port=self.port, ready=True))

    def _prepare_data(self) -> None:
        """Migrate and collect static files side by side; then the demo, once and only into the embedded database."""
        output.line("setup", "preparing the database")
        migrate = self._step("Preparing the database", "migrate", "--no-input")
        static = self._step("Collecting the static files", "collectstatic", "--no-input", "--verbosity", "0")
        try:
            migrate.finish(self.stop_request.check)
        finally:
            static.finish(self.stop_request.check)
        if self.servers.postgres is None or self.layout.demo_marker.exists():
            return
        wanted = self.environment.get("DEMO", "yes").lower() not in {"0", "no", "off", "false"}
        if wanted:
            output.line("setup", "loading the demo")
            if not self._step("Loading the demo", "load_demo").finish(self.stop_request.check):
                return
        self.layout.demo_marker.write_text("loaded\n" if wanted else "declined\n", encoding="ascii")

    def _start_programs(self) -> None:
        accounts = self._demo_accounts()
        for program in (
            programs.web(self.environment, self.port),
            programs.worker(self.environment),
            programs.beat(self.environment, self.layout),
        ):
            child = Child(program)
            self.programs.append(child)
            child.start()
        self._wait_for_page()
        shown: list[str] = []
        if accounts is not None:
            try:
                shown = accounts.lines() if accounts.finish(self.stop_request.check) else []
            except CannotStart as error:
                output.line("setup", str(error))
        self._banner(shown)

    def _demo_accounts(self) -> Step | None:
        """Begun before the web server is up, since it takes as long. Warnings do not belong into the banner."""
        marker = self.layout.demo_marker
        if not marker.exists() or marker.read_text(encoding="ascii").strip() != "loaded":
            return None
        return self._step("Listing the demo accounts", "demo_accounts", complaints=False)

    def _wait_for_page(self) -> None:
        deadline = time.monotonic() + PAGE_WITHIN
        while time.monotonic() < deadline:
            self.stop_request.check()
            for child in self.programs:
                child.watch()
            if answers(self.port):
                return
            time.sleep(0.1)
        output.line("setup", "the web server does not answer yet; its lines above say why")

    def _banner(self, accounts: list[str]) -> None:
        rule = "─" * 72
        seconds = time.monotonic() - self.began
        output.plain(
            "\n".join(
                ["", rule, f"  The portal is ready after {seconds:.0f} s:  http://{doctor.HOST}:{self.port}/"]
            )
        )
        if accounts:
            output.plain("\n".join(["", *(f"  {line}" for line in accounts)]))
        output.plain(
            "\n".join(["", "  Ctrl-C stops it. The data stays in " + str(self.layout.var), rule, ""])
        )

    def _step(self, name: str, *arguments: str, complaints: bool = True) -> Step:
        return Step(name, list(arguments), self.environment, self.layout.logs, complaints=complaints)

    def _stop(self) -> None:
        """Web, beat, worker, Valkey, PostgreSQL: first who makes work, last who keeps it."""
        output.line("portal", "stopping")
        order = {"web": 0, "beat": 1, "worker": 2}
        for child in sorted(self.programs, key=lambda child: order[child.name]):
            child.stop(0 if self.stop_request.hurry else None)
        self.servers.stop()
        output.line("portal", "stopped")


def answers(port: int) -> bool:
    """Whether the web server gives any answer at all."""
    connection = http.client.HTTPConnection(doctor.HOST, port, timeout=10)
    try:
        connection.request("HEAD", "/")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
