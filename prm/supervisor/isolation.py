"""What a child does between fork and exec: die with its parent, and stop being root where the server refuses root."""

import ctypes
import enum
import os
import pwd
import signal
from collections.abc import Callable

_libc = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1


class Identity(enum.Enum):
    """As whom PostgreSQL runs, which refuses uid 0."""

    SAME_USER = "same user"
    UNMAPPED = "root without a name, in a user namespace of its own"
    NOBODY = "nobody"


def choose_identity() -> Identity:
    """As root a user namespace without a mapping where the kernel allows it (containers often don't), else nobody."""
    if os.geteuid() != 0:
        return Identity.SAME_USER
    child = os.fork()
    if child == 0:
        os._exit(0 if _libc.unshare(_CLONE_NEWUSER) == 0 else 1)
    _, status = os.waitpid(child, 0)
    return Identity.UNMAPPED if status == 0 else Identity.NOBODY


def nobody() -> tuple[int, int]:
    """uid and gid of the account that owns nothing else."""
    entry = pwd.getpwnam("nobody")
    return entry.pw_uid, entry.pw_gid


def before_exec(death_signal: signal.Signals, identity: Identity = Identity.SAME_USER) -> Callable[[], None]:
    """A preexec_fn. The kernel sends `death_signal` when the thread that started the child ends, however it ends."""
    parent = os.getpid()
    uid, gid = nobody() if identity is Identity.NOBODY else (0, 0)

    def prepare() -> None:
        if identity is Identity.UNMAPPED and _libc.unshare(_CLONE_NEWUSER) != 0:
            raise OSError(ctypes.get_errno(), "unshare")
        if identity is Identity.NOBODY:
            os.setgroups([])
            os.setgid(gid)
            os.setuid(uid)
        # After the change of identity, which clears it.
        _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return prepare
