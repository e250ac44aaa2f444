"""A picture of the cards of imports in Slack, which make screenshots takes."""

import pytest
from playwright.sync_api import Browser

from tests.slack import layout
from tests.slack.talk import SlackTalk
from tests.story.imports import IMAGES, TAKEN, WHY, lived

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not TAKEN, reason=WHY)]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_picture_of_imports(talk: SlackTalk, browser: Browser, language: str) -> None:
    talk.say(f"lang {language}")
    lived(talk)
    talk.turns.finish()
    window = browser.new_page(viewport={"width": 760, "height": 900}, device_scale_factor=1.5)
    window.set_content(layout.page(talk.world.shown(), [], {}))
    window.screenshot(path=IMAGES / f"imports-slack-{language}.png", full_page=True)
    assert window.evaluate("document.documentElement.scrollWidth") <= 760
    window.close()
