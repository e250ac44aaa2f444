from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.domain.teams import LOCAL
from bot.platforms.console.platform import create_app
from bot.ports.door import Door
from bot.services.sessions import Sessions
from bot.services.sign_in import SignIn
from bot.store.console import ConsoleLog
from bot.store.database import connect
from bot.store.tables import metadata
from bot.store.unit import Store
from bot.wording.phrases import Phrases
from tests.browsing import Served
from tests.console.fakes import NOW, FakeCore
from tests.signing import admit, session_cookie

TEMPLATES = Path(__file__).parents[2] / "templates"
SAME_ORIGIN = {"origin": "http://127.0.0.1", "sec-fetch-site": "same-origin"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright keeps an event loop running in this thread; others start their own."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture
def entries(tmp_path: Path) -> ConsoleLog:
    engine = connect(f"sqlite:///{tmp_path}/console.db")
    metadata.create_all(engine)
    return ConsoleLog(engine)


@pytest.fixture
def core(tmp_path: Path, entries: ConsoleLog, phrases: Phrases) -> FakeCore:
    (tmp_path / "uploads").mkdir()
    return FakeCore(tmp_path / "uploads", entries, phrases)


@pytest.fixture(scope="session")
def phrases() -> Phrases:
    return Phrases(TEMPLATES)


@pytest.fixture
def roles() -> dict[str, str]:
    """What people may do; who does not stand here cannot come in."""
    return {LOCAL: "admin", "li": "member", "wang": "lead"}


@pytest.fixture
def door(core: FakeCore, tmp_path: Path, entries: ConsoleLog, roles: dict[str, str]) -> Door:
    units = Store(connect(f"sqlite:///{tmp_path}/console.db")).unit
    sessions = Sessions(units, core, lambda person: roles.get(person, ""), timedelta(hours=72), timedelta(days=30))
    return Door(sessions, SignIn(units, core, sessions))


@pytest.fixture
def make_app(core: FakeCore, entries: ConsoleLog, door: Door) -> Callable[..., Starlette]:
    def make(**options: object) -> Starlette:
        return create_app(core.host, core, entries, door, TEMPLATES / "console", **{"poll_seconds": 0.05, **options})

    return make


@pytest.fixture
def client(make_app: Callable[..., Starlette]) -> TestClient:
    """A browser that is signed in."""
    web = make_app()
    return TestClient(
        web,
        cookies=session_cookie(web),
        base_url="http://127.0.0.1",
        headers=SAME_ORIGIN,
        follow_redirects=False,
        raise_server_exceptions=False,
    )


@pytest.fixture
def served(make_app: Callable[..., Starlette]) -> Iterator[Served]:
    server = Served(make_app())
    yield server
    server.stop()


@pytest.fixture
def page(context: BrowserContext, served: Served) -> Iterator[Page]:
    admit(context, served.app, served.url)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda m: problems.append(m.text) if "Content Security Policy" in m.text else None)
    page.clock.install(time=NOW)
    page.goto(served.url)
    page.wait_for_selector("body[data-started]")
    yield page
    assert problems == []
