"""Deadlines and time left; every instant is UTC with zone."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.policy import Policy


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


def next_milestone(until: datetime, now: datetime, stages: Sequence[tuple[timedelta, timedelta]]) -> datetime | None:
    """The next instant at which the countdown to `until` is drawn anew, None once it is past.

    A stage (within, every) gives the instants that lie whole multiples of `every` before `until`, the last
    `within` of them: the same for every observer, however often it is asked.
    """
    left = time_left(until, now)
    if left <= timedelta(0):
        return None
    # The largest multiple below what is left: -(-a // b) rounds up.
    ahead = (min(within // every, -(-left // every) - 1) * every for within, every in stages)
    return until - max(ahead, default=timedelta(0))
