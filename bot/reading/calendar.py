"""An on-call rota from an iCalendar file or https address: who is named by an event is on call while it lasts."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic

import httpx

from bot.domain.rota import Agenda, Shift
from bot.ports.clock import Clock
from bot.reading.addresses import Resolver, is_public, resolve
from bot.reading.shifts import BROKEN, CalendarLimits, read_shifts

log = logging.getLogger(__name__)


class CalendarError(Exception):
    """The calendar cannot be used: says why."""


@dataclass(eq=False)
class CalendarSource:
    """domain.rota.Source on a calendar. What was fetched last is kept in `copy`, for the next start and for the
    time when the address does not answer. `zone` is for events without one; a shift's person is the event's title,
    as it stands there. `resolver` and `transport` are replaced by tests."""

    place: str
    zone: str
    clock: Clock
    copy: Path
    shops: tuple[str, ...] = ()
    limits: CalendarLimits = field(default_factory=CalendarLimits)
    resolver: Resolver = resolve
    transport: Callable[[], httpx.BaseTransport] = httpx.HTTPTransport
    _agenda: Agenda | None = field(default=None, init=False)
    _faults: tuple[str, ...] = field(default=(), init=False)

    def on_call(self, at: datetime) -> str:
        """Who is on call, "" for nobody."""
        return self._known().on_call(at)

    def changes(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """Every instant in between at which the answer may change."""
        return self._known().changes(start, end)

    def overlaps(self) -> Iterator[tuple[Shift, Shift]]:
        """Events of different people at the same time."""
        return self._known().overlaps()

    @property
    def faults(self) -> Sequence[str]:
        """The events of the calendar as it was read last that cannot be used, and why."""
        return self._faults

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
        if len(data) > self.limits.size:
            raise CalendarError(f"{self._name}: larger than {self.limits.size} bytes")
        try:
            written = read_shifts(data, self.zone, self.limits, self.clock.now())
        except BROKEN as error:
            raise CalendarError(f"{self._name}: not a calendar that can be read: {error}") from error
        self._faults = tuple(f"{self._name}: {fault}" for fault in written.faults)
        for fault in self._faults:
            log.warning("on-call calendar %s", fault)
        return Agenda(written.shifts, self.shops)
