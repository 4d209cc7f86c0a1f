"""The files that are measured with: CSV, packed or not, read a row at a time."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from core.errors import BadInput


@contextmanager
def open_text(path: str) -> Iterator[IO[str]]:
    """A text file, unpacked where its name ends in .gz. Raises BadInput, in words, for what can't be opened."""
    opened: Callable[..., IO[str]] = gzip.open if Path(path).suffix == ".gz" else open
    try:
        file = opened(path, "rt", encoding="utf-8-sig", errors="replace", newline="")
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror or error}") from error
    with file:
        yield file


def read_rows(file: IO[str], path: str, columns: Sequence[str]) -> Iterator[dict[str, str]]:
    """The file's rows by heading, empty text for a missing cell. Raises BadInput unless all of `columns` are there."""
    reader = csv.DictReader((line.replace("\0", " ") for line in file), restval="")
    missing = [column for column in columns if column not in (reader.fieldnames or [])]
    if missing:
        raise BadInput(
            f"{path}: the column {missing[0]} is missing; there are: {', '.join(reader.fieldnames or [])}"
        )
    for row in reader:
        row.pop(None, None)
        yield row
