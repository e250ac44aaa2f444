"""Capture dates of which day and month may be exchanged: the instants that they may mean, for a person to choose
from."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

_DATE = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.]((?:20)?\d\d)(?!\d)")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})[:.](\d\d)(?!\d)(?:[:.]\d\d)?\s?([ap])?", re.IGNORECASE)


def readings(printed: str) -> tuple[datetime, ...]:
    """The instants that a numeric date, with or without a time, may mean: day first and month first, earlier one
    first. A time without a zone is taken for UTC. Empty for a text that is no such date."""
    date = _DATE.search(printed)
    if date is None:
        return ()
    clock = _CLOCK.search(printed[: date.start()]) or _CLOCK.search(printed[date.end() :])
    return tuple(sorted(set(_instants(date, clock))))


def _instants(date: re.Match[str], clock: re.Match[str] | None) -> Iterator[datetime]:
    first, second, year = (int(part) for part in date.groups())
    for day, month in ((first, second), (second, first)):
        try:
            yield datetime(year if year > 99 else 2000 + year, month, day, *_time(clock), tzinfo=UTC)
        except ValueError:
            continue


def _time(clock: re.Match[str] | None) -> tuple[int, int]:
    if clock is None:
        return 0, 0
    hour, half = int(clock[1]), (clock[3] or "").lower()
    return hour % 12 + (12 if half == "p" else 0) if half else hour, int(clock[2])
