"""The files that are measured with: CSV as people and programs save it, packed or not, read a row at a time."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from typing import IO, Any

from core.errors import BadInput

_SEPARATORS = ",;\t"
_PACKED = b"\x1f\x8b"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DAMAGED = (OSError, EOFError, zlib.error)
# Characters that a cell may have; the csv module's own bound is an eighth of a million.
csv.field_size_limit(16_000_000)


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


# Bytes that are no UTF-8 are read as Windows writes them in Western Europe.
codecs.register_error("concord_cp1252", _as_cp1252)


@dataclass(frozen=True)
class Table:
    """Its columns by name, each with the heading as it stands in the file, and its rows by column, read as they are asked for.
    A column that was asked for is called as it was asked for; any other as its heading."""

    columns: dict[str, str]
    rows: Iterator[dict[str, str]]


@contextmanager
def open_text(path: str) -> Iterator[IO[str]]:
    """A text file, unpacked where gzip packed it, whatever it is called: UTF-8, UTF-16 with its mark, or Windows' own.
    Raises BadInput, in words, for what can't be opened."""
    with ExitStack() as opened:
        try:
            # Once and never back: a pipe is a file, too.
            file = opened.enter_context(open(path, "rb"))
            packed = file.peek(2)[:2] == _PACKED
            raw = opened.enter_context(gzip.open(file)) if packed else file
            encoding = "utf-16" if raw.peek(2)[:2] in _UTF_16 else "utf-8-sig"
        except _DAMAGED as error:
            raise BadInput(f"{path}: {_words(error)}") from error
        errors = "replace" if encoding == "utf-16" else "concord_cp1252"
        yield opened.enter_context(io.TextIOWrapper(raw, encoding=encoding, errors=errors, newline=""))


def read_table(file: IO[str], path: str, columns: Sequence[str], also: Sequence[str] = ()) -> Table:
    """The file's headings and rows, empty text for a missing cell; separated by commas, or by semicolons or tabs where the
    headings are. `columns` must be there, `also` may; in any case and with spaces around. Raises BadInput unless all of
    `columns` are there once, and what may be there not twice; so do the rows where the file is damaged."""
    try:
        lines = _Lines(line.replace("\0", " ") for line in file)
        first = next((line for line in lines if line.strip()), "")
        asked = {*columns, *also}
        separator = next(
            (
                mark
                for mark in _SEPARATORS
                if set(columns) <= {_named(cell, asked) for cell in _cells(first, mark)}
            ),
            ",",
        )
        lines.back(first)
        reader = csv.reader(lines, delimiter=separator)
        headings = next(reader, []) if first else []
    except (*_DAMAGED, csv.Error) as error:
        raise BadInput(f"{path}: {_words(error)}") from error
    if not headings:
        raise BadInput(f"{path}: the file is empty")
    names = [_named(heading, asked) for heading in headings]
    for column in columns:
        if column not in names:
            raise BadInput(f"{path}: the column {column} is missing; there are: {', '.join(headings)}")
    for column in (*columns, *also):
        if names.count(column) > 1:
            raise BadInput(f"{path}: the column {column} stands in it twice")
    return Table(dict(zip(names, headings, strict=True)), _rows(reader, lines, names, separator, path))


class _Lines:
    """The lines of a file, and those that the row being read is made of."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines, self._back = iter(lines), list[str]()
        self.row: list[str] = []

    def back(self, line: str) -> None:
        """Gives a line once more."""
        self._back.append(line)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._back.pop() if self._back else next(self._lines)
        self.row.append(line)
        return line


def _named(heading: str, asked: set[str]) -> str:
    """The column that is asked for by this heading, else the heading itself."""
    folded = heading.strip().casefold()
    return folded if folded in asked else heading


def _cells(line: str, separator: str) -> list[str]:
    return next(csv.reader([line], delimiter=separator), [])


def _rows(
    reader: Any, lines: _Lines, names: list[str], separator: str, path: str
) -> Iterator[dict[str, str]]:
    began = reader.line_num
    try:
        while True:
            began, lines.row = reader.line_num, []
            cells = next(reader, None)
            if cells is None:
                return
            if len(lines.row) > 1 and not _is_closed(lines.row, separator):
                raise BadInput(f"{path}, line {began + 1}: a quotation mark is opened there and not closed")
            if cells:
                yield dict(zip_longest(names, cells[: len(names)], fillvalue=""))
    except csv.Error as error:
        words = f"after line {began}: {error}; a quotation mark may be left open"
        raise BadInput(f"{path}, {words}") from error
    except _DAMAGED as error:
        raise BadInput(f"{path}: {_words(error)}") from error


def _is_closed(row: list[str], separator: str) -> bool:
    """Whether a row of several lines is one by its quotation marks. One that nobody closed ends at the next that is opened,
    with text behind it, or at the end of the file."""
    try:
        next(csv.reader(row, delimiter=separator, strict=True))
    except csv.Error:
        return False
    return True


def _words(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return "this is no CSV" if isinstance(error, csv.Error) else "the packed file is damaged or cut off"
