"""Finding a person's name in texts, to put something else in its place."""

import re
from collections.abc import Collection, Mapping
from typing import Any

_WRITTEN_TOGETHER = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
SHORTEST = 2
"""A name of one letter is found in no text: it would be found in every text."""


STRUCTURE = frozenset(
    {"kind", "style", "tone", "language", "slot", "mark", "action", "sha256", "media_type", "private_to", "mentions"}
)
"""Fields of cards and events whose values the program chooses."""


def occurrences(names: Collection[str]) -> re.Pattern[str] | None:
    """A pattern that finds the names as words of their own, in either case and with any spaces between their parts;
    scripts that are written without spaces need none around a name. None when there is nothing to look for."""
    wanted = sorted({name.strip() for name in names if len(name.strip()) >= SHORTEST}, key=len, reverse=True)
    return re.compile("|".join(map(_word, wanted)), re.IGNORECASE) if wanted else None


def _word(name: str) -> str:
    together = re.compile(f"[{_WRITTEN_TOGETHER}]")
    before = "" if together.match(name[0]) else r"(?<![^\W_])"
    after = "" if together.match(name[-1]) else r"(?![^\W_])"
    return before + r"\s+".join(map(re.escape, name.split())) + after


def replaced(value: Any, names: re.Pattern[str], instead: str) -> Any:
    """JSON data with `instead` in place of the names in all of its texts. Keys stay, and values that no person
    wrote."""
    if isinstance(value, str):
        return names.sub(lambda _: instead, value)
    if isinstance(value, Mapping):
        return {key: each if key in STRUCTURE else replaced(each, names, instead) for key, each in value.items()}
    if isinstance(value, list):
        return [replaced(each, names, instead) for each in value]
    return value
