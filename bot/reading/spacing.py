"""Groups of characters in a picture that only look like one number in its text: a wider space parts them."""

import math
from collections.abc import Iterator, Sequence
from statistics import median

from bot.reading.layout import WIDE_GAP, Placed, Point, Quad, Sheet, between

_TIMES_WIDER, _WIDER, _WIDER_AT_ENDS = 1.8, 0.6, 0.4
"""A space parts two numbers where it is so many times as wide as the narrowest of its line, and by so many
characters wider; less where the detector of lines has ended one there."""


def wide_spaces(sheet: Sheet) -> frozenset[int]:
    """The places in the sheet's text, from 0, of single spaces that are clearly wider than others beside them."""
    return frozenset(place for row in _rows(sheet) for place in _wide(sheet.text, row))


def _rows(sheet: Sheet) -> Iterator[list[Placed]]:
    """The lines that single spaces join in the text."""
    row: list[Placed] = []
    for item in sheet.placed:
        if row and sheet.text[row[-1].end : item.start] != " ":
            yield row
            row = []
        row.append(item)
    if row:
        yield row


def _wide(text: str, row: Sequence[Placed]) -> Iterator[int]:
    centres = {item.start + at: _centre(item, at) for item in row for at in range(len(item.text))}
    pairs = [place for place in centres if place + 1 in centres and _are_digits(text[place : place + 2])]
    steps = [math.dist(centres[place], centres[place + 1]) for place in pairs]
    width = median(steps) if steps else 0.0
    gaps = [place for place in range(row[0].start + 1, row[-1].end - 1) if text[place] == " "]
    spaces = {
        place: math.dist(centres[place - 1], centres[place + 1]) / width - 1
        for place in gaps
        if width and _are_digits(text[place - 1] + text[place + 1])
    }
    narrowest = max(0.0, min(spaces.values(), default=0.0))
    ends = {item.end for item in row}
    for place, wide in spaces.items():
        more = _WIDER_AT_ENDS if place in ends else _WIDER
        if wide >= max(_TIMES_WIDER * narrowest, narrowest + more):
            yield place


def _centre(item: Placed, at: int) -> Point:
    """The middle of a character, in pixels."""
    a, b, c, d = item.line.quad
    share = item.line.places[at]
    return between(between(a, d, 0.5), between(b, c, 0.5), share)


def _are_digits(characters: str) -> bool:
    return len(characters) == 2 and characters.isascii() and characters.isdigit()


def stretches(quads: Sequence[Quad]) -> list[Quad]:
    """The corners with those joined that follow each other on one line; read apart, each would show an end of the
    other."""
    found: list[Quad] = []
    for quad in quads:
        if found and _goes_on(found[-1], quad):
            found[-1] = (found[-1][0], quad[1], quad[2], found[-1][3])
        else:
            found.append(quad)
    return found


def _goes_on(before: Quad, quad: Quad) -> bool:
    """Whether the left edge of `quad` stands close behind the right edge of the one before it."""
    high = min(math.dist(before[1], before[2]), math.dist(quad[0], quad[3]))
    end, start = between(before[1], before[2], 0.5), between(quad[0], quad[3], 0.5)
    along = math.dist(before[0], before[1]) or 1.0
    x, y = (before[1][0] - before[0][0]) / along, (before[1][1] - before[0][1]) / along
    right, down = start[0] - end[0], start[1] - end[1]
    return abs(right * x + down * y) < WIDE_GAP * high and abs(down * x - right * y) < 0.5 * high
