"""The manifest: what Slack takes, what the program needs, and not more."""

import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pydantic import ValidationError

from bot.cli.main import main
from bot.platforms.slack import api
from bot.platforms.slack.setup import ATTACH, PATH, manifest, scopes
from bot.settings.chats import SlackSettings
from tests.slack.fake.world import Json
from tests.slack.manifest_schema import Manifest

ROOT = Path(__file__).parents[2]


SOCKET, HTTP = manifest(SlackSettings()), manifest(SlackSettings(mode="http"), "https://odr.test/")


@pytest.mark.parametrize("made", [SOCKET, HTTP])
def test_it_is_valid_by_slacks_published_schema(made: Json) -> None:
    Manifest.model_validate(made)
    events = made["settings"]["event_subscriptions"]["bot_events"]
    assert len(set(events)) == len(events)


def changed(path: str, value: Any) -> Json:
    """The manifest with something else, or something new, in one place."""
    made = deepcopy(SOCKET)
    *way, last = path.split(".")
    place: Any = made
    for step in way:
        place = place[int(step) if isinstance(place, list) else step]
    place[last] = value
    return made


WRONG = {
    "display_information.name": "n" * 36,
    "display_information.description": "d" * 141,
    "display_information.background_color": "blue!",
    "display_information.colour": "#fff",
    "features.bot_user.display_name": "",
    "features.shortcuts.0.name": "Attach to an ODR case now",
    "features.shortcuts.0.type": "message_shortcut",
    "features.slash_commands.0.command": "odr",
    "features.slash_commands.0.should_escape": "yes",
    "features.slash_commands.0.url": "odr.test",
    "oauth_config.scopes.bots": ["commands"],
    "settings.event_subscriptions.request_url": "odr.test",
    "settings.interactivity": {},
    "settings.socket_mode": True,
    "version": 2,
}


@pytest.mark.parametrize("path", WRONG)
def test_the_schema_refuses_what_slack_refuses(path: str) -> None:
    with pytest.raises(ValidationError):
        Manifest.model_validate(changed(path, WRONG[path]))


def test_it_offers_what_the_program_listens_to() -> None:
    features = SOCKET["features"]
    [command], [shortcut] = features["slash_commands"], features["shortcuts"]
    assert command["command"] == "/odr" and command["should_escape"]
    assert (shortcut["name"], shortcut["type"], shortcut["callback_id"]) == ("Attach to ODR case", "message", ATTACH)
    home = features["app_home"]
    assert home["home_tab_enabled"] and home["messages_tab_enabled"] and not home["messages_tab_read_only_enabled"]
    assert SOCKET["settings"]["interactivity"]["is_enabled"]


def test_every_event_has_its_scope() -> None:
    needed = {"message.channels": "channels:history", "message.groups": "groups:history", "message.im": "im:history"}
    needed |= {"app_mention": "app_mentions:read", "member_joined_channel": "channels:read"}
    needed |= {"channel_shared": "channels:read", "channel_unshared": "channels:read"}
    needed |= {"channel_unarchive": "channels:read", "group_unarchive": "groups:read"}
    events = set(manifest(SlackSettings())["settings"]["event_subscriptions"]["bot_events"])
    assert set(needed) <= events and set(needed.values()) <= set(scopes())
    assert events - set(needed) == {"app_home_opened", "app_uninstalled", "tokens_revoked"}, "they need none"


def test_the_socket_needs_no_address_and_http_has_one_everywhere() -> None:
    assert SOCKET["settings"]["socket_mode_enabled"] and "url" not in json.dumps(SOCKET)
    url = "https://odr.test" + PATH
    assert not HTTP["settings"]["socket_mode_enabled"]
    assert HTTP["settings"]["event_subscriptions"]["request_url"] == url
    assert HTTP["settings"]["interactivity"] == {"is_enabled": True, "request_url": url}
    assert [command["url"] for command in HTTP["features"]["slash_commands"]] == [url]


def test_it_is_printed_as_it_is_pasted() -> None:
    done = CliRunner().invoke(main, ["slack", "manifest"])
    assert done.exit_code == 0 and json.loads(done.stdout) == manifest(SlackSettings())
    assert json.loads(CliRunner().invoke(main, ["slack", "manifest", "--json"]).stdout) == manifest(SlackSettings())


def test_the_guides_explain_every_scope_and_no_other() -> None:
    for name in ("slack.md", "slack.zh-CN.md"):
        told = set(re.findall(r"`([a-z_]+:[a-z]+)`", (ROOT / "docs" / name).read_text("utf-8")))
        assert told - {"connections:write"} | {"commands"} == set(scopes())


def test_every_paced_method_has_a_documented_pace() -> None:
    assert set(api.PER_MINUTE.values()) <= {1, 20, 50, 100}
