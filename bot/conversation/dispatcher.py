"""Runs turns: finds the handler for an event, checks permission, makes the arguments, one turn of a conversation
at a time."""

import logging
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import replace

from bot.conversation.events import (
    BotJoined,
    ButtonPressed,
    CommandReceived,
    FileReceived,
    FormSubmitted,
    Incoming,
    MessageChanged,
)
from bot.conversation.gate import Gate
from bot.conversation.grammar import Grammar
from bot.conversation.lexicon import TalkWords
from bot.conversation.listening import CommandForm, Heard, Listener, Said
from bot.conversation.router import Route, Router, WiringError
from bot.conversation.things import TalkContext
from bot.conversation.turn import Provider, Question, Reply, Turn
from bot.conversation.understanding import Understanding
from bot.conversation.vocabulary import CommandVocabulary, tidy
from bot.domain.addresses import IMPORTS, AnswerKey, Slot
from bot.domain.people import Role
from bot.domain.refusal import Refusal
from bot.domain.trail import Actor
from bot.messaging.card import Card
from bot.ports.records import Person
from bot.ports.store import Unit, UnitFactory
from bot.services.timeline import caused_by
from bot.services.trail import acting

log = logging.getLogger(__name__)


def listening(router: Router, vocabulary: CommandVocabulary, words: TalkWords) -> Listener:
    """What finds the meaning of messages for those handlers; `words` are those by which talk is understood."""
    forms = {
        route.name: CommandForm(route.takes, route.reports, "shop" in route.parameters)
        for route in router.routes.values()
    }
    return Listener(Grammar(vocabulary), forms, Understanding(words))


class Dispatcher:
    """Runs turns. Each event is handled once, by its id; then come permission, arguments, the handler and its
    reply, in one transaction as far as the handler's services allow. `providers` make the arguments by name."""

    def __init__(
        self,
        router: Router,
        vocabulary: CommandVocabulary,
        units: UnitFactory,
        providers: Mapping[str, Provider],
        person_of: Callable[[Unit, Incoming], tuple[Person, str]],
        gate: Gate,
        refuse: Callable[[Refusal, Turn], Card],
        failed: Callable[[Exception, Turn], Card],
        locked: Callable[[str], AbstractContextManager[None]] = lambda place: nullcontext(),
        known: Callable[[Incoming], Collection[str]] = lambda event: (),
        reading: Callable[[], AbstractContextManager[None]] = nullcontext,
        inside: Callable[[Turn], None] = lambda turn: None,
        listener: Listener | None = None,
        around: Callable[[Incoming], TalkContext] = lambda event: TalkContext(),
    ) -> None:
        """`gate` limits what handlers find to what the sender may see. `locked(place)` holds a lock on the
        conversation against other processes on the same database. `known(event)` are the names that its
        sender may mention beside a command. `inside(turn)` raises Refusal for what does not belong in
        its channel. `listener` finds what messages mean, without one exact commands alone are known; `around(event)`
        is what words may mean there."""
        self.inside = inside
        self.router, self.vocabulary, self.units, self.providers = router, vocabulary, units, providers
        self.person_of, self.gate, self.refuse, self.failed = person_of, gate, refuse, failed
        self.locked, self.known, self.reading, self.around = locked, known, reading, around
        self.listener = listener or listening(router, vocabulary, TalkWords({}))
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
        routes = [self.router.routes[name] for name in sorted(set(self.vocabulary.names.values()))]
        if open_ended := [route.name for route in routes if route.takes is None and route.role is not Role.VIEWER]:
            raise WiringError(f"commands that change something and do not say what they take: {open_ended}")

    def handle(self, event: Incoming) -> Reply:
        """Run one turn. The event is marked as handled in the transaction that queues its replies, so that it is
        answered exactly once however often it is delivered. A turn that a crash has interrupted is run again when
        the event comes again."""
        with self._conversation(event):
            with self.units(read_only=True) as unit:
                answered = unit.records.has_event(event.id)
                person, language = self.person_of(unit, event)
            if answered:
                return Reply((), handled=False)
            with caused_by(event.id):
                turns = self.turns(self.turn(event, person, language))
                cards = tuple(card for turn in turns for card in self.run(turn))
            with self.units() as unit:
                if unit.records.take_event(event.id, event.at, event.channel, event.person):
                    for number, card in enumerate(cards):
                        place_reply(unit, event, number, card)
        return Reply(cards)

    def turn_of(self, event: Incoming) -> Turn:
        """The event as a turn of its sender, without running it."""
        with self.units(read_only=True) as unit:
            return self.turn(event, *self.person_of(unit, event))

    def turn(self, event: Incoming, person: Person, language: str) -> Turn:
        """The event as a turn of the conversation, with command, words and what buttons carry."""
        turn = Turn(event, person, language)
        match event:
            case CommandReceived(text=text) | FileReceived(text=text):
                return self.read(turn, text, "files" if isinstance(event, FileReceived) else "unknown")
            case FormSubmitted(action=action, payload=payload, values=values):
                return replace(turn, command=action, payload=payload, values=values)
            case ButtonPressed(action="say", payload=payload):
                return self.read(replace(turn, payload=payload), payload.get("text", ""), "unknown")
            case ButtonPressed(action=action, payload=payload):
                return replace(turn, command=action, payload=payload, sure=payload.get("sure") == "yes")
            case BotJoined():
                return replace(turn, command="joined")
            case MessageChanged():
                return replace(turn, command="message_changed")
        raise TypeError(f"unknown event {type(event).__name__}")

    def read(self, turn: Turn, text: str, otherwise: str) -> Turn:
        """The turn with command and words taken from `text`; `otherwise` names the handler for words that are no
        command."""
        event = turn.event
        files = isinstance(event, FileReceived)
        said = Said(
            text,
            addressed=not isinstance(event, CommandReceived) or event.addressed,
            called=isinstance(event, CommandReceived) and event.called,
            alone=event.direct,
            sure=turn.payload.get("sure") == "yes",
            files=files,
            known=lambda: self.known(event),
        )
        heard = self.listener.hear(said, lambda: self.around(event))
        if heard.command:
            return _commanded(turn, heard)
        asked, readings = heard.order, heard.readings
        free = replace(turn, command=otherwise, rest=heard.rest, words=heard.rest.split())
        return replace(free, asked=asked, readings=readings, silent=heard.silent and not files)

    def turns(self, turn: Turn) -> list[Turn]:
        """The turn, and before it one that stores the files when the words beside them are asked back or name a
        command that takes no files: files are kept whatever the words say (domain.md §8)."""
        event, route = turn.event, self.router.routes.get(turn.command)
        keeps = route is not None and "uploads" in route.parameters and not turn.asked
        if not isinstance(event, FileReceived) or keeps:
            return [turn]
        words = tidy(event.text)
        kept = replace(turn, command="files", rest=words, words=words.split(), asked=None)
        return [kept, replace(turn, command="unknown") if turn.asked else turn]

    def run(self, turn: Turn) -> list[Card]:
        """The cards that answer the turn. An unexpected error is logged and answered with a card that says what to
        do."""
        try:
            with self.gate.asking(turn.event), acting(_actor(turn)):
                return self._run(turn)
        except Exception as error:
            log.exception("turn %s (%s) failed", turn.event.id, turn.command)
            return [replace(self.failed(error, _alone(turn)), private_to=turn.person.id)]

    def _run(self, turn: Turn) -> list[Card]:
        try:
            with ExitStack() as passed:
                route = self._route(turn)
                with self.reading():
                    self.inside(turn)
                    admitted = passed.enter_context(self.gate.passed(turn, route))
                    arguments = {name: self.providers[name](admitted) for name in route.parameters}
                result = route.handler(**arguments)
        except Question as question:
            return [question.card]
        except Refusal as refusal:
            return [replace(self.refuse(refusal, _alone(turn)), private_to=turn.person.id)]
        return [] if result is None else [result] if isinstance(result, Card) else result

    @contextmanager
    def _conversation(self, event: Incoming) -> Iterator[None]:
        """Inside the block no other turn of the conversation runs, so that an answer never overtakes the question
        before it."""
        place = (event.channel, event.thread)
        with self._guard:
            lock, waiting = self._locks.get(place, (threading.Lock(), 0))
            self._locks[place] = (lock, waiting + 1)
        try:
            with lock, self.locked("|".join(place)):
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
        return route


def _alone(turn: Turn) -> Turn:
    """The turn in its sender's own language, for an answer that nobody else sees."""
    return replace(turn, language=turn.person.language or turn.language)


def _actor(turn: Turn) -> Actor:
    """Who causes what the turn changes. A turn that a crash has interrupted goes on with the same act."""
    event = turn.event
    return Actor(turn.person.id, event.channel, event.address, turn.command, f"{event.id}:{turn.command}")


def _commanded(turn: Turn, heard: Heard) -> Turn:
    words = heard.rest.split()
    done = replace(turn, command=heard.command, rest=heard.rest, words=words, sure=heard.sure, free=heard.free)
    return replace(done, reading=heard.reading)


def place_reply(unit: Unit, event: Incoming, number: int, card: Card) -> None:
    """Queue a reply of a turn. A case's own card keeps its slot inside the case's thread and moves to the end of
    it; anywhere else the reply is a message of its own, in the language of whoever asked. The card of received
    exports was queued with what it shows: their import may have gone on since."""
    about = Slot.read(card.slot).case_id
    if about == IMPORTS:
        return
    at_home = bool(about) and about == event.thread
    shown = card if at_home else replace(card, slot="", translations=())
    unit.messages.put(event.channel, event.thread, str(AnswerKey(event.id, number)), shown, event.at, bump=at_home)
