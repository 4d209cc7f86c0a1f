"""The files that are measured with: CSV as people and programs save it, packed or not, read a row at a time."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import IO

from core.errors import BadInput

_SEPARATORS = ",;\t"
# A row of more lines than this has a quotation mark that nobody closed, and would swallow what follows.
_MOST_LINES = 8
_PACKED = b"\x1f\x8b"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DAMAGED = (OSError, EOFError, zlib.error)


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


# Bytes that are no UTF-8 are read as Windows writes them in Western Europe.
codecs.register_error("concord_cp1252", _as_cp1252)


@dataclass(frozen=True)
class Table:
    """The headings as they stand in the file, and its rows by heading, read as they are asked for."""

    columns: list[str]
    rows: Iterator[dict[str, str]]


@contextmanager
def open_text(path: str) -> Iterator[IO[str]]:
    """A text file, unpacked where gzip packed it, whatever it is called: UTF-8, UTF-16 with its mark, or Windows' own.
    Raises BadInput, in words, for what can't be opened."""
    try:
        with open(path, "rb") as file:
            packed = file.read(2) == _PACKED
        raw = gzip.open(path) if packed else open(path, "rb")  # noqa: SIM115  closed with the text below
        encoding = "utf-16" if raw.peek(2)[:2] in _UTF_16 else "utf-8-sig"
    except _DAMAGED as error:
        raise BadInput(f"{path}: {_words(error)}") from error
    errors = "replace" if encoding == "utf-16" else "concord_cp1252"
    with io.TextIOWrapper(raw, encoding=encoding, errors=errors, newline="") as text:
        yield text


def read_table(file: IO[str], path: str, columns: Sequence[str]) -> Table:
    """The file's headings and rows, empty text for a missing cell; separated by commas, or by semicolons or tabs where the
    headings are. Raises BadInput unless all of `columns` are there once; so do the rows where the file is damaged."""
    try:
        lines = (line.replace("\0", " ") for line in file)
        first = next((line for line in lines if line.strip()), "")
        separator = next((mark for mark in _SEPARATORS if set(columns) <= set(_cells(first, mark))), ",")
        reader = csv.DictReader(chain([first], lines), restval="", delimiter=separator)
        headings = list(reader.fieldnames or []) if first else []
    except (*_DAMAGED, csv.Error) as error:
        raise BadInput(f"{path}: {_words(error)}") from error
    if not headings:
        raise BadInput(f"{path}: the file is empty")
    for column in columns:
        if column not in headings:
            raise BadInput(f"{path}: the column {column} is missing; there are: {', '.join(headings)}")
        if headings.count(column) > 1:
            raise BadInput(f"{path}: the column {column} stands in it twice")
    return Table(list(dict.fromkeys(headings)), _rows(reader, path))


def _cells(line: str, separator: str) -> list[str]:
    return next(csv.reader([line], delimiter=separator), [])


def _rows(reader: csv.DictReader[str], path: str) -> Iterator[dict[str, str]]:
    began = reader.line_num
    try:
        for row in reader:
            if reader.line_num - began > _MOST_LINES:
                raise BadInput(f"{path}, line {began + 1}: a quotation mark is opened there and not closed")
            began = reader.line_num
            row.pop(None, None)
            yield row
    except csv.Error as error:
        words = f"after line {reader.line_num}: {error}; a quotation mark may be left open"
        raise BadInput(f"{path}, {words}") from error
    except _DAMAGED as error:
        raise BadInput(f"{path}: {_words(error)}") from error


def _words(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return "this is no CSV" if isinstance(error, csv.Error) else "the packed file is damaged or cut off"
