"""A CSV file as people save it from a spreadsheet: several encodings, comma or semicolon, headings in any case."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from core.errors import BadInput

LARGEST_BYTES = 1_000_000
MOST_ROWS = 5_000
_LONGEST_FIELD = 2_000


@dataclass(frozen=True)
class Table:
    """The rows of a file by heading, each with its line, and how the file was read."""

    headings: list[str]
    rows: list[tuple[int, dict[str, str]]]
    encoding: str
    separator: str


def read_table(content: bytes) -> Table:
    """The file's rows. Raises BadInput, in words for the person, for what can't be read as a table."""
    if len(content) > LARGEST_BYTES:
        raise BadInput(f"The file is larger than {LARGEST_BYTES // 1_000_000} MB. Split it.", field="file")
    text, encoding = _decode(content)
    lines = text.lstrip("\r\n")
    if not lines.strip():
        raise BadInput("The file is empty.", field="file")
    first = lines.splitlines()[0]
    separator = max(",;\t", key=first.count)
    try:
        headings, rows = _rows(lines, separator)
    except csv.Error as error:
        raise BadInput(
            "The file can't be read as CSV. Save it again as 'CSV UTF-8'.", field="file"
        ) from error
    return Table(headings, rows, encoding, separator)


def _decode(content: bytes) -> tuple[str, str]:
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise BadInput("This is a spreadsheet. Save it as 'CSV UTF-8' and upload that file.", field="file")
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if content.startswith(mark):
            return _strict(content, encoding), encoding
    try:
        text, encoding = content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        text, encoding = _strict(content, "cp1252"), "cp1252"
    if "\0" in text:
        raise BadInput("This is not a text file. Save the table as 'CSV UTF-8'.", field="file")
    return text, encoding


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadInput("The file's letters can't be read. Save it as 'CSV UTF-8'.", field="file") from error


def _rows(text: str, separator: str) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    headings = [heading.strip().lower().replace(" ", "_").replace("-", "_") for heading in next(reader)]
    doubled = sorted({heading for heading in headings if heading and headings.count(heading) > 1})
    if doubled:
        raise BadInput(f"The column {doubled[0]} stands in the file twice.", field="file")
    rows: list[tuple[int, dict[str, str]]] = []
    begins = reader.line_num + 1
    for values in reader:
        if any(value.strip() for value in values):
            cells = {h: v.strip()[:_LONGEST_FIELD] for h, v in zip(headings, values, strict=False) if h}
            rows.append((begins, cells))
        begins = reader.line_num + 1
        if len(rows) > MOST_ROWS:
            raise BadInput(f"The file has more than {MOST_ROWS} rows. Split it.", field="file")
    if not rows:
        raise BadInput("The file has headings but no rows.", field="file")
    return headings, rows
