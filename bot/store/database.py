"""The database: opening it, its settings, and bringing its tables up to date."""

import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError

HEAD = "0001"
"""The newest migration; the start-up compares one row with it and loads Alembic only when they differ."""

BUSY_SECONDS = 15


class DatabaseError(Exception):
    """The database cannot be used: says why and what to do."""


def connect(url: str) -> sa.Engine:
    """An engine for SQLite (WAL, immediate transactions) or PostgreSQL. Raises DatabaseError for a bad URL."""
    try:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "postgresql":
            return sa.create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(parsed)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise DatabaseError(f"database.url: {error}") from error
    raise DatabaseError(f"database.url: expected sqlite:/// or postgresql://, not {parsed.get_backend_name()!r}")


def _sqlite(url: sa.URL) -> sa.Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    # The driver must not open transactions of its own: `_begin` does, with the lock taken at once, so that two
    # writers wait for each other instead of failing half way.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-32000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def version(engine: sa.Engine) -> str | None:
    """The migration the tables are at; None for an empty database. Raises DatabaseError when out of reach."""
    try:
        with engine.connect().execution_options(read_only=True) as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                return None
            found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
            return found
    except OperationalError as error:
        raise explain(error) from error


def upgrade(engine: sa.Engine) -> None:
    """Bring the tables to HEAD. Raises DatabaseError for tables of a newer release."""
    now = version(engine)
    if now == HEAD:
        return
    if now is not None and now > HEAD:
        raise DatabaseError(f"the database is of a newer release (tables at {now}, this program knows {HEAD})")
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, HEAD)
    except OperationalError as error:
        raise explain(error) from error


def explain(error: OperationalError | sqlite3.Error) -> DatabaseError:
    """A driver's error in words that say what to do."""
    cause = str(getattr(error, "orig", error)).strip()
    hints = {
        "locked": "another program holds the database; close it or wait a moment, then repeat",
        "readonly": "the data folder cannot be written; check its owner and permissions",
        "unable to open": "the data folder cannot be opened; check that it exists and can be written",
        "full": "the disk is full; free some space, then repeat",
        "malformed": "the file is damaged; restore the last backup",
        "connection": "the server does not answer; check that it runs and database.url",
    }
    hint = next((words for key, words in hints.items() if key in cause.lower()), "see the log")
    return DatabaseError(f"the database refused: {cause}; {hint}")
