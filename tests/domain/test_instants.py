from datetime import UTC, datetime

import pytest

from bot.domain.instants import filled_in, read_moment

NOW = datetime(2026, 11, 7, 8, tzinfo=UTC)
RIGHT = datetime(2026, 11, 8, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-08T01:00Z",
        "2026-11-08t01:00:00z",
        "2026-11-08 01:00 UTC",
        "2026-11-08 09:00",
        "2026-11-08 09:00 北京时间",
        "北京时间 2026年11月8日 9:00",
        "11月8日9点",
        "11-08 09:00 Beijing time",
        "2026/11/08 09:00+08:00",
        "北京时间11月8日9点",
        "２０２６-11-08 09：00",
    ],
)
def test_ways_to_write_a_moment(text: str) -> None:
    assert read_moment(text, NOW, "Asia/Shanghai") == RIGHT


@pytest.mark.parametrize(
    "text", ["", "tomorrow", "2026-11-08", "2026-11-08 25:00", "2026-13-08 09:00", "11-08 09:00 ok"]
)
def test_what_says_less_or_more_is_none(text: str) -> None:
    assert read_moment(text, NOW, "Asia/Shanghai") is None


def test_without_a_year_the_nearest_one() -> None:
    new_year = datetime(2026, 12, 31, 20, tzinfo=UTC)
    assert read_moment("1-2 08:00", new_year, "UTC") == datetime(2027, 1, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "minute"),
    [("11月8日9点半", 30), ("11月8日9点05分", 5), ("11月8日9时", 0), ("11-08 09:07:59 cst", 7)],
)
def test_minutes_in_figures_and_words(text: str, minute: int) -> None:
    found = read_moment(text, NOW, "Asia/Shanghai")
    assert found and (found.hour, found.minute) == (1, minute)


@pytest.mark.parametrize(("offset", "hour"), [("-05:30", 14), ("+0530", 3), ("+00:00", 9)])
def test_an_offset_is_taken_off(offset: str, hour: int) -> None:
    found = read_moment(f"2026-11-08 09:00 {offset}", NOW, "Asia/Shanghai")
    assert found == datetime(2026, 11, 8, hour, 30 if "30" in offset else 0, tzinfo=UTC)


@pytest.mark.parametrize(("month", "day"), [(1, 1), (7, 1), (7, 2), (7, 3), (12, 31)])
def test_today_is_nearest_on_every_day_of_the_year(month: int, day: int) -> None:
    now = datetime(2026, month, day, 12, tzinfo=UTC)
    assert read_moment(f"{month}-{day} 12:00", now, "UTC") == now


def test_a_field_is_filled_in_with_an_iso_time_or_with_nothing() -> None:
    day = filled_in(" 2026-11-08 ")
    assert day and day.tzinfo is None and f"{day:%Y-%m-%d %H:%M}" == "2026-11-08 00:00"
    assert filled_in("2026-11-08T09:00+08:00") == datetime(2026, 11, 8, 1, tzinfo=UTC)
    assert filled_in("11月8日9点") is None and filled_in("") is None
