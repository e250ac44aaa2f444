"""What an order's columns say about its validity, in all sites' languages (domain.md §1, §1a)."""

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.statuses import Answers, StatusWord, encoded
from bot.settings.files import data_root
from bot.sources.layout import recognise
from bot.sources.mappings import ByLanguage, load_mappings
from bot.sources.statuses import StatusReading
from tests.disguise import disguised
from tests.sources.conftest import Open
from tests.sources.samples import ORDER_HEADER, RETURN_HEADER, order, returned, table

MAPPINGS = load_mappings(data_root("config"))
WORDS = MAPPINGS.words
LANGUAGES = {"english", "chinese", "thai", "vietnamese", "malay", "indonesian", "filipino", "arabic"}
UNKNOWN = [
    "Wird gepackt",
    "Annulé",
    "Expired",
    "Failed",
    "已关闭",
    "交易关闭",
    "已退款",
    "部分发货后取消",
    "Partially canceled",
    "",
]


def judge(row: dict[str, str], answers: Answers | None = None) -> tuple[bool | None, str]:
    """What the columns of one row say."""
    layout = recognise(ORDER_HEADER, MAPPINGS, "orders")
    reading = StatusReading(layout, MAPPINGS, answers or {}, blank_is_open=False)
    return reading.judge([row.get(name, "") for name in ORDER_HEADER])


@pytest.mark.parametrize(
    "words",
    [
        WORDS.order.valid,
        WORDS.order.invalid,
        WORDS.cash_on_delivery,
        WORDS.returned.counted,
        WORDS.returned.not_counted,
    ],
)
def test_every_list_has_the_languages_of_all_sites(words: ByLanguage) -> None:
    assert set(words) == LANGUAGES


@pytest.mark.parametrize(
    "status",
    [
        *("Canceled", "CANCEL", "Cancelled by buyer", "Canceled - not paid", "unpaid (awaiting payment)"),
        *("未支付", "待支付", "已取消", "ค้างชำระ", "ยังไม่ชำระเงิน", "Đã hủy", "Chờ thanh toán", "Belum dibayar"),
        *("Batal", "Dibatalkan", "Pembatalan", "Kinansela", "ملغى", "تم الالغاء", "غير مدفوعة"),
    ],
)
def test_not_valid(opened: Open, status: str) -> None:
    got = opened(table(ORDER_HEADER, order(Order_Status=status)))
    assert ([row[3] for row in got.orders], got.reasons) == ([False], [])


@pytest.mark.parametrize(
    "status",
    [
        *("To Ship", "Awaiting collection", "Delivered", "Ready to ship", "Processing", "Return  to   seller"),
        *("待发货", "已签收", "ที่ต้องจัดส่ง", "การจัดส่งสำเร็จ", "สำเร็จ", "จัดส่งสำเร็จแล้ว", "Chờ lấy hàng", "Đang giao"),
        *("Đã giao hàng", "Perlu dikirim", "Dalam pengiriman", "Untuk Dihantar", "Naihatid na", "تم التوصيل"),
    ],
)
def test_valid(opened: Open, status: str) -> None:
    got = opened(table(ORDER_HEADER, order(Order_Status=status)))
    assert ([row[3] for row in got.orders], got.reasons) == ([True], [])


@pytest.mark.parametrize("status", UNKNOWN)
def test_what_may_mean_either_is_left_open(opened: Open, status: str) -> None:
    got = opened(table(ORDER_HEADER, order(Order_Status=status)))
    assert [row[3] for row in got.orders] == [None]
    assert [reason for _, reason in got.reasons] == ["status_unknown" if status else "status_empty"]


@given(st.data(), st.sampled_from([(True, WORDS.order.valid), (False, WORDS.order.invalid)]))
def test_the_same_word_however_it_is_written(data: st.DataObject, words: tuple[bool, ByLanguage]) -> None:
    valid, names = words
    name = data.draw(st.sampled_from(sorted(chain.from_iterable(names.values()))))
    row = order(Order_Status=data.draw(disguised(name)))
    assert judge(row) == (valid, "")


@pytest.mark.parametrize(
    ("cells", "valid"),
    [
        ({"Cancelled_Time": "11/06/2026 1:00:00 PM"}, False),
        ({"Normal_or_Pre-order": "Sample"}, False),
        ({"Order_Type": "赠品"}, False),
        ({"Order_Type": "Exchange"}, False),
        ({"Order_Substatus": "Canceled"}, False),
        ({"Order_Substatus": "Delivered"}, True),
        ({"Payment_Method": "Credit card"}, False),
        ({"Payment_Method": "Bayar di tempat"}, None),
        ({"Payment_Method": "Credit card", "Paid_Time": "11/05/2026 1:30:00 PM"}, None),
        ({"Payment_Method": ""}, None),
    ],
)
def test_other_columns_decide_where_they_speak_clearly(
    opened: Open, cells: dict[str, str], valid: bool | None
) -> None:
    got = opened(table([*ORDER_HEADER, "Order Type"], order(Order_Status="Wird gepackt", **cells)))
    assert [row[3] for row in got.orders] == [valid]


@pytest.mark.parametrize("sale", ["Sample", "Free", "Give-away", "Replacement", "换货", "Quà tặng", "عينة مجانية"])
def test_what_is_no_sale_is_not_valid_whatever_its_status(opened: Open, sale: str) -> None:
    rows = order(**{"Normal_or_Pre-order": sale}), order("577184002100000002", **{"Normal_or_Pre-order": "Pre-order"})
    assert [row[3] for row in opened(table(ORDER_HEADER, *rows)).orders] == [False, True]


@pytest.mark.parametrize("first", [1, 400])
def test_an_empty_kind_of_sale_is_open_where_another_row_has_one(opened: Open, first: int) -> None:
    """Also where the first hundreds of rows have none."""
    blank = [order(f"577184002100{number:06d}") for number in range(1, first + 1)]
    assert {row[3] for row in opened(table(ORDER_HEADER, *blank)).orders} == {True}
    filled = order("577184002109999999", **{"Normal_or_Pre-order": "Normal"})
    got = opened(table(ORDER_HEADER, *blank, filled))
    assert [row[3] for row in got.orders] == [None] * first + [True]
    assert [reason for _, reason in got.reasons] == ["sale_empty"]


def test_a_line_in_clear_words_settles_its_order(opened: Open) -> None:
    got = opened(table(ORDER_HEADER, order(Order_Status="Odd"), order(Order_Status="Shipped")))
    assert [row[3] for row in got.orders] == [True]
    got = opened(table(ORDER_HEADER, order(Order_Status="Canceled"), order(Order_Status="Odd")))
    assert [row[3] for row in got.orders] == [None]


def test_answers_of_the_shop_are_heeded_and_told_no_more() -> None:
    odd = StatusWord("status", "odd")
    for valid in (True, False):
        assert judge(order(Order_Status="ODD"), {odd: valid}) == (valid, encoded([odd]))


@pytest.mark.parametrize("status", ["ปฏิเสธแล้ว", "Đã từ chối", "Ditolak", "Kinansela", "مرفوض", "已撤销", "Cancelled"])
def test_returns_that_were_refused_or_taken_back_in_all_languages(opened: Open, status: str) -> None:
    got = opened(table(RETURN_HEADER, returned(Return_Status=status)))
    assert ([row[5] for row in got.defects], got.reasons) == ([False], [])


@pytest.mark.parametrize(
    "status", ["เสร็จสมบูรณ์", "Đang xử lý", "Selesai", "Diproses", "Na-refund", "تم الاسترداد", "退款成功"]
)
def test_returns_that_count_in_all_languages(opened: Open, status: str) -> None:
    got = opened(table(RETURN_HEADER, returned(Return_Status=status)))
    assert ([row[5] for row in got.defects], got.reasons) == ([True], [])
