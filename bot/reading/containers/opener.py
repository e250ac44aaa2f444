"""Takes files apart in a disposable process, a few at a time."""

import json
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.reading.apart import OPENER
from bot.reading.containers.opened import Opened
from bot.reading.guard import answer_of
from bot.reading.limits import Limits
from bot.reading.processes import Start, start_of


@dataclass(frozen=True, eq=False)
class Opener:
    """One fresh process for each file, at most two of them."""

    limits: Limits
    start: Start = field(default_factory=lambda: start_of(OPENER))
    _places: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(2), repr=False)

    def open(self, path: Path, kind: str) -> Opened:
        """The file taken apart; with the warning that reading was stopped when the process was ended or said
        nonsense."""
        try:
            with self._places:
                head, _, content = answer_of(self.start, kind, path, self.limits).partition(b"\n")
            said = json.loads(head)
            files = tuple(_files(said["files"], content))
            return Opened(str(said["type"]), str(said["words"]), files, tuple(map(str, said["warnings"])))
        except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError):
            return Opened(kind, warnings=("reading_stopped",))


def _files(listed: list[Any], content: bytes) -> Iterator[tuple[str, bytes]]:
    place = 0
    for name, size in listed:
        yield str(name), content[place : place + int(size)]
        place += int(size)
