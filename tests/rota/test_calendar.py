"""An on-call calendar from outside."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from bot.reading.calendar import CalendarError, CalendarSource
from bot.reading.shifts import CalendarLimits
from bot.runtime.clock import FrozenClock

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
WEEKS = """BEGIN:VEVENT
UID:1
SUMMARY:Li
DTSTART;TZID=America/New_York:20261026T090000
DTEND;TZID=America/New_York:20261102T090000
RRULE:FREQ=WEEKLY;INTERVAL=2
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY:Wang
DTSTART;VALUE=DATE:20261120
DTEND;VALUE=DATE:20261121
END:VEVENT
"""


def ics(events: str) -> bytes:
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{events}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def event(**lines: str) -> str:
    given = {"UID": "1", "SUMMARY": "Li", "DTSTART": "20261120T000000Z", "DTEND": "20261121T000000Z"} | lines
    return "".join(f"{key}:{value}\n" for key, value in {"BEGIN": "VEVENT", **given, "END": "VEVENT"}.items())


def source(place: str, copy: Path, **more: object) -> CalendarSource:
    return CalendarSource(place, "Asia/Shanghai", FrozenClock(NOW), copy, **more)


@pytest.fixture
def from_file(tmp_path: Path) -> Callable[[bytes], CalendarSource]:
    def make(data: bytes) -> CalendarSource:
        path = tmp_path / "rota.ics"
        path.write_bytes(data)
        return source(str(path), tmp_path / "copy.ics")

    return make


def test_repeated_and_whole_day_events_are_shifts(from_file: Callable[[bytes], CalendarSource]) -> None:
    calendar = from_file(ics(WEEKS))
    assert calendar.refresh() >= 2
    # New York leaves summer time on 1 November; the handover stays at nine there.
    assert calendar.on_call(datetime(2026, 11, 9, 13, 59, tzinfo=UTC)) == ""
    assert calendar.on_call(datetime(2026, 11, 9, 14, 0, tzinfo=UTC)) == "Li"
    assert calendar.on_call(datetime(2026, 11, 19, 16, tzinfo=UTC)) == "Wang", "a day of the team's zone"
    assert calendar.on_call(datetime(2026, 11, 20, 16, tzinfo=UTC)) == ""


def test_a_file_is_read_when_first_asked(from_file: Callable[[bytes], CalendarSource]) -> None:
    assert from_file(ics(event())).on_call(NOW) == "Li"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff not a calendar",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR",
        ics(event(DTSTART="soon")),
        ics(event(RRULE="FREQ=SECONDLY")),
        ics(event(RRULE="FREQ=MINUTELY;COUNT=3")),
        ics(event(RRULE="FREQ=DAILY;BYHOUR=0,1,2;BYMINUTE=0,1,2")),
        ics(event(DTSTART="19000101T000000Z", DTEND="19000101T010000Z", RRULE="FREQ=DAILY")),
        ics(event() * 2_001),
        ics(event(RRULE="FREQ=YEARLY") * 201),
        b"x" * 1_000_001,
    ],
)
def test_a_hostile_or_broken_calendar_is_refused_and_the_old_one_stays(
    from_file: Callable[[bytes], CalendarSource], data: bytes
) -> None:
    calendar = from_file(ics(event()))
    assert calendar.refresh() == 1
    Path(calendar.place).write_bytes(data)
    with pytest.raises(CalendarError):
        calendar.refresh()
    assert calendar.on_call(NOW) == "Li"


def test_a_calendar_that_is_broken_from_the_start_means_nobody(from_file: Callable[[bytes], CalendarSource]) -> None:
    assert from_file(b"nonsense").on_call(NOW) == ""


URL = "https://calendar.example/private-key/rota.ics"


def remote(
    tmp_path: Path, answer: Callable[[httpx.Request], httpx.Response], addresses: tuple[str, ...] = ("93.184.215.14",)
) -> CalendarSource:
    return source(
        URL,
        tmp_path / "copy.ics",
        resolver=lambda host: list(addresses),
        transport=lambda: httpx.MockTransport(answer),
    )


def test_an_address_is_fetched_where_it_was_vetted_and_kept_for_the_next_start(tmp_path: Path) -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((str(request.url), request.headers["host"], request.extensions["sni_hostname"]))
        return httpx.Response(200, content=ics(event()))

    assert remote(tmp_path, answer).refresh() == 1
    assert asked == [("https://93.184.215.14/private-key/rota.ics", "calendar.example", "calendar.example")]
    restarted = remote(tmp_path, lambda request: httpx.Response(500))
    assert restarted.on_call(NOW) == "Li"
    with pytest.raises(CalendarError, match="500"):
        restarted.refresh()
    assert restarted.on_call(NOW) == "Li"


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.8", "169.254.169.254", "::1", "fd00::1"])
def test_a_private_network_is_never_asked(tmp_path: Path, address: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise AssertionError("asked")

    with pytest.raises(CalendarError, match="private network"):
        remote(tmp_path, answer, ("93.184.215.14", address)).refresh()


def test_redirects_endless_bodies_and_dead_hosts_are_faults_that_do_not_name_the_secret(tmp_path: Path) -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route")

    answers = [
        lambda request: httpx.Response(302, headers={"location": "http://127.0.0.1/"}),
        lambda request: httpx.Response(200, content=b"x" * 2_000_000),
        broken,
    ]
    for answer in answers:
        with pytest.raises(CalendarError) as caught:
            remote(tmp_path, answer).refresh()
        assert "private-key" not in str(caught.value) and "calendar.example" in str(caught.value)


def test_time_runs_out_for_a_slow_server(tmp_path: Path) -> None:
    calendar = remote(tmp_path, lambda request: httpx.Response(200, content=ics(event())))
    calendar.limits = CalendarLimits(seconds=-1)
    with pytest.raises(CalendarError, match="too slow"):
        calendar.refresh()


def test_events_far_away_are_left_out(from_file: Callable[[bytes], CalendarSource]) -> None:
    far = from_file(ics(event(DTSTART="20280101T000000Z", DTEND="20280102T000000Z")))
    assert far.refresh() == 0 and list(far.changes(NOW, NOW + timedelta(days=999))) == []


def test_a_cancelled_shift_puts_nobody_on_call(from_file: Callable[[bytes], CalendarSource]) -> None:
    assert from_file(ics(event(STATUS="CANCELLED"))).on_call(NOW) == ""
    weekly = event(UID="7", RRULE="FREQ=DAILY;COUNT=9", DTSTART="20261118T000000Z", DTEND="20261119T000000Z")
    left_out = event(UID="7", STATUS="cancelled") + ""
    left_out = left_out.replace("UID:7", "UID:7\nRECURRENCE-ID:20261120T000000Z")
    calendar = from_file(ics(weekly + left_out))
    assert calendar.on_call(NOW) == "" and calendar.on_call(NOW + timedelta(days=1)) == "Li"


BROKEN_EVENTS = [
    event(UID="2", DTSTART="soon"),
    event(UID="2", DTEND="20261101T000000Z"),
    event(UID="2", RRULE="FREQ=NONSENSE"),
    event(UID="2", RRULE="FREQ=HOURLY"),
    event(UID="2", RRULE="FREQ=DAILY;UNTIL=20991301"),
    event(UID="2", EXDATE="x"),
    event(UID="2", SUMMARY=""),
    "BEGIN:VEVENT\nUID:2\nnonsense\nEND:VEVENT\n",
    "BEGIN:VEVENT\nUID:2\nSUMMARY:Mo\nDTSTART;TZID=Mars/Base:20261120T000000\nDTEND:20261121T000000Z\nEND:VEVENT\n",
]


@pytest.mark.parametrize("broken", BROKEN_EVENTS)
def test_one_broken_event_is_reported_and_the_others_count(
    from_file: Callable[[bytes], CalendarSource], broken: str
) -> None:
    calendar = from_file(ics(broken + event()))
    assert calendar.refresh() == 1 and calendar.on_call(NOW) == "Li"
    [fault] = calendar.faults
    assert "event" in fault and "cannot be used" in fault
    Path(calendar.place).write_bytes(ics(event()))
    calendar.refresh()
    assert calendar.faults == ()
