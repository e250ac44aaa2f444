"""ZIP archives: what is in them, one level deep, never more than an archive of evidence holds."""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.reading.containers.opened import ZIP, Opened

_SYSTEMS = ("__macosx", ".ds_store", "thumbs.db", "desktop.ini")
_ENCRYPTED, _UTF8 = 0x1, 0x800
_BOMB_RATIO, _SMALL, _CHUNK = 100, 1_000_000, 1 << 20


class Refused(Exception):
    """The archive is not opened; the text is the warning."""


@dataclass(frozen=True)
class Caps:
    """Entries that an archive may list, files taken out of it, bytes of one file and of all of them unpacked."""

    entries: int
    files: int
    one: int
    all: int


def open_zip(data: bytes, caps: Caps) -> zipfile.ZipFile:
    """The archive with its list checked: not too long, no entries that share bytes, nothing encrypted. Raises
    Refused."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise Refused("archive_damaged") from error
    entries = archive.infolist()
    if len(entries) > caps.entries:
        raise Refused(f"archive_too_many:{len(entries)}")
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise Refused("archive_encrypted")
    ends = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < ends:
            raise Refused("archive_bomb")
        ends = entry.header_offset + entry.compress_size
    if any(entry.file_size > _SMALL and entry.file_size > _BOMB_RATIO * entry.compress_size for entry in entries):
        raise Refused("archive_bomb")
    if sum(entry.file_size for entry in entries) > caps.all:
        raise Refused(f"archive_too_large:{caps.all // 1_000_000}")
    return archive


def taken_out(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """An entry's bytes. Raises Refused when they are damaged or more than the list says or than may be."""
    found = bytearray()
    try:
        with archive.open(entry) as file:
            while chunk := file.read(_CHUNK):
                found += chunk
                if len(found) > min(most, entry.file_size):
                    raise Refused("archive_bomb")
    except (
        zipfile.BadZipFile,
        zlib.error,
        ValueError,
        NotImplementedError,
        EOFError,
        OSError,
        RuntimeError,
    ) as error:
        raise Refused("archive_damaged") from error
    return bytes(found)


def open_archive(archive: zipfile.ZipFile, caps: Caps) -> Opened:
    """The files of an archive by name. Folders, links and what systems leave behind are left out."""
    entries = [entry for entry in archive.infolist() if _is_file(entry)]
    links = ["archive_links"] if any(_is_link(entry) for entry in archive.infolist()) else []
    large = [entry for entry in entries if entry.file_size > caps.one]
    fitting = [entry for entry in entries if entry.file_size <= caps.one]
    files = tuple((_name(entry), taken_out(archive, entry, caps.one)) for entry in fitting[: caps.files])
    warnings = [*links, *_left_out(large, fitting[caps.files :])]
    return Opened(ZIP, files=files, warnings=tuple(warnings) if files else (*warnings, "archive_empty"))


def _left_out(large: Sequence[zipfile.ZipInfo], more: Sequence[zipfile.ZipInfo]) -> Iterator[str]:
    if large:
        yield f"archive_large_files:{len(large)}"
    if more:
        yield f"archive_cut:{len(more)}"


def _is_file(entry: zipfile.ZipInfo) -> bool:
    parts = [part.lower() for part in PurePosixPath(entry.filename).parts]
    return not entry.is_dir() and not _is_link(entry) and not any(part in _SYSTEMS for part in parts)


def _is_link(entry: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(entry.external_attr >> 16)


def _name(entry: zipfile.ZipInfo) -> str:
    """Its name; programs in Chinese write GB18030 without saying so."""
    if entry.flag_bits & _UTF8 or entry.filename.isascii():
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename
