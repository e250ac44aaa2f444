"""What the core offers to the adapter of a chat platform."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.incoming import Incoming
from bot.ports import Person


class Host(Protocol):
    """The core as one platform's adapter sees it. Channels are the platform's own ids here, without its name."""

    @property
    def upload_dir(self) -> Path:
        """Where received files wait for their turn."""
        ...

    @property
    def max_upload_bytes(self) -> int:
        """The size cap of one file."""
        ...

    def now(self) -> datetime:
        """The present instant, UTC."""
        ...

    def accept(self, event: Incoming) -> Callable[[], None]:
        """Keep an event (`event.channel` is "platform:channel"); the platform may be told that it arrived. The same
        id again is a repeat. Returns how to wait for the end of its turn."""
        ...

    def root(self, channel: str, thread: str) -> str:
        """The ref of the message that opened a case's thread in the channel; "" before one is shown."""
        ...

    def thread_of(self, channel: str, ref: str) -> str:
        """The case in whose thread the message `ref` stands; "" for none."""
        ...

    def person_id(self, account: str) -> str:
        """The id of the person who has this account on the platform."""
        ...

    def account(self, person_id: str) -> str:
        """The account to mention for a person; the id itself when none is listed."""
        ...

    def person(self, person_id: str) -> Person | None:
        """What is known of a person."""
        ...

    def save_person(self, person: Person) -> None:
        """Keep name, language and zone."""
        ...

    def original(self, sha256: str) -> Path:
        """Where an original or a package lies; raises KeyError when there is none."""
        ...

    def say(self, key: str, language: str, **params: object) -> str:
        """A text of templates/."""
        ...
