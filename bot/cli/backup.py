"""Backup and restore: the database and all originals in one zip file, every hash verified on both ways.

Of a database only the rows of our own tables are put back: not the engine's, which load code, nor triggers or views.
"""

import os
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.cli.archive import DATABASE, MANIFEST, Manifest, add, add_original, unpack
from bot.cli.copying import copy_database, put_database, referenced
from bot.cli.foreign import sifted
from bot.cli.standing import Standing, keep, standing
from bot.domain.refusal import Refusal
from bot.ports.store import DatabaseError
from bot.runtime.clock import FrozenClock, SystemClock
from bot.services.trail import Actors
from bot.settings.model import Settings
from bot.store.database import HEAD, connect, version
from bot.store.locking import only_one
from bot.store.unit import Store
from bot.store.vault import DiskVault

Tell = Callable[[str], None]


def write_backup(settings: Settings, target: Path, force: bool, tell: Tell) -> dict[str, Any]:
    """Write a backup to `target`, also while the program serves. Returns what is in it; `damaged` originals are
    left out and named, as are `missing` ones. Raises Refusal when `target` is there already and not `force`."""
    if target.exists() and not force:
        raise Refusal("backup_exists", file=target)
    engine, vault = connect(settings.database_url, settings.database.busy_seconds), DiskVault(_vault(settings))
    if (tables := version(engine)) is None:
        raise Refusal("nothing_to_back_up", folder=settings.data_dir.absolute())
    manifest = Manifest(tables=tables)
    if tables == HEAD:
        try:
            _note(settings, engine, {"file": target.name})
        except DatabaseError as error:
            # A disk that is full or takes no more is the best of reasons for a backup.
            tell(f"odr-bot: the audit trail does not get this backup's line: {error}")
    with tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=".odr-bot-backup-") as folder:
        copy, new = Path(folder) / DATABASE, Path(folder) / "new.zip"
        tell("odr-bot: copying the database")
        copy_database(engine, copy)
        # Originals come after the rows that name them, so that none is missing; more than needed does no harm.
        known = sorted(path.name for path in vault.root.glob("??/*"))
        with zipfile.ZipFile(new, "w", zipfile.ZIP_STORED) as archive:
            add(archive, manifest, DATABASE, copy, zipfile.ZIP_DEFLATED)
            tell(f"odr-bot: copying {len(known)} originals")
            damaged = [sha256 for sha256 in known if not add_original(archive, manifest, vault, sha256)]
            archive.writestr(MANIFEST, manifest.model_dump_json(indent=1))
        _publish(new, target)
        missing = referenced(copy) - set(known)
    sizes = sum(entry.size for entry in manifest.files)
    counts = {"file": str(target), "originals": len(manifest.files) - 1, "bytes": sizes, "tables": tables}
    return {**counts, "damaged": damaged, "missing": sorted(missing)}


def _vault(settings: Settings) -> Path:
    return settings.data_dir / "vault"


def _note(settings: Settings, engine: sa.Engine, values: dict[str, Any]) -> None:
    """Leave a line in the audit trail of the database: a backup's is in the backup too."""
    clock = FrozenClock(settings.now) if settings.now else SystemClock()
    with Store(engine, actor=Actors(clock)).unit() as unit:
        unit.trail.note("database", values)


def _publish(new: Path, target: Path) -> None:
    """Give the finished backup its name, so that nobody ever finds half a backup under it."""
    with new.open("rb+") as file:
        os.fsync(file.fileno())
    new.chmod(0o600)
    new.replace(target)


def restore_backup(settings: Settings, source: Path, force: bool, tell: Tell) -> dict[str, Any]:
    """Restore a backup. All of it is verified before anything is changed; an SQLite database that was there is
    kept beside the new one, and the roles that it held go on to count. Raises Refusal for a file that is no complete
    backup, for one of a newer release, and for a place that is not empty unless `force`; DatabaseError while the
    program serves."""
    engine = connect(settings.database_url, settings.database.busy_seconds)
    vault = DiskVault(_vault(settings))
    empty = _is_empty(engine, vault)
    if not force and not empty:
        raise Refusal("restore_not_empty", folder=settings.data_dir.absolute())
    with closing(only_one(engine)), tempfile.TemporaryDirectory(dir=settings.data_dir, prefix=".restore-") as folder:
        tell("odr-bot: verifying the backup")
        manifest = unpack(source, Path(folder))
        new = sifted(Path(folder) / DATABASE, source)
        tell("odr-bot: putting everything back")
        before = Standing() if empty else _standing(engine)
        originals = [entry.name for entry in manifest.files if entry.name != DATABASE]
        for name in originals:
            vault.put(Path(folder) / name)
            (Path(folder) / name).unlink()
        kept = put_database(engine, new)
        roles = keep(engine, before).roles
    _note(settings, engine, {"file": source.name, "originals": len(originals)})
    told = {"roles": roles, "roles_from": "before" if before.memberships else "backup"}
    return {"originals": len(originals), "tables": HEAD, "earlier_database": kept} | told


def _standing(engine: sa.Engine) -> Standing:
    """The roles of the database that is replaced; none when it cannot be read, which is a reason to replace it."""
    try:
        return standing(engine)
    except (DatabaseError, sa.exc.DatabaseError):
        return Standing()


def _is_empty(engine: sa.Engine, vault: DiskVault) -> bool:
    if any(vault.root.glob("??/*")):
        return False
    path = engine.url.database
    if engine.dialect.name == "sqlite" and not (path and Path(path).exists()):
        return True
    return version(engine) is None
