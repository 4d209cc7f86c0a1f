"""Three plots as SVG, written by hand: they stand in the documentation and need no library."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log10
from xml.sax.saxutils import escape

_COLOURS = ("#0b5cad", "#c2410c", "#4d7c0f", "#7c3aed")
_WIDTH, _HEIGHT, _LEFT, _BOTTOM, _TOP, _RIGHT = 640, 420, 60, 46, 56, 20

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Axis:
    """From `low` to `high` with marks; `scale` turns a value into a place on the axis before both are compared."""

    label: str
    low: float
    high: float
    marks: Mapping[float, str]
    scale: Callable[[float], float] = float

    def share(self, value: float) -> float:
        """Where the value lies between low (0) and high (1)."""
        low, high = self.scale(self.low), self.scale(self.high)
        return (self.scale(value) - low) / (high - low)


def tenths(label: str, low: float = 0.0) -> Axis:
    """An axis of shares up to 1."""
    marks = [mark / 10 for mark in range(round(low * 10), 11)]
    return Axis(label, low, 1.0, {mark: f"{mark:.1f}" for mark in marks})


def powers(label: str, low: float, high: float) -> Axis:
    """A logarithmic axis."""
    marks = {10.0**power: f"{10**power:,}" if power >= 0 else f"{10.0**power}" for power in range(-1, 8)}
    return Axis(
        label,
        low,
        high,
        {m: w for m, w in marks.items() if low <= m <= high},
        lambda value: log10(max(value, 1e-9)),
    )


def plot(
    title: str, x: Axis, y: Axis, lines: Mapping[str, Points], *, dots: bool = False, diagonal: bool = False
) -> str:
    """An SVG with one line for each name, a legend, and dots on the lines where wanted."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}"'
        ' font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
    ]
    parts += [_grid(axis, upright=axis is y) for axis in (x, y)]
    if diagonal:
        parts.append(_line([(0.0, 0.0), (1.0, 1.0)], x, y, "#888", dashed=True))
    for number, (name, points) in enumerate(lines.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        parts.append(_line(points, x, y, colour))
        if dots:
            parts += [
                f'<circle cx="{_x(x, a):.1f}" cy="{_y(y, b):.1f}" r="4" fill="{colour}"/>' for a, b in points
            ]
        across, down = _LEFT + 290 * (number % 2), 18 + 18 * (number // 2)
        parts.append(f'<rect x="{across}" y="{down - 6}" width="14" height="4" fill="{colour}"/>')
        parts.append(f'<text x="{across + 20}" y="{down}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _grid(axis: Axis, *, upright: bool) -> str:
    parts = []
    for mark, words in axis.marks.items():
        if upright:
            at = _y(axis, mark)
            parts.append(f'<path d="M{_LEFT} {at:.1f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>')
            parts.append(f'<text x="{_LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{words}</text>')
        else:
            at = _x(axis, mark)
            parts.append(f'<path d="M{at:.1f} {_TOP}V{_HEIGHT - _BOTTOM}" stroke="#ddd"/>')
            parts.append(
                f'<text x="{at:.1f}" y="{_HEIGHT - _BOTTOM + 16}" text-anchor="middle">{words}</text>'
            )
    middle = (_TOP + _HEIGHT - _BOTTOM) / 2
    parts.append(
        f'<text transform="translate(14 {middle}) rotate(-90)" text-anchor="middle">{escape(axis.label)}</text>'
        if upright
        else f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2}" y="{_HEIGHT - 8}" text-anchor="middle">{escape(axis.label)}</text>'
    )
    return "".join(parts)


def _line(points: Points, x: Axis, y: Axis, colour: str, *, dashed: bool = False) -> str:
    path = " ".join(f"{_x(x, a):.1f},{_y(y, b):.1f}" for a, b in points)
    dash = ' stroke-dasharray="4 4"' if dashed else ""
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'


def _x(axis: Axis, value: float) -> float:
    return _LEFT + min(1.0, max(0.0, axis.share(value))) * (_WIDTH - _LEFT - _RIGHT)


def _y(axis: Axis, value: float) -> float:
    return _HEIGHT - _BOTTOM - min(1.0, max(0.0, axis.share(value))) * (_HEIGHT - _BOTTOM - _TOP)
