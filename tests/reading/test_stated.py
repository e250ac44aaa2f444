"""What a page says is told apart from what nobody stated: halves of the day, halves of numbers, events of others."""

import json
from datetime import UTC, datetime

import pytest

from bot.domain.evidence import TimeRole
from bot.reading.reader import FileReader

P, D, E, U = TimeRole.PICKED_UP, TimeRole.DELIVERED, TimeRole.EVENT, TimeRole.UNKNOWN
HALVES = ["pm", "PM", "p.m.", "P.M.", "p.m", "p. m.", "p m", "P. M.", "p.\u00a0m.", "p.\u202fm."]


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("space", ["", " ", "\u00a0", "\u202f", "\u2009"])
@pytest.mark.parametrize("after", ["", " UTC", " Delivered"])
def test_every_spelling_of_the_afternoon(reader: FileReader, half: str, space: str, after: str) -> None:
    found = reader.read_text(f"UPS tracking number 1Z999AA10123456784\n2026-11-05 9:29{space}{half}{after}\n")
    assert [stamp.at for stamp in found.timestamps] == [datetime(2026, 11, 5, 21, 29, tzinfo=UTC)]
    morning = reader.read_text(f"2026-11-05 9:29{space}{half.replace('p', 'a').replace('P', 'A')}{after}\n")
    assert [stamp.at for stamp in morning.timestamps] == [datetime(2026, 11, 5, 9, 29, tzinfo=UTC)]


@pytest.mark.parametrize("half", ["下午", "傍晚", "م", "مساءً", "CH", "ptg", "ng gabi"])
def test_the_afternoon_in_the_languages_of_the_sites(reader: FileReader, half: str) -> None:
    at = f"{half}9:29" if half[0] in "下傍" else f"9:29 {half.removeprefix('ng ')}"
    assert reader.read_text(f"2026-11-05 {at}").timestamps[0].at == datetime(2026, 11, 5, 21, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    ("printed", "at"),
    [
        ("[05.11.26, 21:22:39] Maya: hello", datetime(2026, 11, 5, 21, 22, 39, tzinfo=UTC)),
        ("[05.11.2026, 21:22] Maya: hello", datetime(2026, 11, 5, 21, 22, tzinfo=UTC)),
        ("25/11/69 09:30 นำจ่ายสำเร็จ", datetime(2026, 11, 25, 9, 30, tzinfo=UTC)),
        ("05/11/69 09:30 นําจ่ายสําเร็จ", datetime(2026, 11, 5, 9, 30, tzinfo=UTC)),
        ("05-11-2569 09:30", datetime(2026, 11, 5, 9, 30, tzinfo=UTC)),
        ("5 พ.ย. 69 09:30", datetime(2026, 11, 5, 9, 30, tzinfo=UTC)),
        ("25/11/69 09:30 Delivered", None),
        ("25/11/26 09:30 นำจ่ายสำเร็จ", datetime(2026, 11, 25, 9, 30, tzinfo=UTC)),
    ],
)
def test_short_years_and_points(reader: FileReader, printed: str, at: datetime | None) -> None:
    assert [stamp.at for stamp in reader.read_text(printed).timestamps] == [at]


def test_decomposed_thai_means_the_same(reader: FileReader) -> None:
    for word in ("นำจ่ายสำเร็จ", "นําจ่ายสําเร็จ"):
        stamp = reader.read_text(f"06/11/2569 14:20 {word}").timestamps[0]
        assert (stamp.role, stamp.at) == (D, datetime(2026, 11, 6, 14, 20, tzinfo=UTC))


def test_a_version_is_no_date(reader: FileReader) -> None:
    for version in ("Version: 2022.3.6", "v2026.11.5", "版本号：2026.11.05", "Build 2026-11-05"):
        assert reader.read_text(f"Settings\n{version}").timestamps == ()


@pytest.mark.parametrize(
    ("list_", "clock", "at"),
    [
        (("2026-11-06 10:00", "2026-11-05 10:00"), "07/11/2026 09:00", None),
        (("2026-11-06 10:00", "2026-11-05 10:00"), "11/7/2026 9:00 AM", None),
        (("6 Nov 2026 10:00", "5 Nov 2026 10:00"), "07/11/2026 09:00", None),
        (("13-10-2026 10:00", "12-10-2026 10:00"), "07/11/2026 09:00", None),
        (("13/10/2026 10:00", "12/10/2026 10:00"), "07/11/2026 09:00", datetime(2026, 11, 7, 9, tzinfo=UTC)),
        (("10/13/2026 10:00", "10/12/2026 10:00"), "11/07/2026 09:00", datetime(2026, 11, 7, 9, tzinfo=UTC)),
    ],
)
def test_only_what_is_written_alike_settles_day_and_month(
    reader: FileReader, list_: tuple[str, str], clock: str, at: datetime | None
) -> None:
    text = "\n".join((f"{list_[0]} Delivered", f"{list_[1]} Picked up", f"Captured {clock}"))
    assert reader.read_text(text).timestamps[-1].at == at
    usual = reader.read_text(f"Site: UK\n{text}").timestamps[-1].at
    assert usual == (at or datetime(2026, 11 if clock[0] == "0" else 7, 7 if clock[0] == "0" else 11, 9, tzinfo=UTC))


@pytest.mark.parametrize(
    ("words", "role"),
    [
        ("Available for pick-up at the post office", E),
        ("READY FOR PICK UP", E),
        ("Your parcel is ready for collection", E),
        ("包裹已到自提点，待取件", E),
        ("Paket siap diambil di kedai", E),
        ("Picked up by the recipient", D),
        ("Picked up by courier", P),
        ("Your parcel will be picked up", U),
        ("Pickup expected soon, parcel will soon be delivered", U),
        ("Estimated to be delivered", U),
        ("Expected pickup", U),
        ("Scheduled for delivery: delivered by", U),
        ("即将派送成功", U),
        ("พัสดุจะถูกจัดส่งสำเร็จ", U),
        ("Sẽ giao thành công", U),
        ("Delivered. Next parcel expected", D),
        ("快递员已将包裹签收", D),
    ],
)
def test_what_is_announced_is_no_event(reader: FileReader, words: str, role: TimeRole) -> None:
    assert reader.read_text(f"2026-11-05 10:00 {words}").timestamps[0].role is role


def events(*words: str) -> list[dict[str, str]]:
    return [{"time": f"2026-11-0{9 - at}T18:15:00Z", "description": each} for at, each in enumerate(words)]


@pytest.mark.parametrize("status", ["Delivered", "Picked up", "exception"])
@pytest.mark.parametrize("last_update", [{}, {"last_update": "2026-11-09T20:00:00Z"}])
def test_events_keep_their_own_words(reader: FileReader, status: str, last_update: dict[str, str]) -> None:
    shipment = {"trackingNumber": "1Z999AA10123456784", "status": status, **last_update}
    shipment |= {"events": events("Delivered", "Arrived at facility", "Picked up")}  # type: ignore[dict-item]
    other = {"trackingNumber": "1Z12345E6605272234", "status": "Picked up", "events": events("Picked up")}
    for data in ({"shipments": [shipment]}, {"a": {"shipments": [shipment, other]}}, [shipment], shipment):
        found = reader.read_text(json.dumps(data)).timestamps
        roles = [stamp.role for stamp in found if not stamp.text.endswith("20:00:00Z")]
        assert roles[:3] == [D, E, P]
        assert {stamp.role for stamp in found if stamp.text.endswith("20:00:00Z")} <= {U}


def test_an_event_of_an_order_keeps_its_order(reader: FileReader) -> None:
    history = [{"time": "2026-11-05T10:00:00Z", "error": "sync failed"}]
    orders = [{"order_id": f"57646141303878575{number}", "history": history} for number in (2, 3)]
    found = reader.read_text(json.dumps({"log": "erp sync", "orders": orders})).log_events
    told = {(event.order_id[-1], event.at) for event in found if event.error}
    assert told == {(number, datetime(2026, 11, 5, 10, tzinfo=UTC)) for number in "23"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tracking no.\n9405536108988\n141747451\nDelivered", [("9405536108988141747451", True)]),
        ("Tracking no.\n9405536108988-\n141747451", [("9405536108988141747451", True)]),
        ("J&T Express\nTracking number 60012345\n6789\nDelivered", [("600123456789", None)]),
        ("YunExpress tracking YT2412345678\n901234", [("YT2412345678901234", None)]),
        ("Tracking numbers\n1Z999AA10123456784\n1Z12345E6605272234", [("1Z999AA10123456784", True)]),
        ("Tracking number 1Z999AA10123456784\n90210", [("1Z999AA10123456784", True)]),
        ("Tracking number YT2412345678901234\n576461413038785752", [("YT2412345678901234", True)]),
        ("Tracking number YT2412345678901234\n20261105", [("YT2412345678901234", True)]),
        ("Tracking number 940553610898…", [("940553610898", None)]),
        ("Tracking number YT2412345678901234****", [("YT2412345678901234", None)]),
    ],
)
def test_half_a_number_is_never_a_whole_one(
    reader: FileReader, text: str, expected: list[tuple[str, bool | None]]
) -> None:
    found = reader.read_text(text).tracking_numbers
    assert [(number.value, number.legible) for number in found][: len(expected)] == expected
