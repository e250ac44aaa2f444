"""What the core needs to delete what finished cases kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.case import TimelineEvent


@dataclass(frozen=True)
class Purged:
    """What was deleted with a case: SHA-256 of its originals and packages that nothing else needs, with how many
    other originals stay because other cases share them, and the number of evidence records."""

    sha256: tuple[str, ...]
    shared: int
    evidence: int


class RetentionRows(Protocol):
    """Finished cases whose time is over."""

    def lock(self) -> None:
        """Until the transaction ends nobody else adds or changes evidence; others wait."""
        ...

    def over(self, closed_before: datetime) -> list[str]:
        """Ids of finished cases that are not held, were closed before that instant (UTC) and not purged since; the
        one closed longest ago comes first."""
        ...

    def purge(self, case_id: str) -> Purged:
        """Delete the case's evidence records, the drafts and texts of its orders, its acts, and the messages of its
        thread. The case, its outcomes and its timeline stay. The files of the answer are the caller's to delete from
        the vault, once the transaction has ended."""
        ...

    def noted(self, event: TimelineEvent) -> None:
        """Append to the timeline without having the case's cards made anew; the event's message is not kept."""
        ...
