"""Numbers that a narrow column of a picture breaks into lines: what stands right below each."""

import re
from collections.abc import Iterator

from bot.reading.layout import Placed, Sheet

_NUMBER = re.compile(r"(?<![A-Z0-9])(?=(?:[A-Z]*\d){5})[A-Z0-9]{6,30}-?\Z")
_REST = re.compile(r"(?=(?:[A-Z]*\d){2})[A-Z0-9]{2,20}")
_TIGHT, _ASIDE, _SIMILAR = 0.35, 0.8, 0.4
"""The most space between lines of one number, the most that they begin apart, and the most that their writing
differs, in heights of the writing. Rows of a table stand further apart."""


def continuations(sheet: Sheet) -> dict[str, Placed]:
    """For each number that ends its line, in capitals, the next line of the column, which holds nothing but
    characters that may belong to it."""
    found: dict[str, Placed] = {}
    for item in sheet.placed:
        if number := _NUMBER.search(item.text.upper()):
            below = next(_below(sheet, item, number.start()), None)
            if below is not None:
                found.setdefault(number.group().rstrip("-"), below)
    return found


def _below(sheet: Sheet, item: Placed, start: int) -> Iterator[Placed]:
    left = item.left + (item.right - item.left) * start / len(item.text)
    for other in sheet.placed:
        height = min(item.height, other.height)
        space = other.middle - item.middle - (item.height + other.height) / 2
        close = other.middle > item.middle + 0.5 * height and space < _TIGHT * height
        alike = abs(item.height - other.height) < _SIMILAR * height
        aligned = min(abs(other.left - item.left), abs(other.left - left)) < _ASIDE * height
        if close and alike and aligned and _REST.fullmatch(other.text.strip().upper()):
            yield other
