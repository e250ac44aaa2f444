"""In which further scripts the lines of a picture may be, told by what the recogniser makes of them."""

import math
import re
from collections.abc import Sequence
from typing import Any

from bot.reading.scripts.languages import LANGUAGES, Language

_FIGURES = re.compile(r"[\d\s:./,\-]+")
_VIETNAMESE = re.compile("[đĐơƠưƯ]")
_WIDE, _DENSE, _DOUBTFUL, _SURE = 1.2, 0.6, 0.8, 0.9
_FEW_LETTERS, _MUCH, _SHARE = 2, 3.0, 0.08


def width(line: dict[str, Any]) -> float:
    """The length of a line in heights of its writing."""
    a, b, _, d = line["quad"]
    return math.dist(a, b) / max(1.0, math.dist(a, d))


def is_foreign(line: dict[str, Any]) -> bool:
    """Whether a line shows more than was read in it, or was read with doubt: letters that the recogniser lacks give
    blanks or the likest letters."""
    read = len(line["text"].replace(" ", ""))
    return width(line) >= _WIDE and (read < _DENSE * width(line) or line["confidence"] < _DOUBTFUL)


def is_settled(line: dict[str, Any]) -> bool:
    """Whether a line holds figures alone, surely read: no other script is looked for in it."""
    figures = _FIGURES.fullmatch(line["text"].strip()) and "  " not in line["text"].strip()
    return bool(figures) and line["confidence"] >= _SURE and not is_foreign(line)


def languages_of(lines: Sequence[dict[str, Any]]) -> list[Language]:
    """The languages in which some of the lines may be, likeliest first; none for pages that were read.

    Vietnamese is mostly read, but for letters with two marks: the other letters of its own tell it. Of Arabic the
    recogniser makes nothing, of Thai Latin letters.
    """
    foreign = [line for line in lines if is_foreign(line)]
    sure = "".join(line["text"] for line in lines if line["confidence"] >= _DOUBTFUL)
    found = [LANGUAGES["vi"]] if len(_VIETNAMESE.findall(sure)) >= _FEW_LETTERS else []
    if sum(map(width, foreign)) < max(_MUCH, _SHARE * sum(map(width, lines))):
        return found
    blank = sum(width(line) for line in foreign if len(line["text"].split()) == 0 or "  " in line["text"].strip(" "))
    likely = ("ar", "th") if 2 * blank > sum(map(width, foreign)) else ("th", "ar")
    return [*found, *(LANGUAGES[code] for code in likely)]
