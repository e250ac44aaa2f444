"""What a page is, told from its structure."""

import pytest

from bot.reading.reader import FileReader
from tests.reading.blocks import Block, column, lines, read, to_the_right

ORDER = "576461413038785752"
HEAD_OF_A_PHONE = (("9:41", 20, 0), ("5G", 900, 0), ("87%", 960, 0))


def steps(left: float, *times: str, words: tuple[str, ...] = ()) -> tuple[Block, ...]:
    """A parcel's steps, the words over the pale time at the right edge, as telephones show them."""
    told = words or ("Delivered", "Out for delivery", "Arrived at hub", "Picked up")
    return tuple(
        block
        for number, (time, step) in enumerate(zip(times, told, strict=False))
        for block in (
            (f"{step}, city of Ho Chi Minh, ward nine", left, 200 + 130 * number),
            to_the_right(time, 1000, 240 + 130 * number),
            to_the_right("Share", 1000, 270 + 130 * number),
        )
    )


TIMES = ("2026-11-18 11:00", "2026-11-18 07:30", "2026-11-17 21:10", "2026-11-15 10:00")
COLUMNS = tuple(
    block
    for number, (time, step) in enumerate(
        zip(TIMES, ("Delivered", "Out for delivery", "Arrived at facility", "Picked up"), strict=True)
    )
    for block in ((time, 20, 200 + 60 * number), (step, 400, 200 + 60 * number), ("Houston", 800, 200 + 60 * number))
)
CARRIER_PAGES: tuple[tuple[Block, ...], ...] = (
    (("Tracking number: 1Z999AA10123456784", 20, 60), ("UPS", 20, 20), *COLUMNS),
    (*HEAD_OF_A_PHONE, ("Shipment details", 400, 40), ("SPXVN012345678901", 20, 120), *steps(20, *TIMES)),
    lines("快递查询\n2026-11-18 11:00\n已签收\n2026-11-17 08:30\n到达分拨中心\n2026-11-15 10:00\n已揽收"),
)


@pytest.mark.parametrize("page", CARRIER_PAGES)
def test_steps_and_a_second_sign_make_a_carriers_page(reader: FileReader, page: tuple[Block, ...]) -> None:
    facts = read(reader, *page)
    assert (facts.kind, facts.kind_certain, facts.page) == ("tracking_page", True, "")
    assert not facts.messages and len(facts.timestamps) >= 3


def test_a_journey_in_letters_that_nobody_reads_is_a_question(reader: FileReader) -> None:
    lines = column(20, 120, 60, "2026-11-18 11:00", "#~ =~", "2026-11-17 08:30", "~# =", "2026-11-15 10:00", "=~#")
    facts = read(reader, ("YT2412345678901234", 20, 60), *lines)
    assert facts.kind == "tracking_page" and not facts.kind_certain


def rows(*columns: str, count: int = 5) -> tuple[Block, ...]:
    """A table: each column's words with the row's number for {}."""
    return tuple(
        (words.format(number), 20 + 330 * place, 200 + 70 * number)
        for number in range(count)
        for place, words in enumerate(columns)
    )


def test_one_step_is_no_journey(reader: FileReader) -> None:
    told = ("Saturday, 21 November", "Messages", "Package delivered", "2026-11-18 11:00 Delivered to the front door")
    number = "Your package 1Z999AA10123456784"
    assert read(reader, *lines("\n".join((*told, number)))).kind == ""
    both = read(reader, *lines("\n".join((*told, number, "2026-11-15 10:00 Picked up"))))
    assert (both.kind, both.kind_certain) == ("tracking_page", False)


def test_a_list_of_parcels_is_no_page_of_one(reader: FileReader) -> None:
    heads = (("Tracking no.", 20, 140), ("Status", 350, 140), ("Courier", 680, 140), ("Latest event", 1010, 140))
    table = rows("94055361089{}", "Delivered", "USPS", "Picked up 2026-11-1{} 10:00")
    facts = read(reader, ("Shipments", 20, 20), ("Export", 900, 20), ("Filter shipments", 20, 80), *heads, *table)
    assert (facts.kind, facts.page) == ("", "parcel_list")
    assert facts.warnings[0] == "page_parcel_list"


def test_masked_numbers_make_a_list_too(reader: FileReader) -> None:
    facts = read(reader, ("序号", 20, 140), ("物流号", 350, 140), *rows("{}", "107834689****"))
    assert (facts.kind, facts.page) == ("", "parcel_list")


def test_a_list_of_orders_is_no_detail_of_one(reader: FileReader) -> None:
    table = rows("57646141303878575{}", "US$ 12.9{}", "Completed", "2026-11-1{} 10:00")
    facts = read(reader, ("Manage orders", 20, 20), ("To ship", 20, 80), ("Completed", 300, 80), *table)
    assert (facts.kind, facts.page) == ("", "order_list") and not facts.messages


ORDER_PAGES = (
    lines(f"""Order details
Order ID: {ORDER}
Order status: Delivered
Paid time: 2026-11-10 09:12
Payment method: Visa
Subtotal  $ 12.90
Order total  $ 15.40
Shipping address
Tracking number 1Z999AA10123456784"""),
    lines(f"""订单详情
订单号：{ORDER}
下单时间 2026-11-10 09:12
支付方式 微信
商品总额 ¥99.00
实付金额 ¥89.00
收货地址 广东省"""),
    lines(f"""Chi tiết đơn hàng
Mã đơn hàng {ORDER}
Phương thức thanh toán COD
Tổng tiền 120.000đ
Địa chỉ nhận hàng"""),
)


@pytest.mark.parametrize("page", ORDER_PAGES)
def test_fields_of_an_order_make_its_detail(reader: FileReader, page: tuple[Block, ...]) -> None:
    facts = read(reader, *page)
    assert (facts.kind, facts.kind_certain) == ("order_detail", True)


REVIEWS = tuple(
    block
    for number in range(3)
    for block in (
        (f"maya8{number}", 20, 150 * number + 160),
        to_the_right(f"2026-11-1{number} 11:00", 1000, 150 * number + 160),
        ("Broke after a day, not as shown at all", 20, 150 * number + 200),
        to_the_right(f"Helpful ({number})", 1000, 150 * number + 230),
    )
)
OTHERS: tuple[tuple[str, str, tuple[Block, ...]], ...] = (
    (
        "review_screenshot",
        "",
        (("Product reviews", 20, 0), ("4.2 out of 5", 20, 60), ("Variation: blue", 20, 90), *REVIEWS),
    ),
    (
        "delay_certificate",
        "",
        lines("""YUNEXPRESS
Certificate of Delay
To whom it may concern
We hereby certify that parcels handed over between 2026-11-01 and 2026-11-09
were delayed by customs inspection.
Authorised signature"""),
    ),
    (
        "delivery_proof",
        "",
        lines("""Proof of Delivery
Tracking number 1Z999AA10123456784
Delivered 2026-11-18 11:00
Received by: J. Doe
Left at: front door"""),
    ),
    (
        "delivery_proof",
        "",
        lines("""FedEx
The following is the proof-of-delivery for tracking number: 794629083060
Status: Delivered   Signed for by: M.ROSE
Delivered To: Residence   Delivery date: Nov 17, 2026 11:02
Weight: 1.0 LB"""),
    ),
    (
        "",
        "shipping_label",
        lines("""USPS GROUND ADVANTAGE
Ship from: Glass Ltd
Ship to: Jane Doe
Weight 1.2 lbs
USPS TRACKING #
9400 1118 9922 3033 2223 33"""),
    ),
    (
        "",
        "receipt",
        lines(
            "OFFICIAL RECEIPT\nCashier 04\nSubtotal RM 12.00\nSST RM 0.72\nTotal RM 12.72\nCash RM 20\nChange RM 7"
        ),
    ),
    (
        "",
        "platform_notice",
        lines("Notification\nAppeal received\nDear seller, your order defect rate is high.\n2026-11-18 11:00"),
    ),
    ("", "appeal_form", lines("Submit a request\nDefect type\nRoot cause\nExplanation\n0/200\nUpload files")),
    (
        "",
        "",
        lines(f"PACKING LIST\nOrder ID {ORDER}\nShip to Jane Doe\nSKU LMP-01 Qty 1\nThank you for shopping with us"),
    ),
    (
        "",
        "",
        (
            ("Wave picking", 20, 20),
            ("Order ID", 20, 80),
            ("SKU", 350, 80),
            ("Qty", 680, 80),
            *rows("57646141303878575{}", "LMP-0{}", "{}", "Status picked"),
        ),
    ),
    ("", "", lines("Shipping fee rates\nQuantity 1 to 5\nShipping method Standard\n0.5 kg RM 5.30\n1 kg RM 6.30")),
    (
        "",
        "",
        lines("Manage products\nGlass lamp\nSKU LMP-01\nUnit price $24.90\nSubtotal $24.90\nQuantity 120\nDesk lamp"),
    ),
    ("", "", lines("Weather\nSunny\nTomorrow cloudy")),
    ("", "", lines("Package\nConversation starters\nReviews of our hub")),
)


@pytest.mark.parametrize(("kind", "other", "page"), OTHERS, ids=[f"{kind}{other}" for kind, other, _ in OTHERS])
def test_other_pages_are_what_they_are(reader: FileReader, kind: str, other: str, page: tuple[Block, ...]) -> None:
    facts = read(reader, *page)
    assert (facts.kind, facts.page) == (kind, other)
    assert not facts.messages


def test_a_list_of_chats_is_not_certainly_one(reader: FileReader) -> None:
    rows = (
        ("maya88", "Where is my parcel?", "11:02"),
        ("john_d", "Thanks!", "10:48"),
        ("noura", "[Image]", "Monday"),
    )
    listed = tuple(
        block
        for number, (name, words, time) in enumerate(rows)
        for block in (
            (name, 20, 120 + 60 * number),
            (words, 320, 120 + 60 * number),
            (time, 620, 120 + 60 * number),
        )
    )
    head = (("Customer messages", 20, 20), ("Unread", 20, 70), ("All", 320, 70), ("Starred", 620, 70))
    assert not read(reader, *head, *listed, ("Select a conversation to start", 20, 400)).kind_certain


def test_one_word_is_no_kind(reader: FileReader) -> None:
    for word in ("Inbox", "Waybill", "ERP", "Campaign", "SLA", "Certificate", "Order ID", "response"):
        facts = read(reader, (word, 20, 20), ("Hello there", 20, 80), ("Nothing else", 20, 140))
        assert (facts.kind, facts.page) == ("", ""), word


def test_a_files_name_helps_only_where_the_content_does_not_speak(reader: FileReader) -> None:
    assert read(reader, ("Hello", 20, 20), ("there", 20, 90), file_name="pod.png").kind == "delivery_proof"
    assert read(reader, *CARRIER_PAGES[0], file_name="chat.png").kind == "tracking_page"
    page = lines(
        "CERTIFICATE OF CONFORMITY\nThis is to certify that the product has been tested\nand complies with the rules"
    )
    assert read(reader, *page, file_name="certificate.png").kind == "", "what was read says nothing of a delay"


def test_of_kinds_with_the_same_signs_the_title_tells(reader: FileReader) -> None:
    facts = read(
        reader,
        *lines(
            "评价详情\n规格 SKU: JB-400-P\n1.0/5 差评\n支付方式 微信\n举报评价\n"
            "买家昵称 ricky_d\n订单号578033916625487731"
        ),
    )
    assert (facts.kind, facts.kind_certain) == ("review_screenshot", False)


def test_a_page_that_is_as_much_a_form_as_an_order_is_neither(reader: FileReader) -> None:
    page = lines("Mã đơn hàng *\n580516466648136112\nLý do *\nĐơn vị vận chuyển\nMô tả *\nBão\nBằng chứng (2/5)")
    assert read(reader, *page).kind == ""


def test_the_lower_half_of_an_orders_page_is_no_receipt(reader: FileReader) -> None:
    page = lines("Paid time 2026-11-02 09:01\nPayment method Visa\nSubtotal US$ 20.00\nShipping fee US$ 2.00")
    facts = read(reader, *page)
    assert (facts.kind, facts.page) == ("", ""), "nothing on it says what it is, so that its other half can"
    receipt = lines("Receipt 0417\n2026-11-02 09:01\nVisa\nSubtotal US$ 20.00\nTax US$ 2.00")
    assert read(reader, *receipt).page == "receipt"
