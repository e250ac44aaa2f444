"""What the doctor says of Slack: every fault has its own words and what to click."""

from typing import Any

import pytest

from bot.platforms.slack.setup import scopes
from bot.runtime.bootstrap import App
from bot.settings.chats import SlackSettings
from bot.settings.model import Settings
from tests.slack.fake.server import SlackServer


@pytest.fixture(autouse=True)
def granted(slack: SlackServer) -> None:
    slack.world.tokens["xoxb-good"] = ",".join(scopes())


def found(settings: Settings, slack: SlackServer, **changed: Any) -> dict[str, str]:
    """What is wrong, by the name of the examination."""
    given = {"bot_token": "xoxb-good", "app_token": "xapp-good", "base_url": slack.base_url} | changed
    settings = settings.model_copy(update={"slack": SlackSettings(**given)})
    app = App(settings).open()
    try:
        results = app.platforms["slack"].examine()
        assert len(results) == 4
        return {item.name.removeprefix("slack "): item.detail for item in results if not item.ok}
    finally:
        app.engine.dispose()


def test_when_all_is_well_nothing_is_said(settings: Settings, slack: SlackServer) -> None:
    assert found(settings, slack) == {}
    assert found(settings, slack, mode="http", signing_secret="s") == {}


FAULTS = [
    ({"bot_token": "xapp-good"}, "token", "begins with xoxb-"),
    ({"bot_token": "xoxb-bad"}, "token", "Reinstall to Workspace"),
    ({"bot_token": "xoxb-bad"}, "channels", "invalid_auth"),
    ({"app_token": ""}, "events", "App-Level Tokens"),
    ({"app_token": "xapp-bad"}, "events", "make a new app-level token"),
    ({"mode": "http"}, "events", "Signing Secret"),
    ({"base_url": "http://127.0.0.1:9/"}, "token", "cannot be reached"),
]


@pytest.mark.parametrize(("changed", "name", "words"), FAULTS)
def test_a_fault_says_what_to_do(
    settings: Settings, slack: SlackServer, changed: dict[str, str], name: str, words: str
) -> None:
    assert words in found(settings, slack, **changed)[name]


def test_missing_scopes_are_named(settings: Settings, slack: SlackServer) -> None:
    slack.world.tokens["xoxb-good"] = ",".join(scope for scope in scopes() if scope != "files:read")
    said = found(settings, slack)
    assert list(said) == ["scopes"] and said["scopes"].startswith("missing files:read: open api.slack.com/apps")


def test_channels_say_what_is_the_matter_with_them(settings: Settings, slack: SlackServer) -> None:
    slack.world.channels["C0OPS0001"].members.clear()
    slack.world.channels["C0UK00001"].archived = True
    said = found(settings, slack)["channels"].split("; ")
    assert sorted(said) == [
        "#ops: not a member: type /invite @odr-bot there",
        "#uk: archived: bind the shop to another channel",
    ]
    del slack.world.channels["C0OPS0001"]
    assert "C0OPS0001: not found" in found(settings, slack)["channels"]


def test_without_a_channel_nothing_is_wrong_yet(settings: Settings, slack: SlackServer) -> None:
    nowhere = [shop.model_copy(update={"channels": []}) for shop in settings.shops]
    assert found(settings.model_copy(update={"shops": nowhere}), slack) == {}
