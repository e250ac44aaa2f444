"""Imported files: what each contained, and which imports have to be undone first (domain.md §1a)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

ORDERS = "orders"


@dataclass(frozen=True)
class Import:
    """One imported file. `at` and `undone_at` are UTC; `first_day` and `last_day` count UTC days since 1970-01-01
    and are None for a file without any usable row; `dates` is the order of day and month in which its dates were
    read, "" when they depend on none."""

    id: str
    shop: str
    kind: str
    file: str
    at: datetime
    by: str
    dates: str
    rows: int
    first_day: int | None
    last_day: int | None
    undone_at: datetime | None = None
    undone_by: str = ""
    running: bool = False

    @property
    def state(self) -> str:
        """The import's state: "undone" when it was undone, "running" while its rows are being written, else
        "taken"."""
        return "undone" if self.undone_at else "running" if self.running else "taken"

    @property
    def days(self) -> Sequence[int]:
        """The UTC day numbers from its first row to its last row."""
        return () if self.first_day is None or self.last_day is None else range(self.first_day, self.last_day + 1)

    def meets(self, other: "Import") -> bool:
        """Whether both imports hold rows of the same shop and days, and both orders or both defects."""
        if self.shop != other.shop or (self.kind == ORDERS) != (other.kind == ORDERS):
            return False
        spans = (self.first_day, self.last_day, other.first_day, other.last_day)
        if None in spans:
            return False
        first, last, start, end = (day or 0 for day in spans)
        return first <= end and start <= last


MOVED = "shop"
"""The subject where a file gave an order to another shop than the API."""


@dataclass(frozen=True)
class Difference:
    """What a file and an API say differently of an order, and which of them is believed: the one that knows newer
    things. `subject` is "order" (is it valid?), a defect type (does it count?) or MOVED (is it this shop's?); a value
    is None where the source does not know."""

    order_id: str
    subject: str
    file: bool | None
    api: bool | None
    kept: str


def in_the_way(wanted: Import, known: Iterable[Import]) -> list[Import]:
    """The later imports that may have confirmed or changed the same rows, and so have to be undone before
    `wanted`."""
    return [each for each in known if int(each.id) > int(wanted.id) and not each.undone_at and each.meets(wanted)]
