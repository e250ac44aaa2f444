"""What the case board of the console shows: channels with their shops, cases, days, and what could not be sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True)
class ChannelView:
    """A team channel; `shops` are names for people."""

    id: str
    name: str
    shops: tuple[str, ...] = ()


@dataclass(frozen=True)
class BoardRow:
    """A case on the board. `deadline` is UTC, `owner` a person id or "", `triggers` trigger ids,
    `missing` counts open requirements and blocking findings, `next_step` is a sentence for people."""

    case: str
    channel: str
    shop: str
    site: str
    triggers: tuple[str, ...]
    status: str
    owner: str
    deadline: datetime
    ready: bool
    missing: int
    orders: int
    next_step: str = ""


@dataclass(frozen=True)
class ShopDay:
    """A shop whose UTC day is not known to be quiet, and what is known of it, in words; `state` is that of the day
    (domain.md §1a)."""

    shop: str
    site: str
    channel: str
    state: str
    words: str


@dataclass(frozen=True)
class DaysView:
    """What is known of the shops' last complete UTC day: of how many shops, and `open` those that are not quiet."""

    day: date | None = None
    shops: int = 0
    open: tuple[ShopDay, ...] = ()


class Board(Protocol):
    """Looks at the shops of one platform's channels; changes nothing."""

    def channels(self) -> Sequence[ChannelView]:
        """The channels in the order to show."""
        ...

    def cases(self, channel: str = "", language: str = "zh") -> Sequence[BoardRow]:
        """The cases of one channel (its own id), or of all for "", finished ones included."""
        ...

    def days(self, language: str = "zh") -> DaysView:
        """What is known of the last day of the shops, and of today where it is watched."""
        ...

    def undelivered(self) -> Sequence[str]:
        """What could not be shown in its channel, on any platform, one line each: the channel and the cause. None
        while the database cannot be read."""
        ...
