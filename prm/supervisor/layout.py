"""Where everything is: the checkout, var/ and what lies in it, and the short folder for sockets."""

import hashlib
import os
import stat
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from prm.supervisor.errors import CannotStart, unwritable

CHECKOUT = Path(__file__).resolve().parent.parent.parent
# A socket's address holds 108 bytes, the closing zero included.
SOCKET_PATH_LIMIT = 107
LONGEST_SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Layout:
    """The folders of one portal. Nothing outside of them is written, but for sockets when var's path is too long."""

    var: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Layout":
        """VAR_DIR, or var/ in the checkout."""
        return cls(Path(environment.get("VAR_DIR") or CHECKOUT / "var").absolute())

    @property
    def logs(self) -> Path:
        return self.var / "log"

    @property
    def sockets(self) -> Path:
        """A folder in which the servers' sockets fit: var/run, or a short one under /tmp named after var."""
        inside = self.var / "run"
        if len(os.fsencode(inside / LONGEST_SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
            return inside
        return Path("/tmp") / f"concord-{self.fingerprint}"

    @property
    def fingerprint(self) -> str:
        """A short name that no other portal of this user on this machine has."""
        return hashlib.sha256(os.fsencode(self.var) + str(os.geteuid()).encode()).hexdigest()[:12]

    @property
    def secret_key(self) -> Path:
        return self.var / "secret-key"

    @property
    def lock(self) -> Path:
        return self.var / "supervisor.lock"

    @property
    def demo_marker(self) -> Path:
        """Exists once the demo has been loaded (or was declined), so that it is never loaded twice."""
        return self.var / "demo-loaded"

    def prepare(self) -> None:
        """Make the folders. Raises CannotStart when one cannot be made, is no folder or belongs to somebody else."""
        for folder in (self.var, self.logs, self.sockets):
            private_folder(folder)
        probe = self.var / ".probe"
        try:
            # 64 kB really written: a full disk lets an empty file through.
            with probe.open("wb") as file:
                file.write(b"\0" * 65536)
                os.fsync(file.fileno())
        except OSError as error:
            raise unwritable(self.var, error) from error
        finally:
            if probe.exists():
                probe.unlink()


def private_folder(folder: Path) -> Path:
    """Make `folder` for this user alone; refuse one that somebody else made first (anyone may write to /tmp)."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat() if folder.parent == Path("/tmp") else folder.stat()
    except OSError as error:
        raise unwritable(folder, error) from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise CannotStart(
            f"The folder {folder} belongs to another user. Set VAR_DIR to a folder of your own."
        )
    return folder


def python() -> str:
    """The interpreter that this process runs in, for children."""
    return sys.executable
