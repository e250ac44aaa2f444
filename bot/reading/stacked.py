"""Dates and times that a narrow column breaks into lines one below the other."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Protocol

from bot.reading.moments import MomentFinder
from bot.reading.plain import words_regex

_MOST, _NEAREST, _FARTHEST = 3, 0.5, 2.0
_LONGEST = 28


class Piece(Protocol):
    """A line with its place, the picture held straight."""

    @property
    def text(self) -> str: ...
    @property
    def left(self) -> float: ...
    @property
    def right(self) -> float: ...
    @property
    def middle(self) -> float: ...
    @property
    def height(self) -> float: ...


@dataclass(frozen=True, eq=False)
class Stacks:
    """Finds the lines that go on from one above; `finder` knows what a date and a time are."""

    finder: MomentFinder

    def chains(self, pieces: Sequence[Piece]) -> dict[int, list[int]]:
        """For the first line of each broken moment, the places of those that continue it."""
        parts = [place for place, piece in enumerate(pieces) if self._is_part(piece.text)]
        parts.sort(key=lambda place: pieces[place].middle)
        taken: set[int] = set()
        found: dict[int, list[int]] = {}
        for place in parts:
            chain = [] if place in taken else self._chain(pieces, parts, place)
            if chain:
                found[place] = chain
                taken.update(chain)
        return found

    def _chain(self, pieces: Sequence[Piece], parts: Sequence[int], first: int) -> list[int]:
        if self._is_whole(pieces[first].text):
            return []
        text, chain = pieces[first].text, []
        column = list(islice(_column(pieces, parts, first), _MOST))
        for number, place in enumerate(column[: _MOST - 1]):
            text += seam(text) + pieces[place].text
            chain.append(place)
            if self._is_whole(text):
                heads = number + 1 < len(column) and self._is_clock(pieces[place].text)
                # A date above several times heads them all and belongs to none of them alone.
                return [] if heads and self._is_clock(pieces[column[number + 1]].text) else chain
        return []

    def _is_part(self, text: str) -> bool:
        """Digits, names of months and days, and what stands between them; nothing else."""
        return len(text) <= _LONGEST and not re.search(r"[^\W\d_]", self._words.sub("", text))

    def _is_whole(self, text: str) -> bool:
        moments = list(islice(self.finder.find(text), 2))
        if len(moments) != 1 or moments[0].day is None or moments[0].clock is None:
            return False
        return len(text) - (moments[0].end - moments[0].start) <= 6

    def _is_clock(self, text: str) -> bool:
        moments = list(islice(self.finder.find(text), 2))
        return len(moments) == 1 and moments[0].day is None

    @cached_property
    def _words(self) -> re.Pattern[str]:
        vocabulary = self.finder.vocabulary
        months = [word for table in vocabulary.months.values() for words in table for word in words]
        clock = vocabulary.clock
        marks = ["年", "月", "日", "号", "时", "分", "秒", "点", "T", "UTC", "GMT", "Z"]
        return words_regex([*months, *clock.am, *clock.pm, *clock.between, *clock.zones, *marks])


def seam(text: str) -> str:
    """What stands between a broken line and the next."""
    return "" if text.endswith(("-", "/", ":", ".")) else " "


def _column(pieces: Sequence[Piece], parts: Sequence[int], first: int) -> Iterator[int]:
    """The lines right below, one after the other."""
    last = first
    for place in parts[parts.index(first) + 1 :]:
        above, below = pieces[last], pieces[place]
        step = (below.middle - above.middle) / max(1.0, min(above.height, below.height))
        if step > _FARTHEST:
            return
        if step >= _NEAREST and _aligned(above, below):
            yield place
            last = place


def _aligned(one: Piece, two: Piece) -> bool:
    room = 0.8 * min(one.height, two.height)
    centred = abs((one.left + one.right) - (two.left + two.right)) < 2 * room
    return abs(one.left - two.left) < room or abs(one.right - two.right) < room or centred
