"""From an event to a handler: words to commands, arguments by name, permission, one conversation at a time."""

import inspect
import logging
import re
import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

from bot.card import Card
from bot.domain.refusal import Refusal
from bot.incoming import (
    BotJoined,
    ButtonPressed,
    CommandReceived,
    FileReceived,
    FormSubmitted,
    Incoming,
    MessageChanged,
)
from bot.ports import Person, Unit, UnitFactory
from bot.services.timeline import caused_by

log = logging.getLogger(__name__)

Handler = Callable[..., "Card | list[Card] | None"]
ROLES = ("viewer", "member", "lead")


class Question(Exception):
    """The turn cannot go on before the person answers: `card` asks, with buttons."""

    def __init__(self, card: Card) -> None:
        super().__init__(card.title)
        self.card = card


class WiringError(Exception):
    """The handlers do not fit the router; found at start-up."""


@dataclass(frozen=True)
class Route:
    """One registered conversation turn; `role` is the least role that may use it."""

    name: str
    handler: Handler
    role: str = "member"
    parameters: tuple[str, ...] = ()


class Router:
    """Collects the handlers of one conversation file; app.py includes them in the main one."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}

    def on(self, name: str, role: str = "member") -> Callable[[Handler], Handler]:
        """Register a handler for a command, button or form of that name."""

        def register(handler: Handler) -> Handler:
            self._add(Route(name, handler, role, tuple(inspect.signature(handler).parameters)))
            return handler

        return register

    def include(self, other: "Router") -> None:
        """Take over another router's handlers; raises WiringError for a name used twice."""
        for route in other.routes.values():
            self._add(route)

    def _add(self, route: Route) -> None:
        if route.name in self.routes:
            raise WiringError(f"two handlers for {route.name!r}")
        if route.role not in ROLES:
            raise WiringError(f"{route.name!r}: unknown role {route.role!r}; known: {ROLES}")
        self.routes[route.name] = route


@dataclass
class Turn:
    """One conversation turn: the event, who and where, the words after the command, what buttons and forms carry."""

    event: Incoming
    person: Person
    language: str
    command: str = ""
    words: list[str] = field(default_factory=list)
    rest: str = ""
    payload: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)


Provider = Callable[[Turn], Any]


# Control characters, and what makes a line read backwards to its end.
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_MENTION = re.compile(r"^(?:<@[^>]{1,64}>|@\S{1,64})\s*")
_PREFIX = re.compile(r"^(?:/\s*)?odr(?:-?bot)?(?=\s|$)[\s:,]*(?=\S)", re.IGNORECASE)


def tidy(text: str) -> str:
    """A person's words made comparable: full-width to half-width, no control characters, mentions and the
    `/odr` prefix off, white space folded line by line."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    text = _MENTION.sub("", "\n".join(" ".join(line.split()) for line in text.splitlines()).strip())
    return _PREFIX.sub("", text) if _PREFIX.match(text) and not _is_odr_query(text) else text.lstrip("/ ").strip()


def _is_odr_query(text: str) -> bool:
    """`odr SHOP` is a command of its own: without the slash, the word is the command, not the prefix."""
    return not text.startswith("/") and not text.lower().startswith(("odr-bot", "odrbot"))


class Vocabulary:
    """The words of all languages for the commands."""

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        self.names = {tidy(word).casefold(): name for name, listed in words.items() for word in listed}
        self.longest = sorted(self.names, key=len, reverse=True)

    def match(self, text: str) -> tuple[str, str]:
        """(command, the rest) for the longest command word the text starts with; ("", text) when none does."""
        lowered = text.casefold()
        for word in self.longest:
            if lowered.startswith(word) and self._ends(word, lowered):
                return self.names[word], text[len(word) :].lstrip(" :,，：、\n")
        return "", text

    def nearest(self, text: str) -> str:
        """The command word most like what was typed, or ""."""
        from rapidfuzz import fuzz, process

        typed = " ".join(text.casefold().split()[:2])
        found = process.extractOne(typed, self.longest, scorer=fuzz.WRatio, score_cutoff=65) if typed else None
        return found[0] if found else ""

    @staticmethod
    def _ends(word: str, text: str) -> bool:
        """Chinese needs no space behind a command word; Latin words do."""
        if len(text) == len(word) or not word[-1].isascii():
            return True
        return not text[len(word)].isalnum() or not text[len(word)].isascii()


@dataclass(frozen=True)
class Reply:
    """What a turn answered."""

    cards: tuple[Card, ...]
    handled: bool = True


class Dispatcher:
    """Runs turns: dedupe by the event's id, permission, arguments, handler, reply, all in one transaction
    per turn as far as the handler's services allow. `providers` make the arguments by name."""

    def __init__(
        self,
        router: Router,
        vocabulary: Vocabulary,
        units: UnitFactory,
        providers: Mapping[str, Provider],
        person_of: Callable[[Unit, Incoming], tuple[Person, str]],
        refuse: Callable[[Refusal, Turn], Card],
        failed: Callable[[Exception, Turn], Card],
        alone: Callable[[str], AbstractContextManager[None]] = lambda place: nullcontext(),
    ) -> None:
        """`alone(place)` keeps the other programs on the same database out of a conversation."""
        self.router, self.vocabulary, self.units, self.providers = router, vocabulary, units, providers
        self.person_of, self.refuse, self.failed, self.alone = person_of, refuse, failed, alone
        self._guard = threading.Lock()
        self._locks: dict[tuple[str, str], tuple[threading.Lock, int]] = {}
        self._check()

    def _check(self) -> None:
        for route in self.router.routes.values():
            if unknown := [name for name in route.parameters if name not in self.providers]:
                raise WiringError(
                    f"{route.name!r} asks for unknown arguments {unknown}; known: {sorted(self.providers)}"
                )
        if strangers := sorted(set(self.vocabulary.names.values()) - set(self.router.routes)):
            raise WiringError(f"words for commands that nobody handles: {strangers}")

    def handle(self, event: Incoming) -> Reply:
        """One turn. The event is taken together with its replies, exactly once however often it is delivered: a
        turn that a crash has cut off is run again when the event comes again."""
        with self._conversation(event):
            with self.units(read_only=True) as unit:
                answered = unit.records.has_event(event.id)
                person, language = self.person_of(unit, event)
            if answered:
                return Reply((), handled=False)
            with caused_by(event.id):
                cards = tuple(self.run(self.turn(event, person, language)))
            with self.units() as unit:
                if unit.records.take_event(event.id, event.at, event.channel, event.person):
                    for number, card in enumerate(cards):
                        place_reply(unit, event, number, card)
        return Reply(cards)

    def turn(self, event: Incoming, person: Person, language: str) -> Turn:
        """The event as a turn of the conversation."""
        turn = Turn(event, person, language)
        match event:
            case CommandReceived(text=text) | FileReceived(text=text):
                return self.read(turn, text, "files" if isinstance(event, FileReceived) else "unknown")
            case FormSubmitted(action=action, payload=payload, values=values):
                return replace(turn, command=action, payload=payload, values=values)
            case ButtonPressed(action="say", payload=payload):
                return replace(self.read(turn, payload.get("text", ""), "unknown"), payload=payload)
            case ButtonPressed(action=action, payload=payload):
                return replace(turn, command=action, payload=payload)
            case BotJoined():
                return replace(turn, command="joined")
            case MessageChanged():
                return replace(turn, command="message_changed")
        raise TypeError(f"unknown event {type(event).__name__}")

    def read(self, turn: Turn, text: str, otherwise: str) -> Turn:
        """The turn with its command and words taken from `text`; `otherwise` names the handler for free words."""
        tidied = tidy(text)
        command, rest = self.vocabulary.match(tidied)
        return replace(turn, command=command or otherwise, rest=rest, words=rest.split())

    def run(self, turn: Turn) -> list[Card]:
        """The cards of a turn; whatever breaks, the person gets an answer and the developer the cause."""
        try:
            route = self._route(turn)
            arguments = {name: self.providers[name](turn) for name in route.parameters}
            result = route.handler(**arguments)
        except Question as question:
            return [question.card]
        except Refusal as refusal:
            return [replace(self.refuse(refusal, turn), private_to=turn.person.id)]
        except Exception as error:
            log.exception("turn %s (%s) failed", turn.event.id, turn.command)
            return [replace(self.failed(error, turn), private_to=turn.person.id)]
        return [] if result is None else [result] if isinstance(result, Card) else result

    @contextmanager
    def _conversation(self, event: Incoming) -> Iterator[None]:
        """One turn at a time in a conversation: an answer never overtakes the question before it."""
        place = (event.channel, event.thread)
        with self._guard:
            lock, waiting = self._locks.get(place, (threading.Lock(), 0))
            self._locks[place] = (lock, waiting + 1)
        try:
            with lock, self.alone("|".join(place)):
                yield
        finally:
            with self._guard:
                lock, waiting = self._locks[place]
                self._locks[place] = (lock, waiting - 1)
                if waiting == 1:
                    del self._locks[place]

    def _route(self, turn: Turn) -> Route:
        route = self.router.routes.get(turn.command)
        if route is None:
            raise Refusal("old_button")
        if ROLES.index(turn.person.role) < ROLES.index(route.role):
            raise Refusal("not_allowed", role=route.role, command=turn.command)
        return route


def place_reply(unit: Unit, event: Incoming, number: int, card: Card) -> None:
    """Queue a turn's reply. A case's own card keeps its slot inside the case's thread and moves to the end;
    anywhere else the answer is a message of its own."""
    at_home = bool(card.slot and event.thread and card.slot.startswith(event.thread + ":"))
    shown = card if at_home else replace(card, slot="")
    unit.messages.put(event.channel, event.thread, f"{event.id}#{number}", shown, event.at, bump=at_home)
