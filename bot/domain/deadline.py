"""Deadlines and time left; every instant is UTC with zone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.policy import Policy

_SATURDAY = 5


def _with_zone(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"naive datetime {at!r}: times carry a zone here")
    return at


def deadline(onset: datetime, policy: Policy) -> datetime:
    """Onset + 72 h (domain.md §2); raises ValueError for a time without zone."""
    return _with_zone(onset) + timedelta(hours=policy.window_hours)


def time_left(until: datetime, now: datetime) -> timedelta:
    """The time from `now` to `until`, negative once it is past; raises ValueError for a time without zone."""
    return _with_zone(until) - _with_zone(now)


def split(duration: timedelta) -> tuple[int, int, int]:
    """Whole hours, minutes and seconds of a duration's length; the sign is dropped, hours may exceed 24."""
    seconds = abs(duration) // timedelta(seconds=1)
    return seconds // 3600, seconds // 60 % 60, seconds % 60


def working_days_after(at: datetime, days: int, zone: str) -> datetime:
    """The instant `days` working days (Monday to Friday of the IANA `zone`, holidays not known) after `at`.

    The clock time of the zone is kept; the answer is in the zone of `at`. Raises ValueError for a time without zone.
    """
    local = _with_zone(at).astimezone(ZoneInfo(zone))
    while days > 0:
        local += timedelta(days=1)
        days -= local.weekday() < _SATURDAY
    return local.astimezone(at.tzinfo)
