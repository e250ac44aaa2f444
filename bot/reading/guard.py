"""Runs the disposable process for untrusted PDFs and pictures: few at a time, never longer than its limits."""

import json
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bot.reading.limits import Limits

_ROOT = str(Path(__file__).parents[2])
START = (
    "import sys; sys.path.insert(0, sys.argv[1]); from bot.reading.walls import enter; enter(); "
    "from bot.reading.cell import main; main(*sys.argv[2:])"
)
_NAMED = (
    "import json, sys; sys.path.insert(0, sys.argv[1]); from bot.reading.walls import enter, shut; "
    "print(json.dumps([*enter(), *shut()]))"
)
STOPPED: dict[str, Any] = {"warnings": ["reading_stopped"]}


def standing() -> list[str]:
    """The names of the walls that this system has, as a process of its own finds them. Raises OSError or
    SubprocessError when it cannot be started."""
    command = [sys.executable, "-I", "-c", _NAMED, _ROOT]
    done = subprocess.run(command, capture_output=True, env={}, cwd="/", timeout=20, check=True)  # noqa: S603
    return [str(name) for name in json.loads(done.stdout)]


def answer_of(program: str, task: str, path: Path, limits: Limits) -> bytes:
    """What a fresh process prints for the file, which it gets as its input and nothing else. Raises OSError or
    SubprocessError when it cannot be started, fails, or takes more than its `limits.wall_seconds`."""
    command = [sys.executable, "-I", "-c", program, _ROOT, task, json.dumps(asdict(limits))]
    with path.open("rb") as file:
        done = subprocess.run(  # noqa: S603 - the command is fixed
            command,
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            timeout=limits.wall_seconds,
            check=True,
        )
    return done.stdout


@dataclass(frozen=True, eq=False)
class Guard:
    """One fresh process for each file, at most `at_once` of them; nothing runs between files. `start` is the program
    that they run."""

    limits: Limits
    at_once: int = 2
    start: str = START
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
