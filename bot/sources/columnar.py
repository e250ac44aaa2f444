"""The fast way through large order files: reads a block at a time in columns.

It takes only blocks in which every row is ordinary. For any other block it returns None, and the block is read row
by row, which knows the lines and the reasons of skipped rows; both ways give the same rows."""

import polars as pl
from polars.exceptions import PolarsError

from bot.ports.sources import Batch
from bot.sources.blocks import Block
from bot.sources.layout import MAX_CELL, MAX_ID, TRIM
from bot.sources.mappings import word
from bot.sources.orders import OrderReading
from bot.sources.times import DAY_MS, YEARS

# Appended to every line as one more cell: it comes out in its own column only if the row has all its cells.
_END = "\x01"
_ASCII_TRIM = "".join(filter(str.isascii, TRIM))
_FIELDS = (
    "order_id",
    "created_at",
    "valid",
    "status",
    "order_type",
    "sale_type",
    "cancelled_at",
    "tracking_number",
    "carrier",
    "buyer",
)
_TEXTS = ("tracking_number", "carrier", "buyer")
_ZONE = "%#z"
_ISO = (f"%Y-%m-%dT%H:%M:%S{_ZONE}", r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$")
_MONTH_FIRST = ("%m/%d/%Y %I:%M:%S %p", r"^\d\d?/\d\d?/\d{4} \d\d?:\d\d:\d\d [AP]M$")
_DAY_FIRST = ("%d/%m/%Y %H:%M:%S", r"^\d\d?/\d\d?/\d{4} \d\d?:\d\d:\d\d$")
_PLAIN_ID = rf"^[A-Za-z0-9][A-Za-z0-9_#/-]{{0,{MAX_ID - 1}}}$"


class OddBlock(Exception):
    """The block has a row that is not ordinary."""


class ColumnarReading:
    """Reads the blocks of one order file in columns."""

    def __init__(self, reading: OrderReading) -> None:
        self.reading, self.layout = reading, reading.layout
        times = reading.times
        wall = _MONTH_FIRST if times.month_first else _DAY_FIRST
        self.format, self.shape = _ISO if times.zoned else wall

    def batch(self, block: Block) -> Batch | None:
        """The block as a batch, or None when it contains anything that is not ordinary."""
        try:
            cells = self._cells(block)
            frame = self._judged(cells)
            rows = frame.height
            if frame["order_id"].n_unique() < rows:
                frame = _one_per_order(frame)
        except (OddBlock, PolarsError):
            return None
        if not self.reading.times.zoned:
            # A date is at most ten characters long; what follows a shorter one does no harm.
            self.reading.times.note(cells["created_at"].str.head(10).unique().to_list())
        ordered = frame.sort("order_id")
        return self.reading.sorted_out(rows, ordered.rows(), ids=ordered["order_id"])

    def _cells(self, block: Block) -> pl.DataFrame:
        if _END.encode() in block.raw:
            raise OddBlock
        raw = block.raw.replace(b"\r", b"")
        raw += b"" if raw.endswith(b"\n") else b"\n"
        mark = f"{block.separator}{_END}".encode()
        marked = raw.replace(b"\n", mark + b"\n")
        lines = (len(marked) - len(raw)) // len(mark)
        trim = _ASCII_TRIM if raw.isascii() else TRIM
        names = [f"column_{number}" for number in range(1, self.layout.width + 2)]
        picked = {field: names[self.layout.columns[field]] for field in _FIELDS if field in self.layout.columns}
        frame = pl.read_csv(
            marked,
            has_header=False,
            separator=block.separator,
            schema=dict.fromkeys(names, pl.String),
            columns=sorted({*picked.values(), names[-1]}, key=names.index),
            empty_string_is_null=False,
            truncate_ragged_lines=True,
        )
        fields = [pl.col(name).str.strip_chars(trim).alias(field) for field, name in picked.items()]
        missing = [pl.lit("").alias(field) for field in _TEXTS if field not in picked]
        ragged = pl.col(names[-1]) != _END
        several_lines = _has_end(_TEXTS) if frame.height != lines else pl.lit(False)
        cells = frame.select(*fields, *missing, ragged.alias("ragged"))
        in_utc = cells["created_at"].str.ends_with("Z").all()
        query = cells.lazy().with_columns(self._created(in_utc), odd=self._odd() | several_lines)
        return query.collect(engine="in-memory")

    def _odd(self) -> pl.Expr:
        """The condition that a row is not ordinary."""
        return (
            pl.col("ragged")
            | ~pl.col("order_id").str.contains(_PLAIN_ID)
            | ~pl.col("created_at").str.contains(self.shape)
            | pl.any_horizontal(pl.col(name).str.len_chars() > MAX_CELL for name in _TEXTS)
        )

    def _created(self, in_utc: bool) -> pl.Expr:
        """Epoch milliseconds; null for an hour that a change of the clocks skips, whose block is read row by row.
        `in_utc` says that all times end with a Z: reading them takes a fifth of reading a zone for each."""
        times, texts = self.reading.times, pl.col("created_at").str
        if times.zoned and in_utc:
            at = texts.head(-1).str.to_datetime(self.format.removesuffix(_ZONE), strict=False, cache=False)
        elif times.zoned:
            at = texts.to_datetime(self.format, time_zone="UTC", strict=False)
        else:
            at = texts.to_datetime(self.format, strict=False).dt.replace_time_zone(
                times.zone.key, ambiguous="earliest", non_existent="null"
            )
        return (
            pl.when(at.dt.year().is_between(YEARS.start, YEARS.stop, closed="left"))
            .then(at.dt.epoch("ms"))
            .alias("at")
        )

    def _judged(self, cells: pl.DataFrame) -> pl.DataFrame:
        if cells["odd"].any() or cells["at"].null_count():
            raise OddBlock
        valid = self._valid(cells).alias("valid")
        return cells.select("order_id", "at", (pl.col("at") // DAY_MS).cast(pl.Int32).alias("day"), valid, *_TEXTS)

    def _valid(self, cells: pl.DataFrame) -> pl.Expr:
        reading = self.reading
        if "valid" in cells.columns:
            return _among(cells, "valid", reading.yes, reading.no)
        statuses = reading.statuses
        valid = _among(cells, "status", statuses.valid_words, statuses.invalid_words)
        if "order_type" in cells.columns:
            valid &= _among(cells, "order_type", statuses.valid_words | {""}, statuses.invalid_words)
        if "sale_type" in cells.columns:
            blank = frozenset() if statuses.blank_is_open else frozenset({""})
            valid &= _among(cells, "sale_type", statuses.valid_words | blank, statuses.invalid_words)
        if "cancelled_at" in cells.columns:
            valid &= pl.col("cancelled_at") == ""
        return valid


def _among(cells: pl.DataFrame, column: str, words: frozenset[str], others: frozenset[str]) -> pl.Expr:
    """Whether the value is one of `words`; raises OddBlock for a value that is none of `others` either."""
    meanings = {value: word(value) for value in cells[column].unique().to_list()}
    if any(meaning not in words | others for meaning in meanings.values()):
        raise OddBlock
    return pl.col(column).is_in([value for value, meaning in meanings.items() if meaning in words])


def _has_end(columns: tuple[str, ...]) -> pl.Expr:
    """Whether a row ends where its line ends; a quoted cell of several lines has swallowed the mark of the line's
    end."""
    return pl.any_horizontal(pl.col(name).str.contains(_END, literal=True) for name in columns)


def _one_per_order(frame: pl.DataFrame) -> pl.DataFrame:
    """The lines of each order merged to one row, as `orders.merged` does."""
    texts = [pl.col(name).filter(pl.col(name) != "").first().fill_null("") for name in _TEXTS]
    firsts = (pl.col("at").min(), pl.col("day").min(), pl.col("valid").any())
    return frame.group_by("order_id", maintain_order=True).agg(*firsts, *texts)
