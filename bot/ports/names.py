"""What the core needs to take a person's name out of everything that is stored."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol


class NameRows(Protocol):
    """Deletes names: of the person themselves, and as they were written into texts."""

    def forgotten(self) -> Sequence[str]:
        """The ids of those whose names were deleted for good."""
        ...

    def forget(self, person_id: str, now: datetime) -> None:
        """Delete the person's name, and keep none that their platform tells from now on. The person stays."""
        ...

    def take_out(self, names: Collection[str], instead: str, since: datetime) -> Mapping[str, int]:
        """Put `instead` in place of the names in everything that people wrote and that was shown to them: messages,
        conversations, timelines, reasons, explanations, what can be undone, and the trail. Messages that were sent
        after `since` (UTC) are shown anew. Originals of evidence stay as they came. Returns in how many rows the
        names stood, by table."""
        ...
