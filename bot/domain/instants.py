"""Reads an instant that a person types, as they see it in Seller Center or on their own clock."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from bot.domain.text import unified

_ZONES = {"utc": "UTC", "gmt": "UTC", "z": "UTC", "世界时": "UTC"}
_ZONES |= dict.fromkeys(("北京时间", "北京", "中国时间", "beijing time", "beijing", "cst"), "Asia/Shanghai")
_ZONE = "|".join(sorted(map(re.escape, _ZONES), key=len, reverse=True)) + r"|[+-]\d\d:?\d\d"
_MOMENT = re.compile(
    rf"(?:(?P<before>{_ZONE})\s*)?"
    r"(?:(?P<year>20\d\d)[-/.年])?(?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})[日号]?[t\s,，]*"
    r"(?P<hour>\d{1,2})(?:[:：](?P<minute>\d\d)(?::(?P<second>\d\d))?|[点时](?:(?P<past>\d{1,2})分?|(?P<half>半))?)"
    rf"\s*(?P<after>{_ZONE})?",
    re.IGNORECASE,
)


def in_zone(at: datetime, zone: str) -> datetime:
    """The UTC instant of a time that carries its zone, or is the IANA `zone`'s."""
    return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def read_iso(text: str, zone: str) -> datetime:
    """The UTC instant of an ISO date or time, as programs write it; without a zone of its own it is the IANA
    `zone`'s. Raises ValueError for any other text."""
    return in_zone(datetime.fromisoformat(text.strip()), zone)


def filled_in(text: str) -> datetime | None:
    """The ISO date or time with which a form's field is filled in beforehand, with a zone if it has one; None for any
    other text."""
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        return None


def read_moment(text: str, now: datetime, zone: str) -> datetime | None:
    """The UTC instant that the whole of `text` says; None when it says none, or says more than that.

    Understood are `2026-11-08T01:00Z`, `2026-11-08 09:00 北京时间`, `11月8日9点`, `Beijing 11-08 09:00` and the
    like, month before day. Without a zone the IANA `zone` is taken; without a year the one that makes it nearest
    to `now`."""
    found = _MOMENT.fullmatch(" ".join(unified(text).split()))
    if not found:
        return None
    given = found["before"] or found["after"]
    try:
        times = [_local(found, year, given, zone) for year in _years(found["year"], now)]
    except ValueError:
        return None
    return min(times, key=lambda at: abs(at - now))


def _years(year: str | None, now: datetime) -> list[int]:
    return [int(year)] if year else [(now + timedelta(days=183 * step)).year for step in (-1, 0, 1)]


def _local(found: "re.Match[str]", year: int, given: str | None, zone: str) -> datetime:
    minute = 30 if found["half"] else int(found["minute"] or found["past"] or 0)
    numbers = (year, int(found["month"]), int(found["day"]), int(found["hour"]), minute, int(found["second"] or 0))
    return datetime(*numbers, tzinfo=_zone(given, zone)).astimezone(UTC)


def _zone(given: str | None, zone: str) -> tzinfo:
    """The zone that stands beside the time, by name or as an offset such as +08:00; else the IANA `zone`."""
    if not given or given[0] not in "+-":
        return ZoneInfo(_ZONES[given.lower()] if given else zone)
    hours, minutes = int(given[1:3]), int(given[-2:])
    return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if given[0] == "-" else 1))
