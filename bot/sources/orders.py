"""Rows of order files: one order from all its lines, valid or not (domain.md §1)."""

from collections.abc import Iterable, Iterator, Sequence

from bot.ports import Batch, OrderRow, Skipped
from bot.sources.blocks import Record
from bot.sources.errors import BadRow
from bot.sources.layout import Layout
from bot.sources.mappings import Mappings, word
from bot.sources.seen import SeenIds
from bot.sources.times import DAY_MS, Times


class OrderReading:
    """Turns the records of one order file into rows for the store."""

    def __init__(self, layout: Layout, times: Times, mappings: Mappings) -> None:
        self.layout, self.times = layout, times
        self.valid_words, self.invalid_words = (
            frozenset(mappings.words.order.valid),
            frozenset(mappings.words.order.invalid),
        )
        self.yes, self.no = frozenset(mappings.words.flag.yes), frozenset(mappings.words.flag.no)
        self.unknown_words: set[str] = set()
        self._seen = SeenIds()

    def batch(self, records: Iterable[Record]) -> Batch:
        """The records as a batch; the lines of one order become one row."""
        rows = 0
        skipped: list[Skipped] = []
        found: dict[str, OrderRow] = {}
        for line, cells in records:
            rows += 1
            try:
                row = self._row(self.layout.checked(cells))
                skipped += self._notices(line, cells)
            except BadRow as bad:
                skipped.append(Skipped(line, bad.key, tuple(bad.params.items())))
                continue
            known = found.get(row[0])
            found[row[0]] = merged(known, row) if known else row
        return self.sorted_out(rows, sorted(found.values()), skipped)

    def sorted_out(self, rows: int, found: Sequence[OrderRow], skipped: Sequence[Skipped] = ()) -> Batch:
        """A batch that tells orders of this file seen for the first time from those said again; `found` is sorted."""
        again = self._seen.again([row[0] for row in found])
        if not again:
            return Batch(rows, found, skipped=skipped)
        new = [row for row in found if row[0] not in again]
        return Batch(rows, new, skipped=skipped, repeated=[row for row in found if row[0] in again])

    def _row(self, cells: Sequence[str]) -> OrderRow:
        cell = self.layout.cell
        order_id = self.layout.order_id(cells)
        created, timed = self.times.read(cell(cells, "created_at"))
        if not timed:
            raise BadRow("time_of_day_missing", text=cell(cells, "created_at"))
        texts = (cell(cells, "tracking_number"), cell(cells, "carrier"), cell(cells, "buyer"))
        return (order_id, created, created // DAY_MS, self._valid(cells), *texts)

    def _valid(self, cells: Sequence[str]) -> bool:
        """Not cancelled, unpaid, sample or replacement (domain.md §1)."""
        if "valid" in self.layout.columns:
            flag = word(self.layout.cell(cells, "valid"))
            if flag not in self.yes and flag not in self.no:
                raise BadRow("valid_unreadable", text=flag)
            return flag in self.yes
        return not self.layout.cell(cells, "cancelled_at") and not any(
            value in self.invalid_words for value in self._statuses(cells)
        )

    def _statuses(self, cells: Sequence[str]) -> Iterator[str]:
        for field in ("status", "order_type"):
            yield word(self.layout.cell(cells, field))

    def _notices(self, line: int, cells: Sequence[str]) -> Iterator[Skipped]:
        """An order with a status in unknown words counts as valid; each such word is told once."""
        if "valid" in self.layout.columns:
            return
        status = word(self.layout.cell(cells, "status"))
        if not self.known(status) and status not in self.unknown_words:
            self.unknown_words.add(status)
            yield Skipped(line, "status_unknown", (("text", status),))

    def known(self, status: str) -> bool:
        """The status is one of the mapping's words."""
        return status in self.valid_words or status in self.invalid_words


def merged(one: OrderRow, other: OrderRow) -> OrderRow:
    """Two lines of one order: created at the earlier time, valid if any line is, the first text that is not empty.

    The store does the same for `Batch.repeated`.
    """
    created = min(one[1], other[1])
    texts = (one[4] or other[4], one[5] or other[5], one[6] or other[6])
    return (one[0], created, created // DAY_MS, one[3] or other[3], *texts)
