"""Whether a message that would change something consists of the command and its arguments only (domain.md §8)."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from bot.conversation.marks import BESIDE, EMOJI, QUESTION, bare, begun
from bot.conversation.vocabulary import (
    EVERY,
    NAME,
    CommandVocabulary,
    ends_word,
    first_word,
    longest_first,
    plain_name,
    says,
)
from bot.domain.text import end_as_came

PARTS = {"code": r"[A-Z]{2,8}-?\d{1,6}", "invitation": r"[A-Za-z0-9_-]{6,20}\.[A-Za-z0-9_-]{20,80}"}
"""What else a command may take, by the names that handlers declare."""
NAMES = ("case", "order", "orders", "evidence")
WORDS = frozenset({"text", "explanation"})
"""Parts that are kept as a person wrote them: a reason or evidence, an explanation."""
FREE = WORDS | {"listed"}
"""Parts that are words of any kind: those, or one on a list that the handler knows."""
PASTED, LOOKED_AT = 200, 2000
"""Characters from which a line was pasted and is no talk, and those of a text in which doubts are looked for."""
TAKEN = frozenset({*NAMES, *PARTS, *FREE, "answer"})
_CASE, _EVIDENCE = re.compile(r"(?:c|#)-?\d", re.IGNORECASE), re.compile(r"e-?\d", re.IGNORECASE)
_CODE = re.compile(r"[`*_]+")


@dataclass(frozen=True)
class ParsedCommand:
    """A message read as a command: its names and answer, its other words for the handler, and what is left over.
    It is run when it is `whole`, else asked back. `free` are words that are kept as they came, not in the form
    used for comparing."""

    command: str
    names: Sequence[str] = ()
    answer: str = ""
    words: str = ""
    left: str = ""
    doubt: bool = False
    takes_case: bool = False
    sure: bool = False
    free: str = ""

    @property
    def whole(self) -> bool:
        """Whether every word of the message was understood and none of them expresses doubt."""
        return not self.left and not self.doubt

    @property
    def rest(self) -> str:
        """The words after the command, in the order in which handlers expect them."""
        return " ".join(filter(None, [*self.names, self.answer, self.words]))


@dataclass
class _Reading:
    """The state of reading a message from left to right."""

    text: str
    word: str = ""
    answer: str = ""
    names: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    sure: bool = False

    @property
    def begun(self) -> bool:
        """Whether anything of the message has been taken yet."""
        return bool(self.word or self.answer or self.names)


class Grammar:
    """Reads commands with their arguments, in all languages at once, among the polite and small words that people
    add."""

    def __init__(self, vocabulary: CommandVocabulary) -> None:
        self.vocabulary = vocabulary
        speech = vocabulary.speech
        self.before, self.after = longest_first(speech.before), longest_first(speech.after)
        self.joins, self.courtesies = longest_first(speech.joins), longest_first(speech.courtesies)
        self.leading = longest_first({*speech.courtesies, *speech.towards})
        self.sure = longest_first(speech.sure)
        self.reports = longest_first(set(speech.before) - set(speech.requests))
        self.reported = longest_first(set(speech.after) - set(speech.requests))
        self.thanks = longest_first(set(speech.courtesies) - set(speech.requests))
        self.words: dict[str, list[str]] = {}
        for word, name in vocabulary.names.items():
            self.words.setdefault(name, []).append(word)
        self.words = {name: longest_first(listed) for name, listed in self.words.items()}

    def read(
        self,
        command: str,
        text: str,
        takes: Collection[str],
        known: Iterable[str] = (),
        report: bool = False,
        came: str = "",
    ) -> ParsedCommand:
        """The command in a text that names `command`. `takes` are the kinds of arguments that the command takes,
        `known` names that may be mentioned; `report` says that the command tells what a person did elsewhere, so
        that it cannot be asked for. `came` is the text as the person wrote it."""
        reading = _Reading(EMOJI.sub(" ", text) if WORDS.isdisjoint(takes) else text)
        names = longest_first(known)
        while bare(reading.text):
            reading.text = begun(reading.text)
            if not self._step(command, reading, takes, names, report):
                break
        return self._order(command, reading, takes, came or text)

    def _step(
        self, command: str, reading: _Reading, takes: Collection[str], known: Sequence[str], report: bool
    ) -> bool:
        """Take the next word that is understood; False when the next word is not."""
        return (
            self._spoken(command, reading, takes)
            or self._answered(command, reading)
            or (bool(reading.word or reading.answer) and "listed" not in takes and _parts(reading, takes))
            or _named(reading, takes)
            or (not _free(reading, takes) and self._beside(reading, known, report))
        )

    def _spoken(self, command: str, reading: _Reading, takes: Collection[str]) -> bool:
        """Take the command's word, also when it is said twice ("undo, wrong one"), unless it may begin free words."""
        if reading.word and not FREE.isdisjoint(takes):
            return False
        if not (word := first_word(self.words.get(command, ()), reading.text)):
            return False
        reading.word, reading.text = word, reading.text[len(word) :]
        return True

    def _answered(self, command: str, reading: _Reading) -> bool:
        answers = self.vocabulary.values.get(command, {})
        if reading.answer or not (word := first_word(longest_first(answers), reading.text)):
            return False
        reading.answer, reading.text = answers[word], reading.text[len(word) :]
        return True

    def _beside(self, reading: _Reading, known: Sequence[str], report: bool) -> bool:
        """Take small words, links, quotations and known names, which may stand beside a command without being part
        of it."""
        if report and reading.word and (word := first_word(self.sure, reading.text)):
            reading.sure, reading.text = True, reading.text[len(word) :]
            return True
        small = [*self.joins] if reading.begun else []
        small += (self.reported if report else self.after) if reading.begun else []
        small += [] if reading.word else self.reports if report else self.before
        small += self.thanks if report else self.courtesies
        if word := first_word(longest_first({*small, *known}), reading.text.lstrip("@")):
            reading.text = reading.text.lstrip("@")[len(word) :]
            return True
        if (match := BESIDE.match(reading.text)) and not self.doubts(match.group()[1:-1], strict=True):
            reading.text = reading.text[match.end() :]
            return True
        return False

    def _order(self, command: str, reading: _Reading, takes: Collection[str], came: str) -> ParsedCommand:
        text, left, doubt, free = reading.text.strip(), "", False, ""
        if not WORDS.isdisjoint(takes) and reading.word:
            doubt = self._unsure(text, reading.names, takes)
            said = self._unasked(text) if doubt else text
            text = free = "" if self._only_small(said) else end_as_came(came, text)
        elif "listed" in takes and (reading.word or reading.answer):
            text = self._polite(text)
            doubt = self.doubts(text)
            text = self._unasked(text) if doubt else text
        else:
            text, left = "", bare(text)
        words = " ".join(filter(None, [*reading.parts, text]))
        return ParsedCommand(
            command, _in_order(reading.names), reading.answer, words, left, doubt, "case" in takes, reading.sure, free
        )

    def _unsure(self, text: str, names: Sequence[str], takes: Collection[str]) -> bool:
        """Whether free words may be talk rather than a reason, evidence or an explanation. To be certain, they
        need what they are about beside the command, and no name that the command does not take; text in further
        lines is quoted."""
        line, _, more = text[:LOOKED_AT].partition("\n")
        if not bare(line):
            return False
        if not names and not (BESIDE.match(line) and not bare(BESIDE.sub("", line))):
            return True
        if self.doubts(line) or NAME.match(line):
            return True
        reasoned = first_word(longest_first(self.vocabulary.speech.because), line)
        strict = "text" in takes and not reasoned and not more and len(line) < PASTED
        return strict and self.doubts(line, strict=True)

    def doubts(self, text: str, strict: bool = False) -> bool:
        """Whether the words ask or hesitate; with `strict` also whether they deny, postpone or speak to somebody."""
        text = BESIDE.sub(" ", text) if text else ""
        if QUESTION.search(text):
            return True
        speech = self.vocabulary.speech
        words = [*speech.doubts, *(speech.talk if strict else ())]
        lowered = text.casefold().replace("n't", " n't")
        if any(says(word.casefold(), lowered) for word in words):
            return True
        ending = bare(lowered)
        return any(ending.endswith(word.casefold()) and _begins(word, ending) for word in speech.endings)

    def _unasked(self, text: str) -> str:
        """The text without the words and marks that make it a question at its end."""
        text = bare(QUESTION.sub("", text))
        for word in longest_first(self.vocabulary.speech.endings):
            if text.casefold().endswith(word) and _begins(word, text.casefold()):
                return bare(text[: -len(word)])
        return text

    def _only_small(self, text: str) -> bool:
        reading = _Reading(EMOJI.sub(" ", text), word=" ")
        while bare(reading.text):
            reading.text = begun(reading.text)
            if not self._beside(reading, (), report=False) or BESIDE.match(text):
                return False
        return True

    def _polite(self, text: str) -> str:
        """A listed name without the polite words around it and without the word that leads to it."""
        text = bare(EMOJI.sub(" ", text))
        while word := first_word(self.leading, text):
            text = bare(text[len(word) :])
        for word in self.courtesies:
            if text.casefold().endswith(word) and _begins(word, text.casefold()):
                text = bare(text[: -len(word)])
        return text

    def greeted(self, text: str) -> str:
        """The text without a greeting at its beginning, provided that anything else is said."""
        rest = _CODE.sub("", text) if text.startswith(("`", "*")) else text
        rest = begun(rest)
        while word := first_word(self.thanks, rest):
            rest = begun(rest[len(word) :])
        return rest or text


def _parts(reading: _Reading, takes: Collection[str]) -> bool:
    for name in takes:
        if name in PARTS and (match := re.match(PARTS[name], reading.text, re.IGNORECASE)):
            if not ends_word(match.group(), reading.text[match.end() :]):
                continue
            reading.parts.append(match.group().strip())
            reading.text = reading.text[match.end() :]
            return True
    return False


def _named(reading: _Reading, takes: Collection[str]) -> bool:
    match = NAME.match(reading.text)
    if not match or not _fits(plain_name(match.group()), reading.names, takes):
        return False
    name = plain_name(match.group())
    # "Both 5751 and 5752, all of them" are those two.
    known = name in reading.names or (name == EVERY and any(_kind(other) == "order" for other in reading.names))
    reading.names += [name] * (not known)
    reading.text = reading.text[match.end() :]
    return True


def _kind(name: str) -> str:
    if _CASE.match(name):
        return "case"
    return "evidence" if _EVIDENCE.match(name) else "order"


def _fits(name: str, names: Sequence[str], takes: Collection[str]) -> bool:
    """Whether the command takes that name beside `names`: one case, one order, or several orders where it takes
    several."""
    kind = _kind(name)
    if name in names:
        return True
    if kind == "order" and "orders" in takes:
        return EVERY not in names
    if kind == "evidence":
        return "evidence" in takes
    return kind in takes and all(_kind(other) != kind for other in names)


def _free(reading: _Reading, takes: Collection[str]) -> bool:
    """Whether what comes next is the command's free text."""
    begun = reading.answer if "answer" in takes else reading.word
    return bool(begun) and not FREE.isdisjoint(takes)


def _in_order(names: Sequence[str]) -> list[str]:
    ranks = {"case": 0, "order": 1, "evidence": 2}
    return sorted(names, key=lambda name: ranks[_kind(name)])


def _begins(word: str, ending: str) -> bool:
    """Whether the last word of the text begins there."""
    return not word.isascii() or not ending[: -len(word)][-1:].isalpha() or not ending[: -len(word)][-1:].isascii()
