"""What the doctor says of the walls around the processes that read files."""

import json
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.reading.walls import FILES, WALLS
from tests.cli.conftest import Cli, cli

__all__ = ["cli"]

OTHER = os.getuid() + 1


class Socket:
    """Stands in for the processes of another system: every connection is told the same."""

    def __init__(self, path: Path, answer: bytes) -> None:
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(str(path))
        self.server.listen()
        self._answer = answer
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.server.accept()
            except OSError:
                return
            with line:
                while line.recv(1000):
                    pass
                line.sendall(self._answer)

    def close(self) -> None:
        self.server.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.server.close()


def walls(cli: Cli, address: Path | None) -> dict[str, Any]:
    environment = {"ODR_BOT_READING__SOCKET": str(address)} if address else {}
    checks = json.loads(cli("doctor", "--json", **environment).stdout)["checks"]
    [found] = [check for check in checks if check["name"] == "walls"]
    return dict(found)


@pytest.fixture
def said(cli: Cli, tmp_path: Path) -> Iterator[Any]:
    """What the doctor makes of the answer of such a process."""
    made: list[Socket] = []

    def ask(user: int, *standing: str) -> dict[str, Any]:
        address = tmp_path / f"{len(made)}.sock"
        made.append(Socket(address, json.dumps({"user": user, "walls": standing}).encode()))
        return walls(cli, address)

    yield ask
    for each in made:
        each.close()


def test_here_it_names_the_walls_that_stand_and_the_user(cli: Cli) -> None:
    found = walls(cli, None)
    assert found["ok"] and FILES in found["detail"] and "the user of odr-bot" in found["detail"]
    assert ("root" in found["detail"].split("the user of odr-bot")[1].split("(")[0]) == (os.getuid() == 0)


def test_a_wall_that_a_system_lacks_is_named_and_no_fault(said: Any) -> None:
    found = said(OTHER, FILES)
    assert found["ok"] and "no Landlock" in found["detail"] and "no seccomp" in found["detail"]
    whole = said(OTHER, *WALLS)
    assert whole["ok"] and "no Landlock" not in whole["detail"] and "another user" in whole["detail"]


def test_files_that_could_be_opened_are_a_fault(said: Any) -> None:
    found = said(OTHER, *(set(WALLS) - {FILES}))
    assert not found["ok"] and "could open others" in found["detail"]


def test_a_socket_that_starts_the_own_user_is_a_fault(said: Any) -> None:
    found = said(os.getuid(), *WALLS)
    assert not found["ok"] and "User=" in found["detail"]


def test_a_socket_that_nobody_answers_is_a_fault_with_what_it_means(cli: Cli, tmp_path: Path) -> None:
    found = walls(cli, tmp_path / "nowhere.sock")
    assert not found["ok"] and "reading.socket" in found["detail"] and "kept but not read" in found["detail"]
