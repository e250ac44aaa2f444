"""The folder of received exports: each file, and beside it its rows as they were read."""

import re
import shutil
import time
from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path
from uuid import uuid4

DAY_SECONDS = 86_400
_NAME = re.compile(r"[0-9a-f]{32}")


class DiskExportFolder:
    """Implements ports.previews.ExportFolder in a folder of its own, which it makes when it is needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, path: Path) -> str:
        """Copy a file into the folder under a name of its own."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        stored = uuid4().hex
        try:
            shutil.copyfile(path, self.folder / stored)
        except OSError:
            (self.folder / stored).unlink(missing_ok=True)
            raise
        (self.folder / stored).chmod(0o600)
        return stored

    def path(self, stored: str) -> Path:
        """The path of a stored file."""
        if not _NAME.fullmatch(stored):
            raise ValueError(stored)
        return self.folder / stored

    def write_rows(self, stored: str, lines: Iterator[str]) -> None:
        """Keep the rows of a stored file; what is half written is never read."""
        half = self._rows(stored).with_suffix(".new")
        try:
            with half.open("w", encoding="utf-8", newline="\n") as file:
                file.writelines(lines)
            half.replace(self._rows(stored))
        finally:
            half.unlink(missing_ok=True)

    def rows(self, stored: str, start: int = 0) -> Iterator[str]:
        """The kept rows from that line on."""
        with self._rows(stored).open(encoding="utf-8", newline="\n") as file:
            yield from islice(file, start, None)

    def drop(self, stored: str) -> None:
        """Delete a stored file and its rows."""
        for path in (self.path(stored), self._rows(stored)):
            path.unlink(missing_ok=True)

    def tidy(self, needed: Collection[str]) -> None:
        """Delete stored files that nobody needs any more; younger ones may be on their way."""
        before = time.time() - DAY_SECONDS
        for path in self.folder.glob("*"):
            if path.stem not in needed and path.stat().st_mtime < before:
                path.unlink(missing_ok=True)

    def _rows(self, stored: str) -> Path:
        return self.path(stored).with_suffix(".rows")
