"""What is made of a message: first the exact commands, then what people mean in their own words, and silence towards
talk between colleagues (domain.md §8)."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from bot.conversation.grammar import Grammar, ParsedCommand
from bot.conversation.marks import without_emoji
from bot.conversation.mood import weight
from bot.conversation.readings import NOTHING, Reading, Response
from bot.conversation.things import TalkContext, shop_words
from bot.conversation.understanding import Understanding
from bot.conversation.vocabulary import NAME, tidy
from bot.domain.text import folded

_TO_SOMEBODY = re.compile(r"^\s*(?:<@[^>]{1,64}>|@(?!odr-?bot(?![a-z]))\S{1,64})", re.IGNORECASE)
_CALLED = re.compile(r"^\s*(?:@odr-?bot|/\s*odr(?:-?bot)?)(?![a-z])", re.IGNORECASE)

_ALSO_TALK = frozenset({"ack", "assign", "check", "claim"})
"""Commands whose words colleagues say to each other: "got it", "give me a minute", "check your mail"."""
_FREE = frozenset({"note", "evidence"})
"""Commands whose words people also say of notes and evidence themselves: "evidence for 0083?"."""
_NAME = re.compile(r"[.…]*\d{4,20}|c\d{1,9}|全部|all", re.IGNORECASE)
_VALUE = re.compile(r"S\d|excluded|rejected|received", re.IGNORECASE)
_SHOP_ID = re.compile(r"(?=.*[a-z])(?=.*\d)[\w-]{2,40}", re.IGNORECASE)
_NAMES_CASE = re.compile(r"(?<![a-z])c\d{1,9}(?!\w)", re.IGNORECASE)


@dataclass(frozen=True)
class CommandForm:
    """What a command takes (None for one that only shows), whether it tells what was done elsewhere, and whether it
    shows something of a shop."""

    takes: frozenset[str] | None
    reports: bool = False
    of_shop: bool = False


@dataclass(frozen=True)
class Said:
    """A message as it came. `addressed`: it was said where the bot is spoken to. `called`: the bot was named, so that
    nobody else is meant. `alone`: nobody else reads it. `sure`: a button has confirmed exactly this. `files` came
    with it. `known` are names that may stand beside a command."""

    text: str
    addressed: bool = True
    called: bool = False
    alone: bool = False
    sure: bool = False
    files: bool = False
    known: Callable[[], Collection[str]] = tuple


@dataclass(frozen=True)
class Heard:
    """What to do with a message: run `command` with `rest` (and `each`, where orders get different values), or, with
    no command, ask with `readings` or `order` what is meant, or say nothing (`silent`). `bare`: names alone."""

    command: str = ""
    rest: str = ""
    free: str = ""
    sure: bool = False
    reading: Reading | None = None
    order: ParsedCommand | None = None
    readings: tuple[Reading, ...] = ()
    silent: bool = False
    bare: bool = False


class Listener:
    """Listens to what is said. Changes nothing."""

    def __init__(self, grammar: Grammar, forms: Mapping[str, CommandForm], understanding: Understanding) -> None:
        """`forms` are the commands by name."""
        self.grammar, self.vocabulary, self.forms = grammar, grammar.vocabulary, forms
        self.understanding = understanding

    def hear(self, said: Said, around: Callable[[], TalkContext]) -> Heard:
        """What to do with the message; `around` is asked for only when the words are no exact command."""
        exact = self._exact(said, around)
        whole = bool(exact.command) and exact.order is None
        if exact.bare or (whole and (said.sure or said.files or not self._in_doubt(exact, said))):
            return exact
        half = self._half(exact, said)
        if half and self._doubtful(exact):
            return replace(exact, command="")
        context = TalkContext() if said.files else around()
        meaning = NOTHING if said.files else self.understanding.of(said.text, context)
        answered = meaning.response is Response.ANSWER and exact.command in ("tag", "result")
        if whole and meaning.response is not Response.ACT and not answered:
            stands = self._stands(exact, said, context)
            return exact if stands else Heard(rest=exact.rest, silent=not self._called(said))
        match meaning.response:
            case Response.ACT if self._kept_in_doubt(exact, meaning.readings[0]):
                return replace(exact, command="", readings=() if exact.order else meaning.readings)
            case Response.ACT | Response.ANSWER:
                [reading] = meaning.readings
                return Heard(reading.command, reading.rest, reading=reading)
            case Response.ASK if not half:
                return replace(exact, command="", order=None, readings=meaning.readings)
        if exact.order is not None and (half or self._called(said)):
            return replace(exact, command="")
        if not said.files and self.understanding.thanks(said.text):
            return Heard(rest=exact.rest, silent=True)
        near = said.addressed and (NAME.search(said.text) or self.vocabulary.misspelt(exact.rest))
        return Heard(rest=exact.rest, silent=not (self._called(said) or (near and self.near(exact.rest))))

    def near(self, text: str) -> str:
        """The command that was probably misspelt, with the names of the text; "" for one that changes anything: that
        is never a guess from spelling."""
        found = self.vocabulary.nearest(text)
        command = self.vocabulary.match(found)[0]
        return found if command and self.forms[command].takes is None else ""

    @staticmethod
    def _called(said: Said) -> bool:
        """Whether nobody else can be meant by the message."""
        return said.alone or said.called or said.files or bool(_CALLED.match(said.text))

    @staticmethod
    def _half(exact: Heard, said: Said) -> bool:
        """Whether the message begins with a command, says what it is about and is not whole."""
        order = exact.order
        if order is None or not exact.sure or not said.addressed or order.command in _FREE:
            return False
        short = weight(order.left) <= 1 and order.command not in _ALSO_TALK
        return bool(order.names) or not order.left or short

    def _doubtful(self, exact: Heard) -> bool:
        """Whether half a command asks or hesitates."""
        order = exact.order
        return order is not None and bool(order.names) and (order.doubt or self.grammar.doubts(order.left))

    def _kept_in_doubt(self, exact: Heard, reading: Reading) -> bool:
        """Whether words that would be kept as they are ask or hesitate: a question is no note and no evidence."""
        free = exact.order is not None and exact.order.command in _FREE and self._doubtful(exact)
        return free or (reading.command == "note" and self.grammar.doubts(reading.words))

    def _in_doubt(self, exact: Heard, said: Said) -> bool:
        """Whether the words of an exact command may mean more or less than it: several values, or talk."""
        if exact.command == "ack":
            return self.understanding.thanks(said.text)
        if exact.command in ("tag", "result"):
            words = [word for word in exact.rest.split() if not _NAME.fullmatch(word)]
            return bool(words) and not _VALUE.fullmatch(words[0])
        if exact.command == "check" and len(exact.rest.split()) < 2:
            return False
        talk = exact.command in ("assign", "check") and not _NAMES_CASE.search(exact.rest)
        return talk or bool(_TO_SOMEBODY.match(said.text))

    def _stands(self, exact: Heard, said: Said, around: TalkContext) -> bool:
        """Whether an exact command whose words people also say to each other is meant as one."""
        if self._called(said) or _NAMES_CASE.search(exact.rest):
            return True
        if exact.command == "ack":
            return False
        if exact.command not in ("assign", "check") and not _TO_SOMEBODY.match(said.text):
            return True
        shops = [each for shop, about in around.shops.items() for each in (shop, *about)]
        known = {folded(word) for word in (*around.people, *shops)}
        return not _TO_SOMEBODY.match(said.text) and (not exact.rest or folded(exact.rest) in known)

    def _exact(self, said: Said, around: Callable[[], TalkContext]) -> Heard:
        """The command whose words the message is, `order` set when it is not whole; without a command `rest` are the
        names or words of the message."""
        tidied = self.grammar.greeted(tidy(said.text))
        begins = bool(self.vocabulary.match(tidied)[0])
        meaning = self.vocabulary.understand(without_emoji(tidied))
        rest = meaning.rest if meaning.whole and not meaning.command else tidied
        free = Heard(rest=rest, bare=meaning.whole and not meaning.command)
        if not meaning.command or (said.files and not begins):
            return free
        form = self.forms[meaning.command]
        if form.takes is None:
            elsewhere = _TO_SOMEBODY.match(said.text) and not said.alone
            timed = begins and meaning.command == "deadline" and not self.grammar.doubts(meaning.rest)
            # "cases?" asks for nothing else, "??" is no word.
            alone = meaning.whole or (_spelt(tidied) and not _spelt(meaning.rest))
            whole = alone or timed or (form.of_shop and _names_shop(meaning.rest, around))
            whole = whole and (begins or meaning.whole)
            return Heard(meaning.command, meaning.rest) if whole and not elsewhere else free
        known = () if form.takes <= {"case"} else said.known()
        order = self.grammar.read(meaning.command, tidied, form.takes, known, form.reports, said.text)
        if order.whole or said.sure or (said.files and meaning.command == "evidence"):
            return Heard(meaning.command, order.rest, order.free, said.sure or order.sure)
        return Heard(meaning.command, tidied, sure=begins, order=order)


def _spelt(words: str) -> bool:
    """Whether there is a letter or a digit in the words."""
    return any(map(str.isalnum, words))


def _names_shop(words: str, around: Callable[[], TalkContext]) -> bool:
    """Whether the words are nothing but a shop: one that is known here, or an id, which may be unknown."""
    return bool(_SHOP_ID.fullmatch(words)) or folded(words) in shop_words(around())
