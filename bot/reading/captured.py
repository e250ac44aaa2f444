"""The capture date that no word announces: the clock of a screen with its date, or the line that a browser prints.

A date that is merely alone at an edge is none (domain.md §5): it may be an order's, a message's or a version's. So
something else at that edge must show that it is a screen's bar or a printed margin."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from bot.domain.evidence import CaptureSource, Facts, TimeRole, Timestamp
from bot.reading.layout import Sheet, Span
from bot.reading.plain import words_pattern, words_regex
from bot.reading.tables import ScreenWords

_EDGE_ROWS, _BESIDE = 2, 14
_PRINTED = re.compile(r"https?:\S+", re.IGNORECASE)
_PAGES = re.compile(r"(?<![\w/])\d{1,3}\s?/\s?\d{1,3}\s*\Z")
_WEATHER = r"-?\d{1,3}\s?(?:°\s?[CF]?|º\s?[CF]?|[CF](?!\w))(?:[ ]{1,2}[^\W\d]{2,16}){0,4}"
_STATUS = r"(?<!\w)(?:[2-5]G\+?|LTE|VoLTE|Wi-?Fi|\d{1,3}\s?%)(?!\w)"
_NOISE = re.compile(rf"{_WEATHER}|https?:\S+|\S+\.[a-z]{{2,}}/\S*|{_STATUS}|[^\w\s]", re.IGNORECASE)
_BAR = re.compile(rf"{_WEATHER}|{_STATUS}", re.IGNORECASE)
_OPEN = frozenset({TimeRole.UNKNOWN, TimeRole.EVENT, TimeRole.MESSAGE})
"""Roles that a time has for want of better: words beside it name none."""


@dataclass(frozen=True)
class _Place:
    """A time of the page: where it is in the facts, its row and where it stands in the picture."""

    number: int
    stamp: Timestamp
    row: int
    span: Span


@dataclass(frozen=True, eq=False)
class ScreenClock:
    """Finds the clock of a screen; `words` are those of menus and task bars."""

    words: ScreenWords

    def with_date(self, facts: Facts, sheet: Sheet) -> Facts:
        """`facts` with the one clock of the screen as its capture date; unchanged where words already tell, or more
        than one fits. Where its day and month are not settled, the clock has its role and there is no date."""
        if any(stamp.role is TimeRole.CAPTURED for stamp in facts.timestamps):
            return facts
        places = list(_places(facts, sheet))
        found = [place for place in places if self._is_clock(place, places, sheet)]
        if len(found) != 1:
            return facts
        stamps, number, at = list(facts.timestamps), found[0].number, found[0].stamp.at
        stamps[number] = replace(stamps[number], role=TimeRole.CAPTURED)
        source = CaptureSource.VISIBLE if at else None
        return replace(facts, timestamps=tuple(stamps), captured_at=at, captured_from=source)

    def _is_clock(self, place: _Place, places: Sequence[_Place], sheet: Sheet) -> bool:
        lines = sheet.text.split("\n")
        rows = [number for number, line in enumerate(lines) if line.strip()]
        edge = next((side for side in (rows[:_EDGE_ROWS], rows[-_EDGE_ROWS:]) if place.row in side), None)
        others = [other for other in places if other is not place]
        if edge is None or place.stamp.role not in _OPEN or place.stamp.day_only:
            return False
        beside = lines[place.row].replace(place.stamp.text, " ", 1)
        apart = all(_apart(place.span, other.span) or _shape(place) != _shape(other) for other in others)
        last = _is_last(place.stamp, [other.stamp for other in others])
        if last and _is_printed(place, rows[0], lines[rows[0]], lines[rows[-1]]):
            return True
        shown = self._is_of_a_screen(beside, [lines[row] for row in edge]) or _in_the_corner(place, sheet)
        return shown and apart and last and self._stands_alone(beside)

    def _is_of_a_screen(self, beside: str, edge: Sequence[str]) -> bool:
        """Whether a menu, the state of the device, the weather or a task bar stands at that edge, or an address on
        the very line, as browsers print it."""
        words = " ".join(edge)
        menu = len(set(self._menu.findall(words))) > 1
        return menu or bool(_BAR.search(words) or self._bar.search(words) or _PRINTED.search(beside))

    def _stands_alone(self, beside: str) -> bool:
        """Whether what stands beside a time on its line is of the screen, and a word at most."""
        rest = self._bar.sub("", _NOISE.sub("", self._bar.sub("", beside)))
        return len(" ".join(rest.split())) <= _BESIDE or len(set(self._menu.findall(beside))) > 1

    @cached_property
    def _menu(self) -> re.Pattern[str]:
        return re.compile(words_pattern(self.words.menu), re.IGNORECASE)

    @cached_property
    def _bar(self) -> re.Pattern[str]:
        return words_regex(self.words.bar)


def _places(facts: Facts, sheet: Sheet) -> Iterator[_Place]:
    after = 0
    for number, stamp in enumerate(facts.timestamps):
        if place := sheet.find(stamp.text, after):
            after = place[1]
            if span := sheet.span(*place):
                yield _Place(number, stamp, sheet.text.count("\n", 0, place[0]), span)


def _is_printed(place: _Place, first: int, head: str, foot: str) -> bool:
    """Whether it begins the margin of a page that a browser printed, with the address and the number of pages below:
    the title of the page stands beside it."""
    below = _PRINTED.search(foot) and _PAGES.search(foot)
    return bool(below) and place.row == first and head.strip().startswith(place.stamp.text)


def _in_the_corner(place: _Place, sheet: Sheet) -> bool:
    """Whether the time stands over its date in the lower right corner, as a task bar shows them: nothing is lower,
    and nothing reaches further to the right."""
    quads = place.span.quads
    if len(quads) != 2 or ":" not in place.stamp.text[:6]:
        return False
    upper, lower = quads
    height = upper[3][1] - upper[0][1]
    stacked = lower[0][1] > upper[0][1] + 0.5 * height and abs(upper[1][0] - lower[1][0]) < 2 * height
    last = max(item.middle for item in sheet.placed) <= lower[3][1] + 0.2 * height
    right = max(item.right for item in sheet.placed) <= max(upper[1][0], lower[1][0]) + height
    left = min(item.left for item in sheet.placed)
    return stacked and last and right and upper[0][0] > (left + upper[1][0]) / 2


def _apart(one: Span, two: Span) -> bool:
    """Not one below the other in a column."""
    height = one.box[3] - one.box[1]
    return abs(one.box[0] - two.box[0]) > height and abs(one.box[2] - two.box[2]) > height


def _shape(place: _Place) -> str:
    """How it is printed, whatever the digits."""
    return re.sub(r"\d", "0", place.stamp.text)


def _is_last(stamp: Timestamp, others: list[Timestamp]) -> bool:
    """Not before anything that happened, as far as it is settled when it was itself; announced times, which no word
    explains either, do not count."""
    happened = [other.at for other in others if other.at and other.role is not TimeRole.UNKNOWN]
    times = happened or [other.at for other in others if other.at]
    return stamp.at is None or all(stamp.at >= at for at in times)
