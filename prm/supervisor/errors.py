"""What can go wrong before or while starting, in words for the person at the terminal."""

import errno
from pathlib import Path


class CannotStart(Exception):
    """An expected failure. Its message is one or two plain sentences that end with what to do."""


class Interrupted(Exception):
    """The person asked to stop while the portal was still starting."""


_REASONS = {
    errno.ENOSPC: "the disk is full. Free some space and start again.",
    errno.EDQUOT: "the disk quota is used up. Free some space and start again.",
    errno.EROFS: "the disk is read-only. Set VAR_DIR to a folder that can be written.",
    errno.EACCES: "this user may not write there. Change the folder's owner or set VAR_DIR to another folder.",
    errno.EPERM: "this user may not write there. Change the folder's owner or set VAR_DIR to another folder.",
    errno.ENOTDIR: "a file stands where a folder is needed. Move it away or set VAR_DIR to another folder.",
    errno.EEXIST: "a file stands where a folder is needed. Move it away or set VAR_DIR to another folder.",
    errno.ENOENT: "the folder above it does not exist and cannot be made. Set VAR_DIR to another folder.",
}


def unwritable(path: Path, error: OSError) -> CannotStart:
    """The sentence for a file or folder that could not be written."""
    reason = _REASONS.get(error.errno or 0, f"{error.strerror or error}. Set VAR_DIR to another folder.")
    return CannotStart(f"Cannot write to {path}: {reason}")
