"""The word lists under data/: plain text, one entry a line, lines with # are comments."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from zlib import crc32

from publicsuffixlist import PSLFILE

_DATA = Path(__file__).parent / "data"


@cache
def lines(name: str) -> tuple[str, ...]:
    """The entries of data/<name>.txt in their order, without comments and blank lines."""
    text = (_DATA / f"{name}.txt").read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


@cache
def words(name: str) -> frozenset[str]:
    """The entries of data/<name>.txt as a set."""
    return frozenset(lines(name))


@cache
def mapping(name: str) -> dict[str, str]:
    """The entries 'a = b' of data/<name>.txt."""
    pairs = (line.partition("=") for line in lines(name))
    return {left.strip(): right.strip() for left, _, right in pairs}


def fingerprint() -> int:
    """A number that is another whenever a list has changed that names are normalised or domains reduced by; what other fields
    weigh is none."""
    number = crc32(Path(PSLFILE).read_bytes())
    for file in sorted(_DATA.glob("*.txt")):
        if file.stem != "other_fields":
            number = crc32(file.name.encode() + file.read_bytes(), number)
    return number
