"""The package of a case, written to a file: covered copies unless the originals are asked for."""

import zipfile
from pathlib import Path

from tests.cli.conftest import Cli, evidence_files


def whole(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return b"".join(map(archive.read, archive.namelist()))


def test_the_package_is_written_as_it_was_asked_for(anomaly: Cli) -> None:
    written = anomaly.json("export", "C1")
    assert (written["file"], written["copies"], written["personal"]) == ("C1.zip", "originals", [])
    page = evidence_files(anomaly)[0]
    page.write_text(f"{page.read_text()}Recipient: Mary Smith\n")
    assert anomaly("say", "evidence", "--thread", "C1", "--file", page).exit_code == 0
    written = anomaly.json("export", "c1")
    assert (written["file"], written["copies"], written["personal"]) == ("C1-covered.zip", "covered", ["E1"])
    path = anomaly.folder / "C1-covered.zip"
    assert b"Mary Smith" not in whole(path) and b"Picked up" in whole(path)
    assert path.stat().st_mode & 0o077 == 0
    told = anomaly("export", "C1", "--originals", "--output", "all.zip")
    assert b"Mary Smith" in whole(anomaly.folder / "all.zip") and "Mary Smith" in told.stdout
    assert anomaly("export", "C9").exit_code == 1
