"""The main cards laid out in a browser: nothing is wider than a chat window. With ODR_BOT_SLACK_PICTURES=folder the
pictures are kept, to look at."""

import base64
import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.conversations.conftest import ORDERS, buttons, forms
from tests.conversations.test_story import give_everything
from tests.slack import layout
from tests.slack.fake.world import BOT, Json
from tests.slack.talk import SlackTalk

pytestmark = pytest.mark.browser
TAIL = ORDERS[0][-4:]


def live(talk: SlackTalk, language: str) -> list[Json]:
    """A story to look at; the modals that were opened on the way."""
    talk.say(f"lang {language}")
    talk.press(next(iter(buttons(talk.in_slot("C1:headline", "C1")).values())))
    talk.say("reminders off C1")
    give_everything(talk, 0)
    talk.send(("whatever.txt", "hello"), thread="C1")
    talk.say(f"tag {ORDERS[0]} S1", thread="C1")
    shown = [
        card
        for words in ("missing", f"draft {TAIL}", "orders", "export", "timeline", "outlook", "result", f"tag {TAIL}")
        for card in talk.says(words, thread="C1")
    ]
    for words in ("help", "cases", "shops", "odr us-1", "mising C1"):
        talk.say(words)
    talk.people.open_home(talk.user)
    found = [talk.open(form).view for card in shown for form in forms(card)]
    home = talk.world.until(lambda: talk.world.homes.get(talk.user)).view
    return [*found, home]


def pictures(talk: SlackTalk) -> dict[str, str]:
    """The bot's files as addresses."""
    mine = [file for file in talk.world.files.values() if file.owner == BOT and file.content]
    return {file.id: "data:image/png;base64," + base64.b64encode(file.content or b"").decode() for file in mine}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_main_cards_fit_a_chat_window(talk: SlackTalk, browser: Browser, tmp_path: Path, language: str) -> None:
    modals = live(talk, language)
    messages = [*talk.world.shown(), *talk.world.ephemerals]
    place = Path(os.environ.get("ODR_BOT_SLACK_PICTURES") or tmp_path)
    window = browser.new_page(viewport={"width": 760, "height": 900})
    for name, shown in (("cards", (messages, [])), ("modals", ([], modals))):
        window.set_content(layout.page(*shown, pictures(talk)))
        window.screenshot(path=place / f"{name}-{language}.png", full_page=True)
        assert window.evaluate("document.documentElement.scrollWidth") <= 760, f"{name} are too wide"
    window.close()
