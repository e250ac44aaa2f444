from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.deadline import deadline, split, time_left
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


def test_time_left_turns_negative() -> None:
    assert time_left(FRIDAY, FRIDAY + timedelta(hours=1)) == timedelta(hours=-1)


def test_split_counts_hours_beyond_a_day() -> None:
    assert split(timedelta(days=2, minutes=5, seconds=9.9)) == (48, 5, 9)
    assert split(timedelta(hours=-1, seconds=-1)) == (1, 0, 1)
