"""Which number of a date is the day: told by the site and by dates written alike, never by other dates' sequence
(domain.md §5)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.reading.moments import Day, Moment

_NEAR_DAYS = 62


def day_orders(days: Sequence[Day], usual: str) -> dict[str, str]:
    """By writing, the order of numeric dates in one file: "dmy", "mdy" or "" when it cannot be told. `usual` is the
    site's order; nobody writes the month first before a point, nor with a year of the Buddhist calendar."""
    alike: dict[str, list[Day]] = {}
    for day in days:
        alike.setdefault(day.writing, []).append(day)
    sure = {writing for writing, group in alike.items() if writing == "." or any(_is_buddhist(day) for day in group)}
    return {writing: _order(group, "dmy" if writing in sure else usual) for writing, group in alike.items()}


def _is_buddhist(day: Day) -> bool:
    return day.year is not None and day.year >= 2400


def _order(days: Sequence[Day], usual: str) -> str:
    dmy, mdy = any(day.month > 12 for day in days), any(day.day > 12 for day in days)
    if dmy != mdy:
        return "dmy" if dmy else "mdy"
    if dmy:
        return ""
    return usual or _consistent(days)


def _consistent(days: Sequence[Day]) -> str:
    """The only order in which the dates of the file stay in sequence, or else the only one within two months."""
    keys = {order: [_rank(_ordered(day, order)) for day in days] for order in ("dmy", "mdy")}
    sorted_orders = [order for order, ranks in keys.items() if ranks in (sorted(ranks), sorted(ranks, reverse=True))]
    if len(sorted_orders) == 1:
        return sorted_orders[0]
    near = [order for order, ranks in keys.items() if max(ranks) - min(ranks) <= _NEAR_DAYS]
    return near[0] if len(near) == 1 else ""


def _rank(day: Day) -> int:
    """Days on a rough calendar, good enough to compare."""
    return (day.year or 0) * 372 + day.month * 31 + day.day


def _ordered(day: Day, order: str) -> Day:
    if not day.swappable:
        return day
    if day.month == day.day or (order == "mdy" and day.month <= 12) or day.day > 12:
        return day._replace(swappable=False)
    if order == "dmy" or day.month > 12:
        return Day(day.year, day.day, day.month)
    return day


def settled(moment: Moment, orders: Mapping[str, str]) -> Moment:
    """The moment with day and month in the order of its writing, still `swappable` where that is not known."""
    return replace(moment, day=_ordered(moment.day, orders.get(moment.day.writing, ""))) if moment.day else moment
