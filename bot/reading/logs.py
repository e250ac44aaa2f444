"""ERP and API logs: the lines about orders, each with its time and the fault it reports."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from bot.domain.evidence import LogEvent
from bot.reading.plain import words_regex
from bot.reading.tables import LogWords
from bot.reading.times import Lines, Stamp

_LEVEL = re.compile(r"(?<![A-Za-z])(?:INFO|ERROR|WARN|WARNING|DEBUG|FATAL)(?![A-Za-z])")
_CODE_NAME = r"(?:http|status|code|status_code|statuscode|响应码|状态码)"
_CODE = re.compile(rf"{_CODE_NAME}[ \"']{{0,2}}[:=/]?[ \"']{{0,2}}(?:1\.1\"? )?([45]\d\d)(?!\d)", re.IGNORECASE)
_WORDS = 300
_FAULT = 160
_BEGINNING = 100_000


def _tells_a_history(events: Sequence[LogEvent]) -> bool:
    """One order on several lines at different times: a log, whatever words it uses."""
    times: dict[str, set[datetime]] = {}
    for event in events:
        if event.at:
            times.setdefault(event.order_id, set()).add(event.at)
    return any(len(moments) > 1 for moments in times.values())


@dataclass(frozen=True, eq=False)
class LogReader:
    """Reads log events from lines of plain text; records of CSV and JSON are one line each."""

    words: LogWords

    def read(self, text: str, stamps: Sequence[Stamp], order_id: re.Pattern[str], limit: int) -> tuple[LogEvent, ...]:
        """At most `limit` events, one for each order id of a line; none when the text is not a log."""
        events = self._events(Lines(text), stamps, order_id, limit)
        if not any(event.at for event in events):
            return ()
        return events if self.is_log(text) or _tells_a_history(events) else ()

    def _events(
        self, lines: Lines, stamps: Sequence[Stamp], order_id: re.Pattern[str], limit: int
    ) -> tuple[LogEvent, ...]:
        at_line = {lines.number(stamp.start): stamp.stamp.at for stamp in reversed(stamps)}
        events: list[LogEvent] = []
        at: datetime | None = None
        for number in range(lines.count):
            line = lines.line(number)
            at = at_line.get(number, at)
            ids = dict.fromkeys(order_id.findall(line))
            if not ids and number not in at_line:
                self._belated(events, line)
            events.extend(LogEvent(at, found, line.strip()[:_WORDS], self.fault(line)) for found in ids)
            if len(events) >= limit:
                break
        return tuple(events[:limit])

    def is_log(self, text: str) -> bool:
        """Levels, or words of synchronisation or of an API, make a text a log."""
        return bool(_LEVEL.search(text) or self._log_words.search(text) or self.api_words(text) > 1)

    def api_words(self, text: str) -> int:
        """How many different words of an API call log the text uses."""
        return len({word.lower() for word in self._api_words.findall(text[:_BEGINNING])})

    def fault(self, line: str) -> str:
        """The fault that a line reports, from its first word on, "" when it reports none."""
        rest = self._no_errors.sub(lambda match: " " * len(match.group()), line)
        found = [match.start() for match in (self._errors.search(rest), _CODE.search(rest)) if match]
        return line[min(found) :].strip()[:_FAULT] if found else ""

    def _belated(self, events: list[LogEvent], line: str) -> None:
        """A line below an event, without a time of its own, may hold its fault (a trace, a response)."""
        if events and not events[-1].error and (fault := self.fault(line)):
            events[-1] = replace(events[-1], error=fault)

    @cached_property
    def _errors(self) -> re.Pattern[str]:
        return words_regex(self.words.errors)

    @cached_property
    def _no_errors(self) -> re.Pattern[str]:
        return words_regex(self.words.no_errors)

    @cached_property
    def _log_words(self) -> re.Pattern[str]:
        return words_regex(self.words.words)

    @cached_property
    def _api_words(self) -> re.Pattern[str]:
        return words_regex(self.words.api_words)
