"""What `odr-bot doctor` says about Slack: tokens, scopes, connection and channels, and what to click."""

from collections.abc import Callable, Iterator
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.platforms.diagnostics import examined
from bot.platforms.slack.setup import scopes
from bot.ports.chat import Examination, Unfit
from bot.ports.host import Directory
from bot.settings.chats import SlackSettings

SECONDS = 5
CHANNELS = 30
_REINSTALL = "open api.slack.com/apps, your app, OAuth & Permissions"


def examine(settings: SlackSettings, directory: Directory) -> list[Examination]:
    """Ask Slack; every question ends within SECONDS."""
    client = WebClient(settings.bot_token.get_secret_value(), base_url=settings.base_url, timeout=SECONDS)
    way = _socket if settings.mode == "socket" else _signing
    parts: list[tuple[str, Callable[[], str]]] = [
        ("slack token", lambda: _token(client)),
        ("slack scopes", lambda: _scopes(client)),
        ("slack events", lambda: way(settings)),
        ("slack channels", lambda: _channels(client, directory)),
    ]
    return [examined(name, part, _explained) for name, part in parts]


def _explained(error: Exception) -> str:
    if isinstance(error, SlackApiError):
        return _advice(str(error.response.get("error")))
    if isinstance(error, SlackClientError | OSError):
        return f"Slack cannot be reached: {error}. Check network and slack.base_url"
    return ""


def _advice(error: str) -> str:
    if error in ("invalid_auth", "not_authed", "token_revoked", "account_inactive", "token_expired"):
        return f"{error}: {_REINSTALL}, Reinstall to Workspace, and put the new xoxb- token into slack.bot_token"
    if error == "missing_scope":
        return f"{error}: {_REINSTALL}, add the scopes of `odr-bot slack manifest`, then Reinstall to Workspace"
    return error


def _token(client: WebClient) -> str:
    if not str(client.token).startswith("xoxb-"):
        raise Unfit("slack.bot_token is no bot token: it begins with xoxb-, see OAuth & Permissions of your app")
    answer = client.auth_test()
    return f"{answer.get('user')} in {answer.get('team')}"


def _scopes(client: WebClient) -> str:
    headers: Any = client.auth_test().headers
    given = next((value for name, value in headers.items() if name.lower() == "x-oauth-scopes"), "")
    granted = {scope.strip() for scope in str(given).split(",")}
    if missing := [scope for scope in scopes() if scope not in granted]:
        raise Unfit(f"missing {', '.join(missing)}: {_REINSTALL}, add them, then Reinstall to Workspace")
    return f"{len(scopes())} scopes, all granted"


def _socket(settings: SlackSettings) -> str:
    token = settings.app_token.get_secret_value()
    if not token.startswith("xapp-"):
        raise Unfit(
            "slack.app_token is missing: Basic Information, App-Level Tokens, scope connections:write, xapp-…"
        )
    try:
        WebClient(base_url=settings.base_url, timeout=SECONDS).apps_connections_open(app_token=token)
    except SlackApiError as error:
        raise Unfit(
            f"Socket Mode: {error.response.get('error')}: switch it on and make a new app-level token"
        ) from error
    return "Socket Mode takes connections"


def _signing(settings: SlackSettings) -> str:
    if not settings.signing_secret.get_secret_value():
        raise Unfit("slack.signing_secret is missing: Basic Information, App Credentials, Signing Secret")
    return "signing secret given; Event Subscriptions of your app must say Verified"


def _channels(client: WebClient, directory: Directory) -> str:
    bound = directory.channels()
    if not bound:
        return "no shop has a channel on Slack yet: invite the bot to one and type @odr-bot bind SHOP there"
    if faults := list(_faults(client, bound[:CHANNELS])):
        raise Unfit("; ".join(faults))
    return f"{len(bound)} channels, the bot is in all of them"


def _faults(client: WebClient, bound: list[str]) -> Iterator[str]:
    for channel in bound:
        try:
            about: Any = client.conversations_info(channel=channel).get("channel") or {}
        except SlackApiError as error:
            if error.response.get("error") != "channel_not_found":
                raise
            yield f"{channel}: not found: if it is private, type /invite @odr-bot in it; else bind another channel"
            continue
        if about.get("is_archived"):
            yield f"#{about.get('name')}: archived: bind the shop to another channel"
        elif not (about.get("is_member") or about.get("is_im")):
            yield f"#{about.get('name')}: not a member: type /invite @odr-bot there"
