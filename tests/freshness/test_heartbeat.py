"""A watcher outside hears after each day's checks that they ran, or that they failed (domain.md §1a)."""

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from pydantic import ValidationError

from bot.cli.doctor import examine
from bot.ports.heartbeat import HeartbeatError
from bot.ports.store import DatabaseError
from bot.reading.heartbeat import HttpHeartbeat
from bot.services.heartbeat import ATTEMPTS, Heartbeat
from bot.settings.model import Settings
from bot.settings.sections import CheckSettings
from tests.freshness.conftest import Team

SECRET = "5f0c-secret-of-this-check"


@dataclass
class Watcher:
    """Takes calls, the first `deaf` of them not."""

    deaf: int = 0
    heard: list[bool] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def call(self, ok: bool) -> None:
        if self.deaf:
            self.deaf -= 1
            raise HeartbeatError("it answered 503")
        self.heard.append(ok)


def heart(team: Team, watcher: Watcher) -> Heartbeat:
    return Heartbeat(team.app.store.unit, team.clock, watcher, watcher.waits.append)


def check(team: Team, *hearts: Heartbeat) -> None:
    team.app.monitoring.check_due(team.app.settings.check.at, 7)
    for each in hearts:
        each.heard(True)
        each.tick()


def test_it_is_called_once_when_the_last_shop_of_the_day_is_checked(team: Team) -> None:
    watcher = Watcher()
    beat = heart(team, watcher)
    team.at(2026, 11, 19, 2)
    check(team, beat)
    check(team, beat)
    assert watcher.heard == [True], "the 17th, which everybody's morning has seen"
    team.at(2026, 11, 19, 16)
    check(team, beat)
    assert watcher.heard == [True], "the 18th is checked in Malaysia and the UK, not yet in the US"
    team.at(2026, 11, 19, 17)
    check(team, beat)
    check(team, beat)
    assert watcher.heard == [True, True]
    team.at(2026, 11, 20, 18)
    check(team, beat)
    assert watcher.heard == [True, True, True]


def test_of_two_replicas_one_calls(team: Team) -> None:
    watcher = Watcher()
    team.at(2026, 11, 19, 18)
    check(team, heart(team, watcher), heart(team, watcher))
    assert watcher.heard == [True]


def test_what_was_not_taken_is_told_again_with_pauses(team: Team) -> None:
    watcher = Watcher(deaf=ATTEMPTS + 1)
    beat = heart(team, watcher)
    team.at(2026, 11, 19, 18)
    check(team, beat)
    assert watcher.heard == [] and watcher.waits == [1, 2]
    beat.tick()
    assert watcher.heard == [True]
    beat.tick()
    assert watcher.heard == [True]


def test_failing_checks_are_told_once_and_so_is_their_recovery(team: Team) -> None:
    watcher = Watcher()
    beat = heart(team, watcher)
    team.at(2026, 11, 19, 18)
    for _ in range(3):
        beat.heard(False)
        beat.tick()
    assert watcher.heard == [False]
    check(team, beat)
    assert watcher.heard == [False, True]


def test_a_failed_run_of_the_job_is_heard(team: Team) -> None:
    heard: list[bool] = []
    jobs = team.app.jobs
    failing = type(jobs)(jobs.units, jobs.clock, None, jobs.outbox, jobs.publisher, jobs.at, 7, heard=heard.append)  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        failing.daily_check()
    assert heard == [False]


def test_without_a_database_it_is_told_once_all_the_same(team: Team) -> None:
    def broken(read_only: bool = False) -> object:
        raise DatabaseError("out of reach", "unreachable")

    watcher = Watcher()
    beat = Heartbeat(broken, team.clock, watcher, watcher.waits.append)  # type: ignore[arg-type]
    for _ in range(3):
        beat.heard(False)
        beat.tick()
    assert watcher.heard == [False]


@pytest.fixture
def service() -> Iterator[tuple[str, list[str]]]:
    """A healthchecks-like service on this machine, and the requests that it got."""
    got: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            got.append(f"{self.command} {self.path} {self.headers['Host']}")
            self.send_response(302 if "moved" in self.path else 500 if "broken" in self.path else 200)
            self.send_header("Location", "http://169.254.169.254/")
            self.end_headers()
            self.wfile.write(b"OK")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", got
    server.shutdown()
    server.server_close()


def test_success_and_failure_have_the_addresses_that_such_services_expect(service: tuple[str, list[str]]) -> None:
    base, got = service
    host = base.removeprefix("http://")
    for address in (f"{base}/ping/{SECRET}", f"{base}/ping/{SECRET}/?create=1"):
        HttpHeartbeat(address).call(True)
        HttpHeartbeat(address).call(False)
    assert got == [
        f"GET /ping/{SECRET} {host}",
        f"GET /ping/{SECRET}/fail {host}",
        f"GET /ping/{SECRET}/?create=1 {host}",
        f"GET /ping/{SECRET}/fail?create=1 {host}",
    ]


@pytest.mark.parametrize("path", ["moved", "broken"])
def test_an_answer_that_is_no_success_is_an_error_and_no_redirect_is_followed(
    service: tuple[str, list[str]], path: str
) -> None:
    base, got = service
    with pytest.raises(HeartbeatError, match=r"it answered [35]0"):
        HttpHeartbeat(f"{base}/{path}").call(True)
    assert len(got) == 1


def test_a_host_inside_the_own_network_is_never_called() -> None:
    for addresses in (["10.0.0.7"], ["93.184.216.34", "192.168.1.1"], []):
        beat = HttpHeartbeat(f"https://hc.example.com/{SECRET}", lambda host, found=addresses: found)
        with pytest.raises(HeartbeatError, match="public network"):
            beat.call(True)


def test_only_the_vetted_address_is_contacted_and_the_secret_stands_in_no_log(
    caplog: pytest.LogCaptureFixture, team: Team
) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        raise httpx.ConnectError(f"cannot reach {request.url}")

    caplog.set_level(logging.DEBUG)
    beat = HttpHeartbeat(
        f"https://hc.example.com/{SECRET}", lambda host: ["93.184.216.34"], lambda: httpx.MockTransport(answer)
    )
    watcher = Heartbeat(team.app.store.unit, team.clock, beat, lambda seconds: None)
    watcher.heard(False)
    watcher.tick()
    assert {request.url.host for request in asked} == {"93.184.216.34"} and len(asked) == ATTEMPTS
    assert asked[0].headers["host"] == "hc.example.com"
    assert "ConnectError" in caplog.text and SECRET not in caplog.text


@pytest.mark.parametrize(
    "address", ["http://hc-ping.com/x", "ftp://127.0.0.1/x", "hc-ping.com/x", "https://", "http://10.0.0.1/x"]
)
def test_an_address_must_be_safe(address: str) -> None:
    with pytest.raises(ValidationError, match="https"):
        CheckSettings(heartbeat_url=address)


@pytest.mark.parametrize("address", ["", "https://hc-ping.com/x", "http://127.0.0.1:8000/x", "http://localhost/x"])
def test_safe_addresses_are_taken(address: str) -> None:
    assert CheckSettings(heartbeat_url=address).heartbeat_url == address


def test_doctor_says_whether_anybody_watches(team: Team) -> None:
    def found(settings: Settings) -> str:
        return next(item.detail for item in examine(settings) if item.name == "heartbeat")

    assert "nobody outside" in found(team.app.settings)
    check_settings = CheckSettings(heartbeat_url=f"https://hc-ping.com/{SECRET}")
    settings = team.app.settings.model_copy(update={"check": check_settings})
    assert "none yet" in found(settings) and SECRET not in found(settings)
    team.at(2026, 11, 19, 18)
    check(team, heart(team, Watcher()))
    assert "2026-11-18" in found(settings)
