"""Copies databases as a whole: our own tables alone, and no row that the durable engine would load as code."""

import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from bot.cli.foreign import copy_rows
from bot.runtime.engine_tables import EngineTables
from bot.store.database import connect, upgrade
from bot.store.tables import evidence, metadata


def copy_database(engine: sa.Engine, copy: Path) -> None:
    """Write our tables, as they are at one instant, to an SQLite file."""
    if engine.dialect.name == "postgresql":
        upgrade(target := connect(f"sqlite:///{copy}"))
        with (
            engine.connect().execution_options(isolation_level="REPEATABLE READ") as source,
            source.begin(),
            target.begin() as goal,
        ):
            copy_rows(source, goal)
    else:
        with closing(engine.raw_connection()) as pooled, closing(sqlite3.connect(copy)) as target_file:
            assert pooled.driver_connection
            pooled.driver_connection.backup(target_file)
        EngineTables(target := connect(f"sqlite:///{copy}")).drop()
        _leave_out(target)
    target.dispose()
    _settle(copy)
    engine.dispose()


def _leave_out(copy: sa.Engine) -> None:
    """Sessions and links of this installation let nobody in who finds a backup of it."""
    with copy.begin() as connection:
        for table in metadata.sorted_tables:
            if table.info.get("stays"):
                connection.execute(table.delete())


def _settle(copy: Path) -> None:
    """Leave the copy as one file, without a write-ahead log beside it and without traces of deleted rows."""
    with closing(sqlite3.connect(copy)) as finished:
        finished.execute("VACUUM")
        finished.execute("PRAGMA journal_mode=DELETE")


def _continue_numbers(connection: sa.Connection) -> None:
    """Let new rows get numbers after those that were copied."""
    for table in metadata.sorted_tables:
        if "id" in table.c and isinstance(table.c.id.type, sa.BigInteger):
            highest = sa.select(sa.func.max(table.c.id)).scalar_subquery()
            sequence = sa.func.pg_get_serial_sequence(table.name, "id")
            connection.execute(sa.select(sa.func.setval(sequence, sa.func.coalesce(highest, 0) + 1, False)))


def referenced(copy: Path) -> set[str]:
    """The SHA-256 of the originals that the copy's evidence names."""
    engine = connect(f"sqlite:///{copy}")
    with engine.connect() as connection:
        found = set(connection.scalars(sa.select(evidence.c.sha256).distinct()))
    engine.dispose()
    return found


def put_database(engine: sa.Engine, new: Path) -> str:
    """Replace the database by `new`; returns where the earlier one is kept, "" when there was none or it is
    PostgreSQL. The engine's tables are made anew at the next start: work that waited is derived from our rows."""
    if engine.dialect.name == "postgresql":
        _fill(engine, new)
        EngineTables(engine).drop()
        return ""
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


def _fill(engine: sa.Engine, new: Path) -> None:
    upgrade(engine)
    source = connect(f"sqlite:///{new}")
    with source.connect().execution_options(read_only=True) as rows, engine.begin() as target:
        copy_rows(rows, target)
        _continue_numbers(target)
    source.dispose()
