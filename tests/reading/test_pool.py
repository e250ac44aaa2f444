"""Worker processes: limited, replaced, never left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.reading.limits import Limits
from bot.reading.pool import Pool, Stopped, Worker
from bot.reading.processes import Spawned
from tests.reading.drawn import page, saved

# Answers as the real worker does, without the recogniser: a test of the process around it.
QUICK = """
import os, sys, time, types
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
    def spin(self, _):
        while True: pass
    def sleep(self, _):
        time.sleep(600)
    def nap(self, _):
        time.sleep(2)
        return {"done": True}
    def die(self, _):
        os._exit(3)
    def grow(self, _):
        return {"size": len(bytearray(8_000_000_000))}
    def babble(self, _):
        sys.stdout.write("nonsense\\n"); sys.stdout.flush(); os._exit(0)
worker.PictureTable = Table
worker.main(sys.argv[2])
"""


@pytest.fixture
def quick() -> Iterator[list[Pool]]:
    """Pools made in the test; their workers start without the recogniser."""
    pools: list[Pool] = []
    yield pools
    for pool in pools:
        pool.close()


def made(pools: list[Pool], **limits: int) -> Pool:
    pools.append(Pool(Limits(**({"workers": 1} | limits)), Spawned(QUICK)))
    return pools[-1]


def look(pool: Pool) -> int:
    """Look at a picture; the process id of the worker that did."""
    with pool.worker() as worker:
        assert worker.ask("look", saved(page(("UPS",))))["size"] == [620, 88]
        return worker.process.pid


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


def test_one_process_stays_for_the_first_picture_after_a_pause(quick: list[Pool]) -> None:
    pool = made(quick, workers=2, idle_seconds=6, kept_seconds=600)
    with pool.worker() as first, pool.worker() as second:
        kept, other = (worker.ask("look", saved(page(("UPS",)))) and worker.process.pid for worker in (first, second))
    wait_until_gone(other)
    assert look(pool) == kept
    [idle] = [worker for worker in pool._idle if worker.process.pid == kept]
    idle.process.kill()
    idle.process.wait(30)
    assert look(pool) not in (kept, other), "what died is replaced"


def test_a_process_that_ends_just_before_the_next_picture_is_replaced_unnoticed(quick: list[Pool]) -> None:
    pool = made(quick)
    first = look(pool)
    with pool.worker() as worker:
        assert worker.process.pid == first
        os.kill(first, signal.SIGKILL)
        wait_until_gone(first)
        assert worker.ask("look", saved(page(("UPS",))))["size"] == [620, 88]
    assert look(pool) == worker.process.pid != first


def test_what_ends_two_processes_is_not_tried_again(quick: list[Pool]) -> None:
    pool = made(quick)
    look(pool)
    with pytest.raises(Stopped), pool.worker() as worker:
        worker.ask("die")
    assert is_gone(worker.process.pid)
    with pytest.raises(Stopped), pool.worker() as worker:
        second = worker.ask("look", saved(page(("UPS",)))) and worker.process.pid
        worker.ask("die")
    assert worker.process.pid == second, "the file was known to be on its table"


def test_a_process_gets_ready_while_a_picture_is_on_its_way(quick: list[Pool]) -> None:
    pool = made(quick)
    pool.warm()
    [ready] = pool._idle
    pool.warm()
    assert look(pool) == ready.process.pid
    with pool.worker():
        pool.warm()
        assert not pool._idle, "no more processes than there may be"


def wait_until_gone(pid: int) -> None:
    end = time.monotonic() + 30
    while not is_gone(pid):
        assert time.monotonic() < end, "the worker stayed behind"
        os.sched_yield()


def test_nothing_runs_before_the_first_picture_and_then_one_serves_many(quick: list[Pool]) -> None:
    pool = made(quick)
    assert pool._idle == []
    assert look(pool) == look(pool)


@pytest.mark.parametrize(
    ("what", "limits"),
    [("spin", {"cpu_seconds": 2}), ("sleep", {"wall_seconds": 4}), ("babble", {})],
)
def test_a_worker_that_misbehaves_is_replaced(quick: list[Pool], what: str, limits: dict[str, int]) -> None:
    pool = made(quick, **limits)
    with pytest.raises(Stopped), pool.worker() as worker:
        worker.ask("look", saved(page(("UPS",))))
        worker.ask(what)
    assert is_gone(worker.process.pid)
    assert look(pool) != worker.process.pid


def test_a_worker_that_gets_on_slowly_is_waited_for(quick: list[Pool], monkeypatch: pytest.MonkeyPatch) -> None:
    used = iter(range(1000))
    with made(quick).worker() as worker:
        # Not as a limit of the process: that holds for its start too, which on a busy machine takes longer.
        monkeypatch.setattr(worker, "_seconds", 1)
        monkeypatch.setattr(worker, "_cpu_seconds", lambda: next(used))
        assert worker.ask("nap") == {"done": True}
        monkeypatch.setattr(worker, "_cpu_seconds", lambda: 7.0)
        with pytest.raises(Stopped, match="TimeoutError"):
            worker.ask("sleep")


def test_a_killed_worker_is_replaced(quick: list[Pool]) -> None:
    pool = made(quick)
    with pytest.raises(Stopped), pool.worker() as worker:
        worker.ask("look", b"junk")
        os.kill(worker.process.pid, signal.SIGKILL)
        worker.process.wait()
        worker.ask("look", b"junk")
    assert look(pool) != worker.process.pid
    os.kill(pool._idle[0].process.pid, signal.SIGKILL)
    pool._idle[0].process.wait()
    assert look(pool), "one that died while idle is not asked"


def test_too_much_memory_is_an_answer(quick: list[Pool]) -> None:
    with made(quick).worker() as worker:
        assert worker.ask("grow") == {"warnings": ["reading_stopped"]}
        assert worker.ask("look", b"junk") == {"warnings": ["picture_damaged"]}


def test_a_worker_has_limits(quick: list[Pool]) -> None:
    with made(quick).worker() as worker:
        worker.ask("look", b"junk")
        limits = Path(f"/proc/{worker.process.pid}/limits").read_text()
    values = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()}
    assert values["Max open files"] == values["Max core file size"] == values["Max file size"] == "0"
    assert values["Max address space"] == "2500000000"


def test_a_worker_is_replaced_after_some_files(quick: list[Pool]) -> None:
    pool = made(quick, recycled_after=2)
    first, second, third = look(pool), look(pool), look(pool)
    assert first == second != third and is_gone(first)


def test_an_idle_worker_ends_and_gives_its_memory_back(quick: list[Pool]) -> None:
    worker = Worker(Limits(idle_seconds=3))
    worker.ask("look", b"junk")
    worker.clear()
    assert worker.process.wait(60) == 0
    assert not worker.fresh
    worker.end()


def test_the_end_of_a_pool_is_the_end_of_its_workers(quick: list[Pool]) -> None:
    pool = made(quick)
    pid = look(pool)
    del pool, quick[:]
    wait_until_gone(pid)


def test_no_worker_outlives_a_killed_program(tmp_path: Path) -> None:
    program = (
        "import sys, time; import bot.reading.pool as p; from bot.reading.processes import Spawned\n"
        "from bot.reading.limits import Limits\n"
        f"worker = p.Worker(Limits(), Spawned({QUICK!r})); worker.ask('look', b'junk')\n"
        "print(worker.process.pid, flush=True)\n"
        "worker._send('sleep', b'', {}); print('asked', flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    pid = int(parent.stdout.readline())
    assert parent.stdout.readline() == "asked\n"
    parent.kill()
    parent.wait()
    parent.stdout.close()
    wait_until_gone(pid)
