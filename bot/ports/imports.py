"""What the core needs of the rows of imported files, and of the words in them that nobody has explained."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.imports import Difference, Import
from bot.domain.statuses import OpenWord, StatusWord
from bot.ports.orders import OrderWriter
from bot.ports.sources import DefectRow, OrderRow


class ImportWriter(OrderWriter, Protocol):
    """Writes the rows of one import; all calls are made in one transaction.

    Every row that it changes is first copied as it was, so that the import can be undone. Of the rows that were
    known before, `same` counts those whose time stays within 24 hours, and `moved` those whose time the file
    changes by more."""

    import_id: int
    same: int
    moved: int

    @property
    def differences(self) -> Sequence[Difference]:
        """What was said differently by another source, of the rows written so far."""
        ...

    def settle(self, at: int) -> None:
        """Write what a file says differently from an API and knows newer: `at` (epoch milliseconds UTC) is how new
        the file is. Until then such rows are held back."""
        ...

    def elsewhere(self, shop: str, ids: Sequence[str]) -> dict[str, list[str]]:
        """Those of these order ids that other shops have, by shop; shops without any are absent. To stay quick, of
        very many ids only a sample (every second, every third …) may be looked up: the question is whose file this
        is, not where each order lies."""
        ...

    def move(self, shop: str, other: str, ids: Sequence[str]) -> set[int]:
        """Give these orders of the shop `other`, with their defects, to `shop`. What `shop` has under the same ids
        stays as it is. Gives the UTC day numbers from which `other` loses something."""
        ...


class ComparedRows(Protocol):
    """Compares the rows of a file with what is stored, and writes nothing. Of the rows that are known, `same` counts
    those whose time stays within 24 hours, `moved` the others, and `changed` all that would be changed."""

    @property
    def same(self) -> int:
        """How many known rows stay on their day."""
        ...

    @property
    def moved(self) -> int:
        """How many known rows leave their day."""
        ...

    @property
    def changed(self) -> int:
        """How many known rows would be changed."""
        ...

    def compare(self, shop: str, order_rows: Sequence[OrderRow], defect_rows: Sequence[DefectRow]) -> None:
        """Count those of the rows that are known, each order and defect at most once."""
        ...

    def elsewhere(self, shop: str, ids: Sequence[str]) -> dict[str, list[str]]:
        """Those of these order ids that other shops have, by shop; of very many a sample is looked up."""
        ...


class ImportRows(Protocol):
    """The rows of imported files, and undoing an import as a whole (domain.md §1a)."""

    def begin(self, shop: str, kind: str, file: str, by: str, now: datetime, running: bool = False) -> ImportWriter:
        """A new import with a number of its own, taken at `now` (UTC) by the person `by`; what is written through the
        answer belongs to it. `kind` is that of bot.ports.sources.OrderSource. A `running` file goes on in later
        transactions (`go_on`) until `finish` or `undo`; a shop has at most one."""
        ...

    def compared(self) -> ComparedRows:
        """Compares the rows of a file with what is stored."""
        ...

    def running(self, shop: str) -> Import | None:
        """The file of the shop that is being written; None when there is none."""
        ...

    def finish(self, import_id: int, rows: int, days: Collection[int], dates: str, as_of: int = 0) -> None:
        """Note what the import was found to hold: how many rows, the UTC day numbers they are of (none for a file
        without any usable row), the order in which its dates were read, "" when they depend on none, and how new it
        is (epoch milliseconds UTC)."""
        ...

    def go_on(self, import_id: int) -> ImportWriter:
        """The writer of an import that goes on in another transaction."""
        ...

    def add(self, import_id: int, rows: int, days: Collection[int]) -> None:
        """Note that so many rows of these UTC day numbers have come to an import."""
        ...

    def get(self, import_id: int) -> Import | None:
        """The import, undone or not; None when there is none."""
        ...

    def listed(self, shops: Collection[str] | None = None) -> list[Import]:
        """The imports of these shops (all when None), newest first, undone ones included."""
        ...

    def newest_day(self, shop: str) -> int | None:
        """The UTC day number of the shop's newest order; None for a shop without orders."""
        ...

    def undo(self, import_id: int, by: str, now: datetime) -> dict[str, set[int]]:
        """Restore every row to what it was before the import, and note who undid it and when (UTC). A row that a
        later import has moved back to its shop stays. Returns the UTC day numbers whose data change, by shop.
        Later imports of the same rows must be undone first (bot.domain.imports.in_the_way); the caller makes sure
        of that."""
        ...


class StatusRows(Protocol):
    """Status words that the configuration does not know, and what people of a shop said about them (domain.md
    §1a)."""

    def answers(self, shop: str) -> dict[StatusWord, bool]:
        """What people of the shop said: whether orders with the word are valid. Empty when nobody said anything."""
        ...

    def save_answer(self, shop: str, word: StatusWord, valid: bool, by: str, now: datetime) -> None:
        """Remember what a word means, who said so and when (UTC); a later answer replaces an earlier one. Stored
        orders change with `reconsider`."""
        ...

    def words(self, shops: Collection[str]) -> list[OpenWord]:
        """The words that left stored orders of these shops without a known status, answered or not, each with the
        number of its orders: by shop, most orders first, then by word."""
        ...

    def reconsider(self, shop: str) -> set[int]:
        """Apply the current answers to the shop's stored orders that have such words. Returns the UTC day numbers
        of the orders that change."""
        ...
