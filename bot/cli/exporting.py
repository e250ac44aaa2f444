"""Writing the package of a case to a file."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.domain.covering import hides
from bot.domain.trail import COMMAND_LINE

if TYPE_CHECKING:
    from bot.runtime.bootstrap import App


@dataclass(frozen=True)
class PackageWritten:
    """A package that was written: what is told of it as data and in words, and whether evidence was left out."""

    data: Mapping[str, Any]
    words: str
    left_out: bool


def write_package(app: "App", case_id: str, copies: str | None, output: Path | None) -> PackageWritten:
    """Write the package with "covered" copies or with "originals"; for None, with covered copies where evidence shows
    personal data of buyers. Raises Refusal for an unknown case, and OSError when the file cannot be written."""
    from bot.wording.exports import export_card, package_file

    judged = app.judge.judge(case_id)
    showing = [item for item in judged.context.evidence if hides(item)]
    covered = copies == "covered" or (copies is None and bool(showing))
    made = app.exporter.package(case_id, COMMAND_LINE, covered=covered)
    file = package_file(case_id, made.stored, covered=covered)
    path = output or Path(file.file_name)
    _write(app.vault.path(made.stored.sha256), path)
    card = export_card(app.localizer(app.settings.language), judged, file, made.left_out, covered=covered)
    data = {
        "file": str(path),
        "sha256": made.stored.sha256,
        "copies": "covered" if covered else "originals",
        "personal": [item.id for item in showing],
        "left_out": [{"evidence": each.item.id, "why": each.why} for each in made.left_out],
    }
    return PackageWritten(data, f"{card.plain()}\n{path}", bool(made.left_out))


def _write(package: Path, path: Path) -> None:
    """Copy the package to a file that other users of the machine cannot read."""
    with (
        package.open("rb") as source,
        os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as to,
    ):
        shutil.copyfileobj(source, to)
