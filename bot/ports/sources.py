"""Where orders and defects come from."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.dateorder import WrittenDate

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
