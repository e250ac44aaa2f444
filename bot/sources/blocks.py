"""Reads a delimited text file in blocks of whole records in UTF-8, a few megabytes at a time."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal, Protocol

from bot.sources.errors import SourceError

BLOCK_BYTES = 3 * 1024 * 1024
MAX_BLOCK_BYTES = 8 * BLOCK_BYTES
MAX_RECORD_LINES = 200
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
Record = tuple[int, list[str]]
"""Physical line (1 = first) or sheet row of the record, and its cells."""


@dataclass(frozen=True)
class Block:
    """Whole records in UTF-8; `line` is the line of the file on which the first of them begins."""

    raw: bytes
    line: int
    separator: str

    def records(self) -> Iterator[Record]:
        """The records, each with the line on which it begins; blank lines and all carriage returns are left out.

        Raises SourceError for a quotation mark that is opened and never closed."""
        text = self.raw.replace(b"\r", b"").decode("utf-8", "replace")
        csv.field_size_limit(MAX_BLOCK_BYTES)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=self.separator)
        before = 0
        try:
            for cells in reader:
                if reader.line_num - before > MAX_RECORD_LINES:
                    raise SourceError("open_quote", line=str(self.line + before))
                if cells:
                    yield self.line + before, cells
                before = reader.line_num
        except csv.Error:
            raise SourceError("open_quote", line=str(self.line + before)) from None


class Openable(Protocol):
    """A file whose bytes can be read from the first on, any number of times."""

    def open(self, mode: Literal["rb"], /) -> BinaryIO:
        """The file's bytes from the first on."""
        ...


class TextFile:
    """A CSV or tab-separated file in UTF-8, UTF-16 (with BOM) or GB18030."""

    def __init__(self, path: Openable, block_bytes: int = BLOCK_BYTES) -> None:
        self.path, self.block_bytes = path, block_bytes
        self.separator = ","
        self.header: list[str] = []
        self._encoding = ""
        self._start = 1
        self._read_header()

    def start_at(self, line: int) -> None:
        """Begin with the record on that line of the file."""
        self._start = line

    def records(self) -> Iterator[Record]:
        """The records after the header, each with its line."""
        for block in self.blocks():
            yield from block.records()

    def blocks(self, last_first: bool = False) -> Iterator[Block]:
        """The records after the header, block by block; with `last_first` from the end of the file on.

        Raises SourceError for NUL bytes, unknown encodings and quotation marks that are never closed."""
        for raw, line in self._from_the_end() if last_first else self._raw_blocks():
            block = Block(self._utf8(raw), line, self.separator)
            if line < self._start:
                block = _without_lines(block, self._start - line)
            if block.raw:
                yield block

    def _read_header(self) -> None:
        for raw, first in self._raw_blocks():
            text = self._utf8(raw)
            self.separator = self.separator if self.header else _separator(text)
            for line, cells in Block(text, first, self.separator).records():
                if self.header:
                    self._start = line
                    return
                if any(cell.strip() for cell in cells):
                    self.header = cells
                    self._start = line + 1
        if not self.header:
            raise SourceError("empty")

    def _raw_blocks(self) -> Iterator[tuple[bytes, int]]:
        """Whole records as they are in the file (UTF-16 as UTF-8), with the line on which they begin."""
        with self.path.open("rb") as file:
            rest, line = b"", 1
            for chunk in _chunks(file, self.block_bytes):
                rest += chunk
                if b"\0" in chunk:
                    raise SourceError("nul_bytes", line=str(line + rest.count(b"\n", 0, rest.index(b"\0"))))
                end = _last_record_end(rest)
                if not end and len(rest) > MAX_BLOCK_BYTES:
                    raise SourceError("open_quote", line=str(line))
                if end:
                    raw, rest = rest[:end], rest[end:]
                    self._settle_encoding(raw)
                    yield raw, line
                    line += raw.count(b"\n")
            if rest:
                self._settle_encoding(rest, last=True)
                yield rest, line

    def _from_the_end(self) -> Iterator[tuple[bytes, int]]:
        """The blocks from the last to the first; the file is read once before, to find where they begin."""
        with self.path.open("rb") as file:
            start = file.read(3)
            if start[:2] in _UTF16:
                yield from self._raw_blocks()
                return
            offset, spans = len(start) if start == codecs.BOM_UTF8 else 0, []
            for raw, line in self._raw_blocks():
                spans.append((offset, len(raw), line))
                offset += len(raw)
            for offset, length, line in reversed(spans):
                file.seek(offset)
                yield file.read(length), line

    def _settle_encoding(self, raw: bytes, last: bool = False) -> None:
        if not self._encoding and not raw.isascii():
            self._encoding = _encoding(raw, last)

    def _utf8(self, raw: bytes) -> bytes:
        return raw.decode(self._encoding, "replace").encode() if self._encoding == "gb18030" else raw


def _chunks(file: BinaryIO, size: int) -> Iterator[bytes]:
    """The file's bytes without its BOM, `size` at a time, UTF-16 turned into UTF-8."""
    start = file.read(3)
    if start[:2] in _UTF16:
        decoder = codecs.getincrementaldecoder("utf-16")("replace")
        chunk = start
        while chunk:
            yield decoder.decode(chunk).encode("utf-8", "replace")
            chunk = file.read(size)
        return
    chunk = (b"" if start == codecs.BOM_UTF8 else start) + file.read(size)
    while chunk:
        yield chunk
        chunk = file.read(size)


def _last_record_end(data: bytes) -> int:
    """The position after the last whole record: after the last newline that is not inside quotation marks; 0 when
    there is none."""
    end = len(data)
    quotes = data.count(b'"')
    for _ in range(MAX_RECORD_LINES):
        newline = data.rfind(b"\n", 0, end)
        if newline < 0:
            return 0
        quotes -= data.count(b'"', newline, end)
        if quotes % 2 == 0:
            return newline + 1
        end = newline
    return 0


def _encoding(raw: bytes, last: bool) -> str:
    """The encoding, decided by the first block that is not plain ASCII; a character that is cut off at the block's
    end is no error."""
    for name in ("utf-8", "gb18030"):
        try:
            raw.decode(name)
        except UnicodeDecodeError as error:
            if not (last and error.end == len(raw) and error.start > 0):
                continue
        return name
    raise SourceError("encoding")


def _separator(raw: bytes) -> str:
    """The separator that occurs most in the first line that is not empty."""
    first = raw.lstrip(b"\r\n \t").split(b"\n", 1)[0].decode("utf-8", "replace")
    return max(",;\t", key=first.count)


def _without_lines(block: Block, lines: int) -> Block:
    start = 0
    for _ in range(lines):
        newline = block.raw.find(b"\n", start)
        if newline < 0:
            return Block(b"", block.line + lines, block.separator)
        start = newline + 1
    return Block(block.raw[start:], block.line + lines, block.separator)
