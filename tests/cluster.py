"""An early pytest plugin: a PostgreSQL of its own for every run, before Django reads its settings.

Loaded by `-p tests.cluster` (pyproject.toml). Several runs at the same time never meet; with pytest-xdist the
controller starts one cluster and its workers inherit the address. TEST_DATABASE_URL names a server to use instead.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from prm.supervisor import cluster_files
from prm.supervisor.isolation import choose_identity
from prm.supervisor.layout import Layout
from prm.supervisor.postgres import FAST, Postgres
from prm.supervisor.processes import Child
from prm.supervisor.servers import wait_until_ready

MARK = "CONCORD_TEST_FOLDER"
_running: list[Child] = []


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """A wrapper runs before pytest-django's own hook, which reads the settings."""
    if MARK not in os.environ:
        start()
        early_config.add_cleanup(stop)
    return (yield)


def start() -> None:
    """Start the cluster in a new temporary folder and point the environment at it."""
    folder = Path(tempfile.mkdtemp(prefix="concord-tests-"))
    (folder / "var" / "static").mkdir(parents=True)  # whitenoise warns about a folder that is not there
    atexit.register(stop)
    url = os.environ.get("TEST_DATABASE_URL") or _start_postgres(folder)
    os.environ.update(
        {
            MARK: str(folder),
            "DATABASE_URL": url,
            "CELERY_BROKER_URL": "memory://",
            "EMAIL_URL": "smtp://127.0.0.1:9",
            "SECRET_KEY": "only-for-tests-" + "0123456789abcdef" * 4,
            "VAR_DIR": str(folder / "var"),
            "PLAIN_HTTP": "yes",
            "PRECHECK_MILLISECONDS": "0",
            "MAIL_IN_ADDRESS": "deals@portal.example",
            "PORTAL_URL": "http://testserver",
            # Playwright keeps an event loop in the thread of the tests, which makes Django refuse plain queries.
            "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
        }
    )
    for name in (
        "DEBUG",
        "SECRET_KEY_FILE",
        "ALLOWED_HOSTS",
        "PORTAL_NAME",
        "PORTAL_LOGO",
        "PORTAL_COLOUR",
        "BEHIND_PROXY",
    ):
        os.environ.pop(name, None)


def _start_postgres(folder: Path) -> str:
    layout = Layout(folder / "server")
    layout.prepare()
    place = cluster_files.home(layout.var, layout.sockets, choose_identity(), layout.fingerprint)
    server = Postgres(place, folder / "postgres.log", {**FAST, "max_connections": "200"})
    server.prepare()
    child = Child(server.program())
    _running.append(child)
    child.start()
    wait_until_ready(server, child)
    server.make_database()
    return server.url()


def stop() -> None:
    """Stop the cluster and remove its folder; a second call does nothing."""
    while _running:
        _running.pop().stop()
    folder = os.environ.pop(MARK, None)
    if folder:
        shutil.rmtree(folder, ignore_errors=True)
