"""Copies databases as a whole: our own tables alone, and no row that the durable engine would load as code."""

import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from bot.domain.refusal import Refusal
from bot.runtime.engine_tables import EngineTables
from bot.store.database import connect, upgrade
from bot.store.tables import evidence, metadata

ROWS = 5_000


def copy_database(engine: sa.Engine, copy: Path) -> None:
    """Write our tables, as they are at one instant, to an SQLite file."""
    if engine.dialect.name == "postgresql":
        upgrade(target := connect(f"sqlite:///{copy}"))
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as source, source.begin():
            _copy_rows(source, target)
    else:
        with closing(engine.raw_connection()) as pooled, closing(sqlite3.connect(copy)) as target_file:
            assert pooled.driver_connection
            pooled.driver_connection.backup(target_file)
        EngineTables(target := connect(f"sqlite:///{copy}")).drop()
    target.dispose()
    _settle(copy)
    engine.dispose()


def _settle(copy: Path) -> None:
    """Leave the copy as one file, without a write-ahead log beside it and without traces of deleted rows."""
    with closing(sqlite3.connect(copy)) as finished:
        finished.execute("VACUUM")
        finished.execute("PRAGMA journal_mode=DELETE")


def _copy_rows(source: sa.Connection, target: sa.Engine) -> None:
    """Copy every row of every table, replacing what the target's tables held."""
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


def check_database(copy: Path, source: Path) -> None:
    """Raises Refusal unless the copy is a complete database, and migrates its tables to this release."""
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


def put_database(engine: sa.Engine, copy: Path) -> str:
    """Replace the database; returns where the earlier one is kept, "" when there was none or it is PostgreSQL. The
    engine's tables are made anew at the next start: work that waited is derived from our rows."""
    if engine.dialect.name == "postgresql":
        EngineTables(engine).drop()
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
