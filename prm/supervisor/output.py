"""Lines on the terminal: 'web     | …', coloured where the terminal shows colours."""

import os
import sys
import threading

WIDTH = 7
_COLOURS = {"web": 36, "worker": 33, "beat": 35, "valkey": 34, "postgres": 34, "setup": 32, "portal": 32}
_lock = threading.Lock()


def _coloured() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def line(source: str, text: str) -> None:
    """Print one line that came from `source`. Lines of several threads never mix; a closed terminal is ignored."""
    prefix = f"{source:<{WIDTH}} |"
    if _coloured():
        prefix = f"\033[{_COLOURS.get(source, 37)}m{prefix}\033[0m"
    _write(f"{prefix} {text}")


def plain(text: str) -> None:
    """Print text as it is, for the banner."""
    _write(text)


def problem(text: str) -> None:
    """Print a sentence that says why the command did not succeed, on standard error."""
    with _lock:
        print(f"concord: {text}", file=sys.stderr, flush=True)


def _write(text: str) -> None:
    with _lock:
        try:
            print(text, flush=True)
        except (BrokenPipeError, ValueError):
            # The terminal is gone. The servers must still be stopped in order, so go on silently.
            sys.stdout = open(os.devnull, "w")  # noqa: SIM115
