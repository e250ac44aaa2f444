"""The shifts that an iCalendar file writes down; an event that cannot be read is reported and puts nobody on call."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.rota import Shift

BACK, AHEAD = timedelta(days=40), timedelta(days=130)
BROKEN = (ValueError, KeyError, TypeError, AttributeError, OverflowError)
"""What the readers of calendars raise for what they cannot read."""
_TIMES_OF_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")
_OFTEN = ("SECONDLY", "MINUTELY", "HOURLY")
_NEEDED = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "STATUS"})


@dataclass(frozen=True)
class CalendarLimits:
    """Bytes, seconds of fetching, events, repeating events, and the earliest year in which one may begin."""

    size: int = 1_000_000
    seconds: float = 10
    events: int = 2_000
    repeating: int = 200
    earliest: int = 2000


@dataclass(frozen=True)
class Written:
    """The shifts of a calendar by their start, the event's title as their person, and what could not be read."""

    shifts: tuple[Shift, ...]
    faults: tuple[str, ...] = ()


def read_shifts(data: bytes, zone: str, limits: CalendarLimits, now: datetime) -> Written:
    """The shifts from 40 days before `now` to 130 days after; `zone` (IANA) is for events without one. Raises one of
    BROKEN for what is no calendar, has more than the limits allow, or holds no event that can be read."""
    import recurring_ical_events
    from icalendar import Calendar

    calendar: Any = Calendar.from_ical(data)
    events = list(calendar.walk("VEVENT"))
    if len(events) > limits.events or sum(len(_rules(event)) for event in events) > limits.repeating:
        raise ValueError("too many events")
    faults = {id(event): fault for event in events if (fault := _fault(event, limits))}
    if events and len(faults) == len(events):
        raise ValueError(next(iter(faults.values())))
    calendar.subcomponents = [part for part in calendar.subcomponents if id(part) not in faults]
    found = recurring_ical_events.of(calendar, skip_bad_series=True).between(now - BACK, now + AHEAD)
    shifts = [_shift(event, ZoneInfo(zone)) for event in found if not _cancelled(event)]
    return Written(tuple(sorted(shifts, key=lambda shift: shift.starts)), tuple(faults.values()))


def _fault(event: Any, limits: CalendarLimits) -> str:
    """Why the event cannot be used, with its title; "" for a good one."""
    try:
        why = _unfit(event, limits)
    except BROKEN as error:
        why = f"{type(error).__name__}: {error}"
    return f"event {_title(event)!r} cannot be used: {why}" if why else ""


def _unfit(event: Any, limits: CalendarLimits) -> str:
    if broken := [f"{name}: {cause}" for name, cause in event.errors if name in _NEEDED]:
        return broken[0]
    starts = event["DTSTART"]
    zoned = starts.params.get("TZID") and isinstance(starts.dt, datetime)
    if zoned and starts.dt.tzinfo is None:
        return f"the time zone {starts.params['TZID']} is not known"
    if "DTEND" in event and _comparable(event["DTEND"].dt) < _comparable(starts.dt):
        return "it ends before it begins"
    if not _title(event) and not _cancelled(event):
        return "it names nobody"
    return next((why for rule in _rules(event) if (why := _dear(rule, starts.dt, limits))), "")


def _dear(rule: Any, starts: date, limits: CalendarLimits) -> str:
    """Why working out the repetitions would take for ever; "" when it would not."""
    if str(rule["FREQ"][0]).upper() in _OFTEN or any(name in rule for name in _TIMES_OF_DAY):
        return "it repeats within a day"
    return f"it repeats since before {limits.earliest}" if starts.year < limits.earliest else ""


def _comparable(value: date | datetime) -> datetime:
    return _instant(ZoneInfo("UTC"), value)


def _title(event: Any) -> str:
    return str(event.get("SUMMARY", "")).strip()


def _cancelled(event: Any) -> bool:
    return str(event.get("STATUS", "")).strip().upper() == "CANCELLED"


def _shift(event: Any, zone: ZoneInfo) -> Shift:
    return Shift(_title(event), _instant(zone, event["DTSTART"].dt), _instant(zone, event["DTEND"].dt))


def _rules(event: Any) -> list[Any]:
    rule = event.get("RRULE")
    return rule if isinstance(rule, list) else [rule] if rule else []


def _instant(zone: ZoneInfo, value: date | datetime) -> datetime:
    """A calendar's date or time as a UTC instant; what names no zone is of `zone`."""
    at = value if isinstance(value, datetime) else datetime.combine(value, time())
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
