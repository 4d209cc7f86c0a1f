"""The portal's own three programs: web server, worker and exactly one beat."""

import os
import signal
from collections.abc import Mapping

from prm.supervisor.doctor import HOST
from prm.supervisor.layout import CHECKOUT, Layout, python
from prm.supervisor.processes import Program

_CELERY = ["-m", "celery", "-q", "-A", "prm.celery:app"]


def web(environment: Mapping[str, str], port: int) -> Program:
    """gunicorn with a process per core, at most four: enough for one machine, little enough for a laptop. Threads, since
    a pre-check waits on purpose: a thread that sleeps costs next to nothing, a process would cost a core's worth."""
    workers = environment.get("WEB_CONCURRENCY") or str(min(4, max(2, os.cpu_count() or 2)))
    flags = [
        "--bind",
        f"{HOST}:{port}",
        "--workers",
        workers,
        "--threads",
        environment.get("WEB_THREADS") or "4",
        "--graceful-timeout",
        "8",
        "--no-control-socket",
    ]
    log = [
        "--access-logfile",
        "-",
        "--access-logformat",
        "%(m)s %(U)s %(s)s %(M)s ms",
        "--log-level",
        "warning",
    ]
    return _program("web", ["-m", "gunicorn", "prm.wsgi:application", *flags, *log], environment)


def worker(environment: Mapping[str, str], concurrency: int = 2) -> Program:
    """A Celery worker. Asked to stop it finishes its task; a task that is cut off comes back to the queue."""
    flags = ["--concurrency", str(concurrency), "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    return _program("worker", [*_CELERY, "worker", *flags], environment)


def beat(environment: Mapping[str, str], layout: Layout) -> Program:
    """Celery beat. Its file only remembers when it last spoke; the database decides what is due."""
    schedule = layout.var / "beat-schedule"
    return _program(
        "beat",
        [*_CELERY, "beat", "--schedule", str(schedule), "--pidfile=", "--loglevel", "WARNING"],
        environment,
    )


def _program(name: str, arguments: list[str], environment: Mapping[str, str]) -> Program:
    return Program(
        name=name,
        command=[python(), *arguments],
        stop_signal=signal.SIGTERM,
        environment=environment,
        folder=CHECKOUT,
    )
