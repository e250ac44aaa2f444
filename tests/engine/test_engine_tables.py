"""What stands in the engine's tables and is not this program's: it does not run, and the work it stood for does."""

import base64
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.conversation.events import CommandReceived, to_payload
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.runtime.engine import OUTGOING, TURNS, VERSION, Engine
from bot.runtime.engine_tables import EngineTables
from bot.settings.model import Settings
from bot.settings.sections import EngineSettings
from bot.store.leases import Leases
from tests.engine.fakes import IMPATIENT, Chat, Harm, card, eventually

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


def pickled(value: object) -> str:
    return base64.b64encode(pickle.dumps(value)).decode()


def plant(app: App, workflow_id: str, **values: object) -> None:
    """A row in the engine's table, as this program's own were written before they were plain JSON."""
    row = {
        "workflow_uuid": workflow_id,
        "status": "ENQUEUED",
        "name": "turn",
        "queue_name": TURNS,
        "executor_id": "main",
        "application_version": VERSION,
        "application_name": "odr-bot",
        "recovery_attempts": 0,
        "priority": 0,
        "created_at": 1,
        "updated_at": 1,
        "serialization": "py_pickle",
    } | values
    schema = "dbos" if app.engine.dialect.name == "postgresql" else None
    table = sa.table("workflow_status", *map(sa.column, row), schema=schema)
    with app.engine.begin() as connection:
        connection.execute(table.insert().values(row))


def statuses(app: App) -> dict[str, str]:
    table = "dbos.workflow_status" if app.engine.dialect.name == "postgresql" else "workflow_status"
    with app.engine.connect().execution_options(read_only=True) as connection:
        return dict(connection.exec_driver_sql(f"SELECT workflow_uuid, status FROM {table}").all())


@contextmanager
def launched(app: App) -> Iterator[Engine]:
    leases = Leases(app.engine) if app.engine.dialect.name == "postgresql" else None
    name = leases.claim("main", forced=True) if leases else "main"
    parts = (app.inbox, app.outbox, leases, EngineTables(app.engine))
    engine = Engine(app.settings.database_url, name, *parts, IMPATIENT)
    engine.launch()
    app.engine_proxy.hand_over(engine)
    try:
        yield engine
    finally:
        app.engine_proxy.hand_over(None)
        engine.stop(patience=0)
        app.outbox.stop.clear()


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> Iterator[App]:
    sending = EngineSettings(settle_seconds=0, fallback_channel="")
    settings = Settings(data_dir=tmp_path / "data", database={"url": database_url}, engine=sending)
    app = App(settings, FrozenClock(NOW), senders={"fake": Chat()})
    app.open()
    with launched(app):
        pass
    yield app
    app.engine.dispose()


PLANTED = {
    "waits": {},
    "late": {"status": "DELAYED", "delay_until_epoch_ms": 1},
    "older": {"application_version": "1"},
    "any-version": {"application_version": None, "executor_id": None},
    "running": {"status": "PENDING"},
    "inner": {"queue_name": "_dbos_internal_queue"},
    "unnamed": {"serialization": None},
    "done": {"status": "SUCCESS", "inputs": None},
}


def test_a_pickle_in_the_live_table_does_not_run(app: App, tmp_path: Path) -> None:
    mark = tmp_path / "harm"
    harmful = pickled({"args": (Harm(mark),), "kwargs": {}})
    for name, values in PLANTED.items():
        plant(app, f"turn:{name}", **({"inputs": harmful, "output": pickled(Harm(mark))} | values))
    with launched(app) as engine:
        plant(app, "turn:meanwhile", inputs=harmful)
        plant(app, "turn:begun", inputs=harmful, status="PENDING")
        for _ in range(3):
            engine.sweep()
            engine.beat()
        # A repeat of an event loads what came of its turn.
        app.inbox.receive(CommandReceived("done", "fake:a", "li", NOW, text="help"))
        eventually(lambda: "ERROR" in (statuses(app)["turn:meanwhile"], statuses(app)["turn:begun"]))
        eventually(lambda: not {"ENQUEUED", "PENDING", "DELAYED"} & set(statuses(app).values()))
        found = statuses(app)
        engine.tidy()
    assert not mark.exists()
    assert {found[f"turn:{name}"] for name in PLANTED if name != "done"} == {"CANCELLED"}


@pytest.mark.parametrize("column", ["completed_at", "serialization", "owner_xid"])
def test_tables_that_a_migration_has_not_finished_stop_no_start(app: App, column: str) -> None:
    """The program was killed in the engine's migration, or another one is in it."""
    plant(app, "turn:waits")
    table = "dbos.workflow_status" if app.engine.dialect.name == "postgresql" else "workflow_status"
    with app.engine.begin() as connection:
        for index in sa.inspect(connection).get_indexes("workflow_status", table.rpartition(".")[0] or None):
            connection.exec_driver_sql(f"DROP INDEX {table.rpartition('.')[0]}{'.' * ('.' in table)}{index['name']}")
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP COLUMN {column}")
    assert EngineTables(app.engine).disarm(["main"]) == 1
    assert statuses(app) == {"turn:waits": "CANCELLED"}


def test_work_in_the_old_form_is_begun_anew(app: App) -> None:
    """An upgrade with work that waits, that runs and that was given up: every event is handled, every message sent,
    once."""
    at = NOW - timedelta(minutes=1)
    events = [CommandReceived(f"e{number}", f"fake:{number}", "li", at, text="help") for number in range(3)]
    with app.store.unit() as unit:
        unit.records.keep_events([(each.id, at, each.channel, each.person, to_payload(each)) for each in events])
        for number in range(2):
            unit.messages.put(f"fake:out{number}", "", f"m{number}", card(f"m{number}"), NOW)
    for number, status in enumerate(("PENDING", "ENQUEUED", "ERROR")):
        inputs = pickled({"args": (f"e{number}",), "kwargs": {}})
        plant(app, f"turn:e{number}", status=status, inputs=inputs, application_version="1")
    for number, status in enumerate(("PENDING", "ENQUEUED")):
        inputs = pickled({"args": (f"fake:out{number}",), "kwargs": {}})
        about = {"name": "send", "queue_name": OUTGOING, "queue_partition_key": f"fake:out{number}"}
        plant(app, f"send:m{number}:1", status=status, inputs=inputs, application_version="1", **about)
    chat = app.senders["fake"]
    assert isinstance(chat, Chat)
    with launched(app) as engine:
        engine.sweep()
        eventually(lambda: all(len(chat.titles(str(number))) == 1 for number in range(3)))
        eventually(lambda: [chat.titles(f"out{number}") for number in range(2)] == [["m0"], ["m1"]])
        engine.sweep()
        with app.store.unit(read_only=True) as unit:
            assert not unit.records.unhandled(NOW)
    assert all(len(chat.titles(str(number))) == 1 for number in range(3))


def test_what_another_living_program_does_is_left_to_it(app: App) -> None:
    plant(app, "turn:theirs", status="PENDING", executor_id="other", application_version="1")
    with launched(app) as engine:
        engine.beat()
        assert statuses(app)["turn:theirs"] == "PENDING"
        assert engine.tables.disarm(["other"]) == 1, "until it is dead"
    assert statuses(app)["turn:theirs"] == "CANCELLED"
