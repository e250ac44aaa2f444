"""The main cards laid out in a browser: nothing is wider than a chat window. With ODR_BOT_FEISHU_PICTURES=folder the
pictures are kept, to look at."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.conversations.conftest import ORDERS
from tests.conversations.test_story import give_everything
from tests.feishu import layout
from tests.feishu.fake.world import Message
from tests.feishu.talk import FeishuTalk

pytestmark = pytest.mark.browser
TAIL = ORDERS[0][-4:]
ALONE = ("help", "cases", "shops", "odr us-1", "mising C1", "oncall")
IN_THREAD = (
    "missing",
    f"draft {TAIL}",
    "orders",
    "export",
    "timeline",
    "outlook",
    f"tag {ORDERS[0]} S1",
    f"tag {TAIL}",
)


@pytest.fixture
def lived(talk: FeishuTalk) -> list[Message]:
    """A story to look at."""
    talk.say("认领", thread="C1")
    give_everything(talk, 0)
    talk.send(("whatever.txt", "hello"), thread="C1")
    talk.says(f"tag {ORDERS[0]} S1", thread="C1")
    for words in IN_THREAD:
        talk.says(words, thread="C1")
    for words in ALONE:
        talk.say(words)
    return talk.fake.world.in_chat("oc_ops")


@pytest.mark.parametrize("locale", ["zh_cn", "en_us"])
def test_the_main_cards_fit_a_chat_window(
    lived: list[Message], browser: Browser, tmp_path: Path, locale: str
) -> None:
    place = Path(os.environ.get("ODR_BOT_FEISHU_PICTURES") or tmp_path)
    window = browser.new_page(viewport={"width": 620, "height": 900})
    window.set_content(layout.page(lived, locale))
    window.screenshot(path=place / f"feishu-{locale}.png", full_page=True)
    assert window.evaluate("document.documentElement.scrollWidth") <= 620
    window.close()
