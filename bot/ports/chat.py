"""A chat platform as the core sees it: the way out (`Sender`), and the whole of it (`Platform`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.conversation.events import Upload
from bot.messaging.card import Card


class TryLater(Exception):
    """The platform asks to wait: nothing more goes to this channel for `seconds`."""

    def __init__(self, seconds: float, reason: str = "the platform asked to wait") -> None:
        super().__init__(reason)
        self.seconds = seconds


class Undeliverable(Exception):
    """This message will never be shown in its channel (archived, bot removed, card refused): says why."""


class Sender(Protocol):
    """A chat platform's way out. `pace_seconds` is the least time between two messages to one channel.

    A call ends within its platform's own time limit. It raises TryLater when told to wait and Undeliverable when
    trying again is useless; any other exception is tried again with growing pauses, and given up after some.
    """

    name: str
    pace_seconds: float

    def post(self, channel: str, thread: str, key: str, card: Card) -> str:
        """Show a card; `channel` is the platform's own id, `thread` the case id or "". Returns the message's ref."""
        ...

    def update(self, channel: str, ref: str, key: str, card: Card, bump: bool) -> str:
        """Replace the card shown as `ref`; `bump` brings it to the end of its conversation where that is possible.
        Doing it twice shows the same. Returns the ref under which it is shown now: another one when the earlier
        message can no longer be changed."""
        ...

    def find(self, channel: str, thread: str, key: str) -> str | None:
        """The ref of the message that an earlier `post` with this key has shown, asked after a crash; None when
        there is none, or when posting the same key again shows nothing twice."""
        ...


@dataclass(frozen=True)
class Examination:
    """One thing that was examined: whether it is well, and what was found or has to be done."""

    name: str
    ok: bool
    detail: str


class Platform(Protocol):
    """A chat platform as a whole: its way out, its way in, and the files that lie there."""

    sender: Sender
    routes: Mapping[str, Any]
    """path prefix -> ASGI application for what the platform posts to us; none for a connection of our own"""

    def begin(self) -> None:
        """Take events from now on, in threads of its own. Returns at once; an outage is not raised but waited out."""
        ...

    def end(self) -> None:
        """Take no more events."""
        ...

    def fetch(self, upload: Upload) -> Upload:
        """Bring a remote file to `upload.path`, under the size cap: the upload with its size, or with a `problem`
        that trying again does not mend. Raises OSError for an outage."""
        ...

    def examine(self) -> Sequence[Examination]:
        """Look at tokens, permissions, connection and channels, within time limits of its own; never raises."""
        ...
