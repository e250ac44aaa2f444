"""Rows of order files: one order from all of its lines, valid or not (domain.md §1)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import polars as pl

from bot.domain.statuses import Answers, StatusWord, decoded, either
from bot.ports.sources import Batch, OrderRow, Skipped
from bot.sources.blocks import Record
from bot.sources.errors import BadRow
from bot.sources.layout import ColumnLayout
from bot.sources.mappings import Mappings, word
from bot.sources.seen import SeenIds
from bot.sources.statuses import SALE, StatusReading
from bot.sources.times import DAY_MS, FileTimes


class OrderReading:
    """Makes rows for the store from the records of one order file."""

    def __init__(
        self,
        layout: ColumnLayout,
        times: FileTimes,
        mappings: Mappings,
        answers: Answers,
        blank_is_open: bool = False,
    ) -> None:
        self.layout, self.times = layout, times
        self.statuses = StatusReading(layout, mappings, answers, blank_is_open)
        self.yes, self.no = frozenset(mappings.words.flag.yes), frozenset(mappings.words.flag.no)
        self._told: set[StatusWord] = set()
        self._seen = SeenIds()

    def batch(self, records: Iterable[Record]) -> Batch:
        """The records as a batch; the lines of one order are merged to one row."""
        rows = 0
        skipped: list[Skipped] = []
        found: dict[str, OrderRow] = {}
        words: dict[str, str] = {}
        clear: set[str] = set()
        for line, cells in records:
            rows += 1
            try:
                row, unclear = self._row(self.layout.checked(cells))
            except BadRow as bad:
                skipped.append(Skipped(line, bad.key, tuple(bad.params.items())))
                continue
            known = found.get(row[0])
            found[row[0]] = merged(known, row) if known else row
            if unclear:
                words.setdefault(row[0], unclear)
                skipped += self._notices(line, unclear)
            elif row[3]:
                clear.add(row[0])
        for order_id in clear & words.keys():
            del words[order_id]
        return self.sorted_out(rows, sorted(found.values(), key=_id), skipped, words)

    def sorted_out(
        self,
        rows: int,
        found: Sequence[OrderRow],
        skipped: Sequence[Skipped] = (),
        words: Mapping[str, str] | None = None,
        ids: pl.Series | None = None,
    ) -> Batch:
        """A batch that separates orders seen for the first time from those of which an earlier batch had lines;
        `found` is sorted. `ids` are its order ids, where they are at hand as a column."""
        again = self._seen.again(pl.Series([row[0] for row in found], dtype=pl.String) if ids is None else ids)
        new = [row for row in found if row[0] not in again] if again else found
        repeated = [row for row in found if row[0] in again] if again else ()
        return Batch(rows, new, skipped=skipped, repeated=repeated, words=words or {})

    def _row(self, cells: Sequence[str]) -> tuple[OrderRow, str]:
        """The order, and the encoded status words that leave its validity open."""
        cell = self.layout.cell
        order_id = self.layout.order_id(cells)
        created, timed = self.times.read(cell(cells, "created_at"))
        if not timed:
            raise BadRow("time_of_day_missing", text=cell(cells, "created_at"))
        texts = (cell(cells, "tracking_number"), cell(cells, "carrier"), cell(cells, "buyer"))
        valid, unclear = self._valid(cells)
        return (order_id, created, created // DAY_MS, valid, *texts), unclear

    def _valid(self, cells: Sequence[str]) -> tuple[bool | None, str]:
        """Whether the order is valid (domain.md §1): not cancelled, unpaid, sample, replacement, exchange or
        give-away; None while that is open."""
        if "valid" not in self.layout.columns:
            return self.statuses.judge(cells)
        flag = word(self.layout.cell(cells, "valid"))
        if flag not in self.yes and flag not in self.no:
            raise BadRow("valid_unreadable", text=flag)
        return flag in self.yes, ""

    def _notices(self, line: int, unclear: str) -> Iterator[Skipped]:
        """One note for each unknown status word that nobody has explained."""
        for each in decoded(unclear):
            if each not in self.statuses.answers and each not in self._told:
                self._told.add(each)
                reason = "status_unknown" if each.text else "sale_empty" if each.field == SALE else "status_empty"
                yield Skipped(line, reason, (("text", each.text),))


def _id(row: OrderRow) -> str:
    return row[0]


def merged(one: OrderRow, other: OrderRow) -> OrderRow:
    """Two lines of one order: created at the earlier time, valid if any line is, the first text that is not empty.

    The store does the same for `Batch.repeated`.
    """
    created = min(one[1], other[1])
    texts = (one[4] or other[4], one[5] or other[5], one[6] or other[6])
    return (one[0], created, created // DAY_MS, either(one[3], other[3]), *texts)
