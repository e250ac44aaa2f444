"""What can arrive from a chat: events in the past tense, the same for every platform."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Upload:
    """A received file, already on disk at `path`; `file_name` is the sender's, untrusted."""

    path: Path
    file_name: str
    size: int


@dataclass(frozen=True)
class Incoming:
    """Common to all events. `id` is the platform's event id (dedupe key), `channel` is "platform:channel",
    `thread` the case id when it was said inside a case's thread, "" else; `at` is UTC."""

    id: str
    channel: str
    person: str
    at: datetime
    thread: str = ""


@dataclass(frozen=True)
class CommandReceived(Incoming):
    """Somebody wrote to the bot; `text` is as typed."""

    text: str = ""


@dataclass(frozen=True)
class FileReceived(Incoming):
    """Somebody dropped files, perhaps with words beside them."""

    uploads: tuple[Upload, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class ButtonPressed(Incoming):
    """Somebody pressed a button of a card."""

    action: str = ""
    payload: dict[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class FormSubmitted(Incoming):
    """Somebody sent a form; `values` are the inputs by name."""

    action: str = ""
    payload: dict[str, str] = field(default_factory=dict, hash=False)
    values: dict[str, str] = field(default_factory=dict, hash=False)
