"""Opens a seller's file as a table of texts, of whatever kind it is."""

import mmap
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

from bot.sources.blocks import BLOCK_BYTES, TextFile
from bot.sources.errors import SourceError
from bot.sources.layout import recognise
from bot.sources.mappings import Kind, Mappings
from bot.sources.workbooks import Workbook, WorkbookSheet

_SIGNATURES = {
    b"\xd0\xcf\x11\xe0": "old_excel",
    b"%PDF": "not_table",
    b"\x89PNG": "not_table",
    b"\xff\xd8\xff": "not_table",
    b"<": "not_table",
    b"{": "not_table",
    b"\x1f\x8b": "packed",
    b"Rar!": "packed",
    b"7z\xbc\xaf": "packed",
}


@dataclass(frozen=True)
class SourceLimits:
    """Caps on files, in bytes: as they are, and what an XLSX unpacks into. A text file is read `block_bytes` at a
    time."""

    file_bytes: int = 1 << 30
    unpacked_bytes: int = 200_000_000
    block_bytes: int = BLOCK_BYTES


class GivenFile:
    """A file whose bytes are at hand and that cannot be opened by a path; every `open` begins with the first byte."""

    def __init__(self, data: bytes | mmap.mmap) -> None:
        self._data = data

    @classmethod
    def on(cls, descriptor: int) -> "GivenFile":
        """The file that is open under this number. Raises OSError or ValueError when it is empty or no file."""
        return cls(mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ))

    def open(self, mode: Literal["rb"] = "rb", /) -> BinaryIO:
        """The file's bytes from the first on."""
        return cast("BinaryIO", BufferedReader(_Bytes(self._data)))

    def __len__(self) -> int:
        """The file's size in bytes."""
        return len(self._data)


class _Bytes(RawIOBase):
    """A place of its own in bytes that several readers share."""

    def __init__(self, data: bytes | mmap.mmap) -> None:
        self._data, self._place = data, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        found = self._data[self._place : self._place + len(view)]
        view[: len(found)] = found
        self._place += len(found)
        return len(found)

    def seek(self, offset: int, whence: int = 0) -> int:
        self._place = max(0, offset + (0, self._place, len(self._data))[whence])
        return self._place

    def tell(self) -> int:
        return self._place


def open_table(
    path: Path | GivenFile, mappings: Mappings, kind: Kind | None, limits: SourceLimits
) -> TextFile | WorkbookSheet:
    """The table in a file: of a workbook the first sheet whose columns fit `kind`, or any kind. Raises SourceError
    for a file that is no table."""
    start = _start_of(path, limits)
    if start.startswith(b"PK"):
        return _sheet(Workbook(path, limits.unpacked_bytes), mappings, kind)
    for signature, key in _SIGNATURES.items():
        if start.startswith(signature):
            raise SourceError(key)
    try:
        return TextFile(path, limits.block_bytes)
    except OSError as error:
        raise SourceError("unreadable", why=error.strerror or str(error)) from error


def _start_of(path: Path | GivenFile, limits: SourceLimits) -> bytes:
    try:
        size = len(path) if isinstance(path, GivenFile) else _size(path)
        with path.open("rb") as file:
            start = file.read(16)
    except OSError as error:
        raise SourceError("unreadable", why=error.strerror or str(error)) from error
    if not size:
        raise SourceError("empty")
    if size > limits.file_bytes:
        raise SourceError("too_large", megabytes=str(limits.file_bytes // 1_000_000))
    return start


def _size(path: Path) -> int:
    # A pipe would be waited for, a device never end.
    if path.exists() and not path.is_file():
        raise SourceError("not_a_file")
    return path.stat().st_size


def _sheet(workbook: Workbook, mappings: Mappings, kind: Kind | None) -> WorkbookSheet:
    """The first sheet whose header fits; else the first sheet, whose header then explains the refusal."""
    sheets = list(workbook.sheets())
    for sheet in sheets:
        try:
            recognise(sheet.header, mappings, kind)
        except SourceError:
            continue
        return sheet
    if not sheets:
        raise SourceError("empty")
    return sheets[0]
