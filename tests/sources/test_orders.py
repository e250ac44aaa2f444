"""Order files: Seller Center exports and the canonical CSV."""

import codecs

import pytest

from bot.sources.errors import SourceError
from tests.sources.conftest import Open, ms
from tests.sources.samples import EXAMPLES, ORDER_HEADER, order, table, xlsx

CANONICAL = "order_id,created_at,valid,tracking_number,carrier,buyer\n"


def test_the_example_export(opened: Open) -> None:
    got = opened(EXAMPLES / "orders-us.csv")
    assert (got.kind, got.rows, len(got.orders), got.skipped) == ("orders", 13, 12, [])
    assert sum(row[3] for row in got.orders) == 11
    newest = max(got.orders, key=lambda row: row[1])
    assert newest[:4] == ("577184002100000012", ms("2026-11-06T05:04:07"), 20763, True)
    assert newest[4:6] == ("GFUS00000000000012", "GOFO")


def test_the_canonical_example(opened: Open) -> None:
    got = opened(EXAMPLES / "orders.csv")
    assert [row[:4] for row in got.orders] == [
        ("577184002100000101", ms("2026-11-05T08:30:00"), 20762, True),
        ("577184002100000102", ms("2026-11-05T08:45:00"), 20762, False),
    ]


def test_optional_columns_may_be_absent(opened: Open) -> None:
    got = opened("order_id,created_at,valid\nA-1,2026-11-05T08:30:00Z,yes\n")
    assert got.orders == [("A-1", ms("2026-11-05T08:30"), 20762, True, "", "", "")]


def test_a_canonical_time_needs_a_zone(opened: Open) -> None:
    got = opened(CANONICAL + "A,2026-11-05T08:30:00,true,,,\nB,2026-11-05 08:30:00+07:00,true,,,\n")
    assert got.reasons == [(2, "zone_missing")]
    assert [row[1] for row in got.orders] == [ms("2026-11-05T01:30")]


@pytest.mark.parametrize(
    ("site", "text", "utc"),
    [
        ("US", "11/05/2026 1:30:00 PM", "2026-11-05T21:30"),
        ("US", "11/05/2026 12:30:00 AM", "2026-11-05T08:30"),
        ("US", "07/05/2026 01:30:00 AM", "2026-07-05T08:30"),
        ("VN", "05/11/2026 13:30:00", "2026-11-05T06:30"),
        ("UK", "05/07/2026 13:30:00", "2026-07-05T12:30"),
        # Clocks go forward: the hour that is skipped has two readings, the earlier counts.
        ("US", "03/08/2026 2:30:00 AM", "2026-03-08T09:30"),
        # Clocks go back: the hour comes twice, the first counts.
        ("US", "11/01/2026 1:30:00 AM", "2026-11-01T08:30"),
        ("UK", "25/10/2026 01:30:00", "2026-10-25T00:30"),
        ("TH", "29/02/2028 00:00:00", "2028-02-28T17:00"),
    ],
)
def test_local_times(opened: Open, site: str, text: str, utc: str) -> None:
    got = opened(table(ORDER_HEADER, order(Created_Time=f"{text}\t")), site)
    assert [row[1] for row in got.orders] == [ms(utc)]


@pytest.mark.parametrize(
    "text", ["02/30/2026 1:00:00 AM", "11/05/2026 13:00:00 PM", "13/13/2026 1:00:00 AM", "11/05/0026 1:00:00 AM"]
)
def test_times_that_do_not_exist(opened: Open, text: str) -> None:
    got = opened(table(ORDER_HEADER, order(), order("577184002100000002", Created_Time=text)))
    assert (len(got.orders), got.reasons) == (1, [(3, "time_impossible")])


@pytest.mark.parametrize(
    ("text", "reason"), [("", "time_missing"), ("soon", "time_unreadable"), ("11/05/2026", "time_of_day_missing")]
)
def test_unreadable_times(opened: Open, text: str, reason: str) -> None:
    got = opened(table(ORDER_HEADER, order(Created_Time=text)))
    assert (got.orders, got.reasons) == ([], [(2, reason)])


def test_lines_of_one_order_become_one(opened: Open) -> None:
    lines = [
        order(Order_Status="Canceled", Tracking_ID=""),
        order(Tracking_ID="GFUS1", Buyer_Username="ann"),
        order(Tracking_ID="GFUS2"),
    ]
    got = opened(table(ORDER_HEADER, *lines))
    assert [row[3:] for row in got.orders] == [(True, "GFUS1", "", "ann")]
    assert got.rows == 3


@pytest.mark.parametrize("status", ["Canceled", "unpaid", "已取消", "ยกเลิกแล้ว", "Đã hủy", "Dibatalkan"])
def test_cancelled_and_unpaid_orders_are_not_valid(opened: Open, status: str) -> None:
    assert not opened(table(ORDER_HEADER, order(Order_Status=status))).orders[0][3]


def test_a_cancelled_time_cancels_in_any_language(opened: Open) -> None:
    got = opened(table(ORDER_HEADER, order(Order_Status="Otkazan", Cancelled_Time="11/06/2026 1:00:00 PM\t")))
    assert not got.orders[0][3]


def test_samples_and_replacements_are_not_valid(opened: Open) -> None:
    header = [*ORDER_HEADER, "Order Type"]
    rows = [order(Order_Type="Sample"), order("577184002100000002", Order_Type="Normal")]
    assert [row[3] for row in opened(table(header, *rows)).orders] == [False, True]


def test_a_return_in_the_order_export_is_no_defect(opened: Open) -> None:
    got = opened(table(ORDER_HEADER, {**order(), "Cancelation/Return Type": "Return/Refund"}))
    assert (got.orders[0][3], got.defects) == (True, [])


def test_an_unknown_status_is_told_once_and_left_open(opened: Open) -> None:
    got = opened(
        table(ORDER_HEADER, order(), *(order(f"57718400210000001{i}", Order_Status="Wird gepackt") for i in range(3)))
    )
    assert (len(got.orders), got.reasons) == (4, [(3, "status_unknown")])
    assert [row[3] for row in got.orders] == [True, None, None, None]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("9.43461E+21", "id_damaged"),
        ("5.77184E+17\t", "id_damaged"),
        ("577184002100000000.0", "id_damaged"),
        ("", "id_missing"),
        ("two words", "id_unreadable"),
        ("x" * 65, "id_unreadable"),
    ],
)
def test_bad_ids(opened: Open, text: str, reason: str) -> None:
    got = opened(table(ORDER_HEADER, order(), order(text)))
    assert (len(got.orders), got.reasons) == (1, [(3, reason)])


def test_ids_as_a_text_formula(opened: Open) -> None:
    got = opened(table(ORDER_HEADER, order('="577184002100000001"').copy() | {"Order ID": '="577184002100000001"'}))
    assert got.orders[0][0] == "577184002100000001"


def test_ids_that_a_spreadsheet_rounded(opened: Open) -> None:
    rounded = [order(f"5771840021{i:05d}000") for i in range(3)]
    with pytest.raises(SourceError, match="ids_rounded"):
        opened(table(ORDER_HEADER, *rounded))
    genuine = [order(f"5771840021{i:08d}") for i in range(1, 5)]
    assert len(opened(table(ORDER_HEADER, rounded[0], *genuine)).orders) == 5


def test_header_variants(opened: Open) -> None:
    for names in ("Canceled Time", "CANCELLED  TIME ", "取消时间"):
        header = ["订单号", "订单状态", "创建时间", names]
        row = {
            "订单号": "1",
            "订单状态": "Shipped",
            "创建时间": "11/05/2026 1:00:00 PM",
            names: "11/05/2026 2:00:00 PM",
        }
        assert not opened(table(header, row)).orders[0][3]


def test_a_row_that_is_cut_off_or_shifted(opened: Open) -> None:
    rows = ["A,{},T,C,B", "B,{}", "C,{},T,C,B,x", "D,{},T,C,B,,"]
    got = opened(CANONICAL + "".join(f"{row.format('2026-11-05T08:30:00Z,true')}\n" for row in rows))
    assert [row[0] for row in got.orders] == ["A", "D"]
    assert got.reasons == [(3, "columns_differ"), (4, "columns_differ")]


def test_lines_are_physical_lines(opened: Open) -> None:
    got = opened(CANONICAL + '\nA,2026-11-05T08:30:00Z,true,"two\nlines",C,B\n\nB,never,true,T,C,B\n')
    assert got.reasons == [(6, "time_unreadable")]
    assert got.orders[0][4] == "two\nlines"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_encodings_and_separators(opened: Open, encoding: str, separator: str) -> None:
    header = ["订单号", "订单状态", "创建时间", "买家"]
    row = {"订单号": "577184002100000001", "订单状态": "已取消", "创建时间": "11/05/2026 1:00:00 PM", "买家": "小明"}
    got = opened(table(header, row, separator=separator).encode(encoding))
    assert [(order[0], order[3], order[6]) for order in got.orders] == [("577184002100000001", False, "小明")]


def test_utf16_without_an_even_end(opened: Open) -> None:
    data = codecs.BOM_UTF16_BE + (CANONICAL + "A,2026-11-05T08:30:00Z,true,T,C,B\n").encode("utf-16-be")
    assert len(opened(data).orders) == 1


@pytest.mark.parametrize("one_cell_a_row", [False, True])
def test_workbooks_with_a_row_of_descriptions(opened: Open, one_cell_a_row: bool) -> None:
    describing = {
        "Order ID": "Platform unique order ID.",
        "Created Time": "Order created time.",
        "Tracking ID": "The order's tracking number.",
    }
    rows = [
        ORDER_HEADER,
        *(
            [row.get(name, "") for name in ORDER_HEADER]
            for row in (describing, order(Tracking_ID="GFUS1"), order("577184002100000002", Created_Time="yesterday"))
        ),
    ]
    got = opened(xlsx(rows, one_cell_a_row))
    assert [(row[0], row[1], row[4]) for row in got.orders] == [
        ("577184002100000001", ms("2026-11-05T21:30"), "GFUS1")
    ]
    assert (got.rows, got.reasons) == (2, [(4, "time_unreadable")])


def test_a_description_row_in_csv(opened: Open) -> None:
    describing = {"Order ID": "Platform unique order ID.", "Created Time": "Order created time."}
    got = opened(table(ORDER_HEADER, describing, order()))
    assert (got.rows, len(got.orders), got.skipped) == (1, 1, [])


def test_numbers_as_ids_in_a_workbook(opened: Open) -> None:
    rows = [
        ["order_id", "created_at", "valid"],
        [12345, "2026-11-05T08:30:00Z", "true"],
        [577184002100000001, "2026-11-05T08:30:00Z", "true"],
    ]
    got = opened(xlsx(rows))
    assert [row[0] for row in got.orders] == ["12345"]
    assert got.reasons == [(3, "id_damaged")]
