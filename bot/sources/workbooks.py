"""XLSX files as rows of texts, protected against archives that unpack into too much."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from bot.sources.blocks import Openable, Record
from bot.sources.errors import SourceError

MAX_CELLS = 10_000_000
MAX_COLUMNS = 1_000
MAX_PARTS = 2_000
EXACT = 10**15
"""Spreadsheets keep 15 digits: a longer number in a cell has lost its last ones."""

_CHUNK = 1024 * 1024
_REFERENCE = re.compile(rb'<(?:\w+:)?c\s[^>]{0,200}?\br="([A-Z]{1,3})(\d{1,7})"')


class Workbook:
    """An XLSX file. Raises SourceError for a file that is none, is damaged, or unpacks into more than `max_bytes`."""

    def __init__(self, path: Openable, max_bytes: int) -> None:
        _guard(path, max_bytes)
        try:
            with path.open("rb") as file:
                self._workbook = CalamineWorkbook.from_filelike(file)
        except (CalamineError, OSError) as error:
            raise SourceError("xlsx_damaged") from error

    def sheets(self) -> Iterator["WorkbookSheet"]:
        """The sheets that are not empty, in order."""
        for name in self._workbook.sheet_names:
            try:
                sheet = self._workbook.get_sheet_by_name(name)
            except CalamineError:
                continue
            if sheet.height:
                yield WorkbookSheet(sheet)


class WorkbookSheet:
    """One sheet; its header is the first row that is not empty."""

    def __init__(self, sheet: CalamineSheet) -> None:
        self._sheet = sheet
        self.header: list[str] = []
        self._start = 1
        for row, cells in self._rows():
            if any(cells):
                self.header, self._start = cells, row + 1
                return

    def start_at(self, row: int) -> None:
        """Begin with that row of the sheet."""
        self._start = row

    def records(self) -> Iterator[Record]:
        """The rows after the header with their row numbers; empty rows are left out."""
        for row, cells in self._rows():
            if row >= self._start and any(cells):
                yield row, cells

    def _rows(self) -> Iterator[Record]:
        # The library leaves out empty rows above and columns left of the first cell.
        top, left = self._sheet.start or (0, 0)
        padding = [""] * left
        iterator = iter(self._sheet.to_python(skip_empty_area=True))
        for row, cells in enumerate(iterator, top + 1):
            yield row, [*padding, *map(_text, cells)]


def _text(cell: Any) -> str:
    match cell:
        case str():
            return cell
        case bool():
            return str(cell).lower()
        case int() | float():
            return _number(cell)
        case datetime():
            return cell.isoformat(" ", "seconds")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
        case _:
            return ""


def _number(value: float) -> str:
    if abs(value) >= EXACT:
        return f"{value:E}"
    return str(int(value)) if value == int(value) else str(value)


def _guard(path: Openable, max_bytes: int) -> None:
    """Unpack every part once and raise SourceError when the declared sizes, the sum of the contents or the width
    of a sheet are too large."""
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if not any(part.filename == "xl/workbook.xml" for part in parts):
                raise SourceError("not_xlsx")
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > max_bytes:
                raise SourceError("xlsx_too_large", megabytes=str(max_bytes // 1_000_000))
            for part in parts:
                _check_part(archive, part)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError) as error:
        raise SourceError("xlsx_damaged") from error


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    is_sheet = part.filename.startswith("xl/worksheets/")
    rows = columns = 0
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if is_sheet:
                for letters, digits in _REFERENCE.findall(tail + chunk):
                    rows, columns = max(rows, int(digits)), max(columns, _column(letters))
                tail = chunk[-256:]
    if columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        raise SourceError("sheet_too_wide", rows=str(rows), columns=str(columns))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
