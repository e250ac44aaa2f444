"""Working days: which days people work, and what is counted in them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

WorksOn = Callable[[date], bool]
"""Whether people work on that local day."""
_SATURDAY = 5
LONGEST_REST = 60
"""A calendar that knows no working day in so many days is wrong; from then on every day counts as one."""


def weekday(day: date) -> bool:
    """Whether the day is one of Monday to Friday."""
    return day.weekday() < _SATURDAY


def next_working_day(after: date, works: WorksOn) -> date:
    """The first working day after that day."""
    days = (after + timedelta(days=step) for step in range(1, LONGEST_REST))
    return next((day for day in days if works(day)), after + timedelta(days=LONGEST_REST))


def working_days_after(at: datetime, days: int, zone: str, works: WorksOn = weekday) -> datetime:
    """The instant `days` working days of the IANA `zone` after `at`.

    The clock time of the zone is kept; the answer is in the zone of `at`. Raises ValueError for a time without zone.
    """
    if at.tzinfo is None:
        raise ValueError(f"naive datetime {at!r}: times carry a zone here")
    local = at.astimezone(ZoneInfo(zone))
    for _ in range(days):
        day = next_working_day(local.date(), works)
        local += timedelta(days=(day - local.date()).days)
    return local.astimezone(at.tzinfo)
