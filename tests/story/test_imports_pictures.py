"""Pictures of the cards and the page of imports in the console, which make screenshots takes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bot.runtime.bootstrap import App
from bot.runtime.console import console_app
from bot.settings.model import Settings
from tests.browsing import Served
from tests.conversations.conftest import Talk, fed, settings, talk  # noqa: F401 - fixtures
from tests.conversations.exports import unwalled
from tests.signing import admit
from tests.story.imports import IMAGES, TAKEN, WHY, lived

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not TAKEN, reason=WHY)]
PREVIEW = {"en": "exports: import them?", "zh": "个导出文件，是否导入"}


@pytest.fixture
def app(settings: Settings) -> Iterator[App]:  # noqa: F811 - the fixture above
    app = fed(settings, alerted=True, exports=unwalled())
    yield app
    app.engine.dispose()


@pytest.mark.parametrize("wide", [1100, 390], ids=["desktop", "phone"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_picture_of_imports(  # the fixtures above
    talk: Talk,  # noqa: F811
    browser: Browser,
    tmp_path: Path,
    language: str,
    wide: int,
) -> None:
    talk.say(f"lang {language}")
    lived(talk)
    talk.app.outbox.drain("console:ops")
    served = Served(console_app(talk.app))
    context = browser.new_context(
        viewport={"width": wide, "height": 900}, device_scale_factor=1.5, reduced_motion="reduce"
    )
    admit(context, served.app, served.url)
    page = context.new_page()
    folder = IMAGES if wide > 390 else tmp_path
    page.goto(f"{served.url}/?channel=ops")
    page.wait_for_selector("body[data-started]")
    card = page.locator("section.card", has=page.locator("h3", has_text=PREVIEW[language])).first
    card.screenshot(path=folder / f"imports-preview-{language}.png")
    page.goto(f"{served.url}/imports")
    page.wait_for_selector("body[data-started]")
    page.screenshot(path=folder / f"imports-page-{language}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is cut off"
    context.close()
    served.stop()
