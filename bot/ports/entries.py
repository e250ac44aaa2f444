"""The console's own conversations: what was said there and which cards stand there, kept as entries."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.messaging.card import Card


class Entry(Protocol):
    """One line of a conversation: somebody's words or the bot's card (`author` "").
    `changed` is the counter's value at its last change; `root` marks the first entry of a thread."""

    @property
    def id(self) -> int:
        """Its number, for good."""

    @property
    def channel(self) -> str:
        """The channel's own id."""

    @property
    def thread(self) -> str:
        """The case id or ""."""

    @property
    def author(self) -> str:
        """A person id, "" for the bot."""

    @property
    def words(self) -> str:
        """What a person wrote."""

    @property
    def card(self) -> Card | None:
        """What the bot shows."""

    @property
    def at(self) -> datetime:
        """When it was said, UTC."""

    @property
    def position(self) -> int:
        """Where it stands in its conversation; it rises."""

    @property
    def changed(self) -> int:
        """The change counter."""

    @property
    def root(self) -> bool:
        """First of its thread."""


class EntryLog(Protocol):
    """The conversation's memory, shared by every process on the same store."""

    def add(
        self,
        key: str,
        channel: str,
        thread: str,
        at: datetime,
        *,
        author: str = "",
        words: str = "",
        card: Card | None = None,
    ) -> int:
        """Append an entry and give its id; a known `key` gives the id of the entry it made before."""
        ...

    def replace(self, entry_id: int, card: Card, move: bool = False) -> None:
        """Show another card in the same place, or at the end of the conversation."""
        ...

    def latest(self) -> int:
        """The change counter; it never falls."""
        ...

    def changes(self, since: int, limit: int = 200) -> Sequence[Entry]:
        """Entries changed after `since`, in order of change."""
        ...

    def conversation(self, channel: str, thread: str, before: int = 0, limit: int = 80) -> Sequence[Entry]:
        """The newest entries of a place, oldest first; `before` (a position) pages back. A channel shows what was
        said outside threads and the first entry of each thread."""
        ...
