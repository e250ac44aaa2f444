"""Locks between processes, released when the process ends: one for serving an SQLite file, one for each
conversation."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from bot.ports.store import DatabaseError
from bot.store.database import connect, explained

TURN_SECONDS = 120
WORK = {"pool_size": 1, "max_overflow": 9, "pool_timeout": TURN_SECONDS}
TURNS = {"pool_size": 2, "max_overflow": 6, "pool_timeout": TURN_SECONDS}


class Closing(Protocol):
    """A lock that can be released."""

    def close(self) -> None:
        """Release the lock; afterwards others may take it."""
        ...


class ConversationLocks:
    """Locks on conversations, so that one turn at a time runs in each, whichever process on a PostgreSQL database
    runs it. An SQLite file is served by one process, which needs no such lock."""

    def __init__(self, engine: sa.Engine) -> None:
        # Connections of its own: a turn keeps one as long as it works, and needs others for the work. Their number is
        # that of the turns at once; the others wait here, where waiting costs the server nothing.
        shared = engine.dialect.name == "postgresql"
        self._engine = connect(engine.url.render_as_string(hide_password=False), pool=TURNS) if shared else None

    @contextmanager
    def locked(self, place: str) -> Iterator[None]:
        """Wait at most TURN_SECONDS for the lock of the conversation `place` and hold it inside the block. Raises
        DatabaseError."""
        if self._engine is None:
            yield
            return
        with explained(), self._engine.begin() as connection:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{TURN_SECONDS}s'")
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(place, 0))))
            yield


class WorkLocks:
    """Locks on pieces of work that only one process at a time may do, whichever process on the database. They are
    released when the process ends, however it ends."""

    def __init__(self, engine: sa.Engine, folder: Path) -> None:
        """`folder` holds the locks of an SQLite database; on PostgreSQL the server has them."""
        self._folder = folder
        shared = engine.dialect.name == "postgresql"
        url = engine.url.render_as_string(hide_password=False)
        self._engine = connect(url, pool=WORK) if shared else None

    @contextmanager
    def held(self, name: str, seconds: float) -> Iterator[bool]:
        """Hold the lock `name` inside the block, after waiting for it up to so many seconds; gives False when another
        has it. Raises DatabaseError."""
        opened = (
            self._in_file(name, seconds) if self._engine is None else self._on_server(self._engine, name, seconds)
        )
        with opened as alone:
            yield alone

    @contextmanager
    def _in_file(self, name: str, seconds: float) -> Iterator[bool]:
        self._folder.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(
            self._folder / f"{name}.lock", timeout=seconds, check_same_thread=False, isolation_level=None
        )
        with closing(connection):
            try:
                connection.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                yield False
                return
            yield True

    @staticmethod
    @contextmanager
    def _on_server(engine: sa.Engine, name: str, seconds: float) -> Iterator[bool]:
        key = sa.func.hashtextextended(name, 0)
        # Outside of a transaction: the work may take long, and an open one would keep the server from tidying up.
        with explained(), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            end = time.monotonic() + seconds
            while not (alone := connection.scalar(sa.select(sa.func.pg_try_advisory_lock(key)))):
                if time.monotonic() >= end:
                    break
                time.sleep(0.2)
            try:
                yield bool(alone)
            finally:
                if alone:
                    connection.execute(sa.select(sa.func.pg_advisory_unlock(key)))


def only_one(engine: sa.Engine) -> Closing:
    """Lock the right to serve this database, until closed. On PostgreSQL any number of processes may serve.

    Raises DatabaseError when another process serves the SQLite file."""
    held = ExitStack()
    path = engine.url.database
    if engine.dialect.name == "sqlite" and path and path != ":memory:":
        held.enter_context(_locked(Path(f"{path}.serving")))
    return held


def _locked(path: Path) -> AbstractContextManager[sqlite3.Connection]:
    # SQLite itself takes the lock on every operating system it runs on.
    connection = sqlite3.connect(path, timeout=0, check_same_thread=False, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        connection.close()
        raise DatabaseError(str(error), "served") from error
    return closing(connection)
