"""What the core needs of the rows of received exports, and of the folder in which they lie."""

from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.domain.previews import Preview, PreviewState


class PreviewRows(Protocol):
    """The rows of received exports."""

    def add(self, preview: Preview, number: int) -> Preview:
        """Store the file `number` of its group, and give it its id. A file of that group and number that is stored
        already is given back as it is."""
        ...

    def get(self, preview_id: str) -> Preview | None:
        """The export with that id; None when there is none."""
        ...

    def of_group(self, group: str) -> list[Preview]:
        """The exports of a message, in its order."""
        ...

    def listed(
        self, states: Collection[PreviewState], channel: str | None = None, before: datetime | None = None
    ) -> list[Preview]:
        """The exports in these states, oldest first; those of one channel, and those that arrived before an instant
        (UTC)."""
        ...

    def save(self, preview: Preview) -> None:
        """Overwrite everything but id, group, number and who works on it."""
        ...

    def answer(self, preview: Preview) -> None:
        """Overwrite the same by what a person has answered; it stands in the audit trail."""
        ...

    def decide(
        self, preview_id: str, states: Collection[PreviewState], new: PreviewState, by: str, at: datetime
    ) -> bool:
        """Let it go from one of these states to the new one, by that person at `at` (UTC). Of several who try at
        once one gets True, and the others change nothing."""
        ...

    def purge(self, before: datetime) -> int:
        """Delete the rows of messages whose exports were all decided, and imported where they were to be, before an
        instant (UTC); returns how many rows. The trail keeps who decided what."""
        ...

    def claim(
        self, preview_id: str, states: Collection[PreviewState], who: str, now: datetime, until: datetime
    ) -> bool:
        """Let the process `who` work on it until that instant, if it is in one of these states and no other process
        works on it now. `now` is the machine's real time (UTC)."""
        ...

    def renew(self, preview_id: str, who: str, until: datetime) -> bool:
        """Go on working on it; False when another process has taken it over."""
        ...

    def release(self, preview_id: str, who: str) -> None:
        """Stop working on it."""
        ...


class ExportFolder(Protocol):
    """The folder of received exports: each file, and beside it its rows as they were read."""

    def keep(self, path: Path) -> str:
        """Copy a file into the folder; returns the name under which it is stored there."""
        ...

    def path(self, stored: str) -> Path:
        """The path of a stored file. Raises ValueError for what is no name of one."""
        ...

    def write_rows(self, stored: str, lines: Iterator[str]) -> None:
        """Keep the rows of a stored file, line by line; earlier ones are replaced once all are written."""
        ...

    def rows(self, stored: str, start: int = 0) -> Iterator[str]:
        """The lines that `write_rows` kept, from that number (from 0) on. Raises FileNotFoundError when there are
        none."""
        ...

    def tidy(self, needed: Collection[str]) -> None:
        """Delete stored files that are older than a day and not among the needed ones."""
        ...

    def drop(self, stored: str) -> None:
        """Delete a stored file and its rows; without effect when they are gone."""
        ...
