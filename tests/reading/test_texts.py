"""Text files: encodings, structures, logs, sites, capture dates and the kind of evidence."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from bot.domain.evidence import CaptureSource, Facts, TimeRole
from bot.reading.reader import FileReader
from bot.reading.report import report

Read = Callable[..., Facts]
ORDER = "576461413038785752"
TRACKING = (
    "物流轨迹\n运单号:YT2412345678901234\n2026-11-18 11:00 已签收\n2026-11-18 08:30 派送中\n2026-11-15 10:00 已揽收\n"
    "截图时间:2026-11-20 17:00 (UTC+8)"
)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gbk", "gb18030"]
)
def test_encodings(read: Read, encoding: str) -> None:
    text = TRACKING + "\nTracking number in plain English words, order " + ORDER + " of the shop"
    facts = read(text.encode(encoding), "物流.txt")
    assert facts.words == text
    assert facts.tracking_numbers[0].value == "YT2412345678901234"
    assert "encoding_unsure" not in facts.warnings


def test_an_uncertain_encoding_says_so(read: Read) -> None:
    facts = read(("Livré à l'hôtel près de la mairie, garçon reçu. " * 3).encode("cp1252"))
    assert "encoding_unsure" in facts.warnings
    assert facts.readable


def test_a_tracking_page(read: Read) -> None:
    facts = read(TRACKING)
    assert (facts.kind, facts.kind_certain) == ("tracking_page", True)
    assert [stamp.role for stamp in facts.timestamps] == [
        TimeRole.DELIVERED,
        TimeRole.OUT_FOR_DELIVERY,
        TimeRole.PICKED_UP,
        TimeRole.CAPTURED,
    ]
    assert facts.captured_at == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert facts.captured_from is CaptureSource.VISIBLE


def test_contradicting_capture_dates(read: Read) -> None:
    facts = read("Captured on 2026-11-20 09:00\nScreenshot taken 2026-11-18 09:00")
    assert facts.captured_at == datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
    assert "capture_dates_conflict" in facts.warnings


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ("https://seller-us.tiktok.com/order/detail", "US"),
        ("https://seller-uk.tiktok.com/order", "UK"),
        ("https://seller.us.tiktokglobalshop.com/x", "US"),
        ("https://seller.tiktokglobalshop.com/x?shop_region=TH", "TH"),
        ("shop site: US", "US"),
        ("站点:美国", "US"),
        ("TikTok Shop Malaysia", "MY"),
        ("https://www.ups.com/track?loc=en_US", ""),
        ("https://seller-us.tiktok.com.evil.example/", ""),
        ("us and them", ""),
    ],
)
def test_sites(read: Read, text: str, site: str) -> None:
    assert read(text).site == site


def test_two_sites_are_none(read: Read) -> None:
    facts = read("site: US\nsite: UK")
    assert (facts.site, facts.warnings) == ("", ("sites_conflict:US, UK",))


ERP = (
    f"2026-11-18 11:00:00 INFO order sync start order={ORDER}\n"
    f"2026-11-18 11:00:05 ERROR order sync failed order={ORDER}: timeout after 30s\n"
    f"2026-11-18 11:05:05 INFO order sync ok order={ORDER} errors: 0\n"
)


def test_a_log_as_text(read: Read) -> None:
    facts = read(ERP, "erp-log.txt")
    assert (facts.kind, facts.kind_certain) == ("erp_log", True)
    assert [(event.at and event.at.minute, event.order_id, bool(event.error)) for event in facts.log_events] == [
        (0, ORDER, False),
        (0, ORDER, True),
        (5, ORDER, False),
    ]


def test_a_trace_below_a_line_is_its_fault(read: Read) -> None:
    facts = read(f"2026-11-18 11:00:00 INFO order sync order={ORDER}\n  requests.exceptions: read timeout\n")
    assert "timeout" in facts.log_events[0].error


@pytest.mark.parametrize(
    "text",
    [
        f'{{"ts":"2026-11-18T11:00:00Z","endpoint":"/order/202309/orders","order_id":"{ORDER}","status_code":500,'
        f'"request_id":"a"}}\n{{"ts":"2026-11-18T11:00:09Z","endpoint":"/order/x","order_id":"{ORDER}",'
        '"status_code":200,"error":null,"request_id":"b"}\n',
        f'[{{"time":1794999600,"endpoint":"/order/1","order_id":"{ORDER}","http":500,"request_id":"a"}},'
        f'{{"time":1794999609,"endpoint":"/order/1","order_id":"{ORDER}","http":200,"request_id":"b"}}]',
        "time,endpoint,order_id,status_code,request_id\n"
        f"2026-11-18 11:00:00,/order/1,{ORDER},500,a\n2026-11-18 11:00:09,/order/1,{ORDER},200,b\n",
    ],
)
def test_api_logs(read: Read, text: str) -> None:
    facts = read(text, "log")
    assert facts.kind == "api_log"
    assert [bool(event.error) for event in facts.log_events] == [True, False]
    assert facts.log_events[0].at == datetime(2026, 11, 18, 11, 0, tzinfo=UTC)


def test_a_cut_json_log_keeps_its_good_lines(read: Read) -> None:
    line = f'{{"ts":"2026-11-18T11:00:00Z","event":"sync","order_id":"{ORDER}"}}\n'
    facts = read(line * 3 + line[:30])
    assert len(facts.log_events) == 3
    assert "json_damaged" in facts.warnings


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 50_000, "{" + "9" * 5000 + "}", '{"a": 1' + "0" * 10_000 + "}"]
)
def test_absurd_json_is_plain_text(read: Read, text: str) -> None:
    assert read(text, "x.json").readable


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (
            f"Order details\nOrder ID: {ORDER}\nOrder status: Delivered\nPayment method: Card\nPaid time: 2026-11-10",
            "order_detail",
        ),
        ("To whom it may concern\nThis is to certify: delay certificate for YT2412345678901234", "delay_certificate"),
        (
            "Certified translation\nOriginal text: สินค้าเสียหาย\nTranslation: this is damaged\nTranslator: y",
            "translation",
        ),
    ],
)
def test_kinds_from_content(read: Read, text: str, kind: str) -> None:
    facts = read(text)
    assert (facts.kind, facts.kind_certain) == (kind, True)


@pytest.mark.parametrize(
    ("file_name", "kind"),
    [
        ("物流轨迹.png", "tracking_page"),
        ("聊天记录.txt", "conversation"),
        ("erp-log.csv", "erp_log"),
        ("Order_Detail 3.pdf", "order_detail"),
        ("延误证明.pdf", "delay_certificate"),
        ("../../etc/passwd", ""),
    ],
)
def test_a_name_only_suggests(read: Read, file_name: str, kind: str) -> None:
    facts = read("nothing of note", file_name)
    assert (facts.kind, facts.kind_certain) == (kind, False)


def test_content_beats_the_name(read: Read) -> None:
    assert read(TRACKING, "聊天记录.txt").kind == "tracking_page"


def test_typed_words(reader: FileReader) -> None:
    facts = reader.read_text(f"order {ORDER} was delivered 2026-11-18 11:00")
    assert (facts.order_ids, facts.timestamps[0].role) == ((ORDER,), TimeRole.DELIVERED)


def test_the_report_has_the_fields_of_the_contract(read: Read) -> None:
    line = report("a.txt", read(TRACKING))
    assert list(line)[:10] == [
        "file",
        "media_type",
        "kind",
        "tracking_numbers",
        "order_ids",
        "timestamps",
        "captured_at",
        "site",
        "traces_of_editing",
        "warnings",
    ]
    assert line["tracking_numbers"] == [{"value": "YT2412345678901234", "carrier": "YunExpress", "legible": True}]
    assert line["timestamps"][0] == {"text": "2026-11-18 11:00", "iso": "2026-11-18T11:00:00Z", "role": "delivered"}
    assert line["captured_at"] == "2026-11-20T09:00:00Z"


def test_an_order_as_the_api_gives_it_is_an_order_detail(read: Read) -> None:
    facts = read(
        f'{{"id":"{ORDER}","status":"DELIVERED","create_time":1794099600,"delivery_time":1794999600,'
        '"shipping_provider":"UPS","tracking_number":"1Z999AA10123456784","payment":{"total_amount":"12"}}'
    )
    assert (facts.kind, facts.order_ids) == ("order_detail", (ORDER,))
    assert [stamp.role for stamp in facts.timestamps] == [TimeRole.EVENT, TimeRole.DELIVERED]
