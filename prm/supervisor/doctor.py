"""Checks before the start that say in one sentence what stands in the way."""

import shutil
import socket
from collections.abc import Callable
from pathlib import Path

from prm.supervisor.errors import CannotStart
from prm.supervisor.layout import Layout
from prm.supervisor.lock import Holder, Lock

# A new cluster takes 40 MB, its write-ahead log grows to 80 MB in use.
NEEDED_BYTES = 200 * 1024 * 1024
HOST = "127.0.0.1"


def free_bytes(folder: Path) -> int:
    """What the disk that holds `folder` still takes."""
    return shutil.disk_usage(folder).free


def check_disk(layout: Layout, measure: Callable[[Path], int] = free_bytes) -> None:
    """Raises CannotStart when the disk is too full for the database to work."""
    free = measure(layout.var)
    if free < NEEDED_BYTES:
        raise CannotStart(
            f"The disk that holds {layout.var} has {free // 1024**2} MB left and the portal needs "
            f"{NEEDED_BYTES // 1024**2} MB. Free some space or set VAR_DIR to a folder on another disk."
        )


def check_port(port: int) -> None:
    """Raises CannotStart when the port can't be served: taken, or reserved for root."""
    with socket.socket() as probe:
        # As gunicorn does, so that connections which are just ending are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            probe.listen(1)
        except PermissionError as error:
            raise CannotStart(
                f"Port {port} is reserved for root. Choose another: PORT=8001 make up"
            ) from error
        except OSError as error:
            other = port + 1 if port < 65535 else port - 1
            raise CannotStart(
                f"Port {port} is in use by another program. Stop that program or choose another port: "
                f"PORT={other} make up"
            ) from error


def take_lock(lock: Lock, holder: Holder) -> None:
    """Raises CannotStart when this var/ is already in use, saying by what."""
    if lock.acquire(holder):
        return
    other = lock.holder()
    if other and other.command == "up":
        raise CannotStart(
            f"The portal is already running from this folder (process {other.pid}, http://{HOST}:{other.port}). "
            "Stop it first with Ctrl-C in its terminal."
        )
    who = f" (process {other.pid})" if other else ""
    raise CannotStart(
        f"A management command is using this portal's data{who}. Start again when it has ended."
    )
