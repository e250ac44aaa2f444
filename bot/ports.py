"""Protocols between the core and the world; adapters implement them, app.py wires them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from bot.card import Card
from bot.domain.evidence import Facts, LinkState


class Clock(Protocol):
    """The only source of the present."""

    def now(self) -> datetime:
        """The present instant, UTC with zone."""
        ...


@dataclass(frozen=True)
class Stored:
    """What the vault knows of one original."""

    sha256: str
    size: int


class Vault(Protocol):
    """Originals by SHA-256: written once, fsynced, never overwritten."""

    def put(self, path: Path) -> Stored:
        """Keep the bytes of `path`; the same bytes twice are kept once. Raises OSError when the disk refuses."""
        ...

    def put_bytes(self, data: bytes) -> Stored:
        """Keep `data`."""
        ...

    def path(self, sha256: str) -> Path:
        """Where the original lies; raises KeyError when there is none."""
        ...

    def open(self, sha256: str) -> BinaryIO:
        """The original for reading; raises KeyError when there is none."""
        ...


class Reader(Protocol):
    """Bytes to facts. Never raises for bad content: what cannot be read says so in the facts' `warnings`."""

    def read(self, path: Path, file_name: str) -> Facts:
        """Read one file; `file_name` is the sender's and only a hint."""
        ...

    def read_text(self, text: str) -> Facts:
        """Read words typed or pasted by a person."""
        ...


class LinkChecker(Protocol):
    """Opens links as a stranger would."""

    def check(self, url: str) -> LinkState:
        """PUBLIC when the link opens without signing in; REFUSED for hosts that must not be asked."""
        ...


class Platform(Protocol):
    """A chat platform's way out. Both calls are repeated after a crash with the same `key`: they must not
    show the message twice."""

    name: str

    def post(self, channel: str, thread: str, key: str, card: Card) -> str:
        """Show a card; `channel` is the platform's own id, `thread` the case id or "". Returns the message's ref."""
        ...

    def update(self, channel: str, ref: str, key: str, card: Card) -> None:
        """Replace the card shown as `ref`."""
        ...


class UploadTooLarge(ValueError):
    """A file over the size cap; carries the cap in bytes."""


OrderRow = tuple[str, int, int, bool, str, str, str]
"""id, created_at (epoch ms UTC), created_day (days since 1970-01-01 UTC), valid, tracking_number, carrier, buyer"""

DefectRow = tuple[str, str, int, int, bool, bool, str]
"""order_id, defect_type, occurred_at (epoch ms UTC), occurred_day, timed, counted, text"""


@dataclass(frozen=True)
class Skipped:
    """A row that was not taken: its line in the file (1 = first) and why (a wording key with parameters)."""

    line: int
    reason: str
    params: tuple[tuple[str, str], ...] = ()


@dataclass
class Batch:
    """Some rows of a source, ready for the store."""

    rows: int
    orders: Sequence[OrderRow] = ()
    defects: Sequence[DefectRow] = ()
    skipped: Sequence[Skipped] = ()


class OrderSource(Protocol):
    """Where orders and defects come from."""

    kind: str

    def batches(self) -> Iterator[Batch]:
        """The source's rows in order, in batches small enough for memory."""
        ...
