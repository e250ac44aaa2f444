"""The capture date: only what says that it is one (domain.md §5)."""

import pytest

from bot.domain.evidence import CaptureSource
from bot.reading.reader import FileReader
from tests.reading.blocks import Block, read, to_the_right

LIST = tuple(
    block
    for number, words in enumerate(("Delivered", "Out for delivery", "Arrived at hub", "Picked up"))
    for block in ((words, 20, 120 + 70 * number), (f"2026-11-{18 - number} 11:00", 20, 146 + 70 * number))
)


@pytest.mark.parametrize(
    "last",
    [
        "Order time 2026-11-19 21:14",
        "Refund by 2026-11-25 00:00",
        "Est. delivery 2026-11-20 18:00",
        "Paid 2026-11-19 09:12",
        "Created on 2026-11-19 09:12",
        "Updated 2026-11-19 09:12",
        "Ship by 2026-11-20 23:59",
        "2026-11-19 09:12",
        "Version: 2026.11.19",
    ],
)
def test_a_last_line_with_a_time_is_no_capture_date(reader: FileReader, last: str) -> None:
    for edge in (20, 480):
        facts = read(reader, ("Tracking details", 20, 20), *LIST, (last, edge, 480))
        assert facts.captured_at is None and facts.captured_from is None, edge


@pytest.mark.parametrize("weather", ["28°C Mostly cloudy", "19°C 多云", "5°C Rain", "30° Sunny"])
def test_the_weather_beside_the_clock_of_a_desktop_hides_nothing(reader: FileReader, weather: str) -> None:
    bar: tuple[Block, ...] = ((weather, 20, 900), ("Search", 200, 900), to_the_right("9:12 AM 2026-11-20", 1400, 900))
    facts = read(reader, ("Tracking details", 20, 20), *LIST, *bar)
    assert facts.captured_at and f"{facts.captured_at:%Y-%m-%d %H:%M}" == "2026-11-20 09:12"
    assert facts.captured_from is CaptureSource.VISIBLE


FOOT = (("https://www.gofo.com/us/track?number=GFUS22564353636981", 20, 900), ("1/2", 1360, 900))


@pytest.mark.parametrize("title", ["Track your package | GOFO", "Seller Center"])
def test_a_printed_pages_margins_tell_when_it_was_printed(reader: FileReader, title: str) -> None:
    head = (("11/20/2026, 9:52 AM", 20, 10), (title, 700, 10))
    facts = read(reader, *head, ("Tracking details", 20, 60), *LIST, *FOOT)
    assert facts.captured_at and f"{facts.captured_at:%Y-%m-%d %H:%M}" == "2026-11-20 09:52"
    for other in (FOOT[:1], FOOT[1:], (("1/2", 20, 900),)):
        assert read(reader, *head, *LIST, *other).captured_at is None, "not the margins of a print"
    early = (("11/10/2026, 9:52 AM", 20, 10), (title, 700, 10))
    assert read(reader, *early, *LIST, *FOOT).captured_at is None, "before what the page tells"


@pytest.mark.parametrize("clock", ["07/11/2026 09:12", "9:12 07/11/2026"])
def test_a_list_says_nothing_of_the_clocks_order_of_day_and_month(reader: FileReader, clock: str) -> None:
    facts = read(reader, *LIST, ("28°C Rain", 20, 900), to_the_right(clock, 1400, 900))
    assert facts.captured_at is None
    assert facts.unsettled_captures or not facts.captured_from


def test_the_clock_of_the_page_dates_yesterday(reader: FileReader) -> None:
    steps = (
        ("Yesterday 14:05", 20, 120),
        ("Delivered", 300, 120),
        ("Today 08:10", 20, 190),
        ("Left the hub", 300, 190),
    )
    clock = (("19°C Rain", 20, 900), to_the_right("9:12 2026-11-20", 1400, 900))
    facts = read(reader, *steps, *clock)
    assert [f"{stamp.at:%d %H:%M}" for stamp in facts.timestamps if stamp.at][:2] == ["19 14:05", "20 08:10"]
    assert not any(warning.startswith("day_relative") for warning in facts.warnings)
    undated = read(reader, *steps)
    assert [stamp.at for stamp in undated.timestamps] == [None, None]
    assert undated.warnings[0] == "day_relative:Yesterday 14:05"
