"""Lines found in a picture laid out as text in reading order, each character with its place in the picture."""

import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import Any

from bot.reading.cells import joined
from bot.reading.panes import panes
from bot.reading.plain import plain
from bot.reading.scripts.languages import ARABIC
from bot.reading.segmentation import segmented
from bot.reading.stacked import Stacks, seam

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]
Box = tuple[int, int, int, int]

_SAME_ROW, WIDE_GAP = 0.55, 1.2
_LEAST_SPACE, _WIDE_SPACE = 0.45, 2.0


@dataclass(frozen=True)
class Line:
    """A line as recognised: its corners (clockwise from top left, in pixels), and for each character its place
    along the line (0 to 1) and its confidence."""

    text: str
    confidence: float
    quad: Quad
    places: tuple[float, ...]
    confidences: tuple[float, ...]

    @cached_property
    def height(self) -> float:
        """Height of the writing."""
        return (math.dist(self.quad[0], self.quad[3]) + math.dist(self.quad[1], self.quad[2])) / 2

    def part(self, start: int, end: int) -> Quad:
        """The corners of characters `start` to `end`."""
        half = 0.5 / max(1, len(self.text))
        # Writing from the right runs against the line.
        left = max(0.0, min(self.places[start:end]) - half)
        right = min(1.0, max(self.places[start:end]) + half)
        a, b, c, d = self.quad
        return between(a, b, left), between(a, b, right), between(d, c, right), between(d, c, left)


def between(start: Point, end: Point, share: float) -> Point:
    """The point at a share of the way."""
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


@dataclass(frozen=True)
class Placed:
    """A line with its place, the picture held straight; `start` is where it begins in the sheet's text, `pane` the
    number of the part of the screen that it stands in."""

    start: int
    line: Line
    left: float
    right: float
    middle: float
    pane: int = 0

    @property
    def text(self) -> str:
        """The words of the line."""
        return self.line.text

    @property
    def height(self) -> float:
        """Height of the writing."""
        return self.line.height

    @property
    def end(self) -> int:
        """Where it ends in the sheet's text."""
        return self.start + len(self.text)


@dataclass(frozen=True)
class Span:
    """Where some characters of the sheet stand: the corners of each stretch, their confidence and the weakest one."""

    quads: tuple[Quad, ...]
    confidence: float
    weakest: float

    @property
    def box(self) -> Box:
        """Left, top, right, bottom of all of it."""
        points = [point for quad in self.quads for point in quad]
        xs, ys = [point[0] for point in points], [point[1] for point in points]
        return max(0, math.floor(min(xs))), max(0, math.floor(min(ys))), math.ceil(max(xs)), math.ceil(max(ys))


@dataclass(frozen=True)
class Sheet:
    """The text of a picture and where its characters stand."""

    text: str
    placed: tuple[Placed, ...]

    def span(self, start: int, end: int) -> Span | None:
        """Where the characters `start` to `end` stand, None when there is nothing."""
        first = max(0, bisect_right(self._starts, start) - 1)
        quads: list[Quad] = []
        confidences: list[float] = []
        for item in self.placed[first:]:
            low, high = max(start, item.start) - item.start, min(end, item.end) - item.start
            if item.start >= end:
                break
            if low < high:
                quads.append(item.line.part(low, high))
                confidences += item.line.confidences[low:high]
        return Span(tuple(quads), sum(confidences) / len(confidences), min(confidences)) if quads else None

    def spans(self, ranges: Sequence[tuple[int, int]]) -> Span | None:
        """Where several stretches stand together, None when one of them is nowhere."""
        parts = [span for start, end in ranges if (span := self.span(start, end))]
        if len(parts) < len(ranges) or not parts:
            return None
        confidence = sum(part.confidence for part in parts) / len(parts)
        quads = tuple(quad for part in parts for quad in part.quads)
        return Span(quads, confidence, min(part.weakest for part in parts))

    def find(self, words: str, after: int = 0) -> tuple[int, int] | None:
        """The next place of `words`, looked for from `after` and then from the top."""
        for start in (after, 0):
            place = self.text.find(words, start)
            if words and place >= 0:
                return place, place + len(words)
        return None

    def find_number(self, number: str) -> tuple[int, int] | None:
        """The place of a number, spaces and hyphens in it allowed, and a nought for the letter that it looks like."""
        pattern = r"[ \-]{0,2}".join("[O0]" if char == "O" else re.escape(char) for char in number)
        match = re.search(rf"(?<![A-Z0-9]){pattern}(?![A-Z0-9])", self._upper) or re.search(pattern, self._upper)
        return match.span() if match else None

    @cached_property
    def _upper(self) -> str:
        return self.text.translate(_UPPER)

    @cached_property
    def _starts(self) -> list[int]:
        return [item.start for item in self.placed]


_UPPER = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def lines_of(found: Sequence[dict[str, Any]]) -> list[Line]:
    """The lines that the worker reported, in comparable characters, with the spaces that it left out."""
    return [_line(item) for item in found]


def _line(item: dict[str, Any]) -> Line:
    text, places, confidences = (
        plain(item["text"]).replace("\n", " "),
        list(item["places"]),
        list(item["confidences"]),
    )
    places += [1.0] * (len(text) - len(places))
    confidences += [item["confidence"]] * (len(text) - len(confidences))
    text, origin = segmented(text)
    a, b, c, d = [(float(x), float(y)) for x, y in item["quad"]]
    return Line(
        text,
        float(item["confidence"]),
        (a, b, c, d),
        tuple(places[place] for place in origin),
        tuple(confidences[place] for place in origin),
    )


def lay_out(lines: Sequence[Line], stacks: Stacks | None = None) -> Sheet:
    """The sheet of some lines: rows from top to bottom however the picture is tilted, each from left to right. What
    `stacks` finds broken is joined in its first line's row."""
    tilt = _tilt(lines)
    items = [_place(line, tilt) for line in lines]
    items = [_mirrored(item) for item in items] if _runs_leftward(lines) else items
    chains = stacks.chains(items) if stacks else {}
    taken = {place for chain in chains.values() for place in chain}
    following = {id(items[first]): [items[place] for place in chain] for first, chain in chains.items()}
    parts = [part for part in panes([item for place, item in enumerate(items) if place not in taken]) if part]
    return _written(
        [joined([[[item, *following.get(id(item), ())] for item in row] for row in _rows(part)]) for part in parts]
    )


Rows = Sequence[Sequence[Sequence[Placed]]]


def _written(parts: Sequence[Rows]) -> Sheet:
    """The text of rows of cells, pane by pane; a cell may be broken into several lines. A wide space between rows
    leaves a line empty, and so does the end of a pane."""
    text, placed = "", []
    for pane, row, space, far in _spaced(parts):
        before: Placed | None = None
        text += "\n" if space > far else ""
        for cell in row:
            for number, item in enumerate(cell):
                text += seam(text, item.text) if number else _gap(before, item)
                placed.append(replace(item, start=len(text), pane=pane))
                text += item.text
            before = cell[0]
        text += "\n"
    return Sheet(text.removesuffix("\n"), tuple(placed))


def _spaced(parts: Sequence[Rows]) -> Iterator[tuple[int, Sequence[Sequence[Placed]], float, float]]:
    """Each row with the number of its pane, the space over it and how much is a wide space there."""
    for pane, rows in enumerate(parts):
        spaces = [_space(above, below) for above, below in pairwise(rows)]
        far = max(_LEAST_SPACE, _WIDE_SPACE * sorted(spaces)[len(spaces) // 4]) if spaces else 0.0
        for row, space in zip(rows, [math.inf if pane else 0.0, *spaces], strict=True):
            yield pane, row, space, far


def _space(above: Sequence[Sequence[Placed]], below: Sequence[Sequence[Placed]]) -> float:
    """The space between two rows in heights of their writing."""
    over = [item for cell in above for item in cell]
    under = [cell[0] for cell in below]
    bottom = max(item.middle + item.height / 2 for item in over)
    top = min(item.middle - item.height / 2 for item in under)
    return (top - bottom) / max(1.0, min(item.height for item in (*over, *under)))


def _gap(before: Placed | None, item: Placed) -> str:
    if before is None:
        return ""
    return "  " if item.left - before.right > WIDE_GAP * item.height else " "


def _tilt(lines: Sequence[Line]) -> float:
    """The angle of the writing, in radians; the picture may lie on its side or on its head."""
    runs = [
        (line.quad[1][0] - line.quad[0][0], line.quad[1][1] - line.quad[0][1])
        for line in lines
        if math.dist(line.quad[0], line.quad[1]) > 3 * line.height
    ]
    whole = math.atan2(sum(down for _, down in runs), sum(right for right, _ in runs))
    turns = [math.remainder(math.atan2(down, right) - whole, math.tau) for right, down in runs]
    return whole + median(turns) if turns else 0.0


def _place(line: Line, tilt: float) -> Placed:
    cos, sin = math.cos(-tilt), math.sin(-tilt)
    turned = [(x * cos - y * sin, x * sin + y * cos) for x, y in line.quad]
    xs, ys = [point[0] for point in turned], [point[1] for point in turned]
    return Placed(0, line, min(xs), max(xs), sum(ys) / 4)


def _runs_leftward(lines: Sequence[Line]) -> bool:
    """Whether most of the writing runs from the right; its rows and columns do so too."""
    text = "".join(line.text for line in lines)
    return 2 * len(ARABIC.findall(text)) > sum(map(str.isalpha, text))


def _mirrored(item: Placed) -> Placed:
    """A place measured from the right, so that it is laid out like writing from the left."""
    return replace(item, left=-item.right, right=-item.left)


def _rows(items: Sequence[Placed]) -> Iterator[list[Placed]]:
    """Lines side by side make a row; a line joins the row whose height it shares and in which its place is free."""
    rows: list[list[Placed]] = []
    for item in sorted(items, key=lambda item: item.middle):
        fitting = next((row for row in reversed(rows[-6:]) if _fits(item, row)), None)
        if fitting is None:
            rows.append([item])
        else:
            fitting.append(item)
    for row in sorted(rows, key=lambda row: sum(item.middle for item in row) / len(row)):
        yield sorted(row, key=lambda item: item.left)


def _fits(item: Placed, row: Sequence[Placed]) -> bool:
    near = min(row, key=lambda other: min(abs(other.right - item.left), abs(item.right - other.left)))
    level = abs(item.middle - near.middle) < _SAME_ROW * min(item.line.height, near.line.height)
    free = all(min(item.right, other.right) - max(item.left, other.left) < 0.3 * item.line.height for other in row)
    return level and free
