from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.working_days import next_working_day, working_days_after

FRIDAY = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


def test_naive_times_are_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        working_days_after(FRIDAY.replace(tzinfo=None), 1, "UTC")


@pytest.mark.parametrize(("days", "date"), [(0, 20), (1, 23), (3, 25), (7, 1)])
def test_working_days_leave_out_the_weekend(days: int, date: int) -> None:
    assert working_days_after(FRIDAY, days, "Asia/Shanghai").day == date


def test_the_weekend_is_the_zone_s() -> None:
    late = datetime(2026, 11, 19, 23, tzinfo=UTC)
    assert working_days_after(late, 1, "UTC") == late + timedelta(days=1)
    assert working_days_after(late, 1, "Asia/Shanghai") == late + timedelta(days=3)


def test_the_clock_time_of_the_zone_is_kept_over_a_change_of_clocks() -> None:
    friday = datetime(2026, 10, 30, 16, tzinfo=UTC)
    assert working_days_after(friday, 1, "America/New_York") == datetime(2026, 11, 2, 17, tzinfo=UTC)


def test_other_calendars_than_weekends_count_too() -> None:
    rest = {date(2026, 11, 23), date(2026, 11, 24)}
    found = working_days_after(FRIDAY, 1, "Asia/Shanghai", lambda day: day.weekday() < 5 and day not in rest)
    assert found == FRIDAY + timedelta(days=5)


def test_a_calendar_without_any_working_day_ends() -> None:
    assert next_working_day(date(2026, 1, 1), lambda day: False) == date(2026, 3, 2)
