"""Lines laid out as text, without drawing them."""

from datetime import UTC, datetime

import pytest

from bot.domain.evidence import CaptureSource, Facts, TimeRole
from bot.reading.layout import Line, Sheet, lay_out
from bot.reading.reader import FileReader
from bot.reading.segmentation import segmented

At = tuple[str, float, float]


def line(words: str, left: float, top: float, tilt: float = 0.0) -> Line:
    """Words 10 wide a letter and 20 high, the right end `tilt` lower for each unit of width."""
    right, count = left + 10 * len(words), len(words)
    low, high = top + tilt * left, top + tilt * right
    quad = ((left, low), (right, high), (right, high + 20), (left, low + 20))
    return Line(words, 0.99, quad, tuple((place + 0.5) / count for place in range(count)), (0.99,) * count)


@pytest.fixture
def sheet(reader: FileReader):  # type: ignore[no-untyped-def]
    def laid(*lines: At, tilt: float = 0.0) -> Sheet:
        return lay_out([line(*item, tilt) for item in lines], reader.words.stacks)

    return laid


@pytest.fixture
def facts(reader: FileReader, sheet):  # type: ignore[no-untyped-def]
    def read(*lines: At) -> Facts:
        drawn = sheet(*lines)
        return reader.words.read(drawn.text, "", drawn)

    return read


def times(facts: Facts) -> list[tuple[str, str]]:
    return [(f"{stamp.at:%m-%d %H:%M}", stamp.role.value) for stamp in facts.timestamps if stamp.at]


@pytest.mark.parametrize("tilt", [0.0, 0.05, -0.05])
def test_rows_of_a_tilted_picture(sheet, tilt: float) -> None:  # type: ignore[no-untyped-def]
    rows = [
        (word, left, 40.0 * row)
        for row, pair in enumerate(("ab", "cd"))
        for word, left in zip(pair, (20, 900), strict=True)
    ]
    long = ("a line that is long enough to tell", 100.0, 120.0)
    assert sheet(*rows[::-1], long, tilt=tilt).text.splitlines()[:2] == ["a  b", "c  d"]


def test_a_date_above_its_time_in_a_narrow_column(facts) -> None:  # type: ignore[no-untyped-def]
    found = facts(
        ("2026-11-18", 20, 0),
        ("Delivered", 300, 0),
        ("11:00", 20, 26),
        ("Austin, TX", 300, 26),
        ("2026-11-15", 20, 80),
        ("Picked up", 300, 80),
        ("09:30", 20, 106),
        ("Shenzhen", 300, 106),
    )
    assert times(found) == [("11-18 11:00", "delivered"), ("11-15 09:30", "picked_up")]


def test_a_date_broken_into_three_lines(facts) -> None:  # type: ignore[no-untyped-def]
    found = facts(
        *(("Fri, Nov", 20, 0), ("20, 2026", 20, 26), ("9:16 PM", 20, 52)),
        *(("Austin, TX", 200, 0), ("Out for", 400, 0), ("Delivery", 400, 26)),
    )
    assert times(found) == [("11-20 21:16", "out_for_delivery")]


def test_half_of_the_day_on_the_next_line(facts) -> None:  # type: ignore[no-untyped-def]
    found = facts(
        *(("Delivered", 20, 0), ("July 24, 2026, 11:03", 300, 0), ("pm", 300, 26)),
        *(("Picked up", 20, 80), ("July 20, 2026, 2:30", 300, 80), ("pm", 300, 106)),
    )
    assert times(found) == [("07-24 23:03", "delivered"), ("07-20 14:30", "picked_up")]


def test_a_date_and_a_time_broken_side_by_side(facts) -> None:  # type: ignore[no-untyped-def]
    found = facts(
        ("Jun 25", 20, 0),
        ("4:57", 140, 0),
        ("Delayed", 300, 0),
        ("2026", 20, 26),
        ("AM", 140, 26),
        ("Jun 24", 20, 80),
        ("9:12", 140, 80),
        ("In transit", 300, 80),
        ("2026", 20, 106),
        ("PM", 140, 106),
    )
    assert [at for at, _ in times(found)] == ["06-25 04:57", "06-24 21:12"]


def test_a_date_broken_into_five_lines(facts) -> None:  # type: ignore[no-untyped-def]
    found = facts(*((part, 20, 26 * row) for row, part in enumerate(("Thu, Apr", "23,", "2026", "12:10", "AM"))))
    assert [at for at, _ in times(found)] == ["04-23 00:10"]


def test_dates_without_a_year_below_each_other_stay_apart(sheet) -> None:  # type: ignore[no-untyped-def]
    assert sheet(("25 Jun", 20, 0), ("26 Jun", 20, 26), ("27 Jun", 20, 52)).text == "25 Jun\n26 Jun\n27 Jun"


def test_a_time_stays_with_the_nearer_date(facts) -> None:  # type: ignore[no-untyped-def]
    found = facts(
        ("17.11.2026 Delivered", 20, 0),
        ("07:16", 70, 26),
        ("Leeds", 160, 26),
        ("15.11.2026", 20, 66),
        ("Arrived", 160, 66),
        ("17:19", 70, 92),
        ("Leeds", 160, 92),
    )
    assert {at for at, _ in times(found)} >= {"11-17 07:16", "11-15 17:19"}


def test_a_short_date_with_words_beside_it_and_its_time_below(facts) -> None:  # type: ignore[no-untyped-def]
    found = facts(
        ("08-19 包裹已签收", 20, 0),
        ("16:22", 20, 26),
        ("08-17 派件中", 20, 80),
        ("19:31", 20, 106),
        ("截图时间 2026.08.20 16:40", 20, 200),
    )
    assert [item for item in times(found) if not item[0].endswith("00:00")] == [
        ("08-19 16:22", "delivered"),
        ("08-17 19:31", "out_for_delivery"),
        ("08-20 16:40", "captured"),
    ]


def test_times_first_stay_with_their_own_date(facts) -> None:  # type: ignore[no-untyped-def]
    found = facts(("15:05 17/11/2026", 20, 0), ("07:49 16/11/2026", 20, 30), ("18:38 13/11/2026", 20, 60))
    assert [when for when, _ in times(found)] == ["11-17 15:05", "11-16 07:49", "11-13 18:38"]


def test_a_date_that_heads_several_times(facts) -> None:  # type: ignore[no-untyped-def]
    found = facts(
        ("2026-11-18", 20, 0),
        ("11:00", 20, 26),
        ("Delivered", 200, 26),
        ("08:00", 20, 52),
        ("Out for delivery", 200, 52),
    )
    assert ("11-18 11:00", "delivered") in times(found) and ("11-18 08:00", "out_for_delivery") in times(found)


def test_space_tells_which_words_belong_to_a_time(facts) -> None:  # type: ignore[no-untyped-def]
    found = facts(
        *(("Delivered", 20, 0), ("2026-11-18 11:00", 20, 60), ("Delivered", 20, 86)),
        *(("2026-11-17 08:00", 20, 146), ("Out for delivery", 20, 172)),
        *(("2026-11-15 10:00", 20, 232), ("Picked up", 20, 258), ("Help", 20, 320)),
    )
    assert [role for _, role in times(found)] == ["delivered", "out_for_delivery", "picked_up"]


def test_numbers_below_the_heading_of_their_column(facts) -> None:  # type: ignore[no-untyped-def]
    found = facts(
        *(("Order", 20, 0), ("Carrier", 300, 0), ("Tracking number", 500, 0)),
        *(("576461413038785752", 20, 40), ("SMSA", 300, 40), ("224887730438", 500, 40)),
        *(("576461413038785753", 20, 80), ("SMSA", 300, 80), ("224887730439", 500, 80)),
    )
    assert [number.value for number in found.tracking_numbers] == ["224887730438", "224887730439"]
    assert len(found.order_ids) == 2


def test_a_number_left_of_its_label(facts) -> None:  # type: ignore[no-untyped-def]
    found = facts(("SMSA", 20, 0), ("224887730438", 20, 40), ("Shipment Number", 400, 40))
    assert [number.value for number in found.tracking_numbers] == ["224887730438"]
    glued = facts(("iMile", 20, 0), ("6213460525352:/Tracking Number", 20, 40))
    assert [number.value for number in glued.tracking_numbers] == ["6213460525352"]


def test_a_letter_taken_for_a_nought_is_a_question(facts) -> None:  # type: ignore[no-untyped-def]
    found = facts(("Royal Mail", 20, 0), ("Tracking number: 0P578073300GB", 20, 40))
    assert [(number.value, number.carrier, number.legible) for number in found.tracking_numbers] == [
        ("OP578073300GB", "Royal Mail", None)
    ]
    assert facts(("Royal Mail", 20, 0), ("0P578073301GB", 20, 40)).tracking_numbers == ()


def test_a_number_whose_label_nobody_can_read_is_a_question(facts) -> None:  # type: ignore[no-untyped-def]
    found = facts(("aramex", 20, 0), ("Jll", 20, 40), ("36706825358", 400, 40), ("Help +971 600544000", 20, 90))
    assert [(number.value, number.legible) for number in found.tracking_numbers] == [("36706825358", None)]
    two = facts(("aramex", 20, 0), ("36706825358", 400, 40), ("36706825359", 400, 80))
    assert two.tracking_numbers == ()


PAGE: tuple[At, ...] = (
    ("UPS 1Z999AA10123456784", 20, 0),
    ("2026-11-18 11:00 Delivered", 20, 60),
    ("2026-11-15 10:00 Picked up", 20, 100),
)


@pytest.mark.parametrize(
    "clock",
    [
        (("17:38", 960, 400), ("2026/11/20", 920, 424)),
        (("28°C Mostly cloudy", 20, 400), ("2026-11-20 17:38", 700, 400)),
        (("28°C", 20, 400), ("17:38", 960, 400), ("Mostly cloudy", 20, 424), ("2026/11/20", 920, 424)),
        (("5:38 PM", 960, 400), ("November 20, 2026", 860, 424)),
        (("5:38 PM", 960, 400), ("11/20/2026", 930, 424)),
        (("-3°C 多云转晴", 20, 400), ("17:38", 960, 400), ("2026/11/20", 920, 424)),
        (("Type here to search", 20, 400), ("ENG US 17:38", 900, 400), ("2026/11/20", 920, 424)),
        (("文件 编辑 显示", 20, -60), ("11月20日 周五 17:38 2026", 600, -60)),
        (("https://www.aramex.com/track?number=1 2026-11-20 17:38", 20, 400),),
        (("https://www.aramex.com/track?number=1", 20, 400), ("2026-11-20 17:38", 600, 400)),
        (("Fri 20 Nov 2026 17:38", 20, -60), ("4G 87% WiFi Carrier", 600, -60)),
        (("Safari File Edit View History", 20, -60), ("Fri Nov 20 5:38 PM 2026", 700, -60)),
        (("17:38", 20, -60), ("20/11/2026 5G 82%", 600, -60)),
        (("Consultado el 20 de noviembre de 2026, 17:38", 20, 400),),
    ],
)
def test_a_clock_on_the_edge_is_the_capture_date(facts, clock: tuple[At, ...]) -> None:  # type: ignore[no-untyped-def]
    found = facts(*PAGE, *clock)
    assert found.captured_at == datetime(2026, 11, 20, 17, 38, tzinfo=UTC)
    assert found.captured_from is CaptureSource.VISIBLE
    assert [stamp.role for stamp in found.timestamps].count(TimeRole.CAPTURED) == 1


@pytest.mark.parametrize(
    "clock",
    [
        ("2026-11-10 17:38", 700, 400),
        ("2026-11-20 17:38", 20, 140),
        ("Estimated delivery 2026-11-20 17:38", 700, 400),
        ("2026-11-20 17:38", 700, 400),
        ("2026-11-20 17:38", 600, -60),
        ("Fri Nov 20 2026 5:38 PM", 600, -60),
        ("Order time 2026-11-20 17:38", 20, 400),
        ("Refund by 2026-11-20 17:38", 20, 400),
        ("Est. delivery 2026-11-20 17:38", 20, 400),
        ("Paid 2026-11-20 17:38", 20, 400),
        ("Created on 2026-11-20 17:38", 20, 400),
        ("Payment captured 2026-11-20 17:38", 20, 400),
        ("Label printed on 2026-11-20 17:38", 20, 400),
        ("Version: 2026.11.20", 20, 400),
        ("Reviewed in the US on November 20, 2026", 20, 400),
        ("20/11/2026 5G 82%", 600, -60),
    ],
    ids=lambda clock: clock[0] + f" {clock[2]:g}",
)
def test_other_times_on_the_edge_are_not(facts, clock: At) -> None:  # type: ignore[no-untyped-def]
    assert facts(*PAGE, clock).captured_at is None


def test_the_clock_of_the_screen_does_not_tell_where_words_stand(facts) -> None:  # type: ignore[no-untyped-def]
    found = facts(
        ("FedEx", 20, 0),
        ("Delivered", 20, 40),
        ("11/18/26 10:05 AM", 20, 64),
        ("Friday, 11/13/26 6:44 PM", 20, 140),
        ("Picked up CHINO, CA", 20, 164),
        ("Finder File Edit View", 20, 300),
        ("Fri Nov 20 9:41 AM 2026", 600, 300),
    )
    assert times(found)[1:] == [("11-13 18:44", "picked_up"), ("11-20 09:41", "captured")]


@pytest.mark.parametrize(
    "clock",
    [
        (("17:38", 960, 400), ("03/12/2026", 920, 424)),
        (("28°C", 20, 400), ("03/12/2026 17:38", 700, 400)),
        (("Captured 03/12/2026 17:38", 20, 400),),
        (("截图时间 03/12/2026 17:38", 20, 400),),
    ],
)
def test_a_clock_whose_day_may_be_its_month_is_a_question(facts, clock: tuple[At, ...]) -> None:  # type: ignore[no-untyped-def]
    found = facts(*PAGE, *clock)
    assert found.captured_at is None and found.captured_from is None
    assert len(found.unsettled_captures) == 1 and "03/12/2026" in found.unsettled_captures[0]


SPLIT: tuple[At, ...] = (("94055361089", 20, 40), ("88141747451", 20, 62))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((("9405536108988", 20, 40), ("141747451", 20, 62)), [("9405536108988141747451", True)]),
        (SPLIT, [("9405536108988141747451", True)]),
        ((*SPLIT, ("9405536108...", 20, 84)), [("9405536108988141747451", True)]),
        ((("60012345", 20, 40), ("6789", 20, 62)), [("600123456789", None)]),
        ((("YT24123456", 20, 40), ("78901234", 20, 62)), [("YT2412345678901234", None)]),
        ((("600123456789", 20, 40), ("600123456798", 20, 80)), [("600123456789", True), ("600123456798", True)]),
    ],
)  # fmt: skip
def test_half_a_number_of_a_narrow_column_is_never_a_whole_one(facts, lines, expected) -> None:  # type: ignore[no-untyped-def]
    beside = [("Delivered", 300, float(top)) for _, _, top in lines[:1]] + [("USPS", 500, 40.0)]
    found = facts(("Tracking no.", 20, 0), ("Status", 300, 0), *lines, *beside)
    assert [(number.value, number.legible) for number in found.tracking_numbers] == expected


@pytest.mark.parametrize(
    ("glued", "loose"),
    [
        ("2026-11-1811:00", "2026-11-18 11:00"),
        ("18 Nov 202611:00", "18 Nov 2026 11:00"),
        ("11/18/202611:00", "11/18/2026 11:00"),
        ("22/05/256910:14", "22/05/2569 10:14"),
        ("202611-18 11:00", "2026-11-18 11:00"),
        ("2026-1118 11:00", "2026-11-18 11:00"),
        ("2026-11-18 1100", "2026-11-18 11:00"),
        ("2026-11-18 11:0030", "2026-11-18 11:00:30"),
        ("06:292026-04-24", "06:29 2026-04-24"),
        ("14:30:19/09/2026", "14:30 19/09/2026"),
        ("maya882026-11-18 11:00", "maya88 2026-11-18 11:00"),
        ("1:57 pmI", "1:57 pm I"),
        ("Tracking numberJT5608656907029", "Tracking number JT5608656907029"),
        ("1Z999AA10123456784Copy", "1Z999AA10123456784 Copy"),
        ("576461413038785752", "576461413038785752"),
        ("YT2026111811002233", "YT2026111811002233"),
        ("12:30:45", "12:30:45"),
    ],
)
def test_what_was_run_together_is_put_apart(glued: str, loose: str) -> None:
    text, origin = segmented(glued)
    assert text == loose
    assert [glued[place] for place, char in zip(origin, text, strict=True) if char == glued[place]]
    assert origin == sorted(origin)
