"""The order of day and month in a whole file: decided by what is plausible, else asked (domain.md §1a)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

WrittenDate = tuple[int, int, int]
"""The three numbers of a date as a file writes them, the year last: (5, 11, 2026)."""

GAP_DAYS = 20
DENSE = 10
NEAR_DAYS = 7
TOMORROW = timedelta(days=1)
"""A shop's own date may be a day ahead of UTC."""


class DateOrder(StrEnum):
    """Whether dates are written month first or day first."""

    MDY = "mdy"
    DMY = "dmy"

    @property
    def other(self) -> "DateOrder":
        """The other one of the two orders."""
        return DateOrder.DMY if self is DateOrder.MDY else DateOrder.MDY


@dataclass(frozen=True)
class DateReading:
    """All dates of a file read in one order: the days that they name, sorted, and how many dates name no day."""

    order: DateOrder
    days: tuple[date, ...]
    impossible: int

    @property
    def scattered(self) -> bool:
        """Whether the days lie thinly over months, as days do whose number was taken for the month."""
        gaps = [after - before for before, after in zip(self.days, self.days[1:], strict=False)]
        if not gaps or max(gaps).days <= GAP_DAYS:
            return False
        return len(self.days) * DENSE < (self.days[-1] - self.days[0]).days

    def fits(self, today: date) -> bool:
        """Whether every date exists and none lies after the UTC day `today`."""
        return not self.impossible and bool(self.days) and self.days[-1] <= today + TOMORROW

    def distance(self, day: date) -> int:
        """The number of days between the newest day and `day`."""
        return abs((self.days[-1] - day).days)


def reading(dates: Collection[WrittenDate], order: DateOrder) -> DateReading:
    """The days that the dates name when they are read in that order."""
    days = [_day(written, order) for written in dates]
    found = sorted({day for day in days if day})
    return DateReading(order, tuple(found), days.count(None))


def _day(written: WrittenDate, order: DateOrder) -> date | None:
    first, second, year = written
    month, day = (first, second) if order is DateOrder.MDY else (second, first)
    try:
        return date(year, month, day)
    except ValueError:
        return None


@dataclass(frozen=True)
class KnownRows:
    """What the store knows of the shop: its newest day, and of the file's rows that are known already, how many
    stay on their day and how many would move."""

    newest: date | None = None
    same: int = 0
    moved: int = 0


def settled(dates: Collection[WrittenDate], usual: DateOrder, today: date, known: KnownRows) -> bool:
    """Whether the site's usual order is clearly the right one for all of a file's dates."""
    dates = [written for written in dates if any(_day(written, order) for order in DateOrder)]
    mine, other = reading(dates, usual), reading(dates, usual.other)
    if not dates:
        return True
    if not mine.fits(today):
        return False
    if other.impossible:
        # What then lies on another day than before has moved.
        return True
    if known.moved > known.same:
        return False
    if known.same or not other.fits(today) or mine.days == other.days:
        return True
    if mine.scattered != other.scattered:
        return other.scattered
    near = known.newest or today
    return mine.distance(near) + NEAR_DAYS < other.distance(near)
