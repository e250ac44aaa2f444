"""What the core offers to the adapter of a chat platform: a few collaborators, the same ones for every platform.

An adapter sees its own platform only: channels, messages and accounts are named by the platform's own ids, without
the platform's name before them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.conversation.events import FormSubmitted, Incoming
from bot.messaging.card import Card
from bot.ports.clock import Clock
from bot.ports.records import Person


class Inbox(Protocol):
    """Takes what people do. In an event the channel is written with its platform, as "platform:channel"."""

    def accept(self, event: Incoming) -> Callable[[], None]:
        """Keep an event: once this returns, the platform may be told that it arrived. The same id again is a repeat
        and does nothing twice. Returns how to wait for the end of its turn, which raises what went wrong in it."""
        ...

    def accept_all(self, events: Sequence[Incoming], kept: Callable[[Sequence[BaseException | None]], None]) -> None:
        """Keep many events at once and tell `kept`, for each, None or what keeps it out; their turns start after."""
        ...

    def answers(self, event_id: str, within: float = 0) -> list[Card] | None:
        """The cards with which the event's turn answered, waiting `within` seconds for its end; None when it is not
        over, or was another program's, or is long ago."""
        ...

    def shown_privately(self, event_id: str, ref: str) -> None:
        """The private answers of the event's turn were shown to their person as `ref`, not as messages: no program
        is to send them any more."""
        ...


class ThreadIndex(Protocol):
    """Knows which of the platform's messages belong to which case."""

    def root(self, channel: str, thread: str) -> str:
        """The ref of the message that opened the case's thread in the channel; "" before one is shown."""
        ...

    def thread_of(self, channel: str, ref: str) -> str:
        """The id of the case in whose thread the message `ref` stands; "" for none."""
        ...

    def card(self, channel: str, ref: str) -> Card | None:
        """The newest card of the message `ref`; None when it is none of ours, or of a case of which the channel does
        not hear any more."""
        ...


class Directory(Protocol):
    """Knows people by their accounts on the platform, and its channels."""

    def person_id(self, account: str) -> str:
        """The id of the person who has this account; the account itself for somebody who is not listed."""
        ...

    def account(self, person_id: str) -> str:
        """The account by which to call a person; the id itself for somebody who is not listed with one."""
        ...

    def person(self, person_id: str) -> Person | None:
        """What is kept of a person; None for somebody nobody has met."""
        ...

    def profile(self, person_id: str) -> Person:
        """A person with what is kept of them, and the settings' word where nothing is: language and zone are always
        given. While the database cannot be read, the settings' word alone."""
        ...

    def save_person(self, person: Person) -> None:
        """Keep name, language and zone; the role is the settings' alone."""
        ...

    def language(self, channel: str, person_id: str) -> str:
        """The language ("zh" or "en") in which to speak to a person in a channel: the person's own, else the
        channel's, else the team's."""
        ...

    def channels(self) -> list[str]:
        """The channels that hear of a shop, each once."""
        ...

    def name_channel(self, channel: str, name: str) -> None:
        """Keep what a channel is called there, for people who read of it elsewhere."""
        ...


class RateLimits(Protocol):
    """Limits that all replicas keep together."""

    def reserve(self, method: str, per_minute: float, burst: int = 1) -> float:
        """Take a place in the limit of a method, of which `burst` calls may come at once; returns the seconds to wait
        before the call."""
        ...

    def waited(self, method: str) -> None:
        """Count that the platform asked to wait, for whoever watches the program."""
        ...


class Texts(Protocol):
    """Says things in a person's language, "zh" or "en"."""

    def say(self, key: str, language: str, **params: object) -> str:
        """A text of templates/ with its parameters filled in. Raises an error that names a key that is not there."""
        ...

    def home(self, person_id: str) -> Card:
        """A person's own page: their cases, the others, who is on call, settings."""
        ...

    def check(self, event: FormSubmitted) -> dict[str, str]:
        """What is wrong with a form's values, by input name, in the sender's language; {} when acceptable. Changes
        nothing."""
        ...

    def fault(self, error: BaseException, language: str) -> str:
        """What a known fault of the store means and what to do, in the team's language for ""; "" for any other
        error."""
        ...


class FileStore(Protocol):
    """Where files lie on their way in, and originals on their way out."""

    @property
    def upload_dir(self) -> Path:
        """Where received files wait for their turn."""
        ...

    @property
    def max_upload_bytes(self) -> int:
        """The size cap of one file."""
        ...

    def original(self, sha256: str) -> Path:
        """Where an original or a package lies; raises KeyError when there is none that the platform may show, or it
        is not what it was."""
        ...


@dataclass(frozen=True)
class Host:
    """All of them, for the adapter of one platform, which gives each of its parts those that it needs."""

    inbox: Inbox
    threads: ThreadIndex
    directory: Directory
    rates: RateLimits
    texts: Texts
    files: FileStore
    clock: Clock
