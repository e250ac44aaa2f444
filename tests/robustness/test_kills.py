import csv
import hashlib
import socket
import sqlite3
import threading
from contextlib import closing
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.cli.conftest import Cli
from tests.conversations.conftest import tracking_page
from tests.robustness.conftest import Served, count, eventually, start

ROWS = 250_000
EVENT = "the-same-message"


def orders(home: Cli, name: str, rows: int, first: int = 0) -> Path:
    path = home.folder / name
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["order_id", "created_at", "valid"])
        writer.writerows([f"9{first + number:09d}1", "2026-11-05T08:30:00Z", "true"] for number in range(rows))
    return path


def whole(home: Cli) -> None:
    """The database is sound, and every original is what its name says."""
    with closing(sqlite3.connect(home.folder / "data/odr-bot.sqlite3")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    for path in originals(home):
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name


def originals(home: Cli) -> list[Path]:
    return list((home.folder / "data/vault").glob("??/*"))


def picture(shade: int) -> bytes:
    data = BytesIO()
    Image.new("L", (40, 30), shade).save(data, "PNG")
    return data.getvalue()


def test_an_import_killed_half_way_leaves_nothing_and_can_be_repeated(home: Cli) -> None:
    path, before = orders(home, "large.csv", ROWS), count(home)
    process = start(home, "import", path, "--shop", "us-1")
    assert process.stderr and b" rows" in process.stderr.readline()
    process.kill()
    process.wait(20)
    assert count(home) == before
    whole(home)
    assert home.json("import", path, "--shop", "us-1")["orders"] == ROWS
    assert count(home) == before + ROWS


def test_two_imports_and_a_conversation_at_once_all_come_through(server: Served) -> None:
    home, rows = server.home, 60_000
    before = count(home)
    files = [orders(home, f"{first}.csv", rows, first) for first in (0, rows // 2)]
    running = [start(home, "import", path, "--shop", "us-1") for path in files]
    assert server.say("claim C1").status_code == 204
    for process in running:
        _, words = process.communicate(timeout=60)
        assert process.returncode == 0, words
    assert count(home) == before + rows + rows // 2
    assert count(home, "appeal_case", "owner = 'local'") == 1


def test_a_server_killed_during_an_upload_keeps_nothing_half(server: Served) -> None:
    home, page = server.home, tracking_page().encode()
    with closing(_half_an_upload(server)):
        eventually(lambda: list((home.folder / "data/incoming").iterdir()))
        server.kill()
    whole(home)
    assert originals(home) == []
    server.start()
    assert server.say("", ("tracking.txt", page)).status_code == 204
    assert count(home, "evidence") == 1 and len(originals(home)) == 1


def _half_an_upload(server: Served) -> socket.socket:
    head = (
        f"POST /say HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nOrigin: {server.url}\r\nContent-Length: 100000\r\n"
        f"Cookie: {server.cookie_line}\r\n"
        "Content-Type: multipart/form-data; boundary=B\r\n\r\n--B\r\n"
        'Content-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhalf of it'
    )
    sender = socket.create_connection(("127.0.0.1", server.port))
    sender.sendall(head.encode())
    return sender


def test_a_server_killed_before_the_answer_answers_when_it_is_sent_again(server: Served) -> None:
    home = server.home
    pictures = [(f"{shade}.png", picture(shade)) for shade in range(3)]
    sender = threading.Thread(target=_say_into_the_void, args=(server, pictures))
    sender.start()
    eventually(lambda: count(home, "evidence") == 3)  # kept; now each is read in a process of its own
    server.kill()
    sender.join(20)
    whole(home)
    assert len(originals(home)) == 3
    server.start()
    for _ in range(2):
        assert server.say("", *pictures, thread="C1", event=EVENT).status_code == 204
    eventually(lambda: count(home, "evidence", "facts LIKE '%image/png%'") == 3)
    assert count(home, "evidence") == 3 and count(home, "inbound_event") == 1
    assert count(home, "timeline_event", "what = 'received'") == 3


def _say_into_the_void(server: Served, pictures: list[tuple[str, bytes]]) -> None:
    with pytest.raises(httpx.TransportError):
        server.say("", *pictures, thread="C1", event=EVENT)


def test_a_turn_cut_off_after_the_evidence_was_kept_keeps_it_once(talk, monkeypatch) -> None:
    def killed(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(talk.app.judge, "look_all", killed)
        talk.send(("tracking.txt", tracking_page()))
    talk.numbers = iter(range(100))
    assert talk.send(("tracking.txt", tracking_page()))[0].slot == "C1:work"
    with talk.app.store.unit(read_only=True) as unit:
        assert [item.id for item in unit.evidence.of_case("C1")] == ["E1"]
