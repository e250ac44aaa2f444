"""Opens received exports in disposable processes behind walls, a few at a time, and takes only plain rows from
them."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass as checked

from bot.domain.dateorder import DateOrder, WrittenDate
from bot.ports.sources import (
    Batch,
    DefectRow,
    ExportRefused,
    ExportSigns,
    OrderRow,
    ReadAs,
    ReadEnd,
    Skipped,
)
from bot.sources.mappings import Mappings

ROOT = str(Path(__file__).parents[2])
# Only this text knows both sides: the walls are those in which evidence is opened.
START = (
    "import sys; sys.path.insert(0, sys.argv[1]); from bot.reading.walls import enter, shut; enter(); "
    "from bot.reading.cell import confine, die_with_parent, grant; from bot.sources.process import main; "
    "main({'shut': shut, 'confine': confine, 'die_with_parent': die_with_parent, 'grant': grant}, *sys.argv[2:])"
)
LONGEST_LINE = 64_000_000
_MANY = (b",", b";", b"\t")
_HEAD = 4096
LEAST_SEPARATORS = 2


@dataclass(frozen=True)
class ExportLimits:
    """Caps on the process that opens an export: its processor and wall seconds, and its memory in bytes."""

    cpu_seconds: int = 240
    wall_seconds: int = 900
    memory_bytes: int = 3_000_000_000


@checked
class _Rows:
    """One line of what the process says."""

    rows: int = 0
    orders: tuple[OrderRow, ...] = ()
    defects: tuple[DefectRow, ...] = ()
    repeated: tuple[OrderRow, ...] = ()
    cleared: tuple[tuple[str, str], ...] = ()
    words: dict[str, str] = field(default_factory=dict)
    skipped: tuple[tuple[int, str, tuple[tuple[str, str], ...]], ...] = ()

    def batch(self) -> Batch:
        """The line as a batch of rows."""
        skipped = [Skipped(*each) for each in self.skipped]
        return Batch(self.rows, self.orders, self.defects, skipped, self.repeated, self.cleared, self.words)


_ROWS, _END = TypeAdapter(_Rows), TypeAdapter(tuple[str, tuple[WrittenDate, ...]])
_SIGNS = TypeAdapter(ExportSigns)


@dataclass(frozen=True, eq=False)
class WalledExports:
    """Implements ports.sources.ExportReader: one fresh process for each file, at most two of them."""

    config: Path
    policy: Path
    mappings: Mappings
    limits: ExportLimits = ExportLimits()
    start: str = START
    _places: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(2), repr=False)

    def recognise(self, path: Path) -> ExportSigns:
        """What a file is, from its columns and first rows; no process is begun for what cannot be a table."""
        if not _may_be_table(path):
            return ExportSigns()
        request = {"task": "recognise", "config": str(self.config)}
        try:
            # A process that was ended before it said anything, as when memory is short, is begun once more: else an
            # export would pass for evidence.
            [said] = list(self._said(path, request)) or self._said(path, request)
            return _SIGNS.validate_json(said)
        except ExportRefused as refused:
            return ExportSigns(why=refused.key, params=refused.params)
        except (OSError, ValueError):
            return ExportSigns()

    def read(self, path: Path, wanted: ReadAs) -> Iterator[tuple[str, Batch] | ReadEnd]:
        """The rows in parts, and last the end."""
        request = {
            "task": "read",
            "config": str(self.config),
            "policy": str(self.policy),
            "site": wanted.shop.site,
            "zone": wanted.shop.timezone,
            "dates": wanted.dates.value,
            "kind": wanted.kind,
            "answers": [[word.field, word.text, valid] for word, valid in wanted.answers.items()],
        }
        ended = False
        for line in self._said(path, request):
            ended = line.startswith('{"kind":')
            yield _end(line) if ended else (line, self.batch_of(line))
        if not ended:
            raise ExportRefused("stopped", {})

    def batch_of(self, line: str) -> Batch:
        """The part that was written as that line."""
        return _ROWS.validate_json(line).batch()

    def usual(self, site: str) -> DateOrder:
        """The order of day and month that exports of the site usually have."""
        return DateOrder.MDY if site in self.mappings.month_first_sites else DateOrder.DMY

    def _said(self, path: Path, request: Mapping[str, Any]) -> Iterator[str]:
        """The lines that a fresh process prints about the file. Raises ExportRefused with its error."""
        command = [sys.executable, "-I", "-c", self.start, ROOT, json.dumps(request), json.dumps(asdict(self.limits))]
        with self._places, path.open("rb") as file:
            process = subprocess.Popen(  # noqa: S603 - the command is fixed
                command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, cwd="/"
            )
            ending = threading.Timer(self.limits.wall_seconds, process.kill)
            ending.start()
            try:
                assert process.stdout
                yield from _lines(process.stdout)
            finally:
                ending.cancel()
                process.kill()
                process.communicate()


def _lines(output: IO[bytes]) -> Iterator[str]:
    while line := output.readline(LONGEST_LINE):
        if not line.endswith(b"\n"):
            raise ExportRefused("stopped", {})
        if line.startswith(b'{"error":'):
            said = json.loads(line)
            raise ExportRefused(str(said["error"]), {str(key): str(value) for key, value in said["params"].items()})
        yield line.decode()


def _end(line: str) -> ReadEnd:
    said = json.loads(line)
    return ReadEnd(*_END.validate_python((said["kind"], said["dates"])))


def _may_be_table(path: Path) -> bool:
    """Whether the first bytes may begin a workbook or a text in columns; most files that people send are pictures."""
    try:
        with path.open("rb") as file:
            start = file.read(_HEAD)
    except OSError:
        return False
    if start.startswith((b"PK\x03\x04", b"\xff\xfe", b"\xfe\xff")):
        return True
    first = start.lstrip(b"\xef\xbb\xbf\r\n \t").split(b"\n", 1)[0]
    return b"\0" not in start and any(first.count(each) >= LEAST_SEPARATORS for each in _MANY)
