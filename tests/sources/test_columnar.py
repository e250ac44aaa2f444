"""The quick way and the row-by-row way through order files agree, and ordinary files go the quick way."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ports.sources import Batch, OrderRow
from bot.settings.files import data_root
from bot.sources.blocks import Block
from bot.sources.columnar import ColumnarReading
from bot.sources.layout import recognise
from bot.sources.mappings import load_mappings
from bot.sources.orders import OrderReading, merged
from bot.sources.times import FileTimes
from tests.sources.conftest import Open
from tests.sources.samples import ORDER_HEADER, order, table

MAPPINGS = load_mappings(data_root("config"))
CANONICAL = ["order_id", "created_at", "valid", "tracking_number", "carrier", "buyer"]
SELLER = [
    "Order ID",
    "Created Time",
    "Order Status",
    "Cancelled Time",
    "Tracking ID",
    "Buyer Username",
    "Buyer Message",
]
ZONES = ["America/Los_Angeles", "Europe/London", "Asia/Bangkok"]

ids = st.sampled_from(
    ["577184002100000001", "577184002100000002", "A-1", "9.4E+21", "", "two words", "x" * 65, "Ａ1"]
)
texts = st.text(st.sampled_from('aZ09 ",\n\r\tß。买\x01;'), max_size=6) | st.sampled_from(["GFUS1", "b" * 201])
number = st.integers(-1, 70).map(str) | st.integers(0, 70).map(lambda value: f"{value:02d}")
iso = st.builds(
    "{}-{}-{}{}{}:{}:{}{}".format,
    st.sampled_from(["2026", "26", "12026", "2015", "+2026"]),
    number,
    number,
    st.sampled_from("T "),
    number,
    number,
    number,
    st.sampled_from(["Z", "+08:00", "-0330", "", " UTC", "+24:00", "+23:59"]),
) | st.datetimes().map(lambda at: f"{at:%Y-%m-%dT%H:%M:%S}Z")
local = st.builds(
    "{}/{}/{}{}{}:{}:{}{}".format,
    number,
    number,
    st.sampled_from(["2026", "26", "02026"]),
    st.sampled_from([" ", "  ", "T", ""]),
    number,
    number,
    number,
    st.sampled_from([" PM", " AM", " pm", "PM", "", "\t"]),
) | st.sampled_from(["03/08/2026 2:30:00 AM", "11/01/2026 1:30:00 AM", "29/03/2026 01:30:00", "25/10/2026 01:30:00"])
flag = st.sampled_from(["true", "FALSE", "1", "", "maybe", "是"])
status = st.sampled_from(["Shipped", "canceled", "已取消", "Odd", ""])


def ways(header: list[str], raw: bytes, zone: str, month_first: bool) -> tuple[Batch, Batch | None]:
    """The block read both ways."""
    layout = recognise(header, MAPPINGS, "orders")
    slow, quick = (OrderReading(layout, FileTimes(zone, month_first, layout.zoned), MAPPINGS, {}) for _ in range(2))
    return slow.batch(Block(raw, 2, ",").records()), ColumnarReading(quick).batch(Block(raw, 2, ","))


def written(rows: list[list[str]], ending: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator=ending).writerows(rows)
    return out.getvalue().encode()


def agree(header: list[str], raw: bytes, zone: str, month_first: bool) -> None:
    slow, quick = ways(header, raw, zone, month_first)
    if quick is not None:
        assert (quick.rows, list(quick.orders), list(quick.skipped)) == (slow.rows, list(slow.orders), slow.skipped)


rows_of = {
    "canonical": st.lists(st.tuples(ids, iso, flag, texts, texts, texts).map(list), max_size=4),
    "seller": st.lists(st.tuples(ids, local, status, st.just("") | local, texts, texts, texts).map(list), max_size=4),
}


@settings(max_examples=200, deadline=None)
@given(rows_of["canonical"], st.sampled_from(["\n", "\r\n"]))
def test_canonical(rows: list[list[str]], ending: str) -> None:
    agree(CANONICAL, written(rows, ending), "UTC", False)


@settings(max_examples=200, deadline=None)
@given(rows_of["seller"], st.sampled_from(["\n", "\r\n"]), st.sampled_from(ZONES), st.booleans())
def test_seller_center(rows: list[list[str]], ending: str, zone: str, month_first: bool) -> None:
    agree(SELLER, written(rows, ending), zone, month_first)


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from('A1,",\n\r \t')).map(str.encode))
def test_any_structure(raw: bytes) -> None:
    agree(["order_id", "created_at", "valid"], raw, "UTC", False)


good = st.builds(
    lambda order_id, at, cancelled, tracking: order(
        str(order_id),
        Created_Time=f"{at:%m/%d/%Y %I:%M:%S %p}\t",
        Order_Status="Canceled" if cancelled else "Completed",
        Tracking_ID=tracking,
    ),
    st.integers(577184002100000001, 577184002100000004),
    st.integers(0, 180 * 86_400).map(lambda second: datetime(2026, 4, 1, tzinfo=UTC) + timedelta(seconds=second)),
    st.booleans(),
    st.sampled_from(["", "GFUS1", "GFUS2"]),
)


@settings(deadline=None)
@given(st.lists(good, min_size=1, max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_ordinary_exports_go_the_quick_way(rows: list[dict[str, str]], ending: str) -> None:
    raw = table(ORDER_HEADER, *rows).split("\r\n", 1)[1].replace("\r\n", ending).encode()
    slow, quick = ways(ORDER_HEADER, raw, ZONES[0], True)
    assert quick
    assert (quick.rows, list(quick.orders)) == (slow.rows, list(slow.orders))
    assert {row[0] for row in slow.orders} == {row["Order ID"].strip() for row in rows}


SMALL = 400
"""Bytes of a block."""


def test_lines_of_an_order_in_several_blocks(opened: Open) -> None:
    rows = [
        f"57718400210000{i % 40:04d},2026-11-05T0{i // 20}:00:{i % 60:02d}Z,{'true' if i == 61 else 'false'},,,B{i}\n"
        for i in range(80)
    ]
    got = opened(",".join(CANONICAL) + "\n" + "".join(rows), block_bytes=SMALL)
    assert (got.rows, len(got.orders), len({row[0] for row in got.orders})) == (80, 40, 40)
    assert got.repeated
    together: dict[str, OrderRow] = {}
    for row in [*got.orders, *got.repeated]:
        together[row[0]] = merged(together[row[0]], row) if row[0] in together else row
    assert [row[0][-4:] for row in together.values() if row[3]] == ["0021"]
    assert together["577184002100000021"][6] == "B21"


def test_lines_are_counted_across_blocks(opened: Open) -> None:
    rows = [f'A{i},{"never" if i == 60 else "2026-11-05T08:00:00Z"},true,,,"two\nlines"\n' for i in range(80)]
    got = opened(",".join(CANONICAL) + "\n" + "".join(rows), block_bytes=SMALL)
    assert (got.reasons, len(got.orders)) == ([(122, "time_unreadable")], 79)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_newest_first_is_read_from_the_end(opened: Open, encoding: str) -> None:
    rows = [
        f"A{999 - i},{'never' if i == 60 else '2026-11-05T08:00:00Z'},true,,,{'买家' if i < 70 else 'buyer'}\n"
        for i in range(80)
    ]
    got = opened((",".join(CANONICAL) + "\n" + "".join(rows)).encode(encoding), block_bytes=SMALL)
    assert got.reasons == [(62, "time_unreadable")]
    assert sorted(row[0] for row in got.orders) == sorted(f"A{999 - i}" for i in range(80) if i != 60)
    assert {row[6] for row in got.orders} == {"买家", "buyer"}
    if encoding != "utf-16":
        assert got.orders[0][0] < got.orders[-1][0]
