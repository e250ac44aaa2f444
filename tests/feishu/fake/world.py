"""What there is in the fake: an app, people, chats, messages and files."""

import itertools
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.feishu.fake.clock import Advanced

Json = dict[str, Any]

TENANT = "tenant"
OTHER_TENANT = "other-tenant"
SCOPES = {
    "im:message:send_as_bot",
    "im:message:readonly",
    "im:message.p2p_msg:readonly",
    "im:message.group_at_msg:readonly",
    "im:message.group_msg",
    "im:resource",
    "im:message.urgent",
    "im:chat",
    "contact:contact.base:readonly",
    "contact:user.base:readonly",
}


@dataclass
class Person:
    """Somebody with the app Feishu; `id` is the open id."""

    id: str
    name: str
    reachable: bool = True
    unread_urgent: int = 0


@dataclass
class Chat:
    """A group or a talk of two. `urgent` says who may ring people: all_members or only_owner."""

    id: str
    name: str
    mode: str = "group"
    members: set[str] = field(default_factory=set)
    bot_in: bool = True
    bot_manages: bool = False
    urgent: str = "all_members"
    status: str = "normal"
    external: bool = False
    strangers: set[str] = field(default_factory=set)
    """Those of the members who belong to another organisation."""


@dataclass
class Message:
    """One message; `shown` are the contents that people saw one after the other, newest last."""

    id: str
    chat: str
    sender: str
    kind: str
    shown: list[Json]
    at: float
    root: str = ""
    parent: str = ""
    topic: str = ""
    recalled: bool = False
    pinned: bool = False
    rung: list[str] = field(default_factory=list)
    mentions: list[Json] = field(default_factory=list)

    @property
    def content(self) -> Json:
        """What is shown now."""
        return self.shown[-1]


@dataclass
class File:
    """Bytes under a key; `message` is the message that carries it, "" for an upload of the app."""

    key: str
    name: str
    data: bytes
    kind: str
    message: str = ""


@dataclass(frozen=True)
class Toast:
    """What a person saw for a moment after pressing a button."""

    person: str
    kind: str
    words: str
    message: str = ""


@dataclass(frozen=True)
class Call:
    """One call of the API."""

    method: str
    path: str
    code: int
    at: float
    body: Any = None


class World:
    """All of it, behind one lock; `changed` is notified whenever something happens."""

    def __init__(self, app_id: str, clock: Advanced) -> None:
        self.app_id, self.app_secret = app_id, f"secret-of-{app_id}"
        self.encrypt_key, self.verification_token = f"key-of-{app_id}", f"token-of-{app_id}"
        self.bot = f"ou_bot_{app_id}"
        self.clock = clock
        self.scopes = set(SCOPES)
        self.people: dict[str, Person] = {}
        self.chats: dict[str, Chat] = {}
        self.messages: dict[str, Message] = {}
        self.files: dict[str, File] = {}
        self.resource_bytes = 100 * 1024 * 1024
        self.uuids: dict[str, tuple[float, str]] = {}
        self.toasts: list[Toast] = []
        self.calls: list[Call] = []
        self.refused_cards: list[list[str]] = []
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self._numbers: dict[str, Iterator[int]] = defaultdict(lambda: itertools.count(1))

    def new_id(self, prefix: str) -> str:
        """An id that nothing else has."""
        return f"{prefix}_{self.app_id}_{next(self._numbers[prefix])}"

    def person(self, person: str, name: str = "") -> Person:
        """Somebody, who is new when nobody knew them."""
        return self.people.setdefault(person, Person(person, name or person.removeprefix("ou_")))

    def chat(self, chat: str, *members: str, **values: Any) -> Chat:
        """A group with these members, which is new when there was none."""
        found = self.chats.setdefault(chat, Chat(chat, chat.removeprefix("oc_"), **values))
        found.members |= {self.person(member).id for member in members}
        return found

    def talk_of_two(self, person: str) -> Chat:
        """The direct talk between a person and the bot."""
        return self.chat(f"oc_p2p_{person}", person, mode="p2p")

    def known(self, person: str) -> bool:
        """Whether a card can mention the person; everybody at once needs a permission that nobody gave."""
        return person in self.people

    def name_of(self, person: str) -> str:
        """How a mention of the person is shown."""
        return self.people[person].name if person in self.people else person

    def add(self, message: Message) -> Message:
        """Show a message."""
        with self.changed:
            self.messages[message.id] = message
            self.changed.notify_all()
        return message

    def in_chat(self, chat: str, topic: str | None = None) -> list[Message]:
        """The messages of a chat, or of one of its topics (by its first message), that nobody took back."""
        with self.lock:
            all_of_it = [each for each in self.messages.values() if each.chat == chat and not each.recalled]
        if topic is None:
            return all_of_it
        return [each for each in all_of_it if topic in (each.id, each.root)]
