"""Processes of another user at the other end of a socket, as the system starts them for a unit."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from bot.reading.apart import CELL, OPENER, SCRIPT, STANDING, WORKER, request
from bot.reading.guard import STOPPED, Guard
from bot.reading.limits import Limits
from bot.reading.pool import Pool, Stopped, Unavailable, Worker
from bot.reading.processes import start_of
from bot.reading.reader import FileReader, file_reader
from tests.reading.drawn import page, saved

NOBODY = 65534
COMMAND = [sys.executable, "-I", "-m", "bot.reading.apart"]


def another() -> int:
    """The user of the processes: nobody, unless this test is run by a user who cannot start processes as another, or
    whose interpreter is closed to others."""
    if os.getuid() != 0:
        return os.getuid()
    try:
        subprocess.run([sys.executable, "-c", ""], user=NOBODY, check=True)
    except PermissionError:
        return 0
    return NOBODY


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Does what the units of deploy/ ask of systemd: for each connection a process whose input and output it is."""
    path = tmp_path / "reading.sock"
    # Named only where it is another: others may not even name themselves.
    user = None if another() == os.getuid() else another()
    started: list[subprocess.Popen[bytes]] = []

    def accept(server: socket.socket) -> None:
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            with line:
                started.append(subprocess.Popen(COMMAND, stdin=line, stdout=line, cwd="/", env={}, user=user))

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        thread = threading.Thread(target=accept, args=(server,), daemon=True)
        thread.start()
        yield str(path)
        server.shutdown(socket.SHUT_RDWR)
    thread.join()
    for process in started:
        # Each ends with its connection.
        assert process.wait(60) is not None


def test_the_walls_stand_there_too_and_the_user_is_another(address: str) -> None:
    here, there = (json.loads(start_of(STANDING, at).answer(b"", 60)) for at in ("", address))
    assert there["walls"] == here["walls"]
    assert there["user"] == another()


def test_pictures_pdf_and_mails_are_read_as_by_children(reader: FileReader, address: str, tmp_path: Path) -> None:
    known = (reader.policy, reader.carriers, reader.vocabulary, Limits())
    near, apart = file_reader(*known), file_reader(*known, address)
    picture = tmp_path / "a.png"
    picture.write_bytes(saved(page(("Order 577100000000000001", "2026-11-18 11:00"))))
    mail = tmp_path / "a.eml"
    mail.write_bytes(b"From: a@example.com\nTo: b@example.com\nSubject: where is it\n\nOrder 577100000000000001\n")
    for path in (picture, mail):
        found = asdict(apart.read(path, path.name))
        assert found == asdict(near.read(path, path.name)) and found["order_ids"] == ("577100000000000001",)


def test_a_worker_there_is_used_again_and_ends_with_its_connection(address: str) -> None:
    pool = Pool(Limits(workers=1), start_of(WORKER, address))
    with pool.worker() as first:
        assert first.ask("look", b"junk") == {"warnings": ["picture_damaged"]}
    with pool.worker() as second:
        assert second is first and second.fresh
    first.end()
    assert not first.fresh
    with pytest.raises(Stopped):
        first.ask("look", b"junk")
    pool.close()


def test_it_runs_nothing_but_the_modules_of_the_reader(address: str) -> None:
    for module in ("bot.cli.main", "os", "bot.reading.apart"):
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(address)
            line.sendall(request(module, ["--help"]))
            assert line.recv(100) == b""


def test_without_the_socket_nothing_is_read_by_this_user_instead(tmp_path: Path) -> None:
    """Another user was asked for: falling back would read files with the rights of the one that keeps the data."""
    nowhere = str(tmp_path / "nowhere.sock")
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    assert Guard(Limits(), start=start_of(CELL, nowhere)).run("pdf", tmp_path / "a.pdf") == STOPPED
    with pytest.raises(Unavailable, match="no process was started"):
        Worker(Limits(), start_of(WORKER, nowhere))
    for module in (OPENER, SCRIPT):
        with pytest.raises(OSError, match="No such file"):
            start_of(module, nowhere).answer(b"", 5)


def test_an_answer_that_does_not_come_is_not_waited_for(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "mute.sock"))
        server.listen()
        with pytest.raises(TimeoutError):
            start_of(CELL, str(tmp_path / "mute.sock")).answer(b"x" * 10, 0.2)
