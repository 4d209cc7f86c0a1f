"""`reset`: back to the state before the first start."""

import contextlib
import shutil
from pathlib import Path

from prm.supervisor import cluster_files, doctor, output
from prm.supervisor.errors import unwritable
from prm.supervisor.layout import Layout
from prm.supervisor.lock import Lock, holding

# By name, never the whole folder: VAR_DIR may point to one that holds other things as well.
_NAMES = [
    *("postgres", "postgres.new", "valkey", "static", "media", "mailbox", "log", "run"),
    *("secret-key", "secret-key.new", "beat-schedule", "demo-loaded", "supervisor.lock"),
]


def run_reset(layout: Layout) -> int:
    """Remove the portal's data after saying so. Raises CannotStart while it runs or when a file can't be removed."""
    if not layout.var.exists():
        output.plain(f"Nothing to remove: {layout.var} does not exist.")
        return 0
    if not layout.var.is_dir():
        raise unwritable(layout.var, NotADirectoryError(20, ""))
    layout.prepare()
    lock = Lock(layout.lock)
    doctor.take_lock(lock, holding("reset"))
    try:
        output.plain(
            f"Removing the portal's database, job queue, files, mails and secret key in {layout.var}"
        )
        for path in _ours(layout):
            _remove(path)
    except OSError as error:
        raise unwritable(layout.var, error) from error
    finally:
        lock.release()
    output.plain("Done. The next 'make up' begins with a fresh demo.")
    return 0


def _ours(layout: Layout) -> list[Path]:
    inside = [layout.var / name for name in _NAMES]
    outside = [cluster_files.outside_home(layout.fingerprint)]
    if layout.sockets.parent != layout.var:
        outside.append(layout.sockets)
    return [path for path in (*inside, *outside) if path.exists()]


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
    if path.name == "supervisor.lock":
        with contextlib.suppress(OSError):
            path.parent.rmdir()
