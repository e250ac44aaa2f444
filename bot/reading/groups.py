"""Groups of characters in a text that may be one number printed in groups."""

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.reading.beside import TIME

GROUP = re.compile(r"[A-Z0-9]+")
_SHORT, _WORD = 8, 4
"""Numbers printed in groups have groups of at most so many characters, with a word of so many letters before."""

Groups = list[tuple[int, int]]
"""Where each group stands in the text."""


def runs(upper: str) -> Iterator[Groups]:
    """Groups of characters that may be one number, dates and times left out."""
    breaks = [match.span() for match in TIME.finditer(upper)]
    run: Groups = []
    for start, end in _outside((match.span() for match in GROUP.finditer(upper)), breaks):
        if run and not _belongs(upper, run[-1], (start, end)):
            yield run
            run = []
        run.append((start, end))
    if run:
        yield run


def _outside(spans: Iterable[tuple[int, int]], breaks: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    place = 0
    for start, end in spans:
        while place < len(breaks) and breaks[place][1] <= start:
            place += 1
        if place < len(breaks) and breaks[place][0] <= start < breaks[place][1] < end:
            # A time that is glued to a number.
            start, place = breaks[place][1], place + 1
        if place == len(breaks) or end <= breaks[place][0]:
            yield start, end


def _belongs(upper: str, before: tuple[int, int], group: tuple[int, int]) -> bool:
    """Whether a group goes on from the one before: hyphens and the like hold tight, a space only short groups."""
    between = upper[before[1] : group[0]]
    if between in ("-", "_"):
        return True
    return between == " " and all(_is_short(upper, each) for each in (before, group))


def _is_short(upper: str, group: tuple[int, int]) -> bool:
    said = upper[slice(*group)]
    return len(said) <= (_WORD if said.isalpha() else _SHORT)


def readings(upper: str, groups: Groups) -> Iterator[Groups]:
    """A run as one number, with and without the words before and behind it."""
    digits = [place for place, group in enumerate(groups) if not upper[slice(*group)].isalpha()]
    if not digits:
        return
    first, last = digits[0], digits[-1]
    for start in {first, max(0, first - 1)}:
        for end in {last, min(len(groups) - 1, last + 1)}:
            yield groups[start : end + 1]
