"""Tables as XLSX, row by row; those as CSV are made by core/tables.py."""

import re
import tempfile
from collections.abc import Iterable
from datetime import datetime
from typing import IO, Any

from openpyxl import Workbook

from core.tables import Cell as Cell
from core.tables import csv_lines as csv_lines
from core.tables import defused as defused

_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SHEET_ROWS = 1_000_000  # Excel reads 1,048,576 of a sheet
_CELL_LENGTH = 32_000


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


def _for_excel(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return defused(_UNWRITABLE.sub("", cell)[:_CELL_LENGTH])
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None)  # Excel knows no zones; the caller has chosen one
    return cell
