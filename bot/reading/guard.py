"""Runs the disposable process for untrusted PDFs and pictures: few at a time, never longer than its limits."""

import json
import subprocess
import threading
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bot.reading.apart import CELL
from bot.reading.limits import Limits
from bot.reading.processes import Start, start_of

STOPPED: dict[str, Any] = {"warnings": ["reading_stopped"]}


def answer_of(start: Start, task: str, path: Path, limits: Limits) -> bytes:
    """What a fresh process prints for the file, which it gets as its input and nothing else. Raises OSError or
    SubprocessError when it cannot be started, fails, or takes more than its `limits.wall_seconds`."""
    with path.open("rb") as file:
        return start.answer(file, limits.wall_seconds, task, json.dumps(asdict(limits)))


@dataclass(frozen=True, eq=False)
class Guard:
    """One fresh process for each file, at most `at_once` of them; nothing runs between files. `start`
    starts them."""

    limits: Limits
    at_once: int = 2
    start: Start = field(default_factory=lambda: start_of(CELL))
    _places: threading.BoundedSemaphore = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_places", threading.BoundedSemaphore(self.at_once))

    def run(self, task: str, path: Path) -> dict[str, Any]:
        """What the process saw; STOPPED when it was killed, ran out of time or memory, or said nonsense."""
        try:
            with self._places:
                seen = json.loads(answer_of(self.start, task, path, self.limits))
        except (OSError, subprocess.SubprocessError, ValueError):
            return STOPPED
        return seen if isinstance(seen, dict) else STOPPED
