"""Reads the content of a message: its words, whom it mentions, and the files that lie with it."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.platforms.feishu.markup import Json

FILES = {"file": "file", "media": "file", "audio": "file", "folder": "folder"}
FORWARDED = "forward"
LINES_AT_MOST, RUNS_AT_MOST = 500, 2000
_LINK = re.compile(r"\[(?P<words>[^\[\]\n]{0,500})\]\((?P<address>https?://[^\s()]+(?:\([^\s()]*\)[^\s()]*)*)\)")
CONTENT = ("content", "content_v2")
"""Where the lines of a rich text stand; some have only the newer of the two."""


@dataclass(frozen=True)
class Resource:
    """A file of a message; `kind` is image, file, folder or forward."""

    kind: str
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Remote:
    """Where a file lies with Feishu: the id of its message, and its resource's `kind` and key. `str` encodes it,
    `read` decodes it."""

    message: str
    kind: str
    key: str

    def __str__(self) -> str:
        return f"{self.message}|{self.kind}|{self.key}"

    @classmethod
    def read(cls, text: str) -> "Remote":
        """The parts; "" for those that are missing."""
        return cls(*[*text.split("|", 2), "", ""][:3])


@dataclass
class Contents:
    """The parsed content of a message. `understood` is False for a message that cannot be read at all (a sticker,
    a poll)."""

    words: str = ""
    resources: list[Resource] = field(default_factory=list)
    understood: bool = True


def read(message: Json, called: Callable[[str], str]) -> Contents:
    """The content of a message, as an event or the API gives it; `called(mention)` is the text that replaces a
    mention."""
    kind = str(message.get("message_type") or message.get("msg_type") or "")
    data = _content(message)
    match kind:
        case "text":
            return Contents(_mentions(str(data.get("text", "")), message, called))
        case "post":
            return _post(data, message, called)
        case "image":
            return Contents(resources=[Resource("image", str(data.get("image_key", "")), "")])
        case "file" | "media" | "audio" | "folder":
            return Contents(resources=[Resource(FILES[kind], str(data.get("file_key", "")), _name(data, kind))])
        case "merge_forward":
            return Contents(resources=[Resource(FORWARDED, "", "")])
    return Contents(understood=False)


def _content(message: Json) -> Json:
    body = message.get("body")
    text = message.get("content") or (body.get("content") if isinstance(body, dict) else "")
    try:
        data = json.loads(text) if isinstance(text, str) else {}
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _name(data: Json, kind: str) -> str:
    name = data.get("file_name")
    return name if isinstance(name, str) and name else {"audio": "audio.opus", "media": "video.mp4"}.get(kind, "file")


def _mentions(words: str, message: Json, called: Callable[[str], str]) -> str:
    for key in sorted(mention_keys(message), key=len, reverse=True):
        words = words.replace(key, called(key))
    return _LINK.sub(lambda found: linked(found["words"], found["address"]), words).strip()


def linked(words: str, address: str) -> str:
    """The words of a link and its address; the address alone when the words are none of their own."""
    return (
        address
        if words.strip() in ("", address) or words.startswith(("http://", "https://"))
        else f"{words} {address}"
    )


def mention_keys(message: Json) -> dict[str, Json]:
    """The mentions of the message by the key that stands for each in its words."""
    listed = message.get("mentions")
    items = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    return {str(item["key"]): item for item in items if item.get("key")}


def _post(data: Json, message: Json, called: Callable[[str], str]) -> Contents:
    """The content of a rich text; one in several languages is read in its first."""
    if not any(map(data.get, CONTENT)) and (inner := [each for each in data.values() if isinstance(each, dict)]):
        data = inner[0]
    contents, keys = Contents(), mention_keys(message)
    lines = [str(data.get("title") or "")]
    rows = next(filter(None, map(data.get, CONTENT)), None)
    for row in rows[:LINES_AT_MOST] if isinstance(rows, list) else []:
        runs = [run for run in row[:RUNS_AT_MOST] if isinstance(run, dict)] if isinstance(row, list) else []
        lines.append("".join(_run(run, contents, keys, called) for run in runs))
    contents.words = _mentions("\n".join(line for line in lines if line.strip()), message, called)
    return contents


def _run(run: Json, contents: Contents, keys: dict[str, Json], called: Callable[[str], str]) -> str:
    match run.get("tag"):
        case "text" | "code_block" | "md":
            return str(run.get("text", ""))
        case "a":
            return linked(str(run.get("text") or ""), str(run.get("href") or ""))
        case "at":
            return _at(run, keys, called)
        case "img":
            contents.resources.append(Resource("image", str(run.get("image_key", "")), ""))
        case "media":
            contents.resources.append(Resource("file", str(run.get("file_key", "")), "video.mp4"))
    return ""


def _at(run: Json, keys: dict[str, Json], called: Callable[[str], str]) -> str:
    """The text for a mention in a rich text, which names the mention's key or the account itself."""
    user = str(run.get("user_id", ""))
    key = user if user in keys else next((key for key, item in keys.items() if account(item) == user), "")
    return called(key) if key else f"@{run.get('user_name') or user} "


def account(mention: Json) -> str:
    """The account that a mention names; events and the API write it differently."""
    named = mention.get("id")
    return str(named.get("open_id") or "") if isinstance(named, dict) else str(named or "")


def transcript(items: list[Any]) -> Iterator[tuple[Json, Contents]]:
    """The messages of a forwarded conversation, without its cover message."""
    for item in items[:LINES_AT_MOST]:
        if isinstance(item, dict) and item.get("msg_type") != "merge_forward":
            yield item, read(item, lambda key: "@")
