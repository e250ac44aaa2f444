"""What the core needs to know whether a shop's data are as new as they should be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.freshness import Delivery, Pause


@dataclass(frozen=True)
class StaleNotice:
    """The message in a channel that tells of missing data: when it was opened (UTC), and the words by which each
    shop in it, by id, was shown last."""

    channel: str
    opened_at: datetime
    shops: Mapping[str, str]


class FreshnessRows(Protocol):
    """How new the data of shops are, what people said about that, and the messages that tell of it."""

    def newest_orders(self, shops: Sequence[str]) -> Mapping[str, datetime]:
        """The instant (UTC) of each shop's newest order; a shop without any is absent."""
        ...

    def deliveries(self, shops: Sequence[str]) -> Mapping[str, Delivery]:
        """The delivery by which each shop's orders are known farthest, or its other data while it has no orders; a
        shop without any is absent."""
        ...

    def pauses(self, now: datetime) -> Mapping[str, Pause]:
        """The pauses in force at `now` (UTC), by shop."""
        ...

    def pause(self, shop: str, until: datetime, by: str, now: datetime) -> None:
        """Keep that a person paused telling of the shop's missing data; it takes the place of an earlier pause."""
        ...

    def resume(self, shop: str, by: str, now: datetime) -> bool:
        """End the shop's pause, and keep who did; False when none is in force."""
        ...

    def notices(self) -> Mapping[str, StaleNotice]:
        """The messages that tell of missing data at present, by channel."""
        ...

    def notice(self, channel: str) -> StaleNotice | None:
        """The channel's message, locked against others until the transaction ends; None while there is none."""
        ...

    def open_notice(self, notice: StaleNotice) -> bool:
        """Add the channel's message; False, and nothing changed, when it has one. Of two callers at once exactly one
        gets True."""
        ...

    def save_notice(self, notice: StaleNotice) -> None:
        """Overwrite the channel's message."""
        ...

    def end_notice(self, channel: str) -> None:
        """Forget the channel's message: what it told is over, and the next one is a new message."""
        ...
