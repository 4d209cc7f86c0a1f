"""Fixtures that all tests share: the real parts for fault tests, the browser, and what is said when it is missing."""

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase

from tests import databases
from tests.parts.broker import Broker, forget_connections
from tests.parts.celery_processes import CeleryProcess, beat_process, worker_process
from tests.parts.smtp import SmtpPeer

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_FOLDER_MARKS = ("browser", "faults", "concurrency")
_LONGEST = (
    "test_up.py",
    "test_life.py",
    "test_axe.py",
    "test_precheck_tells_nothing.py",
    "test_year_of_reminders.py",
)
_FLAGS = [
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
    # A page's scripts run for a moment: making machine code of them takes longer than it saves.
    "--js-flags=--no-opt --no-maglev --no-sparkplug",
]
skipped_for_browser = pytest.StashKey[int]()

# Tests need neither collected files nor slow hashes. Browsers get static files from the live server itself; whitenoise would
# read all of them anew for each test client, which took longer than most pages.
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.WHITENOISE_USE_FINDERS = False
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Nor do they need Django's flush, a thirtieth of which is done by `reset`.
TransactionTestCase._fixture_teardown = lambda self: databases.reset()  # type: ignore[attr-defined]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark by folder; skip browser tests where there is no browser, and count them. The longest come first: at the end
    one process would wait for the other."""
    items.sort(key=lambda item: item.path.name not in _LONGEST)
    skipped = 0
    for item in items:
        for folder in _FOLDER_MARKS:
            if folder in item.path.parts:
                item.add_marker(folder.removesuffix("s") if folder == "faults" else folder)
        if item.get_closest_marker("browser") and CHROMIUM is None:
            item.add_marker(pytest.mark.skip(reason="no chromium on this machine"))
            skipped += 1
    config.stash[skipped_for_browser] = skipped


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say it loudly: a green run without a browser has not seen the pages. With xdist the reports are counted."""
    reports = terminalreporter.stats.get("skipped", [])
    counted = sum("no chromium on this machine" in str(report.longrepr) for report in reports)
    skipped = max(counted, config.stash.get(skipped_for_browser, 0))
    if skipped:
        terminalreporter.write_sep("!", "BROWSER TESTS WERE SKIPPED", red=True, bold=True)
        terminalreporter.write_line(
            f"{skipped} BROWSER TESTS WERE SKIPPED: NO CHROMIUM ON THIS MACHINE.", red=True
        )
        terminalreporter.write_line(
            "INSTALL IT (apt-get install chromium fonts-liberation) AND RUN THE TESTS AGAIN.", red=True
        )


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector need not walk it again and again, and seldom has something to collect."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_modify_db_settings: None,
    django_db_keepdb: bool,
    django_db_createdb: bool,
) -> Iterator[None]:
    """In place of pytest-django's: a copy of the one database that is migrated (tests/databases.py)."""
    with django_db_blocker.unblock():
        name = connection.creation._get_test_db_name()  # type: ignore[attr-defined]
        databases.make_copy(name, keep=django_db_keepdb and not django_db_createdb)
        yield
        if not django_db_keepdb:
            databases.drop(name)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """pytest-playwright's browser is the system's chromium; root can't have its sandbox."""
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": [*_FLAGS, *root]}


@pytest.fixture
def broker(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    """A running, empty Valkey that this process's Celery publishes to. Starting one takes some 50 ms."""
    server = Broker(tmp_path_factory.mktemp("b"))
    server.start()
    monkeypatch.setenv("CELERY_BROKER_URL", server.url)
    forget_connections()
    yield server
    monkeypatch.undo()
    forget_connections()
    server.stop()


@pytest.fixture
def smtp_peer() -> Iterator[SmtpPeer]:
    """A listening SMTP server. Give `smtp_peer.url` to workers; point Django's settings at it with `mail_to_peer`."""
    peer = SmtpPeer()
    peer.start()
    yield peer
    peer.stop()


@pytest.fixture
def mail_to_peer(smtp_peer: SmtpPeer, settings: Any) -> SmtpPeer:
    """Mail that this very process sends goes to the peer instead of pytest-django's outbox."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp_peer.port
    settings.EMAIL_TIMEOUT = 3
    return smtp_peer


@pytest.fixture
def process_environment(transactional_db: None, smtp_peer: SmtpPeer) -> Callable[..., dict[str, str]]:
    """The environment for a process that works on the test database and mails to the peer; keywords override."""

    def build(**overrides: str) -> dict[str, str]:
        base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
        name = connection.settings_dict["NAME"]
        return {**os.environ, "DATABASE_URL": f"{base}/{name}", "EMAIL_URL": smtp_peer.url, **overrides}

    return build


@pytest.fixture
def start_worker(
    broker: Broker, process_environment: Callable[..., dict[str, str]], tmp_path: Path
) -> Iterator[Callable[..., CeleryProcess]]:
    """`start_worker(concurrency=1, EMAIL_URL=…)` starts a real worker and returns once it takes tasks."""
    started: list[CeleryProcess] = []

    def start(concurrency: int = 1, **overrides: str) -> CeleryProcess:
        environment = process_environment(**overrides)
        worker = worker_process(tmp_path, environment, concurrency=concurrency, number=len(started) + 1)
        started.append(worker.start())
        return worker.wait_until_ready()

    yield start
    for worker in started:
        worker.kill() if worker.running() else worker.stop()


@pytest.fixture
def start_beat(
    broker: Broker, process_environment: Callable[..., dict[str, str]], tmp_path: Path
) -> Iterator[Callable[..., CeleryProcess]]:
    """`start_beat()` starts a real beat; a second call starts a second one, which must do no harm."""
    started: list[CeleryProcess] = []

    def start(**overrides: str) -> CeleryProcess:
        beat = beat_process(tmp_path, process_environment(**overrides), number=len(started) + 1)
        started.append(beat.start())
        return beat

    yield start
    for beat in started:
        beat.stop()
