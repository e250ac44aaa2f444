"""What the core needs of the rows of outgoing messages."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.messaging.card import Card


@dataclass(frozen=True)
class Outgoing:
    """A message that waits to be shown: newer `version` than the one sent. `ref` is "" until it was posted;
    `bump` asks the platform to bring an updated card to the end of its conversation. `begun` says that posting was
    begun before, `attempts` how often this version has failed."""

    key: str
    channel: str
    thread: str
    card: Card
    version: int
    ref: str
    bump: bool
    begun: bool = False
    attempts: int = 0


class MessageRows(Protocol):
    """Outgoing messages. A card in a slot replaces the earlier one; without a slot `key` is used once.

    What is new waits for its turn in the order it was put; a refresh of a card that is shown waits behind it, and
    until the card has settled: `settled` is the instant before which its first unshown change must lie, `now` when it
    is None. All instants are UTC; `ref` is the platform's own name of a message that it shows.
    """

    def put(self, channel: str, thread: str, key: str, card: Card, now: datetime, bump: bool = False) -> None:
        """Queue a card, to be sent once the transaction has ended; `thread` is a case id or "".

        In a slot of the channel the newest card wins, whether or not the earlier one was shown; the same card again
        does nothing, unless `bump` asks for it at the end of the conversation. Without a slot a second card under the
        same `key` is a repeat and does nothing. A new card begins its attempts anew.
        """
        ...

    def waiting(self, now: datetime, settled: datetime | None = None) -> list[str]:
        """The channels, by id, for which `next_of` has something."""
        ...

    def next_of(self, channel: str, now: datetime, settled: datetime | None = None) -> Outgoing | None:
        """What is to be sent next in the channel: what is new in the order it was put, then refreshes, the longest
        waiting first; None when nothing waits or the channel is held."""
        ...

    def begin(self, key: str) -> None:
        """Note that posting begins: whoever finds the message without a ref later must look whether it was shown."""
        ...

    def sent(self, key: str, version: int, ref: str, now: datetime) -> None:
        """Note that this version is on the screen as `ref`; a newer one goes on waiting."""
        ...

    def seen(self, event_id: str, ref: str, now: datetime) -> None:
        """The private answers to an event were seen by their person as `ref`: they are not sent. Other answers to the
        event are."""
        ...

    def withdraw(self, channel: str, threads: Collection[str]) -> None:
        """Show no more of what waits for these threads of the channel."""
        ...

    def failed(self, key: str, error: str, unexplained: int) -> None:
        """Note that sending failed; the message stays the channel's next. `unexplained` (0 or 1) is added to its
        attempts, which count towards giving up. Of `error` the first 500 characters are kept."""
        ...

    def refused(self, key: str, version: int, error: str, now: datetime) -> None:
        """Note that this version will never be shown: it waits no longer. Nothing happens when there is a newer one,
        which gets its own chance."""
        ...

    def failures(self) -> list[str]:
        """What could not be sent so far or will never be, in the order it was put: one line each, with the channel
        (and its name where that is known) and the cause."""
        ...

    def hold(self, channel: str, now: datetime, until: datetime, error: str) -> None:
        """Send nothing to the channel from `now` up to, not including, `until`; a later hold replaces an earlier one.
        A hold that begins in the future was set by a clock that was ahead, and is none."""
        ...
