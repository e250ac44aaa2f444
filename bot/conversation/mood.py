"""In which mood something is said, and how much of a line is left over when its things and intents are taken out."""

import re
from collections.abc import Iterator

from bot.conversation.lexicon import NAMES, TalkWords
from bot.conversation.marks import EMOJI
from bot.conversation.things import MarkedLine

DONE = "\ue0ff"
"""Stands for the words of a command."""
SIGNS = re.compile(f"[{''.join(NAMES)}{DONE}]")
TROUBLES = ("question", "negation", "reported", "condition", "later", "soft", "talk")
"""Moods in which nothing is done; `soft` are small words that only a plain command must not have."""
_CLAUSE = re.compile(
    r"[,，;；。!！\n]|\.(?=\s|$)|\s[-—]+\s|(?=因为|由于)|(?<![a-z])(?=because|since |due to)"
    r"|但是?|(?<![a-z])but(?![a-z])"
    r"|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])"
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[a-zà-ỹ'’]+|\d+", re.IGNORECASE)


def weight(text: str) -> int:
    """How many words are in a text; two characters of Chinese are a word."""
    return len(_LATIN.findall(text)) + (len(_HAN.findall(text)) + 1) // 2


def without_emoji(line: MarkedLine) -> MarkedLine:
    """The line with spaces in place of emoji, so that everything stays where it is."""
    return MarkedLine(EMOJI.sub(lambda match: " " * len(match.group()), line.text), line.things)


def clauses(text: str) -> Iterator[tuple[int, int]]:
    """Where each clause of a text begins and ends."""
    start = 0
    for match in _CLAUSE.finditer(text):
        yield start, match.end()
        start = match.end()
    yield start, len(text)


class MoodReader:
    """Tells moods, small talk and what is left over."""

    def __init__(self, words: TalkWords) -> None:
        self.words = words

    def small(self, text: str, loose: bool = False) -> str:
        """The text without signs and small words; with `loose` also without those that only questions may have."""
        text = SIGNS.sub(" ", self.words["mood.harmless"].sub(" ", text))
        text = self.words["small.safe"].sub(" ", text)
        return self.words["small.loose"].sub(" ", text) if loose else text

    def left(self, text: str, loose: bool = False) -> int:
        """How many words of a text mean something beside its signs and small words."""
        return weight(self.small(text, loose))

    def troubles(self, text: str) -> set[str]:
        """The moods of a text in which nothing is done."""
        said = self.words["mood.harmless"].sub(" ", SIGNS.sub(" ", text))
        return {name for name in TROUBLES if self.words[f"mood.{name}"].search(said)}

    def thanks(self, line: MarkedLine) -> bool:
        """Whether the line is thanks, a greeting or small talk and speaks of nothing."""
        if line.of("case", "order", "scenario", "evidence", "link", "code", "person", "moment"):
            return False
        return not self.left(self.words["mood.thanks"].sub(" ", line.text))

    def quoted(self, line: MarkedLine) -> bool:
        """Whether the line is hardly more than a quotation."""
        return bool(line.of("quote")) and not self.left(line.text)
