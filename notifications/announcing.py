"""Tells the workers that mail is waiting. Best effort: the sweep every few seconds finds what was not announced."""

import logging
from datetime import timedelta
from functools import partial

from celery import current_app
from django.db import connection, transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

TASK = "notifications.send_outbox"
# The longest wait that is worth a task of its own; later mail is left to the sweep.
_NEAR = timedelta(seconds=60)
# Seconds. A request that wrote a mail must not hang on a broker that does not answer.
_CONNECT_TIMEOUT = 1
_EXPIRES = 60


def announce_on_commit(delay: timedelta) -> None:
    """Enqueues an outbox run after the commit, `delay` from now, if the broker is there. Never raises or hangs.

    One run serves all messages of a transaction, so only the first call in it counts.
    """
    if delay > _NEAR:
        return
    announce = _now if delay <= timedelta(0) else _soon
    inside = set(connection.savepoint_ids)
    for savepoints, waiting, *_ in connection.run_on_commit:
        # An earlier call counts only if no rollback to a savepoint can drop it and leave this one standing.
        if waiting is announce and set(savepoints) <= inside:
            return
    transaction.on_commit(announce, robust=True)


def _now() -> None:
    announce(0)


def _soon() -> None:
    announce(_NEAR.total_seconds() / 4)


def wake_on_commit(task: str) -> None:
    """Enqueues a sweep other than the outbox's after the commit, if the broker is there. Never raises or hangs."""
    transaction.on_commit(partial(announce, 0, task), robust=True)


def announce(countdown: float, task: str = TASK) -> bool:
    """Enqueues one run of the outbox, or of another sweep, `countdown` seconds from now. False, and a line in the log,
    if the broker is away."""
    try:
        with current_app.connection_for_write(connect_timeout=_CONNECT_TIMEOUT) as broker:
            broker.transport_options = {
                **broker.transport_options,
                "max_retries": 1,
                "interval_start": 0,
                "interval_step": 0,
                "socket_connect_timeout": _CONNECT_TIMEOUT,
                "socket_timeout": _CONNECT_TIMEOUT,
                "connect_retries_timeout": _CONNECT_TIMEOUT,
            }
            current_app.send_task(
                task,
                connection=broker,
                countdown=countdown or None,
                expires=countdown + _EXPIRES,
                retry=False,
            )
    except (OperationalError, OSError) as error:
        logger.warning("The broker could not be told of waiting work; the next sweep will find it: %s", error)
        return False
    return True
