"""A served console and the browser that looks at it."""

import os
import threading
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from starlette.applications import Starlette

from bot.platforms.console.server import ConsoleServer
from tests.browser import ARGUMENTS, find_chromium
from tests.signing import session_cookie

PATIENCE_SECONDS = 60
expect.set_options(timeout=PATIENCE_SECONDS * 1000)


class Served:
    """An application behind a real socket on a free port."""

    def __init__(self, app: Starlette, port: int = 0) -> None:
        self.app = app
        self._server = ConsoleServer(app, port=port)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        limit = time.monotonic() + PATIENCE_SECONDS
        while not self._server.started:
            assert time.monotonic() < limit and self._thread.is_alive()
            time.sleep(0.005)
        self.url = self._server.address
        self.cookies = session_cookie(app, self.url)
        """Those of a browser that is signed in."""

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive()


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
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    yield context
    context.close()
