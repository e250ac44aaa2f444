"""The Makefile takes an interpreter that serves, and says so before it installs when there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="no make on this machine")


def make(folder: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """make with only the interpreters of `folder` beside the system's other programs, and no environment made yet."""
    tools = folder / "tools"
    tools.mkdir(exist_ok=True)
    for name in ("make", "sh"):
        if not (tools / name).exists():
            (tools / name).symlink_to(shutil.which(name))
    own = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", "--no-print-directory", f"VENV={folder / 'venv'}", *words],
        cwd=ROOT,
        env=own | {"PATH": f"{folder}:{tools}"} | env,
        capture_output=True,
        encoding="utf-8",
    )


def interpreter(folder: Path, name: str, body: str) -> None:
    path = folder / name
    path.write_text(f"#!{shutil.which('sh')}\n{body}\n")
    path.chmod(0o755)


def test_an_older_python3_is_passed_over_for_a_newer_one_that_is_there(tmp_path: Path) -> None:
    interpreter(tmp_path, "python3", "exit 1")
    interpreter(tmp_path, "python3.12", f'exec "{sys.executable}" "$@"')
    done = make(tmp_path, "-n", "run")
    assert done.returncode == 0
    assert '"python3.12" -m venv' in done.stdout


@pytest.mark.parametrize("given", [(), ("PYTHON=python3",)])
def test_nothing_is_installed_where_no_interpreter_serves(tmp_path: Path, given: tuple[str, ...]) -> None:
    interpreter(tmp_path, "python3", "exit 1")
    done = make(tmp_path, *given, "run")
    assert done.returncode != 0 and not (tmp_path / "venv").exists()
    assert "odr-bot needs Python 3.11 to 3.14" in done.stdout and "make PYTHON=" in done.stdout


def test_the_quick_tests_of_every_version_say_when_there_is_none(tmp_path: Path) -> None:
    done = make(tmp_path, "pythons", HOME=str(tmp_path))
    assert done.returncode != 0
    assert "Python 3.13 is not on this machine" in done.stdout and "None of the versions" in done.stdout
