"""The times that files write, as UTC: local wall-clock times of a site, or ISO-8601 with a zone."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.domain.dateorder import DateOrder, WrittenDate
from bot.sources.errors import BadRow

DAY_MS = 86_400_000
YEARS = range(2016, 2100)
_WALL = re.compile(
    r"(\d{1,4})[/.-](\d{1,2})[/.-](\d{1,4})"
    r"(?:[ T,]{1,3}(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?\s?(?:([ap])\.?m\.?)?)?",
    re.IGNORECASE | re.ASCII,
)
_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)", re.ASCII)
_ZONED = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)? ?(?:Z|[+-]\d{2}(?::?\d{2})?)",
    re.IGNORECASE | re.ASCII,
)


def to_ms(at: datetime) -> int:
    """Epoch milliseconds of an instant with zone, rounded down."""
    return int(at.timestamp() * 1000 // 1)


class FileTimes:
    """Reads the times of one file.

    `zone` is the shop's IANA zone. `month_first` is the date order of the whole file, and `dates` are all dates
    that depended on it. With `zoned` only ISO-8601 times with a zone are accepted. A wall-clock time that a change
    of the clocks makes ambiguous or impossible is taken for the earlier of its two readings: a deadline may then
    come too early, never too late."""

    def __init__(self, zone: str, month_first: bool, zoned: bool = False) -> None:
        self.zone, self.month_first, self.zoned = ZoneInfo(zone), month_first, zoned
        self.dates: set[WrittenDate] = set()

    @property
    def order(self) -> DateOrder:
        """The date order, as a DateOrder."""
        return DateOrder.MDY if self.month_first else DateOrder.DMY

    def note(self, texts: Iterable[str]) -> None:
        """Remember the dates with which these texts begin; what is no date is left out."""
        found = filter(None, map(_DATE.match, texts))
        self.dates.update((int(date[1]), int(date[2]), int(date[3])) for date in found)

    def read(self, text: str) -> tuple[int, bool]:
        """Epoch milliseconds UTC, and whether the text gave a time of day; a date alone is the UTC day of that
        date.

        Raises BadRow for a text that is no time, names one that does not exist, or lacks a zone that it needs."""
        if _ZONED.fullmatch(text):
            return self._zoned(text), True
        found = _WALL.fullmatch(text)
        if self.zoned:
            raise BadRow("zone_missing" if found else "time_unreadable", text=text[:40])
        if not found:
            raise BadRow("time_unreadable" if text else "time_missing", text=text[:40])
        return self._wall(text, found)

    def _zoned(self, text: str) -> int:
        try:
            at = datetime.fromisoformat(text.replace(" ", "T", 1).replace(" ", "").replace(",", ".").upper())
        except ValueError:
            raise BadRow("time_impossible", text=text) from None
        return to_ms(_in_range(at, text))

    def _wall(self, text: str, found: re.Match[str]) -> tuple[int, bool]:
        first, second, third, hour, minute, seconds, half = found.groups()
        year, month, day = self._date(first, second, third)
        try:
            if hour is None:
                return to_ms(_in_range(datetime(year, month, day, tzinfo=UTC), text)), False
            local = datetime(
                year, month, day, _hour(int(hour), half), int(minute), int(seconds or 0), tzinfo=self.zone
            )
        except ValueError:
            raise BadRow("time_impossible", text=text) from None
        _in_range(local, text)
        return min(to_ms(local.replace(fold=fold).astimezone(UTC)) for fold in (0, 1)), True

    def _date(self, first: str, second: str, third: str) -> tuple[int, int, int]:
        if len(first) == 4:
            return int(first), int(second), int(third)
        self.dates.add((int(first), int(second), int(third)))
        if self.month_first:
            return int(third), int(first), int(second)
        return int(third), int(second), int(first)


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError("a twelve-hour clock has the hours 1 to 12")
    return hour % 12 + (12 if half.lower() == "p" else 0)


def _in_range(at: datetime, text: str) -> datetime:
    if at.year not in YEARS:
        raise BadRow("time_impossible", text=text)
    return at
