"""What the core needs to delete the records and originals of finished cases."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.case import TimelineEvent


@dataclass(frozen=True)
class Purged:
    """What was deleted with a case: the SHA-256 of originals and packages that nothing else needs, how many other
    originals stay because other cases share them, the number of evidence records, and their ids."""

    sha256: tuple[str, ...]
    shared: int
    evidence: int
    ids: tuple[str, ...] = ()


class RetentionRows(Protocol):
    """Finds finished cases whose retention period is over, and deletes their records (domain.md §5 `retention`)."""

    def lock(self) -> None:
        """Keep other transactions from adding or changing evidence until this one ends; they wait."""
        ...

    def over(self, closed_before: datetime) -> list[str]:
        """The ids of finished cases that are not on hold, were closed before that instant (UTC) and have not been
        purged since, the one closed longest ago first."""
        ...

    def purge(self, case_id: str) -> Purged:
        """Delete the case's evidence records, the drafts and texts of its orders, its acts, and the messages of
        its thread. The case, its outcomes and its timeline stay. The caller deletes the files named in the result
        from the vault, after the transaction has ended."""
        ...

    def noted(self, event: TimelineEvent) -> None:
        """Append to the timeline without having the case's cards made anew; the event's message id is not stored."""
        ...
