"""Dates and times that a narrow column breaks into lines one below the other."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from bot.reading.cells import Piece
from bot.reading.moments import Moment, MomentFinder
from bot.reading.plain import words_pattern

_MOST, _NEAREST, _FARTHEST = 5, 0.5, 2.0
_LONGEST, _HAN = 40, "\u4e00"


def _whole(moment: Moment) -> bool:
    return moment.day is not None and moment.clock is not None


def _any(_: Moment) -> bool:
    return True


@dataclass(frozen=True, eq=False)
class Stacks:
    """Finds the lines that go on from one above; `finder` knows what a date and a time are."""

    finder: MomentFinder

    def chains(self, pieces: Sequence[Piece]) -> dict[int, list[int]]:
        """For the first line of each broken moment, the places of those that continue it."""
        parts = sorted((place for place, piece in enumerate(pieces) if self._begins(piece.text)), key=_middle(pieces))
        taken: set[int] = set()
        found: dict[int, list[int]] = {}
        for place in sorted(range(len(pieces)), key=_middle(pieces)):
            ends = place not in taken and self._ends(pieces[place].text)
            if chain := self._chain(pieces, parts, place) if ends else []:
                found[place] = chain
                taken.update(chain)
        return found

    def _chain(self, pieces: Sequence[Piece], parts: Sequence[int], first: int) -> list[int]:
        text = pieces[first].text[-_LONGEST:]
        before, chain, partial = len(text), [], []  # type: int, list[int], list[int]
        column = list(islice(_column(pieces, parts, first), _MOST))
        if column and self._is_of_the_date_above(pieces, first, column[0]):
            return []
        complete = any(_whole(moment) and moment.end >= len(text) - 1 for moment in self.finder.find(text))
        for number, place in enumerate(column[: _MOST - 1]):
            if self._is_whole(pieces[place].text) or (complete and not self._half.match(pieces[place].text)):
                return partial
            after = len(text)
            text += seam(text, pieces[place].text) + pieces[place].text
            chain.append(place)
            if self._crosses(text, before, after):
                more = column[number + 1 : number + 2]
                # A date above several times heads them all and belongs to none of them alone.
                if more and self._rest.fullmatch(pieces[more[0]].text) and self._half.match(pieces[more[0]].text):
                    return [*chain, *more]
                return [] if more and all(self._is_clock(pieces[other].text) for other in (place, *more)) else chain
            if not partial and self._rest.fullmatch(pieces[place].text) and self._crosses(text, before, after, _any):
                partial = list(chain)
        return partial

    def _crosses(self, text: str, before: int, after: int, fits: Callable[[Moment], bool] = _whole) -> bool:
        """Whether a date with its time begins before `before` and ends after `after`."""
        found = self.finder.find(text)
        return any(fits(moment) and moment.start < before and moment.end > after + 1 for moment in found)

    def _is_of_the_date_above(self, pieces: Sequence[Piece], first: int, below: int) -> bool:
        """Whether a time has a date over it that is nearer than what stands under it."""
        clock = pieces[first]
        if not self._is_clock(clock.text):
            return False
        return any(
            0 < clock.middle - piece.middle < pieces[below].middle - clock.middle
            and min(piece.right, clock.right) > max(piece.left, clock.left)
            and any(moment.day and not moment.clock for moment in self.finder.find(piece.text))
            for piece in pieces
        )

    def _is_whole(self, text: str) -> bool:
        """Begins with a date and its time, so that it continues nothing."""
        moment = next(iter(self.finder.find(text)), None)
        return moment is not None and _whole(moment) and moment.start < 3

    def _is_clock(self, text: str) -> bool:
        moment = next(iter(self.finder.find(text)), None)
        return moment is not None and moment.day is None and moment.start < 3

    def _begins(self, text: str) -> bool:
        """A line that may continue a date or a time: it begins with digits, a month, a day or half of the day."""
        return bool(self._start.match(text))

    def _ends(self, text: str) -> bool:
        """A line that may be continued: its end shows digits, a month, a day of the week or half of the day."""
        return bool(self._end.search(text))

    @cached_property
    def _start(self) -> re.Pattern[str]:
        clock = self.finder.vocabulary.clock
        return re.compile(
            rf"\W{{0,2}}(?:\d|{words_pattern([*self._months, *clock.am, *clock.pm, *clock.between])})", re.I
        )

    @cached_property
    def _half(self) -> re.Pattern[str]:
        clock = self.finder.vocabulary.clock
        return re.compile(rf"\W{{0,2}}(?:{words_pattern([*clock.am, *clock.pm])})", re.IGNORECASE)

    @cached_property
    def _rest(self) -> re.Pattern[str]:
        """What may be missing from a date or from a time alone: the year, or half of the day."""
        clock = self.finder.vocabulary.clock
        return re.compile(rf"\W{{0,2}}(?:(?:20|25)\d\d|{words_pattern([*clock.am, *clock.pm])})\W{{0,2}}", re.I)

    @cached_property
    def _end(self) -> re.Pattern[str]:
        clock = self.finder.vocabulary.clock
        words = words_pattern([*self._months, *clock.between, *clock.am, *clock.pm, "年", "月", "日"])
        return re.compile(rf"(?:\d|{words})\W{{0,3}}$", re.IGNORECASE)

    @cached_property
    def _months(self) -> list[str]:
        return [word for table in self.finder.vocabulary.months.values() for words in table for word in words]


def _middle(pieces: Sequence[Piece]) -> Callable[[int], float]:
    return lambda place: pieces[place].middle


def seam(text: str, following: str) -> str:
    """What stands between a broken line and the next: nothing within a date or between characters of Chinese."""
    whole = text[-1:] >= _HAN and following[:1] >= _HAN
    return "" if whole or text.endswith(("-", "/", ":", ".")) else " "


def _column(pieces: Sequence[Piece], parts: Sequence[int], first: int) -> Iterator[int]:
    """The lines right below, one after the other."""
    last, start = first, bisect_right(parts, pieces[first].middle, key=_middle(pieces))
    for place in parts[start:]:
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
