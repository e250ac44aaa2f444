"""Opening the database, setting up its connections, and migrating its tables."""

import re
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DataError, IntegrityError, NoSuchModuleError, ProgrammingError

from bot.ports.store import DatabaseError

HEAD = "0025"
"""The newest migration; the start-up compares one row with it and loads Alembic only when they differ."""

CONNECT_SECONDS = 10
LOOK_SECONDS = 0.005
POOL = {"pool_size": 5, "max_overflow": 5, "pool_timeout": 60}
"""A server lets in a hundred connections by default, and several programs share them."""
EXPECTED = "expected sqlite:////folder/file or postgresql://user:password@host/name, with @ in a password as %40"
_MIGRATIONS = Path(__file__).parent / "migrations"
_FAULTS = {
    "locked": r"locked|busy|lock timeout",
    "read_only": r"readonly|read-only|permission denied",
    "no_folder": r"unable to open",
    "full": r"full|no space|disk i/o|could not (?:extend|write)",
    "damaged": r"malformed|not a database|corrupt|invalid page",
    "no_tables": r"no such (?:table|column)",
    "unreachable": r"connect|resolve|terminat|server closed|timeout|authentication",
}


def connect(url: str, busy_seconds: float = 30, pool: Mapping[str, int] = POOL) -> sa.Engine:
    """An engine for SQLite (WAL, immediate transactions, waits `busy_seconds` for another writer) or PostgreSQL,
    where `pool` limits the connections in use at once. Raises DatabaseError for a bad URL, without repeating it: it
    may hold a password."""
    try:
        parsed = sa.make_url(url)
        kind = parsed.get_backend_name()
        if kind == "postgresql" and "@" not in (parsed.host or ""):
            return _postgresql(parsed, pool)
        if kind == "sqlite":
            return _sqlite(parsed, busy_seconds)
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise DatabaseError(f"database.url: {EXPECTED}") from error
    except OSError as error:
        raise DatabaseError(f"database.url: {error.filename}: {error.strerror}", "no_folder") from error
    raise DatabaseError(f"database.url: {EXPECTED}")


def _postgresql(url: sa.URL, pool: Mapping[str, int]) -> sa.Engine:
    waits = {} if "connect_timeout" in url.query else {"connect_timeout": CONNECT_SECONDS}
    name = url.set(drivername="postgresql+psycopg")
    return sa.create_engine(name, connect_args=waits, pool_pre_ping=True, **pool)


def _sqlite(url: sa.URL, busy_seconds: float) -> sa.Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, connect_args={"timeout": busy_seconds, "check_same_thread": False})
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", partial(_begin, busy_seconds))
    return engine


@sa.event.listens_for(sa.Engine, "connect")
def _complete(connection: Any, _record: Any) -> None:
    # For every engine of the process, the durable engine's own too: on Python 3.12 and newer its tables and
    # statements call unixepoch('subsec'), which SQLite has since 3.42; Debian 12 and Ubuntu 22.04 have an older one.
    if isinstance(connection, sqlite3.Connection) and sqlite3.sqlite_version_info < (3, 42):
        connection.create_function("unixepoch", 1, _seconds_since_1970)


def _seconds_since_1970(_modifier: str) -> float:
    return time.time_ns() // 1_000_000 / 1000


def _prepare(connection: Any, _record: Any) -> None:
    # The driver must not open transactions of its own: `_begin` does, with the lock taken at once, so that two
    # writers wait for each other instead of failing half way.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-32000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(busy_seconds: float, connection: sa.Connection) -> None:
    if connection.get_execution_options().get("read_only", False):
        connection.exec_driver_sql("BEGIN")
        return
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    end = time.monotonic() + busy_seconds
    # SQLite itself looks only every tenth of a second whether the lock is free, and whoever writes much, as an import
    # does, has it again by then.
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        while _busy(driver) and time.monotonic() < end:
            time.sleep(LOOK_SECONDS)
        if not driver.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        driver.execute(f"PRAGMA busy_timeout = {int(busy_seconds * 1000)}")


def _busy(driver: sqlite3.Connection) -> bool:
    """Try to begin to write; tells whether somebody else is writing. What else is wrong shows when it is tried
    again."""
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
    return False


def version(engine: sa.Engine) -> str | None:
    """The migration at which the tables are; None for an empty database. Raises DatabaseError when it is out of
    reach."""
    try:
        with explained(), engine.connect().execution_options(read_only=True) as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                return None
            found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
            return found
    except ProgrammingError as error:
        raise DatabaseError(f"database.url: {error.orig}") from error


def revisions() -> set[str]:
    """All migrations that this release knows."""
    return {path.name.partition("_")[0] for path in (_MIGRATIONS / "versions").glob("[0-9]*.py")}


def upgrade(engine: sa.Engine) -> None:
    """Migrate the tables to the newest revision. Raises DatabaseError for tables of a newer release."""
    now = version(engine)
    if now == HEAD:
        return
    if now is not None and now > HEAD:
        raise DatabaseError(
            f"the database is of a newer release (tables at {now}, this program knows {HEAD}): install that release"
        )
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with explained(), engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, HEAD)


@contextmanager
def explained() -> Iterator[None]:
    """Inside the block, driver errors about the database itself (not about a statement) are raised as
    DatabaseError."""
    try:
        yield
    except (IntegrityError, ProgrammingError, DataError):
        raise
    except sa.exc.DBAPIError as error:
        raise explain(error) from error


def explain(error: sa.exc.DBAPIError) -> DatabaseError:
    """The DatabaseError for a driver's error, with the name of the fault under which people are told what to do."""
    cause = " ".join(str(error.orig).split())
    fault = next((name for name, signs in _FAULTS.items() if re.search(signs, cause, re.IGNORECASE)), "other")
    return DatabaseError(f"the database refused: {cause}", fault)
