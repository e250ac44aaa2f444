"""What the tables need of SQLite, whichever the system has."""

import time
from concurrent.futures import ThreadPoolExecutor
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


def test_a_writer_waits_for_another_and_no_longer_than_it_may(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.sqlite3'}"
    patient, hasty = connect(url), connect(url, busy_seconds=0.05)
    with patient.begin() as writing:
        writing.exec_driver_sql("CREATE TABLE t (n INTEGER)")
        with pytest.raises(sa.exc.OperationalError, match="locked"), hasty.begin():
            pytest.fail("two write at once")
        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(written, patient)
            time.sleep(0.02)
            assert not done.done()
            writing.commit()
            assert done.result(20) == [1]
    with hasty.begin() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 50, "other locks are waited for too"
    patient.dispose()
    hasty.dispose()


def written(engine: sa.Engine) -> list[int]:
    """Write a number; what stands there then."""
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (1)")
        return list(connection.exec_driver_sql("SELECT n FROM t").scalars())
