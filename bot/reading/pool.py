"""Warm worker processes for pictures: started at first need, few, limited, replaced when they hang or die."""

import base64
import json
import logging
import os
import select
import threading
import time
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from bot.reading.apart import WORKER
from bot.reading.limits import Limits
from bot.reading.processes import Start, start_of

log = logging.getLogger(__name__)

_SPARE_SECONDS, _START_SECONDS, _PROGRESS = 5, 120, 0.1


class Stopped(Exception):
    """The worker was ended by its limits, was killed or said nonsense; it is gone."""


class Unavailable(Exception):
    """Pictures cannot be read on this machine; says why."""


class Worker:
    """One process. Not for several threads at once."""

    def __init__(self, limits: Limits, start: Start | None = None) -> None:
        """`start` starts the process; a child when None. Raises Unavailable when it cannot be started."""
        self._start, self._limits = start or start_of(WORKER), limits
        self._begin()
        self._seconds = limits.wall_seconds
        self._waited = True
        self._left = limits.recycled_after
        self._idle_seconds = limits.idle_seconds - _SPARE_SECONDS
        self._used = time.monotonic()

    def _begin(self) -> None:
        try:
            self.process = self._start.begin(json.dumps(asdict(self._limits)))
        except OSError as error:
            raise Unavailable(f"no process was started: {error}") from error
        self._heard, self._ready = b"", False

    @property
    def fresh(self) -> bool:
        """Running, with files left to read, and not about to end because it was idle."""
        return self.process.poll() is None and self._left > 0 and time.monotonic() - self._used < self._idle_seconds

    def ask(self, what: str, data: bytes = b"", **details: Any) -> dict[str, Any]:
        """The answer to one request. Raises Stopped when none comes, Unavailable when the process cannot start."""
        try:
            answer = self._answer(what, data, details)
        except (OSError, ValueError, EOFError) as error:
            self.end()
            raise Stopped(f"{what}: {type(error).__name__}, exit code {self.process.returncode}") from error
        if "fault" in answer:
            raise Stopped(f"{what}: {answer['fault']}")
        return answer

    def _answer(self, what: str, data: bytes, details: dict[str, Any]) -> dict[str, Any]:
        """The answer of this process, or of a second one when this one ended while it waited for the file: that is
        not the file's fault. One that hangs or ends later is not tried again."""
        waited, self._waited = self._waited, False
        try:
            return self._say(what, data, details)
        except (EOFError, ConnectionError):
            if not waited:
                raise
            self.end()
            self._begin()
            return self._say(what, data, details)

    def _say(self, what: str, data: bytes, details: dict[str, Any]) -> dict[str, Any]:
        if not self._ready:
            self._get_ready()
        self._send(what, data, details)
        return self._hear(self._seconds)

    def _get_ready(self) -> None:
        if fault := self._hear(_START_SECONDS).get("fault"):
            self.end()
            raise Unavailable(fault)
        self._ready = True

    def _send(self, what: str, data: bytes, details: dict[str, Any]) -> None:
        head = json.dumps({"ask": what, "size": len(data), **details}).encode() + b"\n"
        assert self.process.stdin
        for part in (head, data):
            view = memoryview(part)
            while view:
                view = view[self.process.stdin.write(view) :]

    def _hear(self, seconds: float) -> dict[str, Any]:
        assert self.process.stdout
        end, worked = time.monotonic() + seconds, self._cpu_seconds()
        waiting, heard = select.poll(), [self._heard]
        waiting.register(self.process.stdout, select.POLLIN)
        while b"\n" not in heard[-1]:
            if not waiting.poll(max(0.0, end - time.monotonic()) * 1000):
                # On a busy machine it may have had little of the processor: it is given more time, not more work.
                if self._cpu_seconds() < worked + _PROGRESS:
                    raise TimeoutError
                end, worked = time.monotonic() + seconds, self._cpu_seconds()
                continue
            part = os.read(self.process.stdout.fileno(), 1 << 20)
            if not part:
                raise EOFError
            heard.append(part)
        line, _, self._heard = b"".join(heard).partition(b"\n")
        answer = json.loads(line)
        if not isinstance(answer, dict):
            raise ValueError(line[:80])
        return answer

    def _cpu_seconds(self) -> float:
        """The processor time it has used; 0 where the system does not tell."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def clear(self) -> None:
        """Forget the file that was read."""
        self._left -= 1
        self._waited, self._used = True, time.monotonic()
        with suppress(OSError, ValueError):
            self._send("clear", b"", {})

    def end(self) -> None:
        """Kill the process and wait for its end."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()


class Pool:
    """At most `limits.workers` processes; who comes later waits. Safe for threads."""

    def __init__(self, limits: Limits, start: Start | None = None) -> None:
        """`start` starts the processes; as children when None."""
        self.size = limits.workers
        self._limits, self._start = limits, start
        self._places = threading.BoundedSemaphore(limits.workers)
        self._idle: list[Worker] = []
        self._kept: Worker | None = None
        self.close = weakref.finalize(self, _end_all, self._idle)

    @contextmanager
    def worker(self) -> Iterator[Worker]:
        """A worker for one file; it serves others afterwards unless it was stopped."""
        with self._places:
            worker = self._take()
            try:
                yield worker
            except BaseException:
                worker.end()
                raise
            worker.clear()
            if worker.fresh:
                self._idle.append(worker)
                return
            worker.end()
            # The file was read; when there is no process for the next one, that one will be told.
            with suppress(Unavailable):
                self._idle.append(self._new())

    def _take(self) -> Worker:
        """The worker used last; the others grow idle and end by themselves."""
        with suppress(IndexError):
            while True:
                worker = self._idle.pop()
                if worker.fresh:
                    return worker
                worker.end()
        return self._new()

    def _new(self) -> Worker:
        """A process; one of them stays for longer than the others, so that the first picture after a pause finds it
        ready."""
        stays = self._kept is None or self._kept.process.poll() is not None
        seconds = self._limits.kept_seconds if stays else self._limits.idle_seconds
        worker = Worker(replace(self._limits, idle_seconds=seconds), self._start)
        self._kept = worker if stays else self._kept
        return worker

    def warm(self) -> None:
        """Let a process get ready when none is; returns at once."""
        if any(worker.fresh for worker in self._idle) or not self._places.acquire(blocking=False):
            return
        try:
            with suppress(Unavailable):
                self._idle.append(self._new())
        finally:
            self._places.release()

    def png(
        self, data: bytes, page: int | None, box: Sequence[int] | None, covered: Sequence[Sequence[int]]
    ) -> bytes:
        """A PNG of a part (or all) of a picture or of a PDF's page (from 0), boxes painted over; b"" when it cannot
        be opened. Raises Stopped and Unavailable."""
        with self.worker() as worker:
            seen = worker.ask("look", data) if page is None else worker.ask("page", data, number=page)
            if "size" not in seen:
                return b""
            return base64.b64decode(worker.ask("copy", box=box, covered=covered).get("png", ""))


def _end_all(workers: list[Worker]) -> None:
    while workers:
        workers.pop().end()
