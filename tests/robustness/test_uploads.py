import hashlib
import re
import shutil
import socket
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from io import BytesIO
from pathlib import Path

import httpx
import pytest

from bot.platforms.console.files import RequestLimits
from bot.runtime.console import console_app
from tests.cli.conftest import Cli
from tests.console.conftest import Served as InProcess
from tests.conversations.conftest import Talk
from tests.robustness.conftest import Served, count, eventually
from tests.robustness.test_kills import originals, picture, whole


@pytest.fixture(scope="module")
def shared(told: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for the tests that leave it alive."""
    home = tmp_path_factory.mktemp("shared") / "home"
    shutil.copytree(told, home)
    served = Served(Cli(home))
    try:
        yield served.start()
    finally:
        served.kill()


def incoming(home: Cli) -> list[Path]:
    return list((home.folder / "data/incoming").iterdir())


def test_a_hundred_uploads_by_twenty_people_at_once_are_all_kept(shared: Served) -> None:
    files = [(f"note-{number}.txt", f"note {number}".encode()) for number in range(100)]
    with ThreadPoolExecutor(20) as people:
        answers = list(people.map(lambda file: shared.say("", file, thread="C1").status_code, files))
    assert Counter(answers) == {204: 100}
    assert count(shared.home, "evidence", "file_name LIKE 'note-%' AND case_id = 1") == 100
    assert count(shared.home, "console_entry", "thread = 'C1' AND card LIKE '%\"slot\": \"C1:work\"%'") == 1
    assert incoming(shared.home) == []
    whole(shared.home)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("a\x00b.txt", "b.txt"),
        ("x" * 300 + ".png", ".png"),
        ("\u202egnp.exe", "gnp.exe"),
        ("<img src=x onerror=alert(1)>.txt", "img src=x"),
        ("...", "file"),
        ("{{ 7*7 }}.txt", "{{ 7_7 }}.txt"),
    ],
)
def test_names_from_strangers_are_made_harmless(shared: Served, name: str, shown: str) -> None:
    assert shared.say("", (name, f"named {name!r}".encode()), thread="C1").status_code == 204
    [kept] = names(shared.home, f"named {name!r}".encode())
    assert shown in kept and len(kept) <= 120
    assert not set(kept) & set("/\\\x00\u202e<>")
    assert "<img src=x" not in shared.get("/?channel=ops&thread=C1").text


def names(home: Cli, content: bytes) -> list[str]:
    """The stored names of the evidence with that content."""
    with closing(sqlite3.connect(home.folder / "data/odr-bot.sqlite3")) as connection:
        query = "SELECT file_name FROM evidence WHERE sha256 = ?"
        return [row[0] for row in connection.execute(query, [hashlib.sha256(content).hexdigest()])]


def nested_zip() -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("../../evil.txt", b"0" * 20_000_000)
    return data.getvalue()


HOSTILE = {
    "empty.png": b"",
    "cut.png": picture(7)[:40],
    "huge.png": picture(8).replace((40).to_bytes(4, "big"), (2**31 - 1).to_bytes(4, "big"), 1),
    "loop.pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]>>endobj\ntrailer<</Root 1 0 R>>",
    "bomb.zip": nested_zip(),
    "page.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "program.txt": b"MZ\x90\x00" + b"\x00\x01" * 500,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_evidence_is_kept_and_answered(shared: Served, name: str) -> None:
    assert shared.say("", (name, HOSTILE[name]), thread="C1").status_code == 204
    assert names(shared.home, HOSTILE[name]) == [name]
    page = shared.get("/?channel=ops&thread=C1").text
    assert name in page and "<script>alert" not in page
    assert "Traceback" not in shared.log()


def test_a_file_over_the_cap_is_refused_with_the_cap(shared: Served) -> None:
    answer = shared.say("", ("large.txt", b"x" * 2_000_001))
    assert answer.status_code == 413 and "large.txt" in answer.json()["error"] and "2 MB" in answer.json()["error"]
    assert names(shared.home, b"x" * 2_000_001) == [] and incoming(shared.home) == []


def test_words_over_the_cap_are_refused_and_scripts_are_shown_as_words(shared: Served) -> None:
    assert shared.say("x" * 1_000_000).status_code == 413
    assert shared.say("<script>alert('hello')</script> {{ 7*7 }} **b**").status_code == 204
    page = shared.get("/?channel=ops").text
    assert "<script>alert(" not in page and "&lt;script&gt;alert(" in page and "{{ 7*7 }}" in page


@pytest.mark.parametrize(
    "payload", ['{"case": "\\ud800"}', '{"case": "\\u0000"}', "[1]", "{" * 50_000, '{"case": 1}']
)
def test_buttons_that_no_page_made_do_not_break_the_page(shared: Served, payload: str) -> None:
    parts = {"channel": (None, "ops"), "action": (None, "claim"), "payload": (None, payload)}
    answer = httpx.post(
        f"{shared.url}/press", files=parts, headers={"origin": shared.url}, cookies=shared.cookies, timeout=30
    )
    assert answer.status_code in (204, 400, 413)
    assert shared.get("/?channel=ops").status_code == 200


def test_a_sender_that_dies_in_the_middle_leaves_nothing(shared: Served) -> None:
    head = (
        f"POST /say HTTP/1.1\r\nHost: 127.0.0.1:{shared.port}\r\nOrigin: {shared.url}\r\nContent-Length: 100000\r\n"
        f"Cookie: {shared.cookie_line}\r\n"
        "Content-Type: multipart/form-data; boundary=B\r\n\r\n--B\r\n"
        'Content-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhalf of it'
    )
    before, kept = count(shared.home, "evidence"), originals(shared.home)
    with socket.create_connection(("127.0.0.1", shared.port)) as sender:
        sender.sendall(head.encode())
        eventually(lambda: incoming(shared.home))
    eventually(lambda: not incoming(shared.home))
    assert count(shared.home, "evidence") == before and set(originals(shared.home)) == set(kept)


def test_a_drip_is_cut_off_and_the_others_are_served_meanwhile(talk: Talk) -> None:
    app = talk.app
    web = console_app(
        app,
        limits=RequestLimits(1000, 5000, idle_seconds=0.3, total_seconds=5),
    )
    server = InProcess(web)
    try:
        host, port = server.url.removeprefix("http://").split(":")
        [cookie] = [f"{name}={value}" for name, value in server.cookies.items()]
        drips = [socket.create_connection((host, int(port))) for _ in range(20)]
        for drip in drips:
            drip.sendall(
                f"POST /say HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {server.url}\r\nContent-Length: 900\r\n"
                f"Cookie: {cookie}\r\n"
                "Content-Type: multipart/form-data; boundary=B\r\n\r\n--B\r\n".encode()
            )
        assert httpx.get(server.url, cookies=server.cookies, timeout=20).status_code == 200
        assert all(re.match(rb"HTTP/1.1 408 ", drip.recv(100)) for drip in drips)
    finally:
        for drip in drips:
            drip.close()
        server.stop()
    assert list(app.upload_dir.iterdir()) == []
