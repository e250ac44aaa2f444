from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.deadline import deadline, split, time_left, working_days_after
from tests.domain.profile import POLICY

FRIDAY = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


def test_deadline_is_seventy_two_hours_later() -> None:
    assert deadline(FRIDAY, POLICY) == datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def test_naive_times_are_refused() -> None:
    naive = FRIDAY.replace(tzinfo=None)
    with pytest.raises(ValueError, match="naive"):
        deadline(naive, POLICY)
    with pytest.raises(ValueError, match="naive"):
        time_left(FRIDAY, naive)
    with pytest.raises(ValueError, match="naive"):
        working_days_after(naive, 1, "UTC")


def test_time_left_turns_negative() -> None:
    assert time_left(FRIDAY, FRIDAY + timedelta(hours=1)) == timedelta(hours=-1)


def test_split_counts_hours_beyond_a_day() -> None:
    assert split(timedelta(days=2, minutes=5, seconds=9.9)) == (48, 5, 9)
    assert split(timedelta(hours=-1, seconds=-1)) == (1, 0, 1)


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
