"""One turn of a conversation: the event, its sender, and the answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from bot.conversation.events import CommandReceived, FileReceived, Incoming
from bot.conversation.grammar import ParsedCommand
from bot.conversation.naming import NamedIds, named
from bot.conversation.readings import Reading
from bot.domain.text import end_as_came
from bot.messaging.card import Card
from bot.ports.records import Person

T = TypeVar("T")


class Question(Exception):
    """Raised when a turn cannot go on before the person answers; `card` asks, with buttons."""

    def __init__(self, card: Card) -> None:
        super().__init__(card.title)
        self.card = card


@dataclass
class Turn:
    """One turn of a conversation: the event, its sender and their language, the command and the words after it,
    and what buttons and forms carry. `free` is the end of `rest` that is a reason, evidence or an explanation, as
    it came. `sure` says that the person has confirmed exactly this; `asked` is a command that was not certain and
    is to be asked back. `reading` is what was understood of people's own words, `readings` what they may mean;
    `silent`: they are for somebody else, and nothing is answered."""

    event: Incoming
    person: Person
    language: str
    command: str = ""
    words: list[str] = field(default_factory=list)
    rest: str = ""
    free: str = ""
    payload: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    sure: bool = False
    asked: ParsedCommand | None = None
    reading: Reading | None = None
    readings: tuple[Reading, ...] = ()
    silent: bool = False
    _found: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def named(self) -> NamedIds:
        """The ids that the turn's words name; the words are parsed once."""
        return named(self.rest, self.free)

    def once(self, what: str, look: Callable[[], T]) -> T:
        """The result of `look`, which is called once for `what`, however many arguments of the turn need it."""
        if what not in self._found:
            self._found[what] = look()
        found: T = self._found[what]
        return found

    @property
    def said(self) -> str:
        """The whole message as the person wrote it, or as their button says it."""
        text = self.event.text if isinstance(self.event, CommandReceived | FileReceived) else ""
        return self.payload.get("text") or text

    @property
    def as_typed(self) -> str:
        """The words after the command as the person wrote them, for showing; without marks at their beginning."""
        return end_as_came(self.said, self.rest)


Provider = Callable[[Turn], Any]


@dataclass(frozen=True)
class Reply:
    """The cards with which a turn answered."""

    cards: tuple[Card, ...]
    handled: bool = True
