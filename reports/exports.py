"""Tables as CSV and XLSX, row by row: memory stays the same for ten rows and for a hundred thousand."""

import csv
import re
import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

from openpyxl import Workbook

Cell = str | int | float | Decimal | datetime | date | None

# What spreadsheets take for a formula (or, with tab and return, skip before looking for one).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SHEET_ROWS = 1_000_000  # Excel reads 1,048,576 of a sheet
_CELL_LENGTH = 32_000


def defused(cell: Cell) -> Cell:
    """`cell`, where a text that a spreadsheet would run as a formula gets an apostrophe in front. Figures stay figures."""
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return cell


class _Line:
    """What csv.writer writes to: hands each line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(header: list[str], rows: Iterable[list[Cell]]) -> Iterator[bytes]:
    """The table as UTF-8 with a byte order mark, which is how Excel knows it, in pieces of some hundred rows."""
    writer: Any = csv.writer(_Line())
    piece = ["\ufeff", writer.writerow(header)]
    for row in rows:
        piece.append(writer.writerow([_as_text(defused(cell)) for cell in row]))
        if len(piece) >= 500:
            yield "".join(piece).encode("utf-8", "replace")
            piece = []
    if piece:
        yield "".join(piece).encode("utf-8", "replace")


def xlsx_file(title: str, header: list[str], rows: Iterable[list[Cell]]) -> IO[bytes]:
    """The table as a workbook in a temporary file, at its beginning; a new sheet where one is full."""
    book = Workbook(write_only=True)
    sheet = None
    for number, row in enumerate(rows):
        if number % _SHEET_ROWS == 0:
            sheet = _new_sheet(book, title if number == 0 else f"{title} {number // _SHEET_ROWS + 1}", header)
        assert sheet is not None
        sheet.append([_for_excel(cell) for cell in row])
    if sheet is None:
        _new_sheet(book, title, header)
    target = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the response that streams it
    book.save(target)
    target.seek(0)
    return target


def _new_sheet(book: Workbook, title: str, header: list[str]) -> Any:
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for number in range(len(header)):
        sheet.column_dimensions[chr(ord("A") + number)].width = 18
    sheet.append(header)
    return sheet


def _as_text(cell: Cell) -> object:
    return cell.isoformat(sep=" ", timespec="minutes") if isinstance(cell, datetime) else cell


def _for_excel(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return defused(_UNWRITABLE.sub("", cell)[:_CELL_LENGTH])
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None)  # Excel knows no zones; the caller has chosen one
    return cell
