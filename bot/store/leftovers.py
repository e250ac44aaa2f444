"""Files that a crash left behind: uploads whose turn never was, and originals half written."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from bot.conversation.events import FileReceived, from_payload
from bot.ports.clock import Clock
from bot.ports.store import UnitFactory

log = logging.getLogger(__name__)

AGE = timedelta(days=1)
"""Younger files may be on their way."""


class Leftovers:
    """Sweeps the folder of uploads and the vault's temporary files. `clock` is the system's, which dates files."""

    def __init__(self, units: UnitFactory, incoming: Path, vault: Path, clock: Clock) -> None:
        self.units, self.incoming, self.vault, self.clock = units, incoming, vault, clock

    def sweep(self) -> int:
        """Delete what is older than a day and belongs to no turn that is still to be run; returns how many files."""
        old = [*self._old(self.incoming, "*"), *self._old(self.vault, ".new-*")]
        needed = self._needed() if old else set()
        gone = [path for path in old if path.name not in needed]
        for path in gone:
            path.unlink(missing_ok=True)
        if gone:
            log.info("deleted %d files that a crash had left behind", len(gone))
        return len(gone)

    def _old(self, folder: Path, pattern: str) -> Iterator[Path]:
        before = (self.clock.now() - AGE).timestamp()
        for path in folder.glob(pattern):
            if path.is_file() and path.stat().st_mtime < before:
                yield path

    def _needed(self) -> set[str]:
        """The names of the files that events wait with, however long the database or the reader was away."""
        with self.units(read_only=True) as unit:
            waiting = [from_payload(payload) for payload in unit.records.waiting_events()]
        return {item.path.name for event in waiting if isinstance(event, FileReceived) for item in event.uploads}
