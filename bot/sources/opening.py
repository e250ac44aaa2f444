"""Opens a seller's file, of whatever kind, as a source of orders and defects."""

from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from bot.domain.dateorder import DateOrder
from bot.domain.orders import Shop
from bot.domain.policy import Policy
from bot.domain.statuses import Answers
from bot.ports.sources import Batch, OrderSource
from bot.sources.ahead import ahead
from bot.sources.blocks import Record, TextFile
from bot.sources.columnar import ColumnarReading
from bot.sources.defects import DefectReading
from bot.sources.errors import SourceError
from bot.sources.layout import KINDS, ColumnLayout, recognise
from bot.sources.mappings import Kind, Mappings
from bot.sources.orders import OrderReading
from bot.sources.statuses import SALE
from bot.sources.tables import GivenFile, SourceLimits, open_table
from bot.sources.times import FileTimes
from bot.sources.workbooks import WorkbookSheet

SAMPLE_ROWS = 200
PART_ROWS = 20_000
MIN_SAMPLE = 3
EXACT_DIGITS = 15
LAST_LINE = 1 << 62


def open_source(
    path: Path | GivenFile,
    shop: Shop,
    policy: Policy,
    mappings: Mappings,
    kind: str | None = None,
    limits: SourceLimits | None = None,
    dates: DateOrder | None = None,
    answers: Answers | None = None,
) -> OrderSource:
    """The file as a source for `shop`, recognised by its content; `kind` is found by the header when not given.

    Wall-clock times are read in the shop's zone and in the order `dates`, its site's usual one when not given;
    `dates` of the source are afterwards those that depended on it. `answers` are what people of the shop said
    about status words. Raises SourceError for a file that cannot be taken as a whole; `batches` of the source raises
    it too when the trouble lies further on.
    """
    limits = limits or SourceLimits()
    table = open_table(path, mappings, _known_kind(kind), limits)
    layout = recognise(table.header, mappings, _known_kind(kind))
    times = FileTimes(shop.timezone, (dates or usual_order(shop, mappings)) is DateOrder.MDY, layout.zoned)
    sample = checked_sample(table, layout)
    if layout.kind == "orders":
        blank_is_open = _some_have_a_sale_type(table, layout, sample)
        return OrderFile(table, OrderReading(layout, times, mappings, answers or {}, blank_is_open))
    return DefectFile(table, DefectReading(layout, times, mappings, policy.measuring))


class OrderFile:
    """An order file; blocks of text are read in columns where that is possible."""

    kind = "orders"

    def __init__(self, table: TextFile | WorkbookSheet, reading: OrderReading) -> None:
        self.table, self.reading, self.dates = table, reading, reading.times.dates

    def batches(self) -> Iterator[Batch]:
        """The rows of the file. Of a long text that begins with the newest orders, the last block comes first."""
        if isinstance(self.table, TextFile):
            yield from ahead(self._batches_of(self.table), 1)
        else:
            yield from map(self.reading.batch, _parts(self.table))

    def _batches_of(self, table: TextFile) -> Iterator[Batch]:
        columnar = ColumnarReading(self.reading)
        # Ascending ids cost the database almost half of what descending ones do, and exports list the newest first.
        for block in table.blocks(last_first=self._newest_first(table)):
            yield columnar.batch(block) or self.reading.batch(block.records())

    def _newest_first(self, table: TextFile) -> bool:
        layout = self.reading.layout
        sample = [cells for _, cells in islice(table.records(), SAMPLE_ROWS) if len(cells) >= layout.width]
        ids = [layout.cell(cells, "order_id") for cells in sample]
        return bool(ids) and ids[0] > ids[-1]


class DefectFile:
    """A file of returns, reviews, ratings or defects."""

    def __init__(self, table: TextFile | WorkbookSheet, reading: DefectReading) -> None:
        self.table, self.reading, self.dates = table, reading, reading.times.dates
        self.kind: str = reading.layout.kind

    def batches(self) -> Iterator[Batch]:
        """Batches that count rows while the file is read, then the defects."""
        yield from map(self.reading.batch, _parts(self.table))
        yield from self.reading.rest()


def usual_order(shop: Shop, mappings: Mappings) -> DateOrder:
    """The order of day and month that exports of the shop's site usually have."""
    return DateOrder.MDY if shop.site in mappings.month_first_sites else DateOrder.DMY


def _known_kind(kind: str | None) -> Kind | None:
    for known in KINDS:
        if kind == known:
            return known
    if kind is not None:
        raise SourceError("kind_unknown", kind=kind, kinds=", ".join(KINDS))
    return None


def checked_sample(table: TextFile | WorkbookSheet, layout: ColumnLayout) -> list[list[str]]:
    """The first complete rows; a row of descriptions under the header is skipped in the table.

    Raises SourceError when there are no rows, and for ids that a spreadsheet has rounded."""
    sample = list(islice(table.records(), SAMPLE_ROWS))
    if sample and _describes(layout, sample[0]):
        del sample[0]
        table.start_at(sample[0][0] if sample else LAST_LINE)
    if not sample:
        raise SourceError("no_rows")
    rows = [cells for _, cells in sample if len(cells) >= layout.width]
    ids = [found for cells in rows if len(found := layout.cell(cells, "order_id")) > EXACT_DIGITS and found.isdigit()]
    if len(ids) >= MIN_SAMPLE and 2 * sum(found.endswith("000") for found in ids) > len(ids):
        raise SourceError("ids_rounded", text=ids[0])
    return rows


def _some_have_a_sale_type(table: TextFile | WorkbookSheet, layout: ColumnLayout, sample: list[list[str]]) -> bool:
    """Whether any row of the file says in its column what type of sale it was; usually the first one does."""
    if SALE not in layout.columns:
        return False
    rest = (cells for _, cells in table.records() if len(cells) >= layout.width)
    return any(layout.cell(cells, SALE) for cells in chain(sample, rest))


def _describes(layout: ColumnLayout, record: Record) -> bool:
    """Whether a row is the one under the header of a Seller Center workbook that explains the columns in words."""
    _, cells = record
    if len(cells) < layout.width:
        return False
    words = layout.cell(cells, "order_id"), layout.cell(cells, layout.time_field)
    return " " in words[0] and not any(char.isdigit() for text in words for char in text)


def _parts(table: TextFile | WorkbookSheet) -> Iterator[Iterator[Record]]:
    """The records in parts small enough for memory, each to be used up before the next."""
    records = table.records()
    for first in records:
        yield chain([first], islice(records, PART_ROWS - 1))
