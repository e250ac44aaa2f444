"""A package too large for Feishu arrives in parts, and nothing of it gets lost."""

import os
from pathlib import Path
from zipfile import ZIP_STORED, BadZipFile, ZipFile

import pytest

from bot.platforms.feishu.files_outgoing import split


def package(folder: Path, *sizes: int) -> Path:
    path = folder / "whole.zip"
    with ZipFile(path, "w", ZIP_STORED) as whole:
        for number, size in enumerate(sizes):
            whole.writestr(f"证据/{number}.png", os.urandom(size))
    return path


def entries(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as read:
        return {name: read.read(name) for name in read.namelist()}


def test_every_entry_is_in_one_part_and_no_part_is_too_large(tmp_path: Path) -> None:
    whole = package(tmp_path, *[40_000] * 7, 10, 90_000)
    parts, large = split(whole, 100_000, tmp_path)
    assert large == [] and len(parts) == 5
    assert all(part.stat().st_size <= 100_000 for part in parts)
    together = [item for part in parts for item in entries(part).items()]
    assert together == list(entries(whole).items())


def test_an_entry_too_large_on_its_own_is_named(tmp_path: Path) -> None:
    parts, large = split(package(tmp_path, 200_000, 10), 100_000, tmp_path)
    assert large == ["证据/0.png"] and [list(entries(part)) for part in parts] == [["证据/1.png"]]


def test_what_is_no_package_is_not_split(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"x" * 1000)
    with pytest.raises(BadZipFile):
        split(tmp_path / "x", 100, tmp_path)
