"""What the tables need of SQLite, whichever the system has."""

import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.store.database import connect


@pytest.mark.parametrize("make", [connect, sa.create_engine], ids=["ours", "the durable engine's"])
def test_every_connection_knows_the_time_in_milliseconds(make: object, tmp_path: Path) -> None:
    engine = make(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (n INTEGER, at REAL DEFAULT (unixepoch('subsec') * 1000))")
        before = time.time() * 1000
        connection.exec_driver_sql("INSERT INTO t (n) VALUES (1)")
        at = connection.exec_driver_sql("SELECT at FROM t").scalar_one()
    engine.dispose()
    assert before - 2 <= at <= time.time() * 1000 + 2
