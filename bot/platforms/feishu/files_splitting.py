"""A package too large for Feishu as several packages that are not."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

ENTRY_BYTES = 1000
"""What the zip format itself takes for one entry, names included."""


def split(package: Path, limit: int, folder: Path) -> tuple[list[Path], list[str]]:
    """Write the entries of a zip file to several in `folder`, in their order, each at most `limit` bytes; returns
    those and the names of entries that are too large on their own. Raises BadZipFile for what is no zip file."""
    parts: list[Path] = []
    with ZipFile(package) as whole:
        entries = [entry for entry in whole.infolist() if not entry.is_dir()]
        large = [entry.filename for entry in entries if _size(entry) > limit]
        for number, group in enumerate(_groups([each for each in entries if _size(each) <= limit], limit), 1):
            parts.append(folder / f"{number}.zip")
            _write(parts[-1], whole, group)
    return parts, large


def _size(entry: ZipInfo) -> int:
    return entry.compress_size + ENTRY_BYTES


def _groups(entries: list[ZipInfo], limit: int) -> Iterator[list[ZipInfo]]:
    group: list[ZipInfo] = []
    size = 0
    for entry in entries:
        if group and size + _size(entry) > limit:
            yield group
            group, size = [], 0
        group.append(entry)
        size += _size(entry)
    if group:
        yield group


def _write(part: Path, whole: ZipFile, entries: list[ZipInfo]) -> None:
    with ZipFile(part, "w", ZIP_DEFLATED) as target:
        for entry in entries:
            named = ZipInfo(entry.filename, entry.date_time)
            named.compress_type = entry.compress_type
            with whole.open(entry) as source, target.open(named, "w") as copy:
                shutil.copyfileobj(source, copy)
