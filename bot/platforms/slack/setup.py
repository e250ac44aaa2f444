"""The manifest from which Slack makes the app: its scopes and the events that it receives."""

import json
from typing import Any

from bot.settings.chats import SlackSettings
from bot.settings.files import data_root

ATTACH = "attach_evidence"
"""The callback id of the shortcut on messages."""
PATH = "/slack/events"


def manifest(settings: SlackSettings, address: str = "") -> dict[str, Any]:
    """The manifest for the mode of the settings. For `http`, `address` is where the program is reached from
    outside ("https://odr.example.com"); without it an example address stands there."""
    made: dict[str, Any] = json.loads((data_root("config") / "slack-manifest.json").read_text("utf-8"))
    if settings.mode == "http":
        url = (address or "https://odr.example.com").rstrip("/") + PATH
        chosen = made["settings"]
        chosen["socket_mode_enabled"] = False
        chosen["event_subscriptions"] = {"request_url": url, **chosen["event_subscriptions"]}
        chosen["interactivity"]["request_url"] = url
        for command in made["features"]["slash_commands"]:
            command["url"] = url
    return made


def scopes() -> list[str]:
    """The scopes that the app asks for."""
    asked: list[str] = manifest(SlackSettings())["oauth_config"]["scopes"]["bot"]
    return asked
