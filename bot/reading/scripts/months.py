"""Names of months that a recogniser has spoiled: those in which only dots, vowels or tone marks differ."""

import re
from collections.abc import Sequence

from bot.reading.plain import plain

# Letters of Arabic that only dots tell apart, each group under its first one; marks of Thai; what stands around.
_ALIKE = (
    "\u0628\u062a\u062b\u0646\u064a\u0649\u0626",
    "\u062c\u062d\u062e",
    "\u062f\u0630",
    "\u0631\u0632",
    "\u0633\u0634",
    "\u0635\u0636",
    "\u0637\u0638",
    "\u0639\u063a",
    "\u0641\u0642",
    "\u0627\u0623\u0625\u0622",
)
_BARE = {ord(letter): group[0] for group in _ALIKE for letter in group}
_LIGHT = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u064b-\u065f.,\\s]")


def month(word: str, months: Sequence[Sequence[str]]) -> str:
    """The one month whose name has the same letters but for dots and marks, as it is written; "" when none or more
    than one has. `months` are the names of each month of a language."""
    wanted = _skeleton(word)
    if not wanted:
        return ""
    alike = {names[0]: name for names in months for name in names if _skeleton(name) == wanted}
    exact = [name for names in months for name in names if plain(name) == plain(word)]
    return exact[0] if exact else next(iter(alike.values())) if len(alike) == 1 else ""


def _skeleton(word: str) -> str:
    return _LIGHT.sub("", plain(word)).translate(_BARE)
