"""Who else may read what the program keeps: nobody."""

import os
import stat
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import Cli, anomaly, cli

__all__ = ["anomaly", "cli"]


def run(cli: Cli, *args: str) -> None:
    """The program as started by somebody whose files are open to all."""
    subprocess.run(
        [sys.executable, "-m", "bot", *args],
        cwd=cli.folder,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])} | cli.env,
        check=True,
        capture_output=True,
        umask=0o000,
    )


def open_to_others(folder: Path) -> list[str]:
    return [str(path) for path in (folder, *folder.rglob("*")) if stat.S_IMODE(path.lstat().st_mode) & 0o077]


def test_all_that_is_kept_is_for_the_own_user(cli: Cli) -> None:
    page = cli.file("page.txt", "UPS tracking\nTracking number: 1Z999AA10123456784\n")
    run(cli, "say", "here", "--file", str(page))
    run(cli, "backup", "b.zip")
    data = cli.folder / "data"
    assert (data / "odr-bot.sqlite3").exists() and list((data / "vault").glob("??/*"))
    assert open_to_others(data) == []
    assert stat.S_IMODE((cli.folder / "b.zip").stat().st_mode) == 0o600
    run(cli, "restore", "b.zip", "--force")
    assert open_to_others(data) == []


def test_what_lies_open_from_earlier_is_closed(cli: Cli) -> None:
    run(cli, "cases")
    data = cli.folder / "data"
    (data / "vault").mkdir(exist_ok=True)
    for path in (data, *data.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    run(cli, "cases")
    assert open_to_others(data) == []
