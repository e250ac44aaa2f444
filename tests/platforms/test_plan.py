"""Three platforms, one plan: every folder has the files of docs/platforms.md for its jobs, and no others."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLATFORMS = ROOT / "bot" / "platforms"
FOLDERS = sorted(path.parent for path in PLATFORMS.glob("*/__init__.py"))
PAGE = (ROOT / "docs" / "platforms.md").read_text("utf-8")
LONGEST = 300
SCENES = {"conversations", "replicas", "repeats", "fake", "browser", "pictures", "contract", "entries"}
"""What is tested beside the files: dialogues, several programs, crashes, the platform's double, the promises."""


def table(head: str) -> list[str]:
    """The first column of the table with that head."""
    rows = PAGE.split(f"| {head} |")[1].split("\n\n")[0]
    return re.findall(r"^\| `([\w/]+)` \|", rows, re.MULTILINE)


JOBS, FURTHER = table("file"), table("further file")


def job_of(name: str) -> str:
    return next((job for job in JOBS if name == job or name.startswith(f"{job}_")), "")


def files(folder: Path) -> dict[str, int]:
    """The lines of each file by its name."""
    found = folder.glob("*.py")
    return {path.stem: len(path.read_text("utf-8").splitlines()) for path in found if path.stem != "__init__"}


def strangers(names: dict[str, int], listed: set[str]) -> list[str]:
    """Files that are neither a job's, nor a further one of a job that is too long for one file, nor listed."""
    long = {job for job in JOBS if sum(lines for name, lines in names.items() if job_of(name) == job) > LONGEST}
    allowed = {name for name in names if name in JOBS or job_of(name) in long}
    own = {name.partition("_")[0] for name in listed} - set(JOBS)
    return sorted(name for name in names if name not in allowed | listed and name.partition("_")[0] not in own)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_a_platform_has_the_files_of_the_plan(folder: Path) -> None:
    listed = {name.partition("/")[2] for name in FURTHER if name.startswith(f"{folder.name}/")}
    assert strangers(files(folder), listed) == []
    assert {"platform", "sender", "events", "cards"} <= set(files(folder))


def test_the_plan_lists_no_file_that_is_not_there() -> None:
    assert len(JOBS) == 16 and {"connection", "webhook", "modals", "markup"} <= set(JOBS)
    assert [name for name in FURTHER if not (PLATFORMS / f"{name}.py").exists()] == []
    assert [job for job in JOBS if not any((folder / f"{job}.py").exists() for folder in FOLDERS)] == []


def test_a_stray_file_is_seen() -> None:
    assert strangers({"cards": 200, "cards_blocks": 150, "listening": 20}, set()) == ["listening"]
    assert strangers({"cards": 100, "cards_blocks": 150}, set()) == ["cards_blocks"]
    assert strangers({"pages": 100, "pages_board": 50, "cards": 1}, {"pages"}) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_the_tests_are_named_as_what_they_test(folder: Path) -> None:
    names = {path.stem.removeprefix("test_") for path in (ROOT / "tests" / folder.name).glob("test_*.py")}
    known = {*JOBS, *(name.partition("/")[2] for name in FURTHER), *SCENES, folder.name}
    assert [
        name for name in sorted(names) if not any(name == one or name.startswith(f"{one}_") for one in known)
    ] == []


def test_what_two_platforms_do_alike_stands_in_one_place() -> None:
    """No function of some length is there twice, whatever its name."""
    places = defaultdict(list)
    for path in sorted(PLATFORMS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and len(body := stated(node)) > 2:
                places["\n".join(map(ast.dump, body))].append(f"{path.parent.name}/{path.stem}.{node.name}")
    assert [where for where in places.values() if len(where) > 1] == []


def stated(node: "ast.FunctionDef | ast.AsyncFunctionDef") -> list[ast.stmt]:
    """The statements of a function without its docstring."""
    return node.body[1:] if ast.get_docstring(node) else node.body
