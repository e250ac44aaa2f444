"""Dates of which day and month may be exchanged: the instants that they may mean, for a person to choose from."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.evidence import Facts, TimeRole, Timestamp
from bot.domain.remark import Remark

_UNCLEAR = "date_order_ambiguous"
_DATE = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.]((?:20)?\d\d)(?!\d)")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})[:.](\d\d)(?!\d)(?:[:.]\d\d)?\s?([ap])?", re.IGNORECASE)


def readings(printed: str) -> tuple[datetime, ...]:
    """The instants that a numeric date, with or without a time, may mean: day first and month first, earlier one
    first. A time without a zone is taken for UTC. Empty for a text that is no such date."""
    return tuple(sorted(set(_by_order(printed).values())))


def orders(printed: str) -> dict[datetime, str]:
    """The instants of `readings` with the order of day and month that each stands for, "dmy" or "mdy"; empty where
    there are not two."""
    found = {at: order for order, at in _by_order(printed).items()}
    return found if len(found) > 1 else {}


def with_order(facts: Facts, order: str) -> Facts:
    """`facts` in which each time whose day and month may be exchanged is read in the order "dmy" or "mdy". Capture
    dates are left as they are: a list says nothing of a clock's order (domain.md §5)."""
    open_texts = {remark.value for remark in map(Remark.read, facts.warnings) if remark.key == _UNCLEAR}
    stamps = tuple(
        _in_order(stamp, order) if stamp.text in open_texts and stamp.role is not TimeRole.CAPTURED else stamp
        for stamp in facts.timestamps
    )
    settled = {str(Remark(_UNCLEAR, stamp.text)) for stamp in stamps if stamp.at}
    return replace(facts, timestamps=stamps, warnings=tuple(each for each in facts.warnings if each not in settled))


def _in_order(stamp: Timestamp, order: str) -> Timestamp:
    at = next((at for at, how in orders(stamp.text).items() if how == order), None)
    return replace(stamp, at=at - timedelta(minutes=stamp.offset_minutes or 0)) if at else stamp


def _by_order(printed: str) -> dict[str, datetime]:
    date = _DATE.search(printed)
    if date is None:
        return {}
    clock = _CLOCK.search(printed[: date.start()]) or _CLOCK.search(printed[date.end() :])
    return dict(_instants(date, clock))


def _instants(date: re.Match[str], clock: re.Match[str] | None) -> Iterator[tuple[str, datetime]]:
    first, second, year = (int(part) for part in date.groups())
    for order, day, month in (("dmy", first, second), ("mdy", second, first)):
        try:
            yield order, datetime(year if year > 99 else 2000 + year, month, day, *_time(clock), tzinfo=UTC)
        except ValueError:
            continue


def _time(clock: re.Match[str] | None) -> tuple[int, int]:
    if clock is None:
        return 0, 0
    hour, half = int(clock[1]), (clock[3] or "").lower()
    return hour % 12 + (12 if half == "p" else 0) if half else hour, int(clock[2])
