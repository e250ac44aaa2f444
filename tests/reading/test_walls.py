"""From inside the processes that open untrusted files: whatever code gets hold of one, it reaches nothing."""

import json
import os
import platform
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from bot.reading.guard import Guard
from bot.reading.limits import Limits
from bot.reading.pool import Worker
from bot.reading.processes import Spawned

# What hostile code would try, each alone; a thing that worked says so.
PROBE = """
import ctypes, json, mmap, os, resource, signal, socket, subprocess, sys, threading
def probe(parent, database, names, port=9):
    system = ctypes.CDLL(None, use_errno=True)
    def kernel(*call):
        if system.syscall(*call) < 0:
            raise OSError(ctypes.get_errno(), "refused")
    def raised():
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
        open("/etc/passwd")
    def slot():
        os.close(2)
        open("/etc/passwd")
    def connected():
        socket.create_connection(("127.0.0.1", port), 1)
    numbers = {"x86_64": (101, 310, 319, 425), "aarch64": (117, 270, 279, 425)}[os.uname().machine]
    tries = {
        "a file": lambda: open("/etc/passwd"),
        "the database": lambda: open(database),
        "the environment of the parent": lambda: open(f"/proc/{parent}/environ"),
        "its memory": lambda: open(f"/proc/{parent}/mem"),
        "the own environment": lambda: open("/proc/self/environ"),
        "a folder": lambda: os.listdir("/"),
        "writing": lambda: open("/tmp/odr-bot-probe", "w"),
        "deleting": lambda: os.unlink(database),
        "a socket": socket.socket,
        "a socket of this machine": lambda: socket.socket(socket.AF_UNIX),
        "a raw socket": lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP),
        "a connection": connected,
        "a pipe": os.pipe,
        "a fork": lambda: os.fork() or os._exit(0),
        "a program": lambda: os.execv(sys.executable, [sys.executable, "-c", ""]),
        "a child": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
        "a signal to the parent": lambda: os.kill(parent, 0),
        "another limit": raised,
        "a limit of the parent": lambda: resource.prlimit(parent, resource.RLIMIT_NOFILE),
        "a freed number": slot,
    }
    tries |= {f"call {one}": (lambda one=one: kernel(one, 16, parent, 0, 0, 0, 0)) for one in numbers}
    def all_of(found):
        for name in names or tries:
            try:
                tries[name]()
                found[name] = "done"
            except Exception as error:
                found[name] = type(error).__name__
    here, there = {}, {}
    all_of(here)
    elsewhere = threading.Thread(target=all_of, args=(there,))
    elsewhere.start()
    elsewhere.join()
    return {"here": here, "there": there}
"""

WORKER = """
import sys, types
sys.path.insert(0, sys.argv[1])
from bot.reading.walls import enter
enter()
sys.modules["bot.reading.seal"] = types.SimpleNamespace(shows_seal=None)
from bot.reading import worker
class Table(worker.PictureTable):
    def __init__(self, limits):
        self._limits, self._pixels, self._scale = limits, None, 1.0
    def warm(self):
        pass
    def probe(self, _, **given):
        return probe(**given)
worker.PictureTable = Table
worker.main(sys.argv[2])
"""

CELL = """
import sys
sys.path.insert(0, sys.argv[1])
from bot.reading.walls import enter
enter()
from bot.reading import cell
cell._TASKS["pdf"] = (cell._TASKS["pdf"][0], lambda data, limits: probe(**json.loads(data)))
cell.main(*sys.argv[2:])
"""

TESSERACT = """
import sys
sys.path.insert(0, sys.argv[1])
from bot.reading.walls import enter
enter()
from bot.reading.scripts import process
process.read = lambda source, *_: probe(**json.loads(source.readline()))
process.main(*sys.argv[2:])
"""

SECCOMP = sys.platform.startswith("linux") and platform.machine() in ("x86_64", "aarch64")
OPENED = ("a file", "the database", "the environment of the parent", "a folder", "a socket", "a connection", "a pipe")


@pytest.fixture
def outside(tmp_path: Path) -> dict[str, Any]:
    """What must not be reached: this process, and a database beside it."""
    database = tmp_path / "odr-bot.sqlite3"
    database.write_text("secret")
    return {"parent": os.getpid(), "database": str(database), "names": []}


def refused(found: dict[str, dict[str, str]], outside: dict[str, Any]) -> None:
    assert found["here"] and found["there"]
    for attempts in found.values():
        assert [name for name, what in attempts.items() if what == "done"] == []
    assert Path(outside["database"]).read_text() == "secret"


@pytest.mark.skipif(not SECCOMP, reason="the walls for processes and signals are Linux's on these machines")
def test_hostile_code_in_the_worker_reaches_nothing(outside: dict[str, Any]) -> None:
    worker = Worker(Limits(), Spawned(PROBE + WORKER))
    found = worker.ask("probe", **outside)
    worker.end()
    refused(found, outside)


@pytest.mark.skipif(not SECCOMP, reason="the walls for processes and signals are Linux's on these machines")
def test_hostile_code_in_the_process_for_pdf_reaches_nothing(outside: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_text(json.dumps(outside))
    refused(Guard(Limits(), start=Spawned(PROBE + CELL)).run("pdf", tmp_path / "a.pdf"), outside)


@pytest.mark.skipif(not SECCOMP, reason="the walls for processes and signals are Linux's on these machines")
def test_hostile_code_in_tesseract_reaches_nothing(outside: dict[str, Any]) -> None:
    asked, start = json.dumps(outside).encode() + b"\n", Spawned(PROBE + TESSERACT)
    refused(json.loads(start.answer(asked, 60, "th", json.dumps(asdict(Limits()))))["lines"], outside)


def test_without_the_walls_of_linux_no_file_and_no_connection_is_opened(outside: dict[str, Any]) -> None:
    """As on another system: what is left holds, and the worker works."""
    missing = "from bot.reading import walls; walls._MACHINES = {}; walls.FIRST.clear()"
    entry = "from bot.reading.walls import enter\n"
    start = WORKER.replace(entry, f"{missing}\n{entry}")
    worker = Worker(Limits(), Spawned(PROBE + start))
    found = worker.ask("probe", **outside | {"names": [*OPENED, "a freed number"]})
    seen = worker.ask("look", b"junk")
    worker.end()
    assert seen == {"warnings": ["picture_damaged"]}
    refused(found, outside)
