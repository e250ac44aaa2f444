"""What Slack says of messages and files, made plain: pure, and nothing in it is trusted."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from bot.platforms.slack.markup import Json

SPOKEN = {None, "", "file_share", "thread_broadcast"}
"""The subtypes of messages that somebody wrote; all others are notes of Slack."""

_MARK = re.compile(r"<([^<>\n]*)>")
_ACCOUNT = re.compile(r"@([UW][A-Z0-9]+)")


@dataclass(frozen=True)
class Said:
    """A message somebody wrote: in a thread `thread_ts` is its first message and `parent` whose that is. `text` still
    has Slack's marks."""

    channel: str
    account: str
    ts: str
    text: str = ""
    thread_ts: str = ""
    direct: bool = False
    files: tuple[Json, ...] = field(default_factory=tuple)
    parent: str = ""


@dataclass(frozen=True)
class Changed:
    """A message somebody changed or deleted afterwards."""

    said: Said
    deleted: bool


def said(event: Json) -> Said | None:
    """The message of an event; None for notes of Slack, and for what programs write."""
    if event.get("subtype") not in SPOKEN or event.get("bot_id") or event.get("app_id") or event.get("hidden"):
        return None
    return _said(event, str(event.get("channel") or ""), _is_direct(event))


def changed(event: Json) -> Changed | None:
    """The change of an event; None when the words are the same, as after Slack has looked at a link."""
    before = _data(event.get("previous_message"))
    after = _data(event.get("message"))
    if before.get("bot_id") or before.get("app_id"):
        return None
    channel, direct = str(event.get("channel") or ""), _is_direct(event)
    if event.get("subtype") == "message_deleted" or after.get("subtype") == "tombstone":
        gone = _said(before, channel, direct)
        return Changed(gone, True) if gone else None
    now = _said(after, channel, direct)
    return Changed(now, False) if now and now.text != before.get("text") else None


def _said(message: Json, channel: str, direct: bool) -> Said | None:
    account, ts = str(message.get("user") or ""), str(message.get("ts") or "")
    if not (account and ts and channel):
        return None
    files = tuple(item for item in message.get("files") or () if isinstance(item, dict))
    thread_ts = str(message.get("thread_ts") or "")
    parent = str(message.get("parent_user_id") or "")
    return Said(channel, account, ts, str(message.get("text") or ""), thread_ts, direct, files, parent)


def _is_direct(event: Json) -> bool:
    return event.get("channel_type") == "im" or is_direct(str(event.get("channel") or ""))


def is_direct(channel: str) -> bool:
    """Whether Slack's id of the channel is that of a talk between one person and the bot."""
    return channel.startswith("D")


def _data(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def words(text: str, bot: str, person: Callable[[str], str]) -> str:
    """Slack's mark-up as the words somebody typed: links as their address, people as `person(account)`; the name of
    the bot, account `bot`, is left out."""
    return unescape(_MARK.sub(lambda mark: _meant(mark.group(1), bot, person), text)).strip()


def _meant(mark: str, bot: str, person: Callable[[str], str]) -> str:
    target, _, label = mark.partition("|")
    if account := _ACCOUNT.fullmatch(target):
        return "" if account.group(1) == bot else person(account.group(1))
    if target.startswith(("#", "!")):
        return f"#{label or target[1:]}" if target.startswith("#") else label
    return label or target.removeprefix("mailto:") if target.startswith(("mailto:", "tel:")) else target


def calls(text: str, bot: str) -> bool:
    """Whether the words call the bot."""
    return bool(bot) and f"<@{bot}" in text


def packed(file: Json) -> str:
    """What is needed to fetch a file later, as text to keep."""
    url = str(file.get("url_private_download") or file.get("url_private") or "")
    stub = file.get("file_access") == "check_file_info" or not url
    about = {"id": file.get("id") or "", "url": "" if stub else url, "size": number(file.get("size"))}
    about |= {"type": file.get("mimetype") or "", "name": file.get("name") or ""}
    if file.get("mode") in ("tombstone", "hidden_by_limit"):
        about["gone"] = True
    return json.dumps(about)


def number(value: Any) -> int:
    """A count as Slack tells it; 0 for anything else."""
    return value if isinstance(value, int) and value > 0 else 0
