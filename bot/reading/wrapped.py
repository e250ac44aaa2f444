"""Numbers that a narrow column of a picture breaks into lines: what stands right below each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from bot.reading.layout import Placed, Sheet

_NUMBER = re.compile(r"(?<![A-Z0-9])(?=(?:[A-Z]*\d){5})[A-Z0-9]{6,30}-?\Z")
_REST = re.compile(r"(?=(?:[A-Z]*\d){2})[A-Z0-9]{2,20}")
_TIGHT, _CLOSE, _ASIDE, _SIMILAR = 0.35, 0.5, 0.8, 0.4
"""The most space between lines of one number where another column stands between them in the text, and where they
follow each other there; the most that they begin, end or are centred apart, and the most that their writing differs,
in heights of the writing. Rows of a table stand further apart."""


@dataclass(frozen=True)
class Wrapping:
    """How the lines of a picture follow each other in their columns."""

    sheet: Sheet

    @cached_property
    def rests(self) -> dict[str, Placed]:
        """For each number that ends its line, in capitals, the next line of the column, which holds nothing but
        characters that may belong to it."""
        found: dict[str, Placed] = {}
        for item in self.sheet.placed:
            if number := _NUMBER.search(item.text.upper()):
                start = item.left + (item.right - item.left) * number.start() / len(item.text)
                below = next(_below(self.sheet, item, start), None)
                if below is not None:
                    found.setdefault(number.group().rstrip("-"), below)
        return found

    def may_go_on(self, newline: int) -> bool:
        """Whether what ends its line at this place of the text may go on in the next line, which stands right below
        in the same writing."""
        return newline in self._open_ends

    @cached_property
    def _open_ends(self) -> frozenset[int]:
        ends = {item.end: item for item in self.sheet.placed}
        following = ((ends[item.start - 1], item) for item in self.sheet.placed if item.start - 1 in ends)
        return frozenset(above.end for above, item in following if _goes_on(above, item))


@dataclass(frozen=True)
class PlainWrapping:
    """The same of a text that is no picture."""

    rests: dict[str, Placed] = field(default_factory=dict)

    def may_go_on(self, newline: int) -> bool:
        """Every line may go on in the next."""
        return True


def _below(sheet: Sheet, item: Placed, start: float) -> Iterator[Placed]:
    for other in sheet.placed:
        aligned = min(abs(other.left - item.left), abs(other.left - start)) < _ASIDE * min(item.height, other.height)
        if aligned and _is_close(item, other, _TIGHT) and _REST.fullmatch(other.text.strip().upper()):
            yield other


def _goes_on(above: Placed, item: Placed) -> bool:
    left, right = item.left - above.left, item.right - above.right
    aligned = min(abs(left), abs(right), abs(left + right) / 2) < _ASIDE * min(above.height, item.height)
    return aligned and _is_close(above, item, _CLOSE)


def _is_close(above: Placed, item: Placed, most: float) -> bool:
    """Whether a line stands below another with at most so much space between them, in the same writing."""
    height = min(above.height, item.height)
    space = item.middle - above.middle - (above.height + item.height) / 2
    alike = abs(above.height - item.height) < _SIMILAR * height
    return alike and item.middle > above.middle + 0.5 * height and space < most * height
