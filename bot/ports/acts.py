"""What the core needs of the rows of what people did, to take it back."""

from datetime import datetime
from typing import Protocol

from bot.domain.act import Act


class ActRows(Protocol):
    """What people's acts changed (domain.md §8)."""

    def add(self, act: Act) -> None:
        """Keep an act; its own id is passed over and a new, greater one given."""
        ...

    def recent(self, case_id: str = "", who: str = "", evidence_id: str = "", limit: int = 200) -> list[Act]:
        """At most `limit` acts that were not taken back, newest first: of a case, by a person, about a piece of
        evidence; "" asks for any, and what is given must hold together."""
        ...

    def undone(self, act_id: int, at: datetime, by: str, message_id: str) -> None:
        """Note that an act was taken back: when (UTC), by whom, by which message."""
        ...

    def undone_by(self, message_id: str) -> list[Act]:
        """The acts that the message took back, newest first; none for ""."""
        ...
