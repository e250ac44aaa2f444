"""Where orders and defects come from."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bot.domain.dateorder import DateOrder, WrittenDate
from bot.domain.orders import Shop
from bot.domain.statuses import Answers

OrderRow = tuple[str, int, int, bool | None, str, str, str]
"""id, created_at (epoch ms UTC), created_day (days since 1970-01-01 UTC), valid (None: unknown), tracking_number,
carrier, buyer"""


DefectRow = tuple[str, str, int, int, bool, bool, str]
"""order_id, defect_type, occurred_at (epoch ms UTC), occurred_day, timed, counted, text"""


@dataclass(frozen=True)
class Skipped:
    """A row that was not imported: its line in the file (1 = first) and why (a text key with parameters)."""

    line: int
    reason: str
    params: tuple[tuple[str, str], ...] = ()


@dataclass
class Batch:
    """Some rows of a source, ready for the store.

    Each order comes once in `orders` and each defect once in `defects`. A further row about an order of an earlier
    batch is in `repeated`, to be merged with it. `cleared` names (order id, defect type) pairs that the source
    knows to be no defect, or no longer one. `words` are the encoded status words (bot/domain/statuses.py), by
    order id, that leave open whether the order is valid."""

    rows: int
    orders: Sequence[OrderRow] = ()
    defects: Sequence[DefectRow] = ()
    skipped: Sequence[Skipped] = ()
    repeated: Sequence[OrderRow] = ()
    cleared: Sequence[tuple[str, str]] = ()
    words: Mapping[str, str] = field(default_factory=dict)


class OrderSource(Protocol):
    """A file or program that orders and defects are read from."""

    @property
    def kind(self) -> str:
        """What the rows are: orders, returns, reviews, ratings, defects or demo."""
        ...

    @property
    def dates(self) -> Collection[WrittenDate]:
        """All dates whose meaning depended on the order of day and month; known after `batches` was read to its
        end."""
        ...

    def batches(self) -> Iterator[Batch]:
        """The source's rows in order, in batches small enough for memory."""
        ...


class ExportRefused(Exception):
    """A received file cannot be taken as an export. `key` names the text in templates/<lang>/imports.toml, `params`
    fill it in."""

    def __init__(self, key: str, params: Mapping[str, str]) -> None:
        super().__init__(key)
        self.key, self.params = key, params


@dataclass(frozen=True)
class ExportSigns:
    """What the first rows of a file say: the `kinds` of export that its columns fit (none for a file that is no
    export), some of its order ids, whether it has more rows than were looked at, and the sites to which country or
    columns point. Of a table that is no export `why` is the text key of what is missing."""

    kinds: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    more: bool = False
    sites: tuple[str, ...] = ()
    why: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadAs:
    """How a received export is to be read: as whose, as what kind ("" for the only one that fits), in which order of
    day and month, and what people of the shop said about status words."""

    shop: Shop
    dates: DateOrder
    kind: str = ""
    answers: Answers = field(default_factory=dict)


@dataclass(frozen=True)
class ReadEnd:
    """The end of a file: its kind, and all dates whose meaning depended on the order of day and month."""

    kind: str
    dates: tuple[WrittenDate, ...]


class ExportReader(Protocol):
    """Opens files that somebody sent, each in a process of its own behind walls: nobody knows what is in them."""

    def recognise(self, path: Path) -> ExportSigns:
        """What the file is, from its columns and first rows alone. Never raises: a file that is no table, or that
        cannot be opened, is no export."""
        ...

    def read(self, path: Path, wanted: ReadAs) -> Iterator[tuple[str, Batch] | ReadEnd]:
        """The rows in parts, each with the line of JSON that `batch_of` reads again, and last the end. An order of a
        part comes at most once in it. Raises ExportRefused for a file that cannot be taken."""
        ...

    def usual(self, site: str) -> DateOrder:
        """The order of day and month that exports of the site usually have."""
        ...

    def batch_of(self, line: str) -> Batch:
        """The part that was given out with that line. Raises ValueError for any other text."""
        ...
