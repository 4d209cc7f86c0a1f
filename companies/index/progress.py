"""A progress bar on a terminal; silence anywhere else."""

from __future__ import annotations

from time import monotonic
from typing import Any

_WIDTH = 30


class Progress:
    """`add` what was done; with a `total` a bar and the time left are drawn, else a count."""

    def __init__(self, out: Any, label: str, total: int = 0) -> None:
        self._out, self._label, self._total = out, label, total
        self._done, self._began, self._drawn = 0, monotonic(), 0.0
        self._shown = bool(getattr(out, "isatty", lambda: False)())

    def add(self, size: int) -> None:
        """So many more are done."""
        self._done += size
        now = monotonic()
        if self._shown and now - self._drawn >= 0.1:
            self._drawn = now
            self._draw(now)

    def end(self) -> None:
        """Leaves the last state on a line of its own."""
        if self._shown and self._done:
            self._draw(monotonic())
            self._out.write("", ending="\n")

    def _draw(self, now: float) -> None:
        line = f"{self._done:,} {self._label}"
        if self._total:
            share = min(1.0, self._done / self._total)
            left = (now - self._began) * (1 - share) / max(share, 0.001)
            filled = round(share * _WIDTH)
            bar = "█" * filled + "░" * (_WIDTH - filled)
            line = f"{bar} {share:4.0%}  {self._done:,} of {self._total:,} {self._label}, {left:,.0f} s left"
        self._out.write(f"\r{line}  ", lambda text: text, ending="")
