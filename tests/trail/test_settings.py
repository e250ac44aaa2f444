"""A start with other settings than the last one leaves a line; secrets and names stand in none."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.settings.model import Settings
from bot.settings.sections import ConsoleSettings
from bot.settings.team import PersonSettings, ShopSettings
from tests.conversations.conftest import NOW
from tests.trail.conftest import lines

TOKEN = "a-long-secret-of-the-console"


@dataclass
class Starts:
    folder: Path

    def __call__(self, **changes: object) -> list[dict[str, object]]:
        """Start with these settings; returns the lines that the start leaves about settings."""
        given = {"shops": [ShopSettings(id="us-1", site="US")], "people": [PersonSettings(id="li", name="李雷")]}
        app = App(Settings(data_dir=self.folder, **{**given, **changes}), FrozenClock(NOW))
        known = lines(app) if (self.folder / "odr-bot.sqlite3").exists() else []
        app.open()
        found = lines(app)[len(known) :]
        app.engine.dispose()
        return [line.data for line in found]


@pytest.fixture
def start(tmp_path: Path) -> Starts:
    return Starts(tmp_path / "data")


def test_the_first_start_names_its_shops_and_the_same_start_again_nothing(start: Starts) -> None:
    [shop] = start()
    assert (shop["who"], shop["what"], shop["subject"]) == ("program", "settings", "shop:us-1")
    assert start() == []


def test_what_differs_is_told_with_before_and_after(start: Starts) -> None:
    start()
    [line] = start(default_role="viewer", people=[PersonSettings(id="li", name="李雷", role="lead")])
    assert (line["who"], line["what"], line["subject"]) == ("program", "settings", "settings")
    assert line["before"] == {"default_role": "member", "people.li.role": "member"}
    assert line["after"] == {"default_role": "viewer", "people.li.role": "lead"}
    [gone] = start(default_role="viewer", people=[])
    assert gone["before"]["people.li.role"] == "lead" and gone["after"]["people.li.role"] is None


def test_a_shop_that_changes_is_told_as_the_shop(start: Starts) -> None:
    start()
    [line] = start(shops=[ShopSettings(id="us-1", site="US", channels=["slack:C1"])])
    assert line["subject"] == "shop:us-1" and line["after"] == {"channels": ["slack:C1"]}


def test_a_secret_is_told_to_have_changed_and_never_told(start: Starts) -> None:
    start()
    [line] = start(console=ConsoleSettings(token=TOKEN))
    assert list(line["after"]) == ["console.token"] and str(line["after"]["console.token"]).startswith("***")
    assert start(console=ConsoleSettings(token=TOKEN)) == []
    [other] = start(console=ConsoleSettings(token=TOKEN + "2"))
    assert other["before"] != other["after"]
    database = b"".join(path.read_bytes() for path in start.folder.glob("odr-bot.sqlite3*"))
    assert TOKEN.encode() not in database and "李雷".encode() not in database


def test_secrets_of_platforms_are_secrets(start: Starts) -> None:
    start()
    from bot.settings.chats import SlackSettings

    [line] = start(slack=SlackSettings(bot_token=SecretStr("xoxb-1"), app_token=SecretStr("xapp-1")))
    assert "xoxb" not in str(line) and set(line["after"]) == {"slack.bot_token", "slack.app_token"}
