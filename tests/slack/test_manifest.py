"""The manifest: what Slack takes, what the program needs, and not more."""

import json
import re
from pathlib import Path

from click.testing import CliRunner

from bot.__main__ import main
from bot.chats import SlackSettings
from bot.platforms.slack import api
from bot.platforms.slack.manifest import PATH, manifest, scopes

ROOT = Path(__file__).parents[2]


def test_names_and_descriptions_are_short_enough() -> None:
    made = manifest(SlackSettings())
    about, features = made["display_information"], made["features"]
    assert len(about["name"]) <= 35 and len(about["description"]) <= 140
    assert re.fullmatch(r"[A-Za-z0-9_. -]{1,80}", features["bot_user"]["display_name"])
    [command], [shortcut] = features["slash_commands"], features["shortcuts"]
    assert command["command"] == "/odr" and command["should_escape"] and len(command["usage_hint"]) <= 1000
    assert len(command["description"]) <= 2000 and len(shortcut["name"]) <= 24 and len(shortcut["description"]) <= 150


def test_every_event_has_its_scope() -> None:
    needed = {"message.channels": "channels:history", "message.groups": "groups:history", "message.im": "im:history"}
    needed |= {"app_mention": "app_mentions:read", "member_joined_channel": "channels:read"}
    events = set(manifest(SlackSettings())["settings"]["event_subscriptions"]["bot_events"])
    assert set(needed) <= events and set(needed.values()) <= set(scopes())
    assert events - set(needed) == {"app_home_opened", "app_uninstalled", "tokens_revoked"}, "they need none"


def test_the_socket_needs_no_address_and_http_has_one_everywhere() -> None:
    socket, http = manifest(SlackSettings()), manifest(SlackSettings(mode="http"), "https://odr.test/")
    assert socket["settings"]["socket_mode_enabled"] and "url" not in json.dumps(socket)
    url = "https://odr.test" + PATH
    assert not http["settings"]["socket_mode_enabled"]
    assert http["settings"]["event_subscriptions"]["request_url"] == url
    assert http["settings"]["interactivity"] == {"is_enabled": True, "request_url": url}
    assert [command["url"] for command in http["features"]["slash_commands"]] == [url]


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
