"""What a workspace holds: people, channels, messages with all their versions, files, views, and who was told what."""

import copy
import itertools
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.slack.fake.refused import Refused

Json = dict[str, Any]
T = TypeVar("T")

PATIENCE_SECONDS = 60

TEAM, BOT, BOT_ID, APP = "T0TEAM001", "U0BOT0001", "B0BOT0001", "A0APP0001"
SCOPES = (
    "app_mentions:read,channels:history,channels:read,groups:history,groups:read,im:history,im:read,im:write,chat:write,"
    "commands,files:read,files:write,reactions:write,users:read,usergroups:read,pins:write"
)


REMEMBERED = ("users", "channels", "messages", "ephemerals", "files", "calls", "complaints", "counter")


@dataclass
class Channel:
    """A conversation; `members` are user ids."""

    id: str
    name: str
    members: set[str] = field(default_factory=lambda: {BOT})
    private: bool = False
    im: bool = False
    archived: bool = False
    shared: str = ""
    """With another organisation ("ext"), nearly so ("pending"), or within the own one ("org")."""


@dataclass
class File:
    """A file. Its download gives its bytes, or what `serve` says: "login", "redirect", "gone", "short", "long",
    "endless", "outage"; "foreign" links lead to another host."""

    id: str
    name: str
    owner: str
    size: int
    content: bytes | None = None
    channels: set[str] = field(default_factory=set)
    serve: str = ""
    connect: bool = False
    bodies: int = 0
    title: str = ""


@dataclass
class Message:
    """What stands in a channel; `versions` are its earlier contents, `to` the only reader of an ephemeral one."""

    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str = ""
    metadata: Json | None = None
    files: list[str] = field(default_factory=list)
    reactions: list[str] = field(default_factory=list)
    pinned: bool = False
    edited: bool = False
    deleted: bool = False
    to: str = ""
    versions: list[list[Json]] = field(default_factory=list)


@dataclass
class View:
    """An opened modal or a published Home; `updates` are earlier contents."""

    id: str
    user: str
    view: Json
    hash: str
    root: str = ""
    updates: list[Json] = field(default_factory=list)


@dataclass
class Call:
    """One call of the Web API: what was asked, what was answered ("" = ok), when by the monotonic clock."""

    method: str
    params: Json
    error: str
    at: float


@dataclass
class World:
    """The workspace. `now` gives epoch seconds for message times; `home` is where its server answers."""

    now: Callable[[], float] = time.time
    home: str = ""
    lock: threading.RLock = field(default_factory=threading.RLock)
    users: dict[str, Json] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: dict[tuple[str, str], Message] = field(default_factory=dict)
    ephemerals: list[Message] = field(default_factory=list)
    files: dict[str, File] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    triggers: dict[str, str] = field(default_factory=dict)
    answers: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=lambda: {"xoxb-good": SCOPES, "xapp-good": "connections:write"})
    faults: dict[str, list[Exception]] = field(default_factory=lambda: defaultdict(list))
    heard: list[Callable[[Message], None]] = field(default_factory=list)
    changed: threading.Condition = field(init=False)
    counter: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        """A workspace with its bot and two channels."""
        self.changed = threading.Condition(self.lock)
        self.user(BOT, "odr-bot", bot=True)
        self.channel("C0OPS0001", "ops")
        self.channel("C0UK00001", "uk")

    def number(self) -> int:
        """A number never given before."""
        return next(self.counter)

    def ts(self) -> str:
        """The name of a new message: its time, made unique."""
        return f"{int(self.now())}.{self.number():06d}"

    def user(
        self, user_id: str, name: str, locale: str = "zh-CN", zone: str = "Asia/Shanghai", bot: bool = False
    ) -> None:
        """Make somebody known."""
        profile = {"display_name": name, "real_name": name}
        about = {"name": name, "real_name": name, "profile": profile, "locale": locale, "tz": zone, "is_bot": bot}
        self.users[user_id] = {"id": user_id, "team_id": TEAM, "deleted": False, **about}

    def channel(self, channel_id: str, name: str, **more: Any) -> Channel:
        """Make a channel with the bot in it."""
        return self.channels.setdefault(channel_id, Channel(channel_id, name, **more))

    def dm(self, user_id: str) -> Channel:
        """The direct channel of the bot and a person; raises Refused for a stranger."""
        if user_id not in self.users:
            raise Refused("user_not_found")
        name = f"D{user_id[1:]}"
        return self.channel(name, "", im=True, members={BOT, user_id})

    def message(self, channel: str, ts: str) -> Message:
        """What stands there; raises Refused."""
        found = self.messages.get((channel, ts))
        if found is None or found.deleted:
            raise Refused("message_not_found")
        return found

    def add(self, message: Message) -> Message:
        """Show a message."""
        with self.lock:
            self.messages[message.channel, message.ts] = message
        for listener in self.heard:
            listener(message)
        return message

    def shown(self, channel: str = "", thread_ts: str | None = None) -> list[Message]:
        """What the bot shows now, oldest first; with `thread_ts` only of that thread ("" = outside threads)."""
        with self.lock:
            messages = list(self.messages.values())
        mine = [item for item in messages if item.user == BOT and not item.deleted and channel in ("", item.channel)]
        return [item for item in mine if thread_ts is None or item.thread_ts == thread_ts]

    def called(self, method: str) -> list[Call]:
        """The calls of a method so far."""
        return [call for call in list(self.calls) if call.method == method]

    def trigger(self, user: str) -> str:
        """A trigger id for something somebody does now."""
        name = f"{self.number()}.{TEAM}.trigger"
        self.triggers[name] = user
        return name

    def until(self, found: Callable[[], T | None], seconds: float = PATIENCE_SECONDS) -> T:
        """What `found` finds once the app's calls have made it so; raises AssertionError when they do not."""
        with self.changed:
            result = self.changed.wait_for(found, seconds)
        assert result, f"the app did not do it; its last calls: {[(c.method, c.error) for c in self.calls[-5:]]}"
        return result

    def memory(self) -> dict[str, Any]:
        """All that was said and done so far, to begin another workspace with."""
        return copy.deepcopy({name: getattr(self, name) for name in REMEMBERED})

    def remember(self, memory: dict[str, Any]) -> None:
        """Go on from what another workspace has seen."""
        for name, what in copy.deepcopy(memory).items():
            setattr(self, name, what)

    def complain(self, words: str) -> None:
        """Note what works on Slack but should not be done."""
        self.complaints.append(words)
