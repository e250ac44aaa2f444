"""What the core offers to the adapter of a chat platform."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.conversation.events import FormSubmitted, Incoming
from bot.messaging.card import Card
from bot.ports.records import Person


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

    def accept_all(self, events: Sequence[Incoming], kept: Callable[[Sequence[BaseException | None]], None]) -> None:
        """Keep many events at once and tell `kept`, for each, None or what keeps it out; their turns start after."""
        ...

    def root(self, channel: str, thread: str) -> str:
        """The ref of the message that opened a case's thread in the channel; "" before one is shown."""
        ...

    def thread_of(self, channel: str, ref: str) -> str:
        """The case in whose thread the message `ref` stands; "" for none."""
        ...

    def shown(self, channel: str, ref: str) -> Card | None:
        """The newest card of the message `ref`; None when it is none of ours, or of a case of which the channel does
        not hear any more."""
        ...

    def answers(self, event_id: str, within: float = 0) -> list[Card] | None:
        """The cards with which the event's turn answered, waiting `within` seconds for its end; None when it is not
        over, or was another program's, or is long ago."""
        ...

    def seen(self, event_id: str, ref: str) -> None:
        """The private answers of the event's turn were shown to their person as `ref`, not as messages: no program
        is to send them any more."""
        ...

    def check(self, event: FormSubmitted) -> dict[str, str]:
        """What is wrong with a form's values, by input name, in the person's language; {} when acceptable. Changes
        nothing."""
        ...

    def home(self, person_id: str) -> Card:
        """A person's own page: their cases, the others, who is on call, settings."""
        ...

    def language(self, channel: str, person_id: str) -> str:
        """The language in which to speak to a person in a channel."""
        ...

    def channels(self) -> list[str]:
        """The channels that hear of a shop."""
        ...

    def reserve(self, method: str, per_minute: float, burst: int = 1) -> float:
        """Take a place in a rate limit that all replicas keep together; returns the seconds to wait before the
        call."""
        ...

    def waited(self, method: str) -> None:
        """Count that the platform asked to wait."""
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

    def name_channel(self, channel: str, name: str) -> None:
        """Keep what a channel is called there, for people who read of it elsewhere."""
        ...

    def original(self, sha256: str) -> Path:
        """Where an original or a package lies; raises KeyError when there is none, or it is not what it was."""
        ...

    def say(self, key: str, language: str, **params: object) -> str:
        """A text of templates/."""
        ...
