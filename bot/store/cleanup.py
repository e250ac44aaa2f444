"""Deletes files that a crash left behind: uploads whose turn was never run, and originals that were half written."""

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


class FileCleanup:
    """Cleans up the folder of uploads and the vault's temporary files. `clock` must be the system's, because it is
    compared with the times of files."""

    def __init__(self, units: UnitFactory, incoming: Path, vault: Path, clock: Clock) -> None:
        self.units, self.incoming, self.vault, self.clock = units, incoming, vault, clock

    def sweep(self) -> int:
        """Delete files that are older than a day and belong to no turn that is still to be run; returns how many."""
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
        """The names of the files of events that are not handled yet, however long ago those arrived."""
        with self.units(read_only=True) as unit:
            waiting = [from_payload(payload) for payload in unit.records.waiting_events()]
        return {item.path.name for event in waiting if isinstance(event, FileReceived) for item in event.uploads}
