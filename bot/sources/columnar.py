"""The quick way through large order files: a block at a time in columns.

It takes only blocks in which every row is ordinary. For anything else it answers None, and the block is read row
by row, which knows the lines and the reasons; both ways give the same rows.
"""

import polars as pl
from polars.exceptions import PolarsError

from bot.ports import Batch
from bot.sources.blocks import Block
from bot.sources.layout import MAX_CELL, MAX_ID, TRIM
from bot.sources.mappings import word
from bot.sources.orders import OrderReading
from bot.sources.times import DAY_MS, YEARS

# Appended to every line as one more cell: it comes out in its own column only if the row has all its cells.
_END = "\x01"
_FIELDS = (
    "order_id",
    "created_at",
    "valid",
    "status",
    "order_type",
    "cancelled_at",
    "tracking_number",
    "carrier",
    "buyer",
)
_TEXTS = ("tracking_number", "carrier", "buyer")
_ISO = ("%Y-%m-%dT%H:%M:%S%#z", r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$")
_MONTH_FIRST = ("%m/%d/%Y %I:%M:%S %p", r"^\d\d?/\d\d?/\d{4} \d\d?:\d\d:\d\d [AP]M$")
_DAY_FIRST = ("%d/%m/%Y %H:%M:%S", r"^\d\d?/\d\d?/\d{4} \d\d?:\d\d:\d\d$")
_PLAIN_ID = rf"^[A-Za-z0-9][A-Za-z0-9_#/-]{{0,{MAX_ID - 1}}}$"


class OddBlock(Exception):
    """The block is not all ordinary."""


class ColumnarReading:
    """Reads blocks of one order file in columns."""

    def __init__(self, reading: OrderReading) -> None:
        self.reading, self.layout = reading, reading.layout
        times = reading.times
        wall = _MONTH_FIRST if times.month_first else _DAY_FIRST
        self.format, self.shape = _ISO if times.zoned else wall

    def batch(self, block: Block) -> Batch | None:
        """The block as a batch, or None when it holds anything that is not ordinary."""
        try:
            frame = self._rows(self._cells(block))
        except (OddBlock, PolarsError, pl.exceptions.PanicException):
            return None
        return self.reading.sorted_out(*frame)

    def _cells(self, block: Block) -> pl.DataFrame:
        raw = block.raw if block.raw.endswith(b"\n") else block.raw + b"\n"
        if _END.encode() in raw:
            raise OddBlock
        raw = raw.replace(b"\r\n", b"\n").replace(b"\n", block.separator.encode() + _END.encode() + b"\n")
        names = [f"column_{number}" for number in range(1, self.layout.width + 2)]
        picked = {field: names[self.layout.columns[field]] for field in _FIELDS if field in self.layout.columns}
        frame = pl.read_csv(
            raw,
            has_header=False,
            separator=block.separator,
            schema=dict.fromkeys(names, pl.String),
            columns=sorted({*picked.values(), names[-1]}, key=names.index),
            empty_string_is_null=False,
            truncate_ragged_lines=True,
        )
        if not (frame[names[-1]] == _END).all():
            raise OddBlock
        return frame.select(pl.col(name).str.strip_chars(TRIM).alias(field) for field, name in picked.items())

    def _rows(self, cells: pl.DataFrame) -> tuple[int, list[tuple[str, int, int, bool, str, str, str]]]:
        missing = [pl.lit("").alias(field) for field in _TEXTS if field not in cells.columns]
        cells = cells.with_columns(missing)
        self._only_ordinary(cells)
        created = self._created(cells["created_at"])
        frame = cells.select(
            pl.col("order_id"),
            created.alias("created"),
            (created // DAY_MS).alias("day"),
            self._valid(cells).alias("valid"),
            *_TEXTS,
        )
        if frame["order_id"].n_unique() < frame.height:
            frame = self._one_per_order(frame)
        return cells.height, frame.sort("order_id").rows()

    def _only_ordinary(self, cells: pl.DataFrame) -> None:
        texts = cells.select(_TEXTS)
        ordinary = (
            cells["order_id"].str.contains(_PLAIN_ID).all()
            and cells["created_at"].str.contains(self.shape).all()
            and not any((column.str.len_chars() > MAX_CELL).any() for column in texts)
            and not any(column.str.contains(_END, literal=True).any() for column in texts)
        )
        if not ordinary:
            raise OddBlock

    def _created(self, texts: pl.Series) -> pl.Series:
        times = self.reading.times
        if times.zoned:
            at = texts.str.to_datetime(self.format, time_zone="UTC", strict=False)
        else:
            # An hour that the change of the clocks skips comes out empty and sends the block the slow way.
            at = texts.str.to_datetime(self.format, strict=False).dt.replace_time_zone(
                times.zone.key, ambiguous="earliest", non_existent="null"
            )
        if at.null_count() or not at.dt.year().is_between(YEARS.start, YEARS.stop, closed="left").all():
            raise OddBlock
        return at.dt.epoch("ms")

    def _valid(self, cells: pl.DataFrame) -> pl.Series:
        if "valid" in cells.columns:
            return self._in_words(cells["valid"], self.reading.yes, self.reading.no)
        known = self.reading.valid_words
        valid = self._in_words(cells["status"], known, self.reading.invalid_words)
        if "order_type" in cells.columns:
            valid &= ~_among(cells["order_type"], self.reading.invalid_words)
        if "cancelled_at" in cells.columns:
            valid &= cells["cancelled_at"] == ""
        return valid

    @staticmethod
    def _in_words(values: pl.Series, good: frozenset[str], bad: frozenset[str]) -> pl.Series:
        if any(word(value) not in good and word(value) not in bad for value in values.unique().to_list()):
            raise OddBlock
        return _among(values, good - bad)

    @staticmethod
    def _one_per_order(frame: pl.DataFrame) -> pl.DataFrame:
        """As `orders.merged`, for the lines of each order."""
        texts = [pl.col(name).filter(pl.col(name) != "").first().fill_null("") for name in _TEXTS]
        return frame.group_by("order_id", maintain_order=True).agg(
            pl.col("created").min(), pl.col("day").min(), pl.col("valid").any(), *texts
        )


def _among(values: pl.Series, words: frozenset[str]) -> pl.Series:
    return values.is_in([value for value in values.unique().to_list() if word(value) in words])
