"""Each wall by itself: what it stops when no other stands, and what happens where it is missing."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bot.reading.limits import Limits
from bot.reading.pool import Worker
from bot.reading.processes import Spawned
from bot.reading.walls import FILES, WALLS
from tests.reading.test_walls import PROBE, SECCOMP

pytestmark = pytest.mark.skipif(not SECCOMP, reason="these walls are Linux's on these machines")

WALLS_SOURCE = (Path(__file__).parents[2] / "bot/reading/walls.py").read_text()
NOBODY = 65534

# Raises one wall, or none, and tries to get out.
ALONE = (
    PROBE
    + """
sys.path.insert(0, sys.argv[1])
from bot.reading import walls
# The system asks for this one before it raises others for a user without rights.
walls.no_new_privileges()
for name in sys.argv[2].split(", ") if sys.argv[2] else ():
    assert (walls.FIRST | walls.LAST)[name]()
print(json.dumps(probe(**json.load(sys.stdin))["here"]))
"""
)

LANDLOCK_VERSION = """
import ctypes
print(ctypes.CDLL(None).syscall(444, None, ctypes.c_size_t(0), ctypes.c_uint(1)))
"""

ROOT = os.getuid() == 0
RIGHTS = "no rights of an administrator"
OPENING = ("a file", "the database", "a folder", "a socket", "a socket of this machine", "a pipe")
WRITING = ("writing", "deleting", "a program", "a child", "its memory", "a connection", "a signal to the parent")
CALLED = ("a fork", "a limit of the parent", "deleting", "a program", "a signal to the parent", *OPENING)
STOPS = [
    (FILES, OPENING),
    ("Landlock", WRITING),
    # Root sees environments past Landlock.
    (f"{RIGHTS}, Landlock", ("the environment of the parent",)),
    (f"{RIGHTS}, {FILES}", ("another limit",)),
    ("seccomp", CALLED),
    *([(RIGHTS, ("a raw socket",)), ("seccomp", ("a raw socket",))] if ROOT else []),
]
SINCE = {"a signal to the parent": 6, "a connection": 4}
"""Versions of Landlock that stop more than files."""


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """What must not be reached: this process, a database, and somebody who listens."""
    database = tmp_path / "odr-bot.sqlite3"
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield {"parent": os.getpid(), "database": str(database), "port": server.getsockname()[1]}


def tried(wall: str, outside: dict[str, Any], name: str) -> str:
    Path(outside["database"]).write_text("secret")
    given = json.dumps(outside | {"names": [name]}).encode()
    return str(json.loads(Spawned(ALONE).answer(given, 60, wall) or f'{{"{name}": "done"}}')[name])


def landlock_version() -> int:
    done = subprocess.run([sys.executable, "-c", LANDLOCK_VERSION], capture_output=True, check=True)
    return int(done.stdout)


@pytest.mark.parametrize(("wall", "name"), [(wall, name) for wall, names in STOPS for name in names])
def test_a_wall_alone_stops_what_happens_without_it(outside: dict[str, Any], wall: str, name: str) -> None:
    if "Landlock" in wall and landlock_version() < SINCE.get(name, 1):
        pytest.skip(f"this kernel's Landlock is older than the version that stops {name}")
    assert tried("", outside, name) == "done"
    assert tried(wall, outside, name) in ("PermissionError", "OSError", "ValueError")


def test_all_walls_of_this_system_stand_around_a_worker_before_it_gets_a_file() -> None:
    """As the system sees the real one, ready for its first picture."""
    worker = Worker(Limits())
    assert worker.ask("look", b"junk") == {"warnings": ["picture_damaged"]}
    about = Path(f"/proc/{worker.process.pid}")
    status = dict(line.split(":\t", 1) for line in (about / "status").read_text().splitlines() if ":\t" in line)
    limits, score = (about / "limits").read_text(), (about / "oom_score_adj").read_text()
    dumpable = not ROOT and (about / "environ").stat().st_uid == os.getuid()
    worker.end()
    assert (status["NoNewPrivs"], status["Seccomp"], score.strip()) == ("1", "2", "1000")
    [files] = [line.split() for line in limits.splitlines() if line.startswith("Max open files")]
    assert files[3:5] == ["0", "0"] and not dumpable


HELD = """
import json, os, re, sys
found = [name for name in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{name}")]
seen = False
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb") as memory:
    for line in maps:
        start, end = (int(part, 16) for part in line.split()[0].split("-"))
        if " rw" in line and "[v" not in line:
            memory.seek(start)
            seen |= bool(re.search(sys.argv[2].encode(), memory.read(end - start)))
print(json.dumps({"environment": dict(os.environ), "open": found, "secret": seen}))
"""


def test_a_worker_inherits_no_credential(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in its environment, nor as an open file, nor in memory copied from whoever started it."""
    secret = "xoxb-0451-of-the-parent"
    monkeypatch.setenv("ODR_BOT_SLACK__BOT_TOKEN", secret)
    (tmp_path / "token").write_text(secret)
    with (tmp_path / "token").open() as token:
        os.set_inheritable(token.fileno(), True)
        # A pattern that finds it and does not hold it.
        held = json.loads(Spawned(HELD).answer(b"", 60, secret.replace("-", "[-]")))
    assert not any(name.startswith("ODR_BOT") for name in held["environment"])
    assert sorted(held["open"]) == ["0", "1", "2"] and not held["secret"]


LOOKED_AT = """
import sys, types
walls = types.ModuleType("walls")
exec(sys.stdin.readline() and sys.stdin.read(), walls.__dict__)
wall = (walls.FIRST | walls.LAST).get(sys.argv[1])
print(wall is None or wall(), flush=True)
sys.stdin.read() or __import__("time").sleep(60)
"""
LOOKING = "import sys; print(open(f'/proc/{sys.argv[1]}/environ').read())"


def interpreter(user: dict[str, Any]) -> str:
    """One that this user can start: an administrator's own may be closed to others."""
    for path in (sys.executable, shutil.which("python3", path="/usr/bin:/bin")):
        with suppress(PermissionError):
            subprocess.run([path or "", "-c", ""], check=True, **user)
            return str(path)
    pytest.skip("no interpreter is open to other users")


@pytest.mark.parametrize("wall", ["none", "ban on looks from outside"])
def test_programs_of_the_same_user_see_its_environment_only_without_the_wall(wall: str) -> None:
    """As a user without the rights of an administrator."""
    user: dict[str, Any] = {"user": NOBODY} if ROOT else {}
    environment = {"SECRET": "shown"}
    command, pipe = [interpreter(user), "-I", "-c", LOOKED_AT, wall], subprocess.PIPE
    target = subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment, cwd="/", **user)
    assert target.stdin and target.stdout
    target.stdin.write(b"\n" + WALLS_SOURCE.encode())
    target.stdin.close()
    assert target.stdout.readline() == b"True\n"
    looking = [command[0], "-I", "-c", LOOKING, str(target.pid)]
    done = subprocess.run(looking, capture_output=True, cwd="/", env={}, **user)
    target.kill()
    target.wait()
    target.stdout.close()
    assert ("SECRET=shown" in done.stdout.decode()) == (wall == "none")


def test_the_order_of_the_walls_lets_each_be_raised() -> None:
    """What the doctor says on a system that has them all."""
    from bot.reading.apart import STANDING
    from bot.reading.processes import start_of

    said = json.loads(start_of(STANDING).answer(b"", 60))
    assert said["user"] == os.getuid()
    assert set(WALLS) - set(said["walls"]) <= ({"Landlock"} if landlock_version() < 1 else set())
