"""A chat platform as the core sees it: the way out (`Sender`), and the whole of it (`Platform`)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.conversation.events import Upload
from bot.domain.audience import Audience
from bot.messaging.card import Card


class TryLater(Exception):
    """The platform asks to wait: nothing more may be sent to this channel for `seconds`."""

    def __init__(self, seconds: float, reason: str = "the platform asked to wait") -> None:
        super().__init__(reason)
        self.seconds = seconds


class Undeliverable(Exception):
    """The message can never be shown in its channel, for example because the channel is archived, the bot was
    removed or the card was refused. The exception's text says why."""


class Sender(Protocol):
    """Posts and updates messages on a chat platform. `pace_seconds` is the least time between two messages to one
    channel.

    A call ends within its platform's own time limit. It raises TryLater when told to wait and Undeliverable when
    trying again is useless. After any other exception the call is tried again with growing pauses, a limited
    number of times."""

    name: str
    pace_seconds: float

    def post(self, channel: str, thread: str, key: str, card: Card) -> str:
        """Post a card and return the platform's id of the message (its ref). `channel` is the platform's own id,
        `thread` the case id or "", `key` names the message so that it can be found again."""
        ...

    def update(self, channel: str, ref: str, key: str, card: Card, bump: bool) -> str:
        """Replace the card of the message `ref`; `bump` moves it to the end of its conversation where the platform
        can do that. Idempotent. Returns the ref under which the card is shown now, which is a new one when the
        earlier message can no longer be changed."""
        ...

    def find(self, channel: str, thread: str, key: str) -> str | None:
        """The ref of the message that an earlier `post` with this key made, asked after a crash. None when there
        is none, or when the platform itself makes sure that posting the same key again shows nothing twice."""
        ...


@dataclass(frozen=True)
class Examination:
    """The result of one check of the installation: whether it is all right, and what was found or has to be done."""

    name: str
    ok: bool
    detail: str


class Unfit(Exception):
    """A check found that something has to be mended; the message says what to do."""


class Platform(Protocol):
    """A chat platform as a whole: sending, receiving, and the files that people have sent there."""

    sender: Sender
    routes: Mapping[str, Any]
    """path prefix -> ASGI application for what the platform posts to us; none for a connection of our own"""

    def begin(self) -> None:
        """Start receiving events, in threads of the platform's own. Returns at once. An outage raises nothing: the
        platform keeps trying to connect."""
        ...

    def end(self) -> None:
        """Stop receiving events, and finish what has been received."""
        ...

    def is_direct(self, channel: str) -> bool:
        """Whether the platform's own id of a channel says that it is a conversation between one person and the bot;
        False where only events tell."""
        ...

    def audience(self, channel: str) -> Audience:
        """Who reads the channel (the platform's own id) now: whether guests or people of other organisations do.
        Raises OSError when the platform does not tell."""
        ...

    def readers(self, channel: str) -> Collection[str]:
        """The accounts of all people who read the channel (the platform's own id) now, without programs. Raises
        OSError when the platform does not tell."""
        ...

    def fetch(self, upload: Upload) -> Upload:
        """Download a file that still lies with the platform to `upload.path`, up to the size limit. Returns the
        upload with its size, or with a `problem` when trying again cannot help. Raises OSError for an outage."""
        ...

    def examine(self) -> Sequence[Examination]:
        """Check credentials, permissions, connection and channels, each within a time limit. Never raises."""
        ...
