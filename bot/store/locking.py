"""Locks between processes, released when the process ends: one for serving an SQLite file, one for each
conversation."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from bot.ports.store import DatabaseError
from bot.store.database import connect, explained

TURN_SECONDS = 120
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
