from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.store.database import DatabaseError, connect, upgrade
from bot.store.leases import LeaseLost, Leases
from bot.store.locking import only_one


@pytest.fixture
def server(postgres_url: str) -> sa.Engine:
    engine = connect(postgres_url)
    upgrade(engine)
    return engine


def age(engine: sa.Engine, name: str, seconds: int) -> None:
    with engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE replica SET seen_at = seen_at - :ms WHERE id = :id"), {"ms": seconds * 1000, "id": name}
        )


def test_one_program_serves_a_sqlite_file(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    held = only_one(engine)
    with pytest.raises(DatabaseError) as refused:
        only_one(engine)
    assert refused.value.fault == "served"
    upgrade(engine)
    held.close()
    only_one(engine).close()


@pytest.mark.postgres
def test_any_number_serves_postgresql(server: sa.Engine) -> None:
    only_one(server)
    only_one(server).close()


@pytest.mark.postgres
def test_replicas_of_one_name_get_names_of_their_own(server: sa.Engine) -> None:
    names = [Leases(server).claim("host", forced=False) for _ in range(3)]
    assert names == ["host", "host-2", "host-3"]
    age(server, "host-2", 31)
    assert Leases(server).claim("host", forced=False) == "host-2", "the name of a dead one is free again"


@pytest.mark.postgres
def test_a_replica_that_does_not_renew_its_lease_is_dead(server: sa.Engine) -> None:
    first, second = Leases(server), Leases(server)
    first.claim("a", forced=False)
    second.claim("b", forced=False)
    assert second.dead() == []
    age(server, "a", 31)
    assert second.dead() == ["a"] and second.dead() == ["a"]
    first.beat()
    assert second.dead() == []
    first.expire()
    second.beat()
    assert second.dead() == ["a"], "who leaves is taken over from at once"


@pytest.mark.postgres
def test_a_forced_name_ends_the_other_program(server: sa.Engine) -> None:
    first, second = Leases(server), Leases(server)
    first.claim("a", forced=True)
    second.claim("a", forced=True)
    second.beat()
    with pytest.raises(LeaseLost):
        first.beat()
    first.expire()
    second.beat()
