"""The console's own conversations: what was said there and which cards stand there, kept as entries."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.messaging.card import Card


class Entry(Protocol):
    """One entry of a conversation at the console: the words of a person, or a card of the bot (then `author` is
    "")."""

    @property
    def id(self) -> int:
        """The entry's number, which never changes."""

    @property
    def channel(self) -> str:
        """The console's own id of the channel, without the platform before it."""

    @property
    def thread(self) -> str:
        """The id of the case in whose thread the entry stands, "" outside of threads."""

    @property
    def author(self) -> str:
        """The person id of whoever wrote it, "" for the bot."""

    @property
    def words(self) -> str:
        """What a person wrote; "" for a card of the bot."""

    @property
    def card(self) -> Card | None:
        """The card that the bot shows here; None for the words of a person."""

    @property
    def at(self) -> datetime:
        """The instant (UTC) at which the entry was made."""

    @property
    def position(self) -> int:
        """The entry's place in its conversation: later entries have greater positions."""

    @property
    def changed(self) -> int:
        """The value of the log's change counter when the entry was last changed."""

    @property
    def root(self) -> bool:
        """Whether this is the first entry of its thread."""


class EntryLog(Protocol):
    """The entries of all conversations at the console, shared by every process on the same database."""

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
        """Append an entry and return its id. If an entry with the same `key` exists, nothing is added and that
        entry's id is returned."""
        ...

    def replace(self, entry_id: int, card: Card, move: bool = False) -> None:
        """Show another card in the entry's place, or with `move` at the end of its conversation. Raises KeyError
        for an unknown entry."""
        ...

    def latest(self) -> int:
        """The current value of the change counter, 0 before the first entry. It never decreases."""
        ...

    def changes(self, since: int, limit: int = 200) -> Sequence[Entry]:
        """At most `limit` entries that changed after the counter was at `since`, in the order of their changes."""
        ...

    def conversation(self, channel: str, thread: str, before: int = 0, limit: int = 80) -> Sequence[Entry]:
        """At most `limit` newest entries of a channel or thread, oldest first. With `before`, a position, those
        before it. A channel (`thread` "") gives what was said outside of threads and the first entry of each
        thread."""
        ...
