"""Timestamps in many notations, their roles, zones and honest doubts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.evidence import TimeRole, Timestamp
from bot.reading.plain import plain
from bot.reading.tables import load_vocabulary
from bot.reading.times import TimeReader, Times
from bot.settings.files import data_root

READER = TimeReader(load_vocabulary(data_root("config")))
NOON = datetime(2026, 11, 18, 15, 4, tzinfo=UTC)


def read(text: str, site: str = "") -> Times:
    return READER.read(plain(text), [site] if site else [])


def only(text: str, site: str = "") -> Timestamp:
    (found,) = read(text, site).stamps
    return found.stamp


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-18 15:04",
        "2026-11-18T15:04:00",
        "2026/11/18 15:04",
        "2026.11.18 15.04",
        "2026-11-1815:04",
        "20261118 150400",
        "20261118T150400",
        "20261118150400",
        "11/18/2026 3:04 PM",
        "11/18/2026 3:04PM",
        "18/11/2026 15:04",
        "18-11-2026, 15:04",
        "18.11.2026 15:04",
        "15:04 18/11/2026",
        "18 Nov 2026 15:04",
        "18-Nov-2026 15:04",
        "18th November 2026, 3:04 p.m.",
        "Nov 18, 2026 3:04 PM",
        "Wednesday, November 18, 2026 at 3:04 pm",
        "18/11/2026 (Wed) 15:04",
        "2026年11月18日 15:04",
        "2026年11月18日 下午3:04",
        "2026 年 11 月 18 日 星期三 15时04分",
        "２０２６年１１月１８日 １５：０４",
        "18 พ.ย. 2569 15:04 น.",
        "18 พฤศจิกายน 2569 เวลา 15:04",
        "18 พ.ย. 69 15:04",
        "๑๘/๑๑/๒๕๖๙ ๑๕:๐๔",
        "18 tháng 11, 2026 15:04",
        "15:04, 18 thg 11 năm 2026",
        "lúc 15:04 ngày 18/11/2026",
        "18 November 2026 3:04 PTG",
        "18 Nopember 2026 pukul 15.04",
        "Nobyembre 18, 2026 3:04 PM",
        "١٨ نوفمبر ٢٠٢٦ ١٥:٠٤",
        "18 نوفمبر 2026، 3:04 م",
        "11/18/26, 3:04\u202fPM",
        "18 N0v 2026 15:04",
        "Wed Nov 18 3:04 PM 2026",
        "Mi, 18. November 2026, 15:04 Uhr",
        "18 de noviembre de 2026 a las 15:04",
        "18 nov. 2026 às 15:04",
        "15:04 2026年11月18日(水)",
        "2026年11月18日(水) 15:04",
        "k.somchai50 Nov 18 2026 3:04 PM",
        "k.somchai25 Nov 18, 2026 15:04",
    ],
)
def test_notations(text: str) -> None:
    stamp = only(text)
    assert (stamp.at, stamp.offset_minutes, stamp.day_only) == (NOON, None, False)


@pytest.mark.parametrize(
    ("zone", "minutes"),
    [
        ("Z", 0),
        (" UTC", 0),
        (" (UTC+8)", 480),
        (" (GMT+8)", 480),
        ("+08:00", 480),
        (" +0700", 420),
        (" GMT-05:00", -300),
        (" 北京时间", 480),
        (" ICT", 420),
        (" UTC+5:30", 330),
    ],
)
def test_zones(zone: str, minutes: int) -> None:
    stamp = only(f"2026-11-18 15:04{zone}\nnext line")
    assert (stamp.at, stamp.offset_minutes) == (NOON - timedelta(minutes=minutes), minutes)


def test_a_declared_zone_holds_for_all_times_without_their_own() -> None:
    stamps = read("All times are in GMT+7\n18/11/2026 15:04\n2026-11-18 15:04 UTC").stamps
    assert [item.stamp.offset_minutes for item in stamps] == [420, 0]


def test_a_zone_with_several_meanings_is_not_guessed() -> None:
    times = read("2026-11-18 15:04 CST")
    assert (times.stamps[0].stamp.at, times.warnings) == (None, ("zone_ambiguous:CST",))


@pytest.mark.parametrize("text", ["2026-02-30 11:00", "2026-11-18 25:00", "31/11/2026 10:00", "2026-13-01 10:00"])
def test_times_that_do_not_exist(text: str) -> None:
    times = read(text)
    assert times.stamps[0].stamp.at is None
    assert times.warnings == (f"date_impossible:{text}",)


class TestDayAndMonth:
    def test_undecided_stays_undecided(self) -> None:
        times = read("05/06/2026 11:00")
        assert times.stamps[0].stamp.at is None
        assert times.warnings == ("date_order_ambiguous:05/06/2026 11:00",)

    @pytest.mark.parametrize(
        "text",
        [
            "Delivered 03/04/2026",
            "Fri 03/04/2026 10:00",
            "03/04/26 10:00",
            "3-4-2026 at 10:00",
            "10:00 03/04/2026 4G 80%",
            "03-04 Delivered\n10:00\n2026",
            "2026-04-03\n03/04/2026 10:00",
            "04/03/2026 10:00\n04/05/2026 11:00",
        ],
    )
    def test_no_notation_makes_it_certain(self, text: str) -> None:
        times = read(text)
        ambiguous = [item.stamp for item in times.stamps if not item.stamp.text.startswith("2026-")]
        assert ambiguous and all(stamp.at is None for stamp in ambiguous)

    @pytest.mark.parametrize(("site", "month"), [("US", 5), ("UK", 6), ("TH", 6)])
    def test_the_site_decides(self, site: str, month: int) -> None:
        assert only("05/06/2026 11:00", site).at == datetime(2026, month, 11 - month, 11, tzinfo=UTC)

    def test_another_date_decides(self) -> None:
        assert read("05/06/2026 11:00\n13/06/2026 11:00").stamps[0].stamp.at == datetime(2026, 6, 5, 11, tzinfo=UTC)

    def test_the_sequence_decides(self) -> None:
        stamps = read("01/12/2026 11:00\n02/12/2026 11:00\n03/12/2026 09:00\n01/01/2027 10:00").stamps
        assert stamps[0].stamp.at == datetime(2026, 12, 1, 11, tzinfo=UTC)

    def test_the_same_number_twice_needs_no_decision(self) -> None:
        assert only("06/06/2026 11:00").at == datetime(2026, 6, 6, 11, tzinfo=UTC)

    def test_contradicting_dates_decide_nothing(self) -> None:
        stamps = read("13/06/2026 11:00\n06/13/2026 11:00\n05/06/2026 11:00").stamps
        assert [item.stamp.at is None for item in stamps] == [False, False, True]


def roles(text: str) -> list[TimeRole]:
    return [item.stamp.role for item in read(text).stamps]


P, O, D, X, U = (  # noqa: E741
    TimeRole.PICKED_UP,
    TimeRole.OUT_FOR_DELIVERY,
    TimeRole.DELIVERED,
    TimeRole.EXCEPTION,
    TimeRole.UNKNOWN,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-18 11:00 Delivered\n2026-11-15 10:00 Picked up", [D, P]),
        ("Delivered\n2026-11-18 11:00\nOut for delivery\n2026-11-18 08:00\nPicked up\n2026-11-15 10:00", [D, O, P]),
        ("2026-11-18 11:00\nDelivered\n2026-11-18 08:00\nOut for delivery\n2026-11-15 10:00\nPicked up", [D, O, P]),
        ("Picked up 2026-11-15 10:00, delivered 2026-11-18 12:00", [P, D]),
        ("Picked up: 2026-11-15 10:00 | Delivered: 2026-11-18 12:00", [P, D]),
        (
            "2026-11-18 11:00 已签收\n2026-11-18 08:00 派送中\n2026-11-17 09:00 派送失败\n2026-11-15 揽收",
            [D, O, X, P],
        ),
        (
            "Delivered, Front Door\nAUSTIN, TX 78701\nNovember 18, 2026, 11:00 am\n\n"
            "Out for Delivery\nAUSTIN, TX 78701\nNovember 18, 2026, 8:00 am\n\n"
            "Picked Up\nDALLAS, TX 75201\nNovember 15, 2026, 10:00 am",
            [D, O, P],
        ),
        ("Status: Delivered\n\n2026-11-18 11:00\nOut for delivery\n\n2026-11-15 10:00\nPicked up", [O, P]),
        ("status: DELIVERED | create_time: 2026-11-10 09:00 | delivery_time: 2026-11-18 11:00", [TimeRole.EVENT, D]),
        ("description: Delivered | update_time: 2026-11-18 11:00", [D]),
        ("update_time: 2026-11-19 09:00 | delivery_time: 2026-11-18 11:00", [U, D]),
        ("2026-11-15 10:00 picked up, 2026-11-18 12:00 delivered", [P, D]),
        ("2026-11-18 11:00 | Delivered | Austin", [D]),
        ("18 พ.ย. 2569 11:00 จัดส่งสำเร็จ", [D]),
        ("11:00 18/11/2026 Giao hàng thành công", [D]),
        ("18/11/2026 11:00 penghantaran gagal", [X]),
        ("2026-11-18 11:00 تم التسليم", [D]),
        ("Estimated delivery: 2026-11-20 18:00", [U]),
        ("预计送达 2026-11-20 18:00", [U]),
        ("2026-11-18 11:00 Not delivered, customer not at home", [X]),
        ("2026-11-18 11:00 Delivery attempted", [X]),
        ("2026-11-18 11:00 Delivered to local facility", [TimeRole.EVENT]),
        ("2026-11-18 11:00 Undelivered", [X]),
        ("待揽收 2026-11-18 11:00", [U]),
        ("Captured on 2026-11-20 09:00", [TimeRole.CAPTURED]),
        ("截图时间:2026-11-20 09:00", [TimeRole.CAPTURED]),
        (
            "Nov 18, 2026\n11:00 AM Delivered\n8:00 AM Out for delivery\nNov 15, 2026\n10:00 AM Picked up",
            [U, D, O, U, P],
        ),
    ],
)
def test_roles(text: str, expected: list[TimeRole]) -> None:
    assert roles(text) == expected


def test_times_under_a_date_take_its_day() -> None:
    stamps = read("Nov 18, 2026\n11:00 AM Delivered\n8:00 AM Out for delivery").stamps
    assert [item.stamp.at for item in stamps][1:] == [datetime(2026, 11, 18, hour, tzinfo=UTC) for hour in (11, 8)]


def test_times_without_any_date_are_left_out() -> None:
    assert read("Open 08:00 - 18:00").stamps == ()


def test_a_date_without_a_year_takes_the_one_printed_near() -> None:
    stamps = read("2026-11-15 10:00\n11月18日 11:00").stamps
    assert stamps[1].stamp.at == datetime(2026, 11, 18, 11, tzinfo=UTC)


def test_without_any_year_the_instant_is_unknown() -> None:
    assert read("Nov 18 11:00 AM").warnings == ("year_missing:Nov 18 11:00 AM",)


@pytest.mark.parametrize("text", ["version 1.2.26", "192.168.10.26", "may 5 people", "576461413038785752", "3/4 cup"])
def test_what_is_no_time(text: str) -> None:
    assert read(text).stamps == ()


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.sampled_from(range(-720, 841, 30)))  # noqa: DTZ001
def test_iso_times_are_read_exactly(local: datetime, offset: int) -> None:
    local = local.replace(microsecond=0, tzinfo=UTC)
    sign, hours, minutes = "-" if offset < 0 else "+", *divmod(abs(offset), 60)
    stamp = only(f"{local:%Y-%m-%dT%H:%M:%S}{sign}{hours:02}:{minutes:02}")
    assert stamp.at == local - timedelta(minutes=offset)


def test_a_heading_joined_with_its_first_time_still_dates_the_times_below() -> None:
    stamps = read(
        "Tracking number: 1Z999AA10123456784\nFriday, 22-May-2026 12:27\nDelivered\nLouisville\n"
        "06:46  Out for delivery\n\nTuesday, 19-May-2026 14:02\nDeparted\n04:25  Picked up\nOpen 09:00\n08:15\n"
    ).stamps
    assert [f"{item.stamp.at:%d %H:%M}" for item in stamps if item.stamp.at] == [
        "22 12:27",
        "22 06:46",
        "19 14:02",
        "19 04:25",
    ]


def test_a_row_that_begins_with_its_time_is_of_the_row_above_that_begins_with_date_and_time() -> None:
    stamps = read("Thu 19 Nov 2026 07:42 Out for delivery\n03:15 Arrived at depot\nOpen 09:00\n09:10").stamps
    assert [f"{item.stamp.at:%d %H:%M}" for item in stamps if item.stamp.at] == ["19 07:42", "19 03:15"]


def test_figures_of_a_reference_are_no_time() -> None:
    assert read("request 20261119083017BF20C41").stamps == ()


@pytest.mark.parametrize(
    ("places", "month"), [(["vi"], 11), (["US", "vi"], 10), (["", "UK"], 11), (["zh"], None), ([], None)]
)
def test_site_or_language_settle_day_and_month(places: list[str], month: int | None) -> None:
    (found,) = READER.read("10/11/2026 20:14", places).stamps
    assert (found.stamp.at and found.stamp.at.month) == month


def test_a_date_below_a_date_is_no_time_of_day() -> None:
    found = [item.stamp for item in read("16.03.2026 15.03.2026").stamps]
    assert [(stamp.at and stamp.at.day, stamp.day_only) for stamp in found] == [(16, True), (15, True)]


@pytest.mark.parametrize("month", ["Ju1", "JuI", "July", "Ju1y"])
def test_letters_that_a_recogniser_takes_for_digits(month: str) -> None:
    assert only(f"18-{month}-2026 15:04").at == datetime(2026, 7, 18, 15, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("3. März 2026, 15:04", 3),
        ("3 de diciembre de 2026 15:04", 12),
        ("3 out. 2026 15:04", 10),
        ("3 dez. 2026 15:04", 12),
    ],
)
def test_months_of_other_languages(text: str, month: int) -> None:
    assert only(text).at == datetime(2026, month, 3, 15, 4, tzinfo=UTC)


def test_words_that_look_like_months_are_none() -> None:
    assert [item.stamp.at for item in read("3 out of 12\nset 10, 15:04 2027 items").stamps] == []


@pytest.mark.parametrize("day", ["Today", "今天", "Gestern,", "Hôm qua"])
@pytest.mark.parametrize("gap", [" ", "\n"])
def test_a_day_told_by_a_word_is_not_the_date_above(day: str, gap: str) -> None:
    stamps = [
        item.stamp for item in read(f"2026-11-18\n10:00 Picked up\n{day}{gap}14:05 Delivered\n08:10 Out").stamps
    ]
    assert [stamp.at and stamp.at.hour for stamp in stamps] == [0, 10, None, None]


@pytest.mark.parametrize(
    ("day", "date"), [("Today", 20), ("今天", 20), ("Gestern,", 19), ("Hôm qua", 19), ("前天", 18)]
)
@pytest.mark.parametrize("gap", [" ", "\n"])
def test_the_day_of_the_page_dates_such_a_word(day: str, date: int, gap: str) -> None:
    text = f"2026-11-15\n10:00 Picked up\n{day}{gap}14:05 Delivered\n08:10 Out for delivery"
    found = READER.read(plain(text), day=NOON.date().replace(day=20)).stamps
    assert [item.stamp.at for item in found if item.stamp.at][2:] == [
        NOON.replace(day=date, hour=14, minute=5),
        *([NOON.replace(day=date, hour=8, minute=10)] if gap == "\n" else []),
    ]


def test_an_unknown_day_is_asked_and_a_time_without_any_is_kept_apart() -> None:
    found = read("9:41 Package\nYesterday 14:05 Delivered")
    assert [item.stamp.text for item in found.stamps] == ["Yesterday 14:05"]
    assert found.warnings == ("day_relative:Yesterday 14:05",)
    assert [item.stamp.text for item in found.clocks] == ["9:41"]


def test_the_turn_of_the_year_lies_between_december_and_january() -> None:
    found = read("Jan 2, 2027 10:00 Delivered\nDec 30, 09:00 Out for delivery\nDec 28, 08:00 Picked up").stamps
    assert [item.stamp.at and item.stamp.at.year for item in found] == [2027, 2026, 2026]


def test_a_date_in_the_first_cell_heads_the_rows_below_it() -> None:
    text = "2026-11-18  11:00  Delivered\n08:30  Out for delivery\n2026-11-17  20:00  Arrived at hub\n06:10  Departed"
    days = [item.stamp.at and item.stamp.at.day for item in read(text).stamps]
    assert days == [18, 18, 17, 17]


def test_points_with_spaces_make_a_date() -> None:
    assert only("2026. 11. 18. 15:04").at == NOON and only("2026. 11. 18 15:04").at == NOON


def test_such_a_word_in_a_message_changes_nothing() -> None:
    stamps = read("2026-11-18\n10:00 Lee: it came yesterday\n10:05 Shop: thank you").stamps
    assert [item.stamp.at and item.stamp.at.day for item in stamps] == [18, 18, 18]
