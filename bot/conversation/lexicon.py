"""The words by which talk is understood: patterns for things, intents and moods, of all languages together."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

KINDS = (
    *("case", "order", "every", "rest", "except", "scenario", "outcome", "code", "person", "shop"),
    *("evidence", "link", "duration", "moment", "quote", "not"),
)
SIGNS = {name: chr(0xE000 + number) for number, name in enumerate(KINDS)}
"""The one character that stands for a thing of each kind, once it was found in a line."""
NAMES = {sign: name for name, sign in SIGNS.items()}
_SLOT = re.compile(r"<(\w+)>")
_FIRST_WORD = re.compile(r"^(?:\(\?\w*:?|\(|\[|\^)*([a-z0-9])")
_ORDERS = f"{SIGNS['order']}(?:[\\s,、/和跟与及&+]*(?:and )?{SIGNS['order']})*"

HELD = 0xF0000
"""From here on, characters stand for things while they are being found."""
_GROUPS = {"orders": _ORDERS, "thing": f"[{chr(HELD)}-{chr(0x10FFFD)}]"}
_BOUNDS = f"{chr(0xE000)}-{chr(0xE0FF)}{chr(HELD)}-{chr(0x10FFFD)}\\n,，。;；"
"""What a gap in an expression does not reach across: things, and the ends of clauses."""


def expression(word: str) -> str:
    """One expression of the words' files as a regular expression: Latin words end where they end, slots such as
    `<order>` are the signs of things, and a space may be missing."""
    slotted = _SLOT.sub(lambda slot: _GROUPS.get(slot[1]) or SIGNS[slot[1]], word)
    spaced = slotted.replace(" ", r"\s*").replace(".{", f"[^{_BOUNDS}]{{")
    before = r"(?<![a-z0-9])" if _latin(word) else ""
    after = r"(?![a-z0-9])" if re.search(r"[a-z0-9]\W*$", word) else ""
    return f"{before}(?:{spaced}){after}"


def _latin(word: str) -> bool:
    return _FIRST_WORD.match(word) is not None


def pattern(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds any of the expressions; those that are written longer are tried first."""
    listed = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(expression, listed)) or "(?!)", re.IGNORECASE)


class TalkWords:
    """The patterns by their names, as `act.claim` or `mood.question`."""

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        """`words` are the expressions of all languages by name."""
        self._words = words
        self._made: dict[str, re.Pattern[str]] = {}
        self._apart: dict[str, list[re.Pattern[str]]] = {}

    def __getitem__(self, name: str) -> re.Pattern[str]:
        """The pattern of that name, made when it is asked for first; one that finds nothing for an unknown name."""
        if name not in self._made:
            self._made[name] = pattern(self._words.get(name, ()))
        return self._made[name]

    def cut(self, name: str, text: str, sign: str) -> str:
        """The text with `sign` in place of every character that any of the expressions finds; things stay."""
        if not self[name].search(text):
            return text
        if name not in self._apart:
            self._apart[name] = [re.compile(expression(word), re.IGNORECASE) for word in self._words[name]]
        found = {at for each in self._apart[name] for match in each.finditer(text) for at in range(*match.span())}
        return "".join(sign if at in found and char not in NAMES else char for at, char in enumerate(text))

    def named(self, kind: str) -> list[tuple[str, re.Pattern[str]]]:
        """The patterns of a kind of things by value; a kind without values has one by its own name."""
        return [(kind, self[kind])] if kind in self._words else list(self.group(kind).items())

    def group(self, name: str) -> dict[str, re.Pattern[str]]:
        """The patterns of a group, such as `act`, by what stands behind the dot."""
        return {key.partition(".")[2]: self[key] for key in self._words if key.partition(".")[0] == name}

    @cached_property
    def acts(self) -> dict[str, re.Pattern[str]]:
        """What people want done, by command."""
        return self.group("act")

    @cached_property
    def shows(self) -> dict[str, re.Pattern[str]]:
        """What people want to see."""
        return self.group("show")

    @cached_property
    def topics(self) -> dict[str, re.Pattern[str]]:
        """What people want to know."""
        return self.group("topic")
