"""What the core needs of the audit trail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.domain.trail import Actor, AuditLine


@dataclass(frozen=True)
class TrailQuery:
    """Which lines are wanted; "" and None ask for any. `subject` is an id as people see it; of a case, the lines of
    its evidence are found too. `since` and `until` (not included) are UTC; `before` is the id of a line, for the
    page after it; at most `limit` acts come."""

    who: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int = 0
    limit: int = 100


class TrailRows(Protocol):
    """The audit trail. Changes of rows are written to it by the store itself, in the transaction that makes them;
    lines are never changed, except that a purge empties them of contents."""

    def note(self, subject: str, values: Mapping[str, Any], case_id: str = "", shop: str = "") -> None:
        """Have the act at work leave in the trail what changes no row that the store watches: what it was about and
        the values that came of it, as JSON data without names and contents."""
        ...

    def by(self, actor: Actor) -> None:
        """Say who causes the changes of this transaction, where nobody is known to act yet: somebody signs in."""
        ...

    def listed(self, query: TrailQuery) -> list[AuditLine]:
        """The newest lines that fit, oldest first, one for each act and shop; those of shops out of sight are not
        there."""
        ...

    def purge(self, case_id: str) -> int:
        """Empty the lines about a case of what people wrote and sent; who did what and when stays. Returns how many
        lines there were."""
        ...

    def settings(self) -> dict[str, str]:
        """The settings with which the program started last, by key; {} before the first start."""
        ...

    def keep_settings(self, values: Mapping[str, str]) -> None:
        """Store the settings with which the program starts, in place of the earlier ones."""
        ...
