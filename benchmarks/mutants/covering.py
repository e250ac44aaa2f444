"""Which tests cover a place, and how long they take: one run under coverage, kept until the tree changes."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from xml.etree import ElementTree

from coverage import CoverageData

from benchmarks.mutants.plan import Fault

LEFT_OUT = ("-m", "not browser and not postgres and not storm and not whole", "--ignore", "tests/accuracy")
"""Tests that take too long to be asked hundreds of times: whole programs, real databases, pictures by the hundred."""
BUDGET_SECONDS = 30.0
"""What the tests of one fault may take together; the quickest go first, and what is beyond is not asked."""


@dataclass(frozen=True)
class Covering:
    """The tests with their seconds; by path and line, the numbers of the tests that run it; by path, the lines that
    run while modules are imported, for all tests alike."""

    tests: list[tuple[str, float]]
    lines: dict[str, dict[str, list[int]]]
    imported: dict[str, list[int]]

    def of(self, fault: Fault) -> tuple[list[str], float]:
        """The tests that run the fault's lines, those of the quickest files first, and their seconds together. Where
        a place runs once for many tests, those of its file, as nobody can say which of them it serves."""
        lines = self.lines.get(fault.path, {})
        once = fault.place.once or not set(self.imported.get(fault.path, ())).isdisjoint(fault.lines)
        within = lines if once else map(str, fault.lines)
        numbers = {number for line in within for number in lines.get(line, [])}
        chosen, total = defaultdict[str, list[tuple[float, str]]](list), 0.0
        for name, seconds in sorted((self.tests[number] for number in numbers), key=lambda test: (test[1], test[0])):
            if total + seconds > BUDGET_SECONDS:
                break
            total += seconds
            chosen[name.split("::")[0]].append((seconds, name))
        files = sorted(chosen.values(), key=lambda tests: sum(seconds for seconds, _ in tests) / len(tests))
        return [name for tests in files for _, name in tests], total


def covering(tree: Path, kept: Path, packages: list[str], jobs: int) -> Covering:
    """The covering of the tests in `tree`, a copy; read from the file `kept` if nothing has changed since."""
    key = _fingerprint(tree, packages)
    if kept.exists() and (found := json.loads(kept.read_text("utf-8")))["key"] == key:
        return Covering(found["tests"], found["lines"], found["imported"])
    made = _measured(tree, packages, jobs)
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(json.dumps({"key": key, **asdict(made)}), "utf-8")
    return made


def _fingerprint(tree: Path, packages: list[str]) -> str:
    digest = hashlib.sha256(repr(packages).encode())
    for top in ("bot", "handlers", "config", "templates", "tests"):
        for path in sorted((tree / top).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.relative_to(tree).as_posix().encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _measured(tree: Path, packages: list[str], jobs: int) -> Covering:
    with tempfile.TemporaryDirectory(prefix="odr-bot-covering-") as name:
        folder = Path(name)
        settings, data, times = folder / "settings", folder / "data", folder / "times.xml"
        settings.write_text(f"[run]\nsource = {','.join(packages)}\ndata_file = {data}\n", "utf-8")
        cover = ("--cov", f"--cov-config={settings}", "--cov-context=test", "--cov-report=")
        report = (f"--junitxml={times}", "-o", "junit_family=xunit1")
        command = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-n", str(jobs))
        own = os.environ | {"PYTHONPATH": str(tree)}
        if subprocess.run((*command, *LEFT_OUT, *cover, *report), cwd=tree, env=own, check=False).returncode:
            sys.exit(
                "The tests fail before anything is planted, so they could not tell a fault: make them pass first."
            )
        return _joined(tree, data, dict(_seconds(times)))


def _joined(tree: Path, file: Path, seconds: dict[str, float]) -> Covering:
    numbers = {name: number for number, name in enumerate(seconds)}
    data = CoverageData(str(file))
    data.read()
    lines: dict[str, dict[str, list[int]]] = {}
    imported: dict[str, list[int]] = {}
    for measured in data.measured_files():
        path, by_line = Path(measured).relative_to(tree).as_posix(), data.contexts_by_lineno(measured)
        imported[path] = [line for line, contexts in by_line.items() if "" in contexts]
        ran = {line: {context.rpartition("|")[0] for context in contexts} for line, contexts in by_line.items()}
        lines[path] = {
            str(line): sorted(numbers[name] for name in names & set(numbers)) for line, names in ran.items()
        }
    return Covering(list(seconds.items()), lines, imported)


def _seconds(report: Path) -> Iterator[tuple[str, float]]:
    for case in ElementTree.parse(report).iter("testcase"):
        file, within = case.get("file", ""), case.get("classname", "")
        inner = within.removeprefix(file.removesuffix(".py").replace("/", ".")).strip(".")
        yield "::".join(filter(None, (file, inner, case.get("name", "")))), float(case.get("time", "0"))
