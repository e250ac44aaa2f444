import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.conversation.events import CommandReceived, to_payload
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.runtime.engine import Engine
from bot.runtime.engine_tables import EngineTables
from bot.runtime.intervals import Intervals
from bot.settings.model import Settings
from bot.settings.sections import EngineSettings
from bot.store.leases import Leases
from bot.store.unit import Store
from tests.engine.fakes import IMPATIENT, Beginning, Chat, card, eventually

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[App]:
    settings = Settings(
        data_dir=tmp_path / "data",
        database={"url": database_url},
        engine=EngineSettings(settle_seconds=0, fallback_channel=""),
    )
    app = App(settings, FrozenClock(NOW), senders={"fake": Chat()})
    app.open()
    yield app
    app.engine.dispose()


@pytest.fixture
def chat(app: App) -> Chat:
    return app.senders["fake"]  # type: ignore[return-value]


@pytest.fixture
def intervals() -> Intervals:
    return IMPATIENT


@pytest.fixture
def engine(app: App, intervals: Intervals) -> Iterator[Engine]:
    leases = Leases(app.engine) if app.engine.dialect.name == "postgresql" else None
    name = leases.claim("one", forced=False) if leases else "main"
    engine = Engine(
        app.settings.database_url, name, app.inbox, app.outbox, leases, EngineTables(app.engine), intervals
    )
    engine.launch()
    app.engine_proxy.hand_over(engine)
    yield engine
    engine.stop(patience=0)


def put(app: App, words: str, store: Store | None = None) -> None:
    with (store or app.store).unit() as unit:
        unit.messages.put("fake:a", "", words, card(words), app.clock.now())


def workflows(app: App) -> dict[str, str]:
    table = "dbos.workflow_status" if app.engine.dialect.name == "postgresql" else "workflow_status"
    with app.engine.connect().execution_options(read_only=True) as connection:
        return dict(connection.exec_driver_sql(f"SELECT workflow_uuid, status FROM {table}").all())


def test_a_change_and_its_sending_are_one_transaction(engine: Engine, app: App, chat: Chat) -> None:
    with pytest.raises(RuntimeError), app.store.unit() as unit:
        unit.messages.put("fake:a", "", "lost", card("lost"), NOW)
        raise RuntimeError("rolled back")
    assert workflows(app) == {}
    put(app, "kept")
    assert list(workflows(app)) == ["send:kept:1"]
    eventually(lambda: chat.titles() == ["kept"])


def test_what_a_command_has_written_beside_the_engine_is_swept_up(engine: Engine, app: App, chat: Chat) -> None:
    chat.gate = threading.Event()
    put(app, "from a command", Store(app.engine))
    engine.sweep()
    engine.sweep()
    assert len(workflows(app)) == 1, "what is in somebody's hands is not enqueued twice"
    chat.gate.set()
    eventually(lambda: chat.titles() == ["from a command"])


def test_a_turn_runs_once_however_often_it_comes(engine: Engine, app: App, chat: Chat) -> None:
    event = CommandReceived("e1", "fake:a", "li", NOW, text="help")
    for _ in range(2):
        app.inbox.receive(event)
    assert workflows(app)["turn:e1"] == "SUCCESS"
    eventually(lambda: len(chat.titles()) == 1)


def test_an_event_kept_by_a_program_that_died_is_handled(engine: Engine, app: App, chat: Chat) -> None:
    event = CommandReceived("e1", "fake:a", "li", NOW - timedelta(minutes=1), text="help")
    with app.store.unit() as unit:
        unit.records.keep_events([(event.id, event.at, event.channel, event.person, to_payload(event))])
    engine.sweep()
    eventually(lambda: len(chat.titles()) == 1)


@pytest.mark.parametrize("intervals", [replace(IMPATIENT, attempts=1)])
def test_a_turn_that_was_given_up_is_begun_anew_later(
    app: App, chat: Chat, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.inbox, "handle", lambda event: 1 / 0)
    early = CommandReceived("e1", "fake:a", "li", NOW - timedelta(minutes=1), text="help")
    with pytest.raises(Exception, match=r"e1|retries|division"):
        app.inbox.receive(early)
    eventually(lambda: workflows(app)["turn:e1"] == "ERROR")
    monkeypatch.undo()
    engine.sweep()
    eventually(lambda: len(chat.titles()) == 1)
    assert sum(name.startswith("again:e1:") for name in workflows(app)) == 1


def test_what_was_dropped_half_way_is_taken_up_again(engine: Engine, app: App, chat: Chat) -> None:
    """As after an absence of the database: the row says that this program is at work, and nobody is."""
    begun_by(app, engine, engine.replica)
    put(app, "dropped")
    assert workflows(app)["send:dropped:1"] == "PENDING"
    engine.beat()
    assert chat.titles() == [], "it might just be about to begin"
    engine.beat()
    eventually(lambda: chat.titles() == ["dropped"])


def test_work_of_a_dead_replica_is_taken_over(engine: Engine, app: App, chat: Chat) -> None:
    """The contract of the private call the engine relies on: pending work of the named replica, and no other, is
    run by this one; a second call changes nothing."""
    if not engine.replicas:
        pytest.skip("SQLite has one program")
    for name in ("dead", "alive"):
        Leases(app.engine).claim(name, forced=False)
    with app.engine.begin() as connection:
        connection.execute(sa.text("UPDATE replica SET seen_at = seen_at - 31000 WHERE id = 'dead'"))
    for replica in ("dead", "alive"):
        begun_by(app, engine, replica)
        with app.store.unit() as unit:
            unit.messages.put(f"fake:{replica}", "", replica, card(f"of the {replica}"), NOW)
    engine.beat()
    engine.beat()
    eventually(lambda: chat.titles("dead") == ["of the dead"])
    assert chat.titles("alive") == [] and workflows(app)["send:alive:1"] == "PENDING"


def begun_by(app: App, engine: Engine, replica: str) -> None:
    """What is enqueued from here on looks as if that replica had begun it, before anybody else sees it."""

    class Begun(Beginning):
        def enqueue(self, connection: sa.Connection, touched: Mapping[str, tuple[str, bool]]) -> None:
            engine.enqueue(connection, touched)
            table = "dbos.workflow_status" if app.engine.dialect.name == "postgresql" else "workflow_status"
            pending = f"UPDATE {table} SET status = 'PENDING', executor_id = :id WHERE status = 'ENQUEUED'"
            connection.execute(sa.text(pending), {"id": replica})

    app.engine_proxy.hand_over(Begun(engine.begin))


def test_finished_work_is_forgotten_after_some_days(engine: Engine, app: App, chat: Chat) -> None:
    put(app, "old")
    eventually(lambda: workflows(app).get("send:old:1") == "SUCCESS")
    engine.tidy()
    assert workflows(app), "not before"
    table = "dbos.workflow_status" if engine.replicas else "workflow_status"
    week = 7 * 86_400_000
    with app.engine.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE {table} SET created_at = created_at - {week}, completed_at = completed_at - {week}"
        )
    engine.tidy()
    assert workflows(app) == {}
