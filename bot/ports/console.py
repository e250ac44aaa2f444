"""What the console asks of the rest of the program."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from bot.conversation.events import Incoming
from bot.messaging.card import Card

FIRST_PERSON = "local"
"""Who speaks until somebody picks a name."""


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


@dataclass(frozen=True)
class PersonView:
    """Somebody at the console; `language` is "zh" or "en", `timezone` an IANA name."""

    id: str
    name: str
    language: str
    timezone: str


class Desk(Protocol):
    """The core as the console sees it; every call is synchronous and may come from any thread."""

    upload_dir: Path
    max_upload_bytes: int

    def now(self) -> datetime:
        """The present instant of the program's clock, UTC."""
        ...

    def receive(self, event: Incoming) -> None:
        """Run one whole turn; answers arrive through the platform. The uploads' files are the core's from here on."""
        ...

    def channels(self) -> Sequence[ChannelView]:
        """The console's channels in the order to show."""
        ...

    def board(self, channel: str = "", language: str = "zh") -> Sequence[BoardRow]:
        """The cases of one channel (its own id) or of all."""
        ...

    def days(self, language: str = "zh") -> DaysView:
        """What is known of the days of the console's shops."""
        ...

    def undelivered(self) -> Sequence[str]:
        """What could not be shown in its channel, one line each: the channel and the cause."""
        ...

    def person(self, person_id: str) -> PersonView:
        """A person; an unknown id gives the defaults."""
        ...

    def save_person(self, person: PersonView) -> None:
        """Keep a person's name, language and zone."""
        ...

    def known_fault(self, error: BaseException, language: str) -> str:
        """What a known fault of the store means and what to do; "" for any other error."""
        ...

    def original(self, sha256: str) -> Path:
        """Where an original lies; raises KeyError when there is none."""
        ...


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
