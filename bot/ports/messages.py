"""What the core needs of the rows of outgoing messages."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.messaging.card import Card


@dataclass(frozen=True)
class Outgoing:
    """A message that waits to be shown because its `version` is newer than the one sent last. `ref` is "" until it
    was posted. `bump` asks the platform to move an updated card to the end of its conversation. `begun` says that
    posting was begun before, `attempts` how often this version has failed."""

    key: str
    channel: str
    thread: str
    card: Card
    version: int
    ref: str
    bump: bool
    begun: bool = False
    attempts: int = 0


@dataclass(frozen=True)
class Queued:
    """A card that is to be queued for a channel, in the thread of the case `thread` ("" for none). `key` is that of
    `MessageRows.put`, "" for a card in a slot."""

    channel: str
    thread: str
    key: str
    card: Card


class MessageRows(Protocol):
    """The rows of outgoing messages. A card in a slot replaces the earlier card of that slot; a message without a
    slot is posted once for its `key`.

    New messages are sent in the order in which they were queued. Updates of a card that is already shown come
    after them, and only once the card has settled: its first unsent change must lie before the instant `settled`
    (before `now` when that is None). All instants are UTC; `ref` is the platform's own id of a message."""

    def put(self, channel: str, thread: str, key: str, card: Card, now: datetime, bump: bool = False) -> None:
        """Queue a card, to be sent once the transaction has ended; `thread` is a case id or "".

        In a slot of the channel the newest card wins, whether or not the earlier one was shown; the same card again
        does nothing, unless `bump` asks for it at the end of the conversation. Without a slot a second card under the
        same `key` is a repeat and does nothing. A new card begins its attempts anew.
        """
        ...

    def put_all(self, queued: Sequence[Queued], now: datetime) -> None:
        """Queue several cards, each as by `put`, with a number of statements that grows only with what is new. No two
        of them may have the same slot of a channel, or the same key."""
        ...

    def waiting(self, now: datetime, settled: datetime | None = None) -> list[str]:
        """The channels, by id, for which `next_of` has something."""
        ...

    def next_of(self, channel: str, now: datetime, settled: datetime | None = None) -> Outgoing | None:
        """The message that is to be sent next in the channel: new messages in the order in which they were queued,
        then updates, the longest waiting first. None when nothing waits or sending to the channel is on hold."""
        ...

    def begin(self, key: str) -> None:
        """Note that posting begins. If the process crashes before `sent`, whoever takes the message up must first
        look whether it was shown."""
        ...

    def sent(self, key: str, version: int, ref: str, now: datetime) -> None:
        """Note that this version is shown as `ref`. A newer version continues to wait."""
        ...

    def empty(self, key: str) -> None:
        """Keep of a secret card no more than that there was one, because it was shown or never can be."""
        ...

    def shown_privately(self, event_id: str, ref: str, now: datetime) -> None:
        """Note that the sender of an event has seen its private answers as `ref`, for example in a pop-up: they
        are not sent as messages. Other answers to the event are."""
        ...

    def withdraw(self, channel: str, threads: Collection[str]) -> None:
        """Drop the unsent messages for these case threads of the channel."""
        ...

    def withdraw_private(self, person: str, threads: Collection[str] | None = None) -> None:
        """Drop the unsent messages that are for one person alone: those of these case threads, all for None."""
        ...

    def renew(self, channel: str, threads: Collection[str], now: datetime) -> None:
        """Have the cards that are shown in slots of these case threads of the channel drawn anew, as they are."""
        ...

    def again(self, channel: str, threads: Collection[str], now: datetime) -> None:
        """Have sent once more what the channel refused of these case threads, because the bot can write there again.
        What else it refused is over and forgotten."""
        ...

    def follow(self, channel: str, thread: str, now: datetime) -> None:
        """Have the cards in slots of the case's thread shown at its end, because the headline that opens the thread
        stands elsewhere now."""
        ...

    def failed(self, key: str, error: str, unexplained: int) -> None:
        """Note that sending failed; the message stays the channel's next. `unexplained` (0 or 1) is added to its
        attempts, which count towards giving up. Of `error` the first 500 characters are kept."""
        ...

    def refused(self, key: str, version: int, error: str, now: datetime) -> None:
        """Note that this version can never be shown and no longer waits. Without effect when there is a newer
        version, which is tried on its own."""
        ...

    def failures(self, places: Collection[str] | None = None) -> list[str]:
        """What could not be sent to one of those channels (any for None) so far or will never be, in the order it
        was put: one line each, with the channel (and its name where that is known) and the cause."""
        ...

    def hold(self, channel: str, now: datetime, until: datetime, error: str) -> None:
        """Send nothing to the channel from `now` up to, not including, `until`; a later hold replaces an earlier
        one. A hold whose beginning lies in the future was set by a clock that was wrong, and is ignored."""
        ...
