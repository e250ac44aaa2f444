"""A fourth platform works when the guide is followed literally, on a copy of the tree."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r'^```\w+ file=(\S+)(?: below="((?:[^"\\]|\\.)*)")?\n(.*?)^```', re.DOTALL | re.MULTILINE)
CHANGED = {"bot/settings/chats.py", "bot/settings/model.py", "bot/runtime/bootstrap.py"}


def follow(guide: str, tree: Path) -> set[str]:
    """Append each block to the file that it names, or put it below the line that begins as it says. Returns the names
    of the files that were there before."""
    changed = set()
    for name, line, text in BLOCK.findall(guide):
        path = tree / name
        before = path.read_text("utf-8") if path.exists() else ""
        if before:
            changed.add(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            below(before, line.replace('\\"', '"'), text) if line else f"{before}\n\n{text}".lstrip(), "utf-8"
        )
    return changed


def below(before: str, start: str, text: str) -> str:
    lines = before.splitlines(keepends=True)
    [place] = [number for number, line in enumerate(lines) if line.startswith(start)]
    return "".join([*lines[: place + 1], text, *lines[place + 1 :]])


def test_a_fourth_platform_is_added_as_the_guide_says(tmp_path: Path) -> None:
    for folder in ("bot", "handlers", "templates", "config", "tests"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "shots"))
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "platforms.md", tmp_path / "docs")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    guide = (ROOT / "docs" / "platforms.md").read_text("utf-8").partition("## Add a fourth")[2]
    assert follow(guide, tmp_path) == CHANGED, "its folder, its tests and three files"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/notebook", "tests/platforms"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0 and "..." in done.stdout, done.stdout
