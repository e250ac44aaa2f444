"""The file of a backup: a zip with a manifest. Every size and hash is verified when writing and when reading."""

import hashlib
import re
import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.cli.foreign import printable
from bot.domain.refusal import Refusal
from bot.store.database import HEAD
from bot.store.vault import DiskVault

MANIFEST, DATABASE, ORIGINALS = "manifest.json", "database.sqlite3", "vault/"
LARGEST_MANIFEST = 100_000_000
_CHUNK = 1 << 20
_NAME = re.compile(r"database\.sqlite3|vault/[0-9a-f]{64}")
_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValidationError, NotImplementedError),
    *(RuntimeError, LookupError, ValueError, ArithmeticError),
)


class ArchiveEntry(BaseModel):
    """One file of a backup: its name, size and SHA-256."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(pattern=f"^(?:{_NAME.pattern})$")]
    size: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Manifest(BaseModel):
    """What a backup contains; `tables` is the migration at which the database is."""

    model_config = ConfigDict(extra="forbid")
    format: Literal[1] = 1
    tables: str
    files: list[ArchiveEntry] = []


def add(archive: zipfile.ZipFile, manifest: Manifest, name: str, path: Path, method: int) -> None:
    """Add a file to the backup under `name`, and its size and hash to the manifest."""
    info = zipfile.ZipInfo(name)
    info.compress_type = method
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as target:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    manifest.files.append(ArchiveEntry(name=name, size=size, sha256=digest.hexdigest()))


def add_original(archive: zipfile.ZipFile, manifest: Manifest, vault: DiskVault, sha256: str) -> bool:
    """Add an original; False for one that is altered, or was purged a moment ago."""
    try:
        if not vault.verify(sha256):
            return False
        add(archive, manifest, ORIGINALS + sha256, vault.path(sha256), zipfile.ZIP_STORED)
    except (KeyError, FileNotFoundError):
        return True
    return manifest.files[-1].sha256 == sha256


def unpack(source: Path, folder: Path) -> Manifest:
    """Unpack the backup under `folder`, verifying that each file has the size and SHA-256 of the manifest."""
    (folder / ORIGINALS).mkdir()
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _manifest(archive)
            _check_room(folder, sum(entry.size for entry in manifest.files))
            for entry in manifest.files:
                _extract(archive, entry, folder)
    except _BROKEN as error:
        raise Refusal("not_a_backup", file=source, cause=printable(str(error).partition("\n")[0])) from error
    if manifest.tables > HEAD:
        raise Refusal("backup_is_newer", file=source, found=manifest.tables, known=HEAD)
    return manifest


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    if any(info.compress_type not in _PLAIN for info in archive.infolist()):
        raise zipfile.BadZipFile("packed in a way that backups are not")
    if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
        raise zipfile.BadZipFile("the manifest is too large")
    manifest = Manifest.model_validate_json(archive.read(MANIFEST))
    names = [entry.name for entry in manifest.files]
    agree = sorted([*names, MANIFEST]) == sorted(archive.namelist()) and DATABASE in names
    if not agree or len(set(names)) < len(names):
        raise zipfile.BadZipFile("the files are not those of the manifest")
    return manifest


def _check_room(folder: Path, size: int) -> None:
    # Originals lie twice for a moment, one at a time.
    if shutil.disk_usage(folder).free < size + max(size // 10, 50_000_000):
        raise Refusal("restore_no_room", size=-(-size // 1_000_000))


def _extract(archive: zipfile.ZipFile, entry: ArchiveEntry, folder: Path) -> None:
    digest, size = hashlib.sha256(), 0
    with archive.open(entry.name) as source, (folder / entry.name).open("wb") as target:
        for chunk in _chunks(source):
            digest.update(chunk)
            size += len(chunk)
            if size > entry.size:
                break
            target.write(chunk)
    whole = size == entry.size and digest.hexdigest() == entry.sha256
    if not whole or (entry.name != DATABASE and entry.name != ORIGINALS + entry.sha256):
        raise zipfile.BadZipFile(f"{entry.name} is damaged")


def _chunks(source: Any) -> Iterator[bytes]:
    while chunk := source.read(_CHUNK):
        yield chunk
