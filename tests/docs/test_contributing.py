"""The first rule and the first command of the contributing guide work when it is followed literally, on a copy of the
tree."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def follow(guide: str, tree: Path) -> None:
    """Append each block that names a file to that file."""
    for name, text in re.findall(r"^```\w+ file=(\S+)\n(.*?)^```", guide, re.DOTALL | re.MULTILINE):
        path = tree / name
        before = path.read_text("utf-8").rstrip() + "\n\n\n" if path.exists() else ""
        path.write_text(before + text, "utf-8")


@pytest.mark.parametrize(
    ("begin", "end", "tests"),
    [
        ("## Your first rule", "## Your first command", "tests/rules/test_link_https.py"),
        ("## Your first command", "## What we look at", "tests/conversations/test_site.py"),
    ],
)
def test_what_is_added_as_the_guide_says_works(tmp_path: Path, begin: str, end: str, tests: str) -> None:
    for folder in ("bot", "handlers", "templates", "config", "tests"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "shots"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    guide = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    follow(guide.partition(begin)[2].partition(end)[0], tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", tests],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0 and "..." in done.stdout, done.stdout
