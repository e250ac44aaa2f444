"""Which commands a line may want, and how certainly: nothing that changes anything is done on a guess (domain.md
§8)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.conversation.assignments import EVERYTHING, ValuedOrders, assigned
from bot.conversation.lexicon import TalkWords
from bot.conversation.marks import QUESTION
from bot.conversation.mood import DONE, SIGNS, MoodReader, clauses
from bot.conversation.readings import OF_NO_CASE, TAKES, TELLING, VALUES, WORDS, Reading, meant_case, speaks
from bot.conversation.things import MarkedLine, TalkContext, Thing

DESCRIBED, TOLD, SHORT = 14, 3, 2
"""Words that may describe what happened to orders beside a scenario that is clearly meant, and beside others; words
of a clause that is too short to tell why."""
_LISTED = ("order", "every", "rest")
_EXPLAINED = frozenset(
    {"tag", "result", "skip", "include", "claim", "assign", "release", "submit", "undo", "dismiss", "zh", "en"}
    | {"snooze", "reminders_off", "reopen", "export"}
)
"""Commands beside which people tell why."""
_SUGGESTED = frozenset(
    {
        "tag",
        "result",
        "skip",
        "claim",
        "assign",
        "dismiss",
        "undo",
        "zh",
        "en",
        "reminders_off",
        "import",
        "reopen",
        "export",
    }
)
"""Commands that people give as a suggestion ("…吧")."""
_POLITE = ("zh", "en", "export", "assign")
_REQUEST = re.compile(r"^\W*(?:can|could|will|would) (?:you|somebody|someone|anyone)(?: please| pls)?(?![a-z])")
"""How people ask for what they want done, where they mean it."""
_SUGGESTION = re.compile(r"(?:吧|嘛|呗)(?=[。.!！~～\s,，;；]|$)")


@dataclass(frozen=True)
class WantedCommand:
    """A command that a line may want, how many words are left over, the moods in which it is said, whether it is
    certain what it is about, and how many words may be left over of what tells why."""

    reading: Reading
    left: int
    moods: frozenset[str]
    certain: bool
    room: int = 0

    @property
    def clear(self) -> bool:
        """Whether it may be done without asking."""
        return self.certain and self.left <= self.room and not self.moods


class Wanting:
    """Finds the commands that a line may want."""

    def __init__(self, words: TalkWords, moods: MoodReader) -> None:
        self.words, self.moods = words, moods

    def of(self, line: MarkedLine, around: TalkContext) -> list[WantedCommand]:
        """The commands, the clearest first."""
        found = self._found(line, around)
        return sorted(found, key=lambda each: (not each.clear, each.left, len(each.moods)))

    def _found(self, line: MarkedLine, around: TalkContext) -> Iterator[WantedCommand]:
        for command in TAKES:
            cut = self.words.cut(f"act.{command}", line.text, DONE)
            if cut != line.text and speaks(line, command):
                yield self._wanted(command, line, cut, around)
        for command in sorted(TELLING):
            if speaks(line, command):
                yield self._wanted(command, line, line.text, around)

    def _wanted(self, command: str, line: MarkedLine, cut: str, around: TalkContext) -> WantedCommand:
        case, certain = meant_case(line, around)
        certain = certain or command in OF_NO_CASE
        each: tuple[ValuedOrders, ...] = ()
        if command in VALUES:
            known = next((each.orders for each in around.cases if each.id == case), ())
            read = self._valued(command, line, cut, known)
            whole = command == "skip" and read == [ValuedOrders((EVERYTHING,))]
            certain = certain and read is not None and not whole and bool(read or command == "submit")
            each = tuple(_bare(command, line) if read is None else read)
        certain = certain and all(thing.known for thing in line.things) and len(line.values("person")) < 2
        beside = ("quote", "link") if command in VALUES else ("quote", "link", "every", "rest", "except")
        certain = certain and line.only(*TAKES[command], *beside)
        left, moods = self._mood(command, cut)
        named = case if line.of("case", "shop") else ""
        reading = Reading({"zh": "lang", "en": "lang"}.get(command, command), named, each, _words(command, line))
        return WantedCommand(reading, left, moods, certain, _room(command, line))

    @staticmethod
    def _valued(command: str, line: MarkedLine, cut: str, known: Sequence[str]) -> list[ValuedOrders] | None:
        """The orders with their values; None when it is not certain which get what."""
        kind = VALUES[command]
        if line.of(*_LISTED):
            return assigned(line if kind else _beside(line, cut), kind, known)
        if command == "submit":
            return []
        bare = _bare(command, line)
        if command == "result" and len(bare) == 1:
            return [ValuedOrders((EVERYTHING,), bare[0].value)]
        return None

    def _mood(self, command: str, cut: str) -> tuple[int, frozenset[str]]:
        """(words left over, moods) of a line in which signs stand for things and for the words of the command. A
        clause without any sign tells why: it is not left over, unless it asks, reports or makes conditions."""
        left, moods, begun = 0, set[str](), False
        if command in _POLITE:
            cut = _REQUEST.sub(lambda match: " " * len(match.group()), cut)
        if command in _SUGGESTED:
            cut = _SUGGESTION.sub(lambda match: " " * len(match.group()), cut)
        for start, end in clauses(cut):
            clause = cut[start:end]
            troubles, words = self.moods.troubles(clause), self.moods.left(clause)
            if SIGNS.search(clause):
                begun = True
                left += words
                moods |= troubles - ({"soft"} if command in TELLING else set())
            elif words:
                # "Not yet" behind a comma takes back what stands before it; a longer clause only tells why.
                moods |= (
                    troubles if begun and words <= SHORT else troubles & {"question", "reported", "condition", "talk"}
                )
                left += 0 if command in _EXPLAINED else words
        return left, frozenset(moods | ({"question"} if QUESTION.search(cut) else set()))


def _room(command: str, line: MarkedLine) -> int:
    if not line.of(*_LISTED) or command not in TELLING:
        return 0
    if not line.of("order"):
        return 0
    clearly = command == "tag" and all(not thing.weak for thing in line.of("scenario"))
    return DESCRIBED if clearly else TOLD


def _bare(command: str, line: MarkedLine) -> list[ValuedOrders]:
    """The orders with every value that the line names, however they belong together."""
    orders, kind = tuple(line.values("order")), VALUES[command]
    values, code = line.values(kind) if kind else [], line.values("code")
    if command == "result" and code and values in ([], ["rejected"]):
        return [ValuedOrders(orders, f"rejected {code[0]}")]
    return [ValuedOrders(orders, value) for value in values] or ([ValuedOrders(orders)] if orders else [])


def _words(command: str, line: MarkedLine) -> str:
    if command in ("zh", "en"):
        return command
    return " ".join(line.values(WORDS[command])[:5]) if command in WORDS else ""


def _beside(line: MarkedLine, cut: str) -> MarkedLine:
    """The line with those orders alone that stand in a clause with the command, where any do."""
    rows = [(start, end) for start, end in clauses(cut) if DONE in cut[start:end]]
    named = [each for each in line.things if any(start <= each.at < end for start, end in rows)]
    if not any(each.kind in _LISTED for each in named):
        return line
    others: list[Thing] = []
    if any(each.kind == "every" for each in named) and line.of("order"):
        # "0083, 0071: skip both" means those two.
        return MarkedLine(line.text, tuple(each for each in line.things if each.kind != "every"))
    if any(each.kind == "rest" for each in named):
        others = [
            replace(each, kind="left_out") for each in line.things if each.kind == "order" and each not in named
        ]
    return MarkedLine(line.text, tuple(sorted((*named, *others), key=lambda each: each.at)))
