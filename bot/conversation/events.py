"""The events that can arrive from a chat platform, named in the past tense, the same for every platform."""

import re
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter

# NUL and halves of characters: PostgreSQL refuses the one, UTF-8 the other.
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


def _writable(value: object) -> object:
    if isinstance(value, str):
        return _UNWRITABLE.sub("\ufffd", value)
    return {_writable(key): _writable(each) for key, each in value.items()} if isinstance(value, dict) else value


Problem = Literal["", "file_scope", "file_gone", "file_too_large", "file_unreachable", "file_empty", "file_forwarded"]


@dataclass(frozen=True)
class Upload:
    """A received file, on disk at `path`; `file_name` is the sender's and untrusted. A file that still lies with
    the platform has a `remote` reference, by which the turn fetches it. `problem` is the text key of why it cannot
    be fetched."""

    path: Path
    file_name: str
    size: int
    remote: str = ""
    problem: Problem = ""


@dataclass(frozen=True)
class Incoming:
    """What all events have. `id` is the platform's event id, by which a repeat is known; `channel` is
    "platform:channel"; `thread` is the case id when it was said inside a case's thread, else ""; `at` is UTC.
    `direct` is true where the platform says that nobody but the person and the bot is in the channel. `address` is
    the machine from which it came, where that is known. Characters that cannot be stored or shown are replaced on
    arrival."""

    id: str
    channel: str
    person: str
    at: datetime
    thread: str = ""
    direct: bool = field(default=False, kw_only=True)
    address: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        """Replace characters that cannot be stored or shown, whichever adapter made the event."""
        for each in fields(self):
            object.__setattr__(self, each.name, _writable(getattr(self, each.name)))


@dataclass(frozen=True)
class CommandReceived(Incoming):
    """Somebody wrote a message; `text` is as typed. `called` is True where nobody but the bot can be meant, as with a
    mention: then words that are no command get an answer too. `addressed` is False for what people say to each other
    where the bot listens: then half a command gets none either."""

    text: str = ""
    addressed: bool = True
    called: bool = False


@dataclass(frozen=True)
class FileReceived(Incoming):
    """Somebody sent files, perhaps with words beside them."""

    uploads: tuple[Upload, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class ButtonPressed(Incoming):
    """Somebody pressed a button of a card."""

    action: str = ""
    payload: dict[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class FormSubmitted(Incoming):
    """Somebody submitted a form; `values` are its inputs by name."""

    action: str = ""
    payload: dict[str, str] = field(default_factory=dict, hash=False)
    values: dict[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class BotJoined(Incoming):
    """The bot was invited to the channel."""


@dataclass(frozen=True)
class MessageChanged(Incoming):
    """Somebody edited or deleted their message; `ref` is the platform's id of that message, `text` its new words
    ("" when it was deleted), `of` the id of the event that the message was."""

    ref: str = ""
    text: str = ""
    deleted: bool = False
    of: str = ""


_KINDS: dict[str, type[Incoming]] = {
    kind.__name__: kind
    for kind in (CommandReceived, FileReceived, ButtonPressed, FormSubmitted, BotJoined, MessageChanged)
}


@cache
def _adapter(kind: str) -> "TypeAdapter[Incoming]":
    return TypeAdapter(_KINDS[kind])


def to_payload(event: Incoming) -> dict[str, Any]:
    """The event as JSON data, to keep."""
    kind = type(event).__name__
    data: dict[str, Any] = _adapter(kind).dump_python(event, mode="json")
    return {"kind": kind, **data}


def from_payload(payload: dict[str, Any]) -> Incoming:
    """The event that `to_payload` wrote; raises KeyError for an unknown kind and ValueError for wrong data."""
    values = dict(payload)
    return _adapter(values.pop("kind")).validate_python(values)
