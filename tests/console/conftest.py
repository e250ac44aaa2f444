import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from starlette.applications import Starlette
from starlette.testclient import TestClient

from bot.platforms.console.server import ConsoleServer
from bot.platforms.console.web import create_app
from bot.store.console import ConsoleLog
from bot.store.database import connect
from bot.store.tables import metadata
from bot.wording.phrases import Phrases
from tests.browser import ARGUMENTS, find_chromium
from tests.console.fakes import NOW, FakeDesk

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
def desk(tmp_path: Path, entries: ConsoleLog) -> FakeDesk:
    (tmp_path / "uploads").mkdir()
    return FakeDesk(tmp_path / "uploads", entries)


@pytest.fixture(scope="session")
def phrases() -> Phrases:
    return Phrases(TEMPLATES)


@pytest.fixture
def make_app(desk: FakeDesk, entries: ConsoleLog, phrases: Phrases) -> Callable[..., Starlette]:
    def make(**options: object) -> Starlette:
        options = {"poll_seconds": 0.05, "wrong_token_seconds": 0, **options}
        return create_app(desk, entries, phrases, TEMPLATES / "console", **options)

    return make


@pytest.fixture
def client(make_app: Callable[..., Starlette]) -> TestClient:
    return TestClient(
        make_app(),
        base_url="http://127.0.0.1",
        headers=SAME_ORIGIN,
        follow_redirects=False,
        raise_server_exceptions=False,
    )


class Served:
    """An application behind a real socket on a free port."""

    def __init__(self, app: Starlette) -> None:
        self._server = ConsoleServer(app)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        limit = time.monotonic() + 10
        while not self._server.started:
            assert time.monotonic() < limit and self._thread.is_alive()
            time.sleep(0.005)
        self.url = self._server.address

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        assert not self._thread.is_alive()


@pytest.fixture
def served(make_app: Callable[..., Starlette]) -> Iterator[Served]:
    server = Served(make_app())
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = find_chromium(playwright)
        if path is None:
            words = "no Chromium: set ODR_BOT_CHROMIUM, install chromium, or run playwright install chromium"
            pytest.fail(words) if os.environ.get("CI") else pytest.skip(words)
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1200, "height": 800}, locale="en-GB")
    context.set_default_timeout(8000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, served: Served) -> Iterator[Page]:
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda m: problems.append(m.text) if "Content Security Policy" in m.text else None)
    page.clock.install(time=NOW)
    page.goto(served.url)
    page.wait_for_selector("body[data-started]")
    yield page
    assert problems == []
