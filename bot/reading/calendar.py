"""An on-call rota from an iCalendar file or https address: who is named by an event is on call while it lasts."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from bot.domain.rota import Agenda, Shift
from bot.ports import Clock
from bot.reading.addresses import Resolver, is_public, resolve

log = logging.getLogger(__name__)

BACK, AHEAD = timedelta(days=40), timedelta(days=130)
_TIMES_OF_DAY = ("BYHOUR", "BYMINUTE", "BYSECOND")


class CalendarError(Exception):
    """The calendar cannot be used: says why."""


@dataclass(frozen=True)
class CalendarLimits:
    """Bytes, seconds of fetching, events, repeating events, and the earliest year in which one may begin."""

    size: int = 1_000_000
    seconds: float = 10
    events: int = 2_000
    repeating: int = 200
    earliest: int = 2000


@dataclass(eq=False)
class CalendarSource:
    """domain.rota.Source on a calendar. What was fetched last is kept in `copy`, for the next start and for the
    time when the address does not answer. `zone` is for events without one; `name_of` turns an event's title
    into a person id. `resolver` and `transport` are replaced by tests."""

    place: str
    zone: str
    clock: Clock
    name_of: Callable[[str], str]
    copy: Path
    shops: tuple[str, ...] = ()
    limits: CalendarLimits = field(default_factory=CalendarLimits)
    resolver: Resolver = resolve
    transport: Callable[[], httpx.BaseTransport] = httpx.HTTPTransport
    _agenda: Agenda | None = field(default=None, init=False)

    def on_call(self, at: datetime) -> str:
        """Who is on call, "" for nobody."""
        return self._known().on_call(at)

    def changes(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """Every instant in between at which the answer may change."""
        return self._known().changes(start, end)

    def overlaps(self) -> Iterator[tuple[Shift, Shift]]:
        """Events of different people at the same time."""
        return self._known().overlaps()

    def _known(self) -> Agenda:
        if self._agenda is None:
            try:
                self._agenda = self._read(self._kept())
            except (CalendarError, OSError) as error:
                log.warning("on-call calendar %s: %s", self._name, error)
                self._agenda = Agenda((), self.shops)
        return self._agenda

    def _kept(self) -> bytes:
        path = self.copy if self._remote else Path(self.place)
        with path.open("rb") as file:
            return file.read(self.limits.size + 1)

    @property
    def _remote(self) -> bool:
        return self.place.startswith("https://")

    @property
    def _name(self) -> str:
        # The address of a private calendar is a secret.
        return str(httpx.URL(self.place).host) if self._remote else self.place

    def refresh(self) -> int:
        """Fetch and read the calendar again; returns how many shifts it has. Raises CalendarError with the cause;
        what was known before stays in force."""
        try:
            data = self._fetch() if self._remote else self._kept()
            self._agenda = self._read(data)
            if self._remote:
                self.copy.write_bytes(data)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise CalendarError(f"{self._name}: {type(error).__name__}: {error}") from error
        return len(self._agenda.shifts)

    def _fetch(self) -> bytes:
        """The bytes at the address; redirects are not followed, private networks never asked."""
        url, end = httpx.URL(self.place), monotonic() + self.limits.seconds
        addresses = self.resolver(url.host)
        if not addresses or not all(map(is_public, addresses)):
            raise CalendarError(f"{self._name}: leads into a private network")
        headers = {"Host": url.host, "Accept-Encoding": "identity"}
        # Only the address that was vetted is contacted; the certificate is checked against the host's name.
        target, extensions = url.copy_with(host=addresses[0]), {"sni_hostname": url.host}
        with (
            httpx.Client(transport=self.transport(), trust_env=False, timeout=self.limits.seconds) as client,
            client.stream("GET", target, headers=headers, extensions=extensions) as response,
        ):
            if response.status_code != httpx.codes.OK:
                raise CalendarError(f"{self._name}: answered {response.status_code}")
            return self._body(response, end)

    def _body(self, response: httpx.Response, end: float) -> bytes:
        body = b""
        for chunk in response.iter_bytes(65_536):
            body += chunk
            if len(body) > self.limits.size or monotonic() > end:
                raise CalendarError(f"{self._name}: too large or too slow")
        return body

    def _read(self, data: bytes) -> Agenda:
        import recurring_ical_events
        from icalendar import Calendar

        if len(data) > self.limits.size:
            raise CalendarError(f"{self._name}: larger than {self.limits.size} bytes")
        now = self.clock.now()
        try:
            calendar: Any = Calendar.from_ical(data)
            self._check(list(calendar.walk("VEVENT")))
            found = recurring_ical_events.of(calendar).between(now - BACK, now + AHEAD)
            shifts = [self._shift(event) for event in found]
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            raise CalendarError(f"{self._name}: not a calendar that can be read: {error}") from error
        return Agenda(tuple(sorted(shifts, key=lambda shift: shift.starts)), self.shops)

    def _check(self, events: list[Any]) -> None:
        """Refuse what would take for ever to work out."""
        rules = [rule for event in events for rule in _rules(event)]
        if len(events) > self.limits.events or len(rules) > self.limits.repeating:
            raise CalendarError(f"{self._name}: too many events")
        if any("SECONDLY MINUTELY HOURLY".find(str(rule["FREQ"][0])) >= 0 for rule in rules):
            raise CalendarError(f"{self._name}: events that repeat more often than daily")
        if any(name in rule for rule in rules for name in _TIMES_OF_DAY):
            raise CalendarError(f"{self._name}: events that repeat within a day")
        if any(event["DTSTART"].dt.year < self.limits.earliest for event in events if _rules(event)):
            raise CalendarError(f"{self._name}: events that repeat since before {self.limits.earliest}")

    def _shift(self, event: Any) -> Shift:
        instant = partial(_instant, ZoneInfo(self.zone))
        starts = instant(event["DTSTART"].dt)
        return Shift(self.name_of(str(event.get("SUMMARY", "")).strip()), starts, instant(event["DTEND"].dt))


def _rules(event: Any) -> list[Any]:
    rule = event.get("RRULE")
    return rule if isinstance(rule, list) else [rule] if rule else []


def _instant(zone: ZoneInfo, value: date | datetime) -> datetime:
    """A calendar's date or time as a UTC instant; what names no zone is of `zone`."""
    at = value if isinstance(value, datetime) else datetime.combine(value, time())
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
