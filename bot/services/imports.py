"""Writing a source's orders and defects into the store, with a report of what was taken and what was not."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from operator import itemgetter
from typing import Any

from bot.domain.day_state import Reach
from bot.domain.imports import Difference
from bot.domain.odr import day_number
from bot.domain.orders import DefectType
from bot.ports.orders import OrderWriter
from bot.ports.sources import Batch, OrderSource, Skipped

MAX_SKIPPED = 1_000
_DEFECTS = ("returns", "reviews", "ratings")
SOURCES_OF = {"defects": _DEFECTS, "demo": ("orders", *_DEFECTS)}
"""The kinds of files that hold several sources; the others are called as their source."""
Progress = Callable[[int], None]
"""Told after each batch how many rows have been read so far."""


@dataclass
class ImportReport:
    """What one import did: the rows read, the distinct orders, the distinct counted defects by type, the rows that
    were skipped, the UTC day numbers of the rows that were taken, the import's id, and the order of its dates
    where they had one.

    The first `MAX_SKIPPED` skipped rows are listed in `skipped`; `skipped_count` counts all."""

    shop: str
    kind: str
    rows: int = 0
    orders: int = 0
    defects: Counter[str] = field(default_factory=lambda: Counter({str(each): 0 for each in DefectType}))
    skipped: list[Skipped] = field(default_factory=list)
    skipped_count: int = 0
    days: set[int] = field(default_factory=set)
    """the UTC day numbers that the rows are of"""
    told: set[int] = field(default_factory=set)
    """the same with the days that have no row and are whole, of which the source says that there was nothing"""
    id: str = ""
    dates: str = ""
    newest: int = 0
    """the time of the newest row, epoch milliseconds UTC"""
    differences: Sequence[Difference] = ()
    """what an API says differently"""

    def sources(self) -> tuple[str, ...]:
        """The kinds of sources to which the rows belong: a list of defects may belong to those of every defect
        type."""
        return SOURCES_OF.get(self.kind, (self.kind,))

    def as_json(self, reason: Callable[[Skipped], str]) -> dict[str, Any]:
        """The report as JSON data; `reason(skipped)` gives the words for a skipped row."""
        listed = sorted(self.skipped, key=lambda each: each.line)
        if more := self.skipped_count - len(self.skipped):
            listed.append(Skipped(listed[-1].line, "and_more", (("count", str(more)),)))
        return {
            "shop": self.shop,
            "kind": self.kind,
            "rows": self.rows,
            "orders": self.orders,
            "defects": dict(self.defects),
            "skipped": [{"line": each.line, "reason": reason(each)} for each in listed],
        }


def import_source(
    source: OrderSource,
    shop_id: str,
    store: OrderWriter,
    progress: Progress | None = None,
    origin: str = "",
    exported_at: datetime | None = None,
) -> ImportReport:
    """Write everything that a source has into the store, and report it. The source covers the days up to its
    newest row, or to the instant `exported_at` (UTC) at which somebody says that it was exported (domain.md §1a).
    `origin` names the delivery.

    Idempotent: the same source again changes nothing, a corrected one updates. Atomic in the caller's transaction:
    whatever the source or the store raises must roll it back."""
    report = ImportReport(shop_id, source.kind)
    for batch in source.batches():
        write(batch, shop_id, store)
        report.days.update(map(itemgetter(2), chain(batch.orders, batch.repeated)))
        report.days.update(map(itemgetter(3), batch.defects))
        report.newest = max(report.newest, newest_of(batch))
        report.rows += batch.rows
        report.orders += len(batch.orders)
        report.defects.update(row[1] for row in batch.defects if row[5])
        report.skipped_count += len(batch.skipped)
        report.skipped.extend(islice(batch.skipped, max(0, MAX_SKIPPED - len(report.skipped))))
        if progress and batch.rows:
            progress(report.rows)
    note_reach(report, store, origin, exported_at)
    return report


def write(batch: Batch, shop_id: str, store: OrderWriter) -> None:
    """Write the rows of a batch for the shop."""
    store.upsert_orders(shop_id, batch.orders)
    store.merge_orders(shop_id, batch.repeated)
    store.explain(shop_id, batch.words.items())
    store.upsert_defects(shop_id, batch.defects)
    store.clear_defects(shop_id, batch.cleared)


def newest_of(batch: Batch) -> int:
    """The time of the newest row, epoch milliseconds."""
    orders = max(map(itemgetter(1), batch.orders), default=0)
    return max(orders, max(map(itemgetter(2), batch.defects), default=0))


def note_reach(report: ImportReport, store: OrderWriter, origin: str, exported_at: datetime | None) -> None:
    """Note which days the source covers (domain.md §1a)."""
    days = report.days | ({day_number(exported_at.date())} if exported_at else set())
    report.told = report.days.union(range(min(days), max(days)) if days else ())
    for source in report.sources() if days else ():
        store.reached(report.shop, Reach(source, min(days), max(days)), origin)
