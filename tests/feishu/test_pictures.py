"""A picture of the cards of imports in Feishu, which make screenshots takes."""

import pytest
from playwright.sync_api import Browser

from tests.feishu import layout
from tests.feishu.talk import FeishuTalk
from tests.story.imports import IMAGES, TAKEN, WHY, lived

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not TAKEN, reason=WHY)]


@pytest.mark.parametrize("locale", ["zh_cn", "en_us"])
def test_picture_of_imports(talk: FeishuTalk, browser: Browser, locale: str) -> None:
    lived(talk)
    talk.pump()
    window = browser.new_page(viewport={"width": 620, "height": 900}, device_scale_factor=1.5)
    window.set_content(layout.page(talk.fake.world.in_chat("oc_ops"), locale))
    window.screenshot(path=IMAGES / f"imports-feishu-{locale[:2]}.png", full_page=True)
    assert window.evaluate("document.documentElement.scrollWidth") <= 620
    window.close()
