import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.conversation.events import CommandReceived
from bot.ports.store import DatabaseError
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.settings.model import Settings
from bot.store.database import POOL, connect, upgrade
from bot.store.leases import LeaseLost, Leases
from bot.store.locking import TURNS, only_one
from tests.engine.fakes import eventually

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


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


@pytest.mark.postgres
def test_two_programs_run_the_turns_of_one_conversation_one_after_the_other(
    tmp_path: Path, postgres_url: str
) -> None:
    """The second turn waits in the database, also for another program's; another conversation does not."""
    settings = Settings(data_dir=tmp_path / "data", database={"url": postgres_url})
    apps = [App(settings, FrozenClock(NOW)).open() for _ in range(2)]
    inside, go_on, order = threading.Event(), threading.Event(), list[str]()
    route = apps[0].dispatcher.router.routes["help"]

    def slow(**arguments: object) -> object:
        inside.set()
        go_on.wait(60)
        order.append("first answered")
        return route.handler(**arguments)

    apps[0].dispatcher.router.routes["help"] = replace(route, handler=slow)
    first = apps[0].inbox.accept(said("e1", "console:ops"))
    assert inside.wait(60)
    second = apps[1].inbox.accept(said("e2", "console:ops"))
    eventually(lambda: waiting_for_a_lock(apps[0].engine) == 1)
    apps[1].inbox.receive(said("e3", "console:other"))
    order.append("elsewhere answered")
    go_on.set()
    first()
    second()
    assert order == ["elsewhere answered", "first answered"]
    with apps[0].engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT key FROM message WHERE channel = 'console:ops' ORDER BY seq")
        assert [row.key for row in rows] == ["e1#0", "e2#0"]
    for app in apps:
        app.engine.dispose()


@pytest.mark.postgres
def test_many_conversations_at_once_leave_connections_for_others(tmp_path: Path, postgres_url: str) -> None:
    app = App(Settings(data_dir=tmp_path / "data", database={"url": postgres_url}), FrozenClock(NOW)).open()
    inside, go_on = threading.Semaphore(0), threading.Event()
    route = app.dispatcher.router.routes["help"]

    def slow(**arguments: object) -> object:
        inside.release()
        go_on.wait(60)
        return route.handler(**arguments)

    app.dispatcher.router.routes["help"] = replace(route, handler=slow)
    turns = [app.inbox.accept(said(f"e{number}", f"console:c{number}")) for number in range(40)]
    assert all(inside.acquire(timeout=60) for _ in range(TURNS["pool_size"] + TURNS["max_overflow"]))
    most = sum(pool["pool_size"] + pool["max_overflow"] for pool in (TURNS, POOL))
    with app.engine.connect() as connection:
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        assert int(connection.exec_driver_sql(query).scalar_one()) <= most
    go_on.set()
    for turn in turns:
        turn()
    with app.store.unit(read_only=True) as unit:
        assert all(unit.records.has_event(f"e{number}") for number in range(40))
    app.engine.dispose()


def said(event_id: str, channel: str) -> CommandReceived:
    return CommandReceived(event_id, channel, "li", NOW, text="help")


def waiting_for_a_lock(engine: sa.Engine) -> int:
    query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    with engine.connect() as connection:
        return int(connection.exec_driver_sql(query).scalar_one())
