"""What reaches the HTTP door: signatures, garbage, floods, and words that look like something else."""

import json
import logging
import socket
import time

import pytest

from tests.slack.conftest import DOOR, PATIENCE
from tests.slack.fake.doors import FORM, JSON, HttpDoor, signed
from tests.slack.fake.world import TEAM
from tests.slack.served import Served
from tests.slack.talk import SlackTalk

EVENT = json.dumps({"type": "event_callback", "event_id": "Ev1", "event": {"type": "message"}}).encode()


@pytest.fixture(autouse=True)
def no_traceback(caplog: pytest.LogCaptureFixture) -> object:
    """Whatever comes in, nobody finds a traceback in the log."""
    yield
    assert not [record for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR]


def test_a_slash_command_may_contain_the_word_payload(talk: SlackTalk) -> None:
    talk.send(("payload.txt", "hello"), thread="C1")
    assert talk.world.shown(talk.place, talk.root("C1"))
    card = talk.say("/odr missing payload C1")
    assert card.title
    assert talk.say("/odr payload=%7B%22type%22%3A1%7D").title


GARBAGE = {
    "half of a JSON object": (b'{"type": "event_callback", "ev', JSON),
    "a JSON list": (b"[1, 2, 3]", JSON),
    "a JSON string": (b'"words"', JSON),
    "JSON null": (b"null", JSON),
    "bad UTF-8": (b'{"type": "\xff\xfe"}', JSON),
    "bad UTF-8 in a form": (b"command=%2Fodr&text=\xff\xfe", FORM),
    "a payload that is no JSON": (b"payload=%7Bhalf", FORM),
    "a payload that is a list": (b"payload=%5B%5D", FORM),
    "deeply nested": (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, JSON),
    "nothing": (b"", JSON),
    "an event that is a list": (b'{"type": "event_callback", "event_id": "Ev2", "event": []}', JSON),
    "an event without a type": (b'{"type": "event_callback", "event_id": "Ev3", "event": {}}', JSON),
    "another kind of body": (b"<xml/>", "text/xml"),
}


def test_garbage_is_refused_without_a_fuss(door: HttpDoor) -> None:
    for name, (body, kind) in GARBAGE.items():
        assert door.post(body, kind).status_code in (200, 400, 404, 415), name
        assert door.post(body, kind, secret="another").status_code in (400, 401, 415), f"{name}, not signed"


def test_what_cannot_be_read_is_a_bad_request(door: HttpDoor) -> None:
    for name, (body, kind) in GARBAGE.items():
        if "UTF-8" in name or "JSON" in name:
            assert door.post(body, kind).status_code == 400, name


def test_a_timestamp_that_is_no_time_is_refused(door: HttpDoor) -> None:
    for stamp in ("", "now", "1e9", "-1", "９９９", "NaN", "1" * 400, "17000000000000000000"):
        given = [("content-type", JSON), ("x-slack-signature", "v0=00"), ("x-slack-request-timestamp", stamp)]
        headers = [(name.encode(), value.encode()) for name, value in given]
        assert door.client.post(door.url, content=EVENT, headers=headers).status_code in (400, 401), stamp


def test_only_slack_gets_in(door: HttpDoor) -> None:
    assert door.post(EVENT).status_code == 200
    assert door.post(EVENT, secret="guessed").status_code == 401
    assert door.post(EVENT, at=time.time() - 400).status_code == 401, "an old request, played again"
    assert door.post(EVENT, at=time.time() + 400).status_code == 401
    assert door.client.post(door.url, content=EVENT, headers={"content-type": JSON}).status_code in (400, 401)
    other = door.client.post(door.url, content=EVENT + b" ", headers={"content-type": JSON, **signed(EVENT)})
    assert other.status_code == 401, "a signature of other words"


@pytest.mark.parametrize("announced", [True, False])
def test_twenty_megabytes_are_cut_off_unread(served: Served, door: HttpDoor, announced: bool) -> None:
    size = 20_000_000
    how = f"content-length: {size}" if announced else "transfer-encoding: chunked"
    head = f"POST {DOOR} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{how}\r\n\r\n"
    port = int(served.home.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        line.sendall(head.encode())
        sent = pour(line, size, announced)
        answer = line.recv(100) if sent >= 0 else b""
    assert sent < 4_000_000, "it was read on"
    assert not answer or answer.startswith((b"HTTP/1.1 413", b"HTTP/1.1 400", b"HTTP/1.1 401"))


def pour(line: socket.socket, size: int, plain: bool) -> int:
    """Send until somebody objects, who has time for it once more than enough is out; how much went out."""
    piece = b"x" * 65_536
    framed = piece if plain else b"10000\r\n" + piece + b"\r\n"
    sent = 0
    while sent < size:
        enough = sent > 2_000_000
        line.settimeout(PATIENCE if enough else 0.01)
        try:
            if line.recv(1, socket.MSG_PEEK) is not None:
                return sent
        except TimeoutError:
            if enough:
                return size
        except OSError:
            return sent
        line.settimeout(PATIENCE)
        try:
            line.sendall(framed)
        except OSError:
            return sent
        sent += len(piece)
    return sent


def test_the_address_is_confirmed(door: HttpDoor) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "c-123", "token": "old"}).encode()
    answer = door.post(body)
    assert answer.status_code == 200 and "c-123" in answer.text
    assert door.post(body, secret="guessed").status_code == 401


def test_events_that_nobody_asked_for_are_taken(talk: SlackTalk) -> None:
    for kind in ("channel_archive", "reaction_added", "emoji_changed", "team_join", "no_such_event"):
        talk.people.event({"type": kind, "event_ts": talk.world.ts(), "channel": talk.place})
    assert set(talk.people.door.statuses) == {200} and not talk.turns.begun


def test_unknown_interactions_are_taken(talk: SlackTalk) -> None:
    for kind in ("view_closed", "shortcut", "block_suggestion", "something_new"):
        body = {"type": kind, "user": {"id": talk.user}, "team": {"id": TEAM}, "trigger_id": "1.2.3"}
        talk.people.door.interaction(body)
    assert set(talk.people.door.statuses) == {200} and not talk.turns.begun


def test_get_and_other_paths_lead_nowhere(served: Served, door: HttpDoor) -> None:
    assert door.client.get(door.url).status_code in (404, 405)
    assert door.client.post(f"{door.url}/nothing/here", content=b"x").status_code in (400, 401, 404)
