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
    """A row that was not taken: its line in the file (1 = first) and why (a wording key with parameters)."""

    line: int
    reason: str
    params: tuple[tuple[str, str], ...] = ()


@dataclass
class Batch:
    """Some rows of a source, ready for the store.

    Each order comes once in `orders` and each defect once in `defects`; what a source says again of an order
    it gave in an earlier batch is in `repeated`, to be merged. `cleared` names (order id, defect type) that the
    source knows to be no defect (any more). `words` are the encoded words (bot/domain/statuses.py), by order id, that
    leave it open whether an order is valid.
    """

    rows: int
    orders: Sequence[OrderRow] = ()
    defects: Sequence[DefectRow] = ()
    skipped: Sequence[Skipped] = ()
    repeated: Sequence[OrderRow] = ()
    cleared: Sequence[tuple[str, str]] = ()
    words: Mapping[str, str] = field(default_factory=dict)


class OrderSource(Protocol):
    """Where orders and defects come from."""

    @property
    def kind(self) -> str:
        """What the rows are: orders, returns, reviews, ratings, defects or demo."""
        ...

    @property
    def dates(self) -> Collection[WrittenDate]:
        """After `batches`: every date whose meaning depended on the order in which the source was read."""
        ...

    def batches(self) -> Iterator[Batch]:
        """The source's rows in order, in batches small enough for memory."""
        ...
