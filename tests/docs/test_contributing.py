"""The first rule of the contributing guide works when the guide is followed literally, on a copy of the tree."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
RULE = "tests/rules/test_link_https.py"


def follow(guide: str, tree: Path) -> None:
    """Append each block that names a file to that file."""
    for name, text in re.findall(r"^```\w+ file=(\S+)\n(.*?)^```", guide, re.DOTALL | re.MULTILINE):
        path = tree / name
        before = path.read_text("utf-8").rstrip() + "\n\n\n" if path.exists() else ""
        path.write_text(before + text, "utf-8")


def test_the_first_rule_is_added_as_the_guide_says(tmp_path: Path) -> None:
    for folder in ("bot", "handlers", "templates", "config", "tests"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "shots"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    follow((ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Your first command")[0], tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", RULE],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0 and "..." in done.stdout, done.stdout
