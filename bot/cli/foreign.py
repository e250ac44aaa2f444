"""Takes from a database that may come from anybody the rows that our own tables can hold, and nothing else.

What runs when rows are touched (triggers, views, computed columns, tables of modules) is thrown away or refused
before the first of them is touched.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.domain.refusal import Refusal
from bot.ports.store import DatabaseError
from bot.store.database import connect, revisions, upgrade, version
from bot.store.tables import metadata
from bot.store.tables.columns import Instant

LARGEST_VALUE = 100_000_000
"""Bytes of one text or number; more would be read into memory."""
ROWS = 5_000
_RUNNING = ("trigger", "view")
_BROKEN = (sqlite3.Error, sa.exc.SQLAlchemyError, DatabaseError, ValueError, TypeError, ArithmeticError)


def sifted(copy: Path, source: Path) -> Path:
    """A new database beside `copy`, migrated to this release, with the rows of ours that `copy` holds. Raises
    Refusal, which names the backup `source`, unless `copy` is a complete database of ours with values of the right
    kinds."""
    new = copy.with_name("new.sqlite3")
    with _refused(source):
        _disarm(copy)
        foreign = connect(f"sqlite:///{copy}")
        sa.event.listen(foreign, "connect", _bound)
        if (now := version(foreign)) not in revisions():
            raise ValueError(f"tables at {now}")
        upgrade(foreign)
        _check_tables(copy)
        upgrade(fresh := connect(f"sqlite:///{new}"))
        with foreign.connect().execution_options(read_only=True) as connection, fresh.begin() as target:
            copy_rows(connection, target)
        foreign.dispose()
        fresh.dispose()
    return new


@contextmanager
def _refused(source: Path) -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        cause = str(getattr(error, "orig", None) or error).partition("\n")[0]
        raise Refusal("not_a_backup", file=source, cause=printable(cause)) from error


def printable(words: str) -> str:
    """Words that somebody else chose, without what a terminal would obey."""
    return "".join(letter for letter in words[:200] if letter.isprintable())


def _bound(connection: Any, _record: Any) -> None:
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_VALUE)


def _disarm(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as database:
        _bound(database, None)
        # No function with effects is called by what the file itself defines.
        database.execute("PRAGMA trusted_schema=OFF")
        found = database.execute("SELECT type, name FROM sqlite_master").fetchall()
        for kind, name in found:
            if kind in _RUNNING:
                database.execute(f"DROP {kind} {_quoted(name)}")
        database.commit()
        [verdict] = database.execute("PRAGMA quick_check").fetchone()
    if verdict != "ok":
        raise ValueError(verdict)


def _quoted(name: str) -> str:
    return '"' + str(name).replace('"', '""') + '"'


def _check_tables(copy: Path) -> None:
    """Raises ValueError unless each of our tables is one that only holds what was written into it."""
    with closing(sqlite3.connect(copy)) as database:
        kinds = {row[1]: row[2] for row in database.execute("PRAGMA main.table_list")}
        for table in metadata.sorted_tables:
            if kinds.get(table.name) != "table":
                raise ValueError(f"{table.name} is no table")
            columns = {row[1]: row[6] for row in database.execute(f"PRAGMA table_xinfo({_quoted(table.name)})")}
            if wrong := [column.name for column in table.columns if columns.get(column.name) != 0]:
                raise ValueError(f"{table.name}: {', '.join(wrong)}: no column that holds values")


def copy_rows(source: sa.Connection, target: sa.Connection) -> None:
    """Copy every row of every table that goes into a backup, replacing all that the target's tables held. Raises
    ValueError for a value of another kind than its column's."""
    _empty(target)
    for table in metadata.sorted_tables:
        if table.info.get("stays"):
            continue
        found = source.execution_options(yield_per=ROWS).execute(sa.select(table)).mappings()
        for rows in found.partitions():
            target.execute(table.insert(), [_fitting(table, row) for row in rows])


def _empty(target: sa.Connection) -> None:
    """Delete all rows. Lines of the audit trail cannot be deleted one by one: a whole database is put in place of
    another here, which PostgreSQL calls truncating; an SQLite file is a new one and has none."""
    if target.dialect.name == "postgresql":
        target.execute(sa.text(f"TRUNCATE {', '.join(metadata.tables)}"))
        return
    for table in reversed(metadata.sorted_tables):
        target.execute(table.delete())


def _fitting(table: sa.Table, row: Any) -> dict[str, Any]:
    for column in table.columns:
        value = row[column.name]
        if value is not None and not isinstance(value, _kinds(column.type)):
            raise ValueError(f"{table.name}.{column.name}: {type(value).__name__} where it holds {column.type}")
        if isinstance(value, str) and "\0" in value:
            raise ValueError(f"{table.name}.{column.name}: a text with a null character")
    return dict(row)


def _kinds(kind: Any) -> type | tuple[type, ...]:
    if isinstance(kind, Instant):
        return datetime
    if isinstance(kind, sa.JSON):
        return object
    found = kind.python_type
    return (int, float) if found is float else found
