"""Slack's published schema of app manifests, version 1 (github.com/slackapi/manifest-schema), for the parts that ours
has: what is not named there is refused, lengths and patterns are theirs."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Address = Annotated[str, StringConstraints(pattern=r"^https?://", max_length=3500)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=50)]


def text(most: int, least: int = 1, pattern: str | None = None) -> object:
    """A text of so many characters."""
    return Annotated[str, StringConstraints(min_length=least, max_length=most, pattern=pattern)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Display(_Part):
    name: text(35)
    description: text(140) = "-"
    background_color: text(7, 4, "^#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$") = "#000"
    long_description: text(4000, 175) | None = None


class AppHome(_Part):
    home_tab_enabled: bool = False
    messages_tab_enabled: bool = False
    messages_tab_read_only_enabled: bool = False


class BotUser(_Part):
    display_name: text(80)
    always_online: bool = False


class Shortcut(_Part):
    name: text(24)
    type: Literal["message", "global"]
    callback_id: text(255)
    description: text(150)


class SlashCommand(_Part):
    command: text(32, 2, "^/")
    url: Annotated[str, StringConstraints(pattern=r"^https?://", max_length=3000)] | None = None
    description: text(2000)
    usage_hint: text(1000) = "-"
    should_escape: bool = False


class Features(_Part):
    app_home: AppHome = AppHome()
    bot_user: BotUser | None = None
    shortcuts: Annotated[list[Shortcut], Field(min_length=1, max_length=10)]
    slash_commands: Annotated[list[SlashCommand], Field(min_length=1, max_length=50)]


class Scopes(_Part):
    bot: Annotated[list[Name], Field(max_length=255)] = []
    user: Annotated[list[Name], Field(max_length=255)] = []
    bot_optional: Annotated[list[Name], Field(max_length=255)] = []
    user_optional: Annotated[list[Name], Field(max_length=255)] = []


class OAuth(_Part):
    scopes: Scopes


class Events(_Part):
    request_url: Address | None = None
    bot_events: Annotated[list[Name], Field(max_length=100)] = []
    user_events: Annotated[list[Name], Field(max_length=100)] = []


class Interactivity(_Part):
    is_enabled: bool
    request_url: Address | None = None
    message_menu_options_url: Address | None = None


class Settings(_Part):
    event_subscriptions: Events
    interactivity: Interactivity
    org_deploy_enabled: bool = False
    socket_mode_enabled: bool = False
    token_rotation_enabled: bool = False


class Manifest(_Part):
    display_information: Display
    features: Features
    oauth_config: OAuth
    settings: Settings
