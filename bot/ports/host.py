"""What the core offers to a platform's adapter: a few collaborators, the same for every platform.

An adapter sees only its own platform: channels, messages and accounts are named by the platform's own ids, without
the platform's name before them."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.conversation.events import FormSubmitted, Incoming
from bot.domain.audience import Audience
from bot.messaging.card import Card
from bot.ports.clock import Clock
from bot.ports.records import Person


class Inbox(Protocol):
    """Receives the events of a platform. In an event the channel is written with its platform, as
    "platform:channel"."""

    def accept(self, event: Incoming) -> Callable[[], None]:
        """Store an event and start its turn. Once this returns, the platform may be told that the event arrived.
        An event with a known id is a repeat and has no effect. Returns a function that waits for the end of the
        turn and raises what went wrong in it."""
        ...

    def accept_all(self, events: Sequence[Incoming], kept: Callable[[Sequence[BaseException | None]], None]) -> None:
        """Store many events in one transaction, then call `kept` with one entry for each event: None, or the
        exception that kept it from being stored. The turns start after that."""
        ...

    def answers(self, event_id: str, within: float = 0) -> list[Card] | None:
        """The cards with which the event's turn answered; waits up to `within` seconds for the turn to end. None
        when it has not ended, was run by another process, or ended too long ago to be remembered."""
        ...

    def known(self, event_id: str) -> bool:
        """Whether an event with that id was received, so that it may have changed something."""
        ...

    def shown_privately(self, event_id: str, ref: str) -> None:
        """Note that the platform showed the private answers of the event's turn to its sender as `ref`, not as
        messages: no process sends them any more."""
        ...


class ThreadIndex(Protocol):
    """Finds the case to which one of the platform's messages belongs, and the messages of a case."""

    def root(self, channel: str, thread: str) -> str:
        """The ref of the message that opened the case's thread in the channel; "" while none is shown."""
        ...

    def thread_of(self, channel: str, ref: str) -> str:
        """The id of the case in whose thread the message `ref` stands; "" for none."""
        ...

    def renew(self, channel: str, thread: str) -> None:
        """Have the cards of the case's thread in the channel drawn anew, because one of them was deleted there."""
        ...

    def card(self, channel: str, ref: str) -> Card | None:
        """The newest card of the message `ref`. None when the bot did not send that message, or when the channel
        is no longer bound to the shop of the card's case."""
        ...


class Directory(Protocol):
    """Finds people by their accounts on the platform, and keeps the names of its channels."""

    def person_id(self, account: str) -> str:
        """The id of the person with this account; the account itself for a person of whom nothing else is known."""
        ...

    def account(self, person_id: str) -> str:
        """The account by which to mention a person; the id itself for a person who is not listed with an account."""
        ...

    def given(self) -> Mapping[str, str]:
        """The accounts that the settings give to people, by person id."""
        ...

    def person(self, person_id: str) -> Person | None:
        """The stored row of a person; None for somebody who has never been met."""
        ...

    def profile(self, person_id: str) -> Person:
        """A person's stored row, completed from the settings, so that language and time zone are always given.
        While the database cannot be read, what the settings say alone."""
        ...

    def save_person(self, person: Person) -> None:
        """Store a person's name, language and time zone."""
        ...

    def may_be_called(self, person_id: str, name: str) -> bool:
        """Whether a person may take a name: not one by which somebody else is known of whom they may know."""
        ...

    def language(self, channel: str, person_id: str) -> str:
        """The language ("zh" or "en") in which to speak to a person in a channel: the person's own, else the
        channel's, else the team's."""
        ...

    def channels(self) -> list[str]:
        """The channels that are bound to at least one shop, each once."""
        ...

    def name_channel(self, channel: str, name: str) -> None:
        """Store the name that the platform shows for a channel, for people who read about it elsewhere."""
        ...

    def note_return(self, channel: str) -> None:
        """Note that the bot can write in a channel again, to which it was added or which was archived: what could not
        be shown there of active cases is sent once more."""
        ...

    def note_audience(self, channel: str, audience: Audience) -> None:
        """Note who reads a channel. When that changes what may be shown there, its people are told."""
        ...


class RateLimits(Protocol):
    """Rate limits that all processes on one database share."""

    def reserve(self, method: str, per_minute: float, burst: int = 1) -> float:
        """Reserve the next call of a method that allows `per_minute` calls in the long run and `burst` at once.
        Returns the seconds to wait before making the call."""
        ...

    def called(self) -> None:
        """Count a call of the platform's API, for platforms that allow so many a month."""
        ...

    def calls(self) -> tuple[int, int]:
        """How many calls were made this month (UTC), and how many the settings allow; (0, 0) where nobody counts."""
        ...

    def waited(self, method: str) -> None:
        """Count in the metrics that the platform asked to wait."""
        ...


class Texts(Protocol):
    """Texts for people in their language, "zh" or "en"."""

    def say(self, key: str, language: str, **params: object) -> str:
        """The text `key` of templates/ with its parameters filled in. Raises an error that names the key when it
        does not exist."""
        ...

    def home(self, person_id: str) -> Card:
        """A person's home page as a card: their cases, the other open cases, who is on call, their settings."""
        ...

    def check(self, event: FormSubmitted) -> dict[str, str]:
        """Validate a form that has not been submitted yet: what is wrong, by input name, in the sender's language;
        {} when it is acceptable. Changes nothing."""
        ...

    def fault(self, error: BaseException, language: str) -> str:
        """What a database fault means and what to do about it, in the team's language when `language` is ""; ""
        for any other error."""
        ...


class FileStore(Protocol):
    """The folder of received files, and the originals that may be sent out."""

    @property
    def upload_dir(self) -> Path:
        """The folder in which received files wait until their turn is run."""
        ...

    @property
    def max_upload_bytes(self) -> int:
        """The largest file that is accepted, in bytes."""
        ...

    def original(self, sha256: str, reader: str = "") -> Path:
        """The path of an original or a package. Raises KeyError when there is none, when the platform may not show
        it to the person `reader` ("" when it is sent into a channel), or when its bytes no longer have that
        SHA-256."""
        ...


Acting = Callable[[str, str, str], AbstractContextManager[None]]
"""(person id, address, what they do) -> inside the block, what is changed is noted in the trail as done by them"""


def nobody_noted(person: str, address: str, what: str) -> AbstractContextManager[None]:
    """Notes nothing: for platforms whose every act is an event."""
    return nullcontext()


@dataclass(frozen=True)
class Host:
    """The collaborators for the adapter of one platform, which passes to each of its parts those that the part
    needs."""

    inbox: Inbox
    threads: ThreadIndex
    directory: Directory
    rates: RateLimits
    texts: Texts
    files: FileStore
    clock: Clock
    acting: Acting = nobody_noted
