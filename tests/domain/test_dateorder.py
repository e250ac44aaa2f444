"""Which order a file's dates are in: taken when one reading is clearly right, asked otherwise."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dateorder import DateOrder, KnownRows, WrittenDate, reading, settled

MDY, DMY = DateOrder.MDY, DateOrder.DMY
TODAY = date(2026, 11, 7)
FIRST_SIX: list[WrittenDate] = [(day, 11, 2026) for day in range(1, 7)]


def test_days_taken_for_months_are_scattered() -> None:
    assert reading(FIRST_SIX, MDY).scattered and not reading(FIRST_SIX, DMY).scattered
    assert not settled(FIRST_SIX, MDY, TODAY, KnownRows())
    assert settled(FIRST_SIX, DMY, TODAY, KnownRows())


@pytest.mark.parametrize(
    ("dates", "usual", "known", "clear"),
    [
        ([], MDY, KnownRows(), True),
        # A day over twelve leaves one order.
        ([(13, 11, 2025)], DMY, KnownRows(), True),
        ([(13, 11, 2025)], MDY, KnownRows(), False),
        # Both kinds in one file fit no order.
        ([(13, 10, 2026), (10, 13, 2026)], DMY, KnownRows(), False),
        # What exists in no order says nothing.
        ([(31, 31, 2026), (5, 11, 2026)], DMY, KnownRows(), True),
        # The future is not plausible.
        ([(11, 12, 2026)], DMY, KnownRows(), False),
        ([(11, 12, 2026)], MDY, KnownRows(), False),
        ([(5, 12, 2026)], MDY, KnownRows(), True),
        # One day: what is known, or today, lies near one of the readings.
        ([(5, 11, 2026)], DMY, KnownRows(), True),
        ([(5, 11, 2026)], MDY, KnownRows(), False),
        ([(5, 11, 2026)], MDY, KnownRows(newest=date(2026, 5, 10)), True),
        ([(5, 3, 2026)], DMY, KnownRows(), False),
        # Rows that are known already decide.
        ([(5, 3, 2026)], DMY, KnownRows(date(2026, 11, 6), same=3), True),
        ([(5, 11, 2026)], DMY, KnownRows(date(2026, 11, 6), moved=3), False),
        ([(5, 11, 2026)], DMY, KnownRows(date(2026, 11, 6), same=9, moved=1), True),
        # A day over twelve leaves one order, also where rows have moved.
        ([(10, 13, 2026)], MDY, KnownRows(date(2026, 11, 6), moved=3), True),
        # The same days either way.
        ([(5, 5, 2026)], MDY, KnownRows(), True),
    ],
)
def test_what_is_clear(dates: list[WrittenDate], usual: DateOrder, known: KnownRows, clear: bool) -> None:
    assert settled(dates, usual, TODAY, known) == clear


def test_a_shop_s_own_date_may_be_a_day_ahead_and_no_more() -> None:
    for day, fits in ((date(2026, 11, 8), True), (date(2026, 11, 9), False)):
        assert reading([(day.month, day.day, day.year)], MDY).fits(TODAY) is fits
    assert not reading([(1, 1, 2026), (13, 13, 2026)], MDY).fits(TODAY) and not reading([], MDY).fits(TODAY)


@pytest.mark.parametrize(("gap", "days", "scattered"), [(20, 1, False), (21, 2, True), (21, 3, False), (40, 4, True)])
def test_days_are_scattered_when_few_lie_far_apart(gap: int, days: int, scattered: bool) -> None:
    """So many days in a row, and one more after a gap."""
    every = [TODAY - timedelta(days=gap + back) for back in range(days - 1)] + [TODAY]
    written = [(day.month, day.day, day.year) for day in every]
    assert reading(written, MDY).scattered is scattered


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(2, 40), st.sampled_from(list(DateOrder)))
def test_a_recent_run_of_days_is_taken_in_the_usual_order_and_never_in_the_other(
    last: date, length: int, usual: DateOrder
) -> None:
    days = [last - timedelta(days=back) for back in range(length)]
    written = [(day.month, day.day, day.year) if usual is MDY else (day.day, day.month, day.year) for day in days]
    assert settled(written, usual, last, KnownRows())
    other = reading(written, usual.other)
    if set(other.days) != set(days):
        assert not settled(written, usual.other, last, KnownRows())
