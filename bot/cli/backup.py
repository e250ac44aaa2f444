"""Backup and restore: the database and all originals in one zip file, every hash verified on both ways.

Of a database only the rows of our own tables are put back: not the engine's, which load code, nor triggers or views.
"""

import hashlib
import os
import re
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.domain.refusal import Refusal
from bot.runtime.inherited import Inherited
from bot.settings.model import Settings
from bot.store.database import HEAD, connect, upgrade, version
from bot.store.locking import only_one
from bot.store.tables import evidence, metadata
from bot.store.vault import DiskVault

MANIFEST, DATABASE, ORIGINALS = "manifest.json", "database.sqlite3", "vault/"
LARGEST_MANIFEST = 100_000_000
ROWS = 5_000
_CHUNK = 1 << 20
_NAME = re.compile(r"database\.sqlite3|vault/[0-9a-f]{64}")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, ValidationError, NotImplementedError, RuntimeError, KeyError)

Tell = Callable[[str], None]


class Entry(BaseModel):
    """One file of a backup."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(pattern=f"^(?:{_NAME.pattern})$")]
    size: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Manifest(BaseModel):
    """What a backup holds; `tables` is the migration the database is at."""

    model_config = ConfigDict(extra="forbid")
    format: Literal[1] = 1
    tables: str
    files: list[Entry] = []


def write_backup(settings: Settings, target: Path, force: bool, tell: Tell) -> dict[str, Any]:
    """Write a backup to `target`, also while the program serves. Returns what is in it; `damaged` originals are
    left out and named, as are `missing` ones. Raises Refusal when `target` is there already and not `force`."""
    if target.exists() and not force:
        raise Refusal("backup_exists", file=target)
    engine, vault = connect(settings.database_url, settings.database.busy_seconds), DiskVault(_vault(settings))
    if (tables := version(engine)) is None:
        raise Refusal("nothing_to_back_up", folder=settings.data_dir.absolute())
    manifest = Manifest(tables=tables)
    with tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=".odr-bot-backup-") as folder:
        copy, new = Path(folder) / DATABASE, Path(folder) / "new.zip"
        tell("odr-bot: copying the database")
        _copy_database(engine, copy)
        # Originals come after the rows that name them, so that none is missing; more than needed does no harm.
        known = sorted(path.name for path in vault.root.glob("??/*"))
        with zipfile.ZipFile(new, "w", zipfile.ZIP_STORED) as archive:
            _add(archive, manifest, DATABASE, copy, zipfile.ZIP_DEFLATED)
            tell(f"odr-bot: copying {len(known)} originals")
            damaged = [sha256 for sha256 in known if not _add_original(archive, manifest, vault, sha256)]
            archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))
        _publish(new, target)
        missing = _referenced(copy) - set(known)
    sizes = sum(entry.size for entry in manifest.files)
    counts = {"file": str(target), "originals": len(manifest.files) - 1, "bytes": sizes, "tables": tables}
    return {**counts, "damaged": damaged, "missing": sorted(missing)}


def _vault(settings: Settings) -> Path:
    return settings.data_dir / "vault"


def _copy_database(engine: sa.Engine, copy: Path) -> None:
    """Our tables as they are at one instant, as an SQLite file."""
    if engine.dialect.name == "postgresql":
        upgrade(target := connect(f"sqlite:///{copy}"))
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as source, source.begin():
            _copy_rows(source, target)
    else:
        with closing(engine.raw_connection()) as pooled, closing(sqlite3.connect(copy)) as target_file:
            assert pooled.driver_connection
            pooled.driver_connection.backup(target_file)
        Inherited(target := connect(f"sqlite:///{copy}")).drop()
    target.dispose()
    _settle(copy)
    engine.dispose()


def _settle(copy: Path) -> None:
    """All in one file, without a write-ahead log beside it, and without traces of what was dropped."""
    with closing(sqlite3.connect(copy)) as finished:
        finished.execute("VACUUM")
        finished.execute("PRAGMA journal_mode=DELETE")


def _copy_rows(source: sa.Connection, target: sa.Engine) -> None:
    """Every row of every table, into tables that are empty afterwards but for them."""
    with target.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
        for table in metadata.sorted_tables:
            found = source.execution_options(yield_per=ROWS).execute(sa.select(table)).mappings()
            for rows in found.partitions():
                connection.execute(table.insert(), [dict(row) for row in rows])
        if connection.dialect.name == "postgresql":
            _continue_numbers(connection)


def _continue_numbers(connection: sa.Connection) -> None:
    """New rows get numbers after those that were copied."""
    for table in metadata.sorted_tables:
        if "id" in table.c and isinstance(table.c.id.type, sa.BigInteger):
            highest = sa.select(sa.func.max(table.c.id)).scalar_subquery()
            sequence = sa.func.pg_get_serial_sequence(table.name, "id")
            connection.execute(sa.select(sa.func.setval(sequence, sa.func.coalesce(highest, 0) + 1, False)))


def _add(archive: zipfile.ZipFile, manifest: Manifest, name: str, path: Path, method: int) -> None:
    info = zipfile.ZipInfo(name)
    info.compress_type = method
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as target:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    manifest.files.append(Entry(name=name, size=size, sha256=digest.hexdigest()))


def _add_original(archive: zipfile.ZipFile, manifest: Manifest, vault: DiskVault, sha256: str) -> bool:
    """False for an original that is not what it was, or was purged a moment ago."""
    try:
        if not vault.verify(sha256):
            return False
        _add(archive, manifest, ORIGINALS + sha256, vault.path(sha256), zipfile.ZIP_STORED)
    except (KeyError, FileNotFoundError):
        return True
    return manifest.files[-1].sha256 == sha256


def _publish(new: Path, target: Path) -> None:
    """The whole file or none: nobody finds half a backup under the name."""
    with new.open("rb+") as file:
        os.fsync(file.fileno())
    new.chmod(0o600)
    new.replace(target)


def _referenced(copy: Path) -> set[str]:
    engine = connect(f"sqlite:///{copy}")
    with engine.connect() as connection:
        found = set(connection.scalars(sa.select(evidence.c.sha256).distinct()))
    engine.dispose()
    return found


def restore_backup(settings: Settings, source: Path, force: bool, tell: Tell) -> dict[str, Any]:
    """Put everything back. All of the backup is verified before anything is changed; an SQLite database that was
    there is kept beside the new one. Raises Refusal for a file that is no whole backup, for one of a newer
    release, and for a place that is not empty unless `force`; DatabaseError while the program serves."""
    engine = connect(settings.database_url, settings.database.busy_seconds)
    vault = DiskVault(_vault(settings))
    if not force and not _is_empty(engine, vault):
        raise Refusal("restore_not_empty", folder=settings.data_dir.absolute())
    with closing(only_one(engine)), tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=".restore-") as folder:
        tell("odr-bot: verifying the backup")
        manifest = _unpack(source, Path(folder))
        copy = Path(folder) / DATABASE
        _check_database(copy, source)
        tell("odr-bot: putting everything back")
        originals = [entry.name for entry in manifest.files if entry.name != DATABASE]
        for name in originals:
            vault.put(Path(folder) / name)
            (Path(folder) / name).unlink()
        kept = _put_database(engine, copy)
    return {"originals": len(originals), "tables": HEAD, "earlier_database": kept}


def _is_empty(engine: sa.Engine, vault: DiskVault) -> bool:
    if any(vault.root.glob("??/*")):
        return False
    path = engine.url.database
    if engine.dialect.name == "sqlite" and not (path and Path(path).exists()):
        return True
    return version(engine) is None


def _unpack(source: Path, folder: Path) -> Manifest:
    """The backup's files under `folder`, each of the size and with the SHA-256 that the manifest says."""
    (folder / ORIGINALS).mkdir()
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _manifest(archive)
            _check_room(folder, sum(entry.size for entry in manifest.files))
            for entry in manifest.files:
                _extract(archive, entry, folder)
    except _BROKEN as error:
        raise Refusal("not_a_backup", file=source, cause=str(error).splitlines()[0] if str(error) else "") from error
    if manifest.tables > HEAD:
        raise Refusal("backup_is_newer", file=source, found=manifest.tables, known=HEAD)
    return manifest


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    if archive.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
        raise zipfile.BadZipFile("the manifest is too large")
    manifest = Manifest.model_validate_json(archive.read(MANIFEST))
    names = [entry.name for entry in manifest.files]
    if sorted([*names, MANIFEST]) != sorted(archive.namelist()) or DATABASE not in names:
        raise zipfile.BadZipFile("the files are not those of the manifest")
    return manifest


def _check_room(folder: Path, size: int) -> None:
    # Originals lie twice for a moment, one at a time.
    if shutil.disk_usage(folder).free < size + max(size // 10, 50_000_000):
        raise Refusal("restore_no_room", size=-(-size // 1_000_000))


def _extract(archive: zipfile.ZipFile, entry: Entry, folder: Path) -> None:
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


def _check_database(copy: Path, source: Path) -> None:
    """The copy is a whole database, and is brought to this release's tables."""
    try:
        with closing(sqlite3.connect(copy)) as database:
            [verdict] = database.execute("PRAGMA quick_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise Refusal("not_a_backup", file=source, cause=str(error)) from error
    if verdict != "ok":
        raise Refusal("not_a_backup", file=source, cause=verdict)
    engine = connect(f"sqlite:///{copy}")
    upgrade(engine)
    engine.dispose()


def _put_database(engine: sa.Engine, copy: Path) -> str:
    """Replace the database; returns where the earlier one is kept, "" when there was none or it is PostgreSQL. The
    engine's tables are made anew at the next start: work that waited is derived from our rows."""
    if engine.dialect.name == "postgresql":
        Inherited(engine).drop()
        _fill(engine, copy)
        return ""
    new = copy.with_name("new.sqlite3")
    fresh = connect(f"sqlite:///{new}")
    _fill(fresh, copy)
    fresh.dispose()
    _settle(new)
    engine.dispose()
    path = Path(str(engine.url.database))
    earlier = path.with_name(path.name + ".replaced")
    there = path.exists()
    # With its write-ahead log, which holds what is not in the file yet.
    for ending in ("", "-wal"):
        if (old := path.with_name(path.name + ending)).exists():
            old.replace(earlier.with_name(earlier.name + ending))
    path.with_name(path.name + "-shm").unlink(missing_ok=True)
    new.chmod(0o600)
    new.replace(path)
    return str(earlier) if there else ""


def _fill(engine: sa.Engine, copy: Path) -> None:
    upgrade(engine)
    source = connect(f"sqlite:///{copy}")
    with source.connect().execution_options(read_only=True) as connection:
        _copy_rows(connection, engine)
    source.dispose()
