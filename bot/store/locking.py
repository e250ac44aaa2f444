"""Locks between programs, gone with the program that holds them: on a SQLite file, and on a conversation."""

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
    """What can be given back."""

    def close(self) -> None:
        """Give it back."""
        ...


class Conversations:
    """One turn at a time in a conversation, whichever of the programs on a PostgreSQL database runs it. A SQLite file
    has one serving program, which sees to that itself."""

    def __init__(self, engine: sa.Engine) -> None:
        # Connections of its own: a turn keeps one as long as it works, and needs others for the work. Their number is
        # that of the turns at once; the others wait here, where waiting costs the server nothing.
        shared = engine.dialect.name == "postgresql"
        self._engine = connect(engine.url.render_as_string(hide_password=False), pool=TURNS) if shared else None

    @contextmanager
    def alone(self, place: str) -> Iterator[None]:
        """Wait for the conversation, for TURN_SECONDS at the most, and have it. Raises DatabaseError."""
        if self._engine is None:
            yield
            return
        with explained(), self._engine.begin() as connection:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{TURN_SECONDS}s'")
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(place, 0))))
            yield


def only_one(engine: sa.Engine) -> Closing:
    """The right to serve this database until closed; on PostgreSQL any number may.

    Raises DatabaseError when another program serves the SQLite file already.
    """
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
