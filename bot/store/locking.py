"""One serving program on a SQLite file: a lock of the operating system, gone with the program that holds it."""

import sqlite3
import sys
from contextlib import AbstractContextManager, ExitStack, closing
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from bot.store.database import DatabaseError

OLDEST = (3, 42)


class Closing(Protocol):
    """What can be given back."""

    def close(self) -> None:
        """Give it back."""
        ...


def only_one(engine: sa.Engine) -> Closing:
    """The right to serve this database until closed; on PostgreSQL any number may.

    Raises DatabaseError when another program serves the SQLite file already.
    """
    held = ExitStack()
    path = engine.url.database
    if engine.dialect.name == "sqlite" and path and path != ":memory:":
        _check_sqlite()
        held.enter_context(_locked(Path(f"{path}.serving")))
    return held


def _check_sqlite() -> None:
    if sys.version_info >= (3, 12) and sqlite3.sqlite_version_info < OLDEST:
        raise DatabaseError(
            f"SQLite {sqlite3.sqlite_version} is too old for this Python: use Python 3.11, or SQLite 3.42 or newer"
        )


def _locked(path: Path) -> AbstractContextManager[sqlite3.Connection]:
    # SQLite itself takes the lock on every operating system it runs on.
    connection = sqlite3.connect(path, timeout=0, check_same_thread=False, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        connection.close()
        raise DatabaseError(str(error), "served") from error
    return closing(connection)
