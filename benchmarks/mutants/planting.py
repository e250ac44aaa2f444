"""Plants a fault in a copy of the tree, asks the tests that cover it, and takes it out again."""

import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from benchmarks.mutants.asking import ask
from benchmarks.mutants.covering import Covering
from benchmarks.mutants.plan import Fault

PASSED, NOTHING_CHOSEN = 0, 5
"""What pytest answers when no test failed, and when it found none of those asked for."""
START_SECONDS, SLOWNESS = 60, 5
"""A run may take this much to begin and this many times what its tests took; later it hangs, and that is noticed."""
SECONDS = itertools.count(1)


@dataclass(frozen=True)
class Outcome:
    """What became of a fault; `tests` says how many were asked."""

    fault: Fault
    tests: int
    killed: bool


@contextmanager
def copies(root: Path, number: int) -> Iterator[list[Path]]:
    """Copies of the tree as it stands, committed or not, without what git ignores."""
    with tempfile.TemporaryDirectory(prefix="odr-bot-mutants-") as folder:
        named = subprocess.run(
            ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"),
            cwd=root,
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout.split("\0")
        trees = [Path(folder, f"tree-{place}").resolve() for place in range(number)]
        for tree in trees:
            for name in filter(None, named):
                if (root / name).is_file():
                    (tree / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(root / name, tree / name)
        yield trees


def control(tree: Path, covering: Covering, faults: list[Fault]) -> None:
    """Ends the program when a test that will be asked fails with nothing planted: it would notice every fault."""
    asked = [covering.of(fault) for fault in faults]
    tests, seconds = {test for names, _ in asked for test in names}, sum(total for _, total in asked)
    if code := ask(tree, sorted(tests), START_SECONDS + SLOWNESS * seconds):
        sys.exit(f"The chosen tests fail in a copy of the tree with nothing planted (pytest answers {code}).")


def plant_all(faults: list[Fault], trees: list[Path], covering: Covering) -> Iterator[Outcome]:
    """Every fault in turn, as many at a time as there are copies; in the order of the faults."""
    free: SimpleQueue[Path] = SimpleQueue()
    for tree in trees:
        free.put(tree)

    def plant(fault: Fault) -> Outcome:
        tree = free.get()
        try:
            return _plant(fault, tree, *covering.of(fault))
        finally:
            free.put(tree)

    with ThreadPoolExecutor(len(trees)) as pool:
        yield from pool.map(plant, faults)


def _plant(fault: Fault, tree: Path, tests: list[str], seconds: float) -> Outcome:
    if not tests:
        return Outcome(fault, 0, killed=False)
    with _planted(tree / fault.path, fault.mutated()):
        code = ask(tree, tests, START_SECONDS + SLOWNESS * seconds)
    return Outcome(fault, len(tests), killed=code not in {PASSED, NOTHING_CHOSEN})


@contextmanager
def _planted(path: Path, mutated: str) -> Iterator[None]:
    """The file with the fault in it. Compiled modules are recognised by their source's second and size: every fault
    gets a second of its own, so that none is taken for the one before."""
    before, stood = path.read_bytes(), path.stat().st_mtime_ns
    path.write_text(mutated, "utf-8")
    os.utime(path, ns=(stood, stood + next(SECONDS) * 10**9))
    try:
        yield
    finally:
        path.write_bytes(before)
        os.utime(path, ns=(stood, stood))
