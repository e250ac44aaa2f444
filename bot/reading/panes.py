"""Panes: the parts of a screen that stand side by side, each with rows of its own, such as a menu beside its page, or
the chats, the messages and the products of an agent's console. The columns of a table are none: they share rows."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import TypeVar

from bot.reading.cells import Piece

Line = TypeVar("Line", bound=Piece)
Parts = tuple[list[Line], list[Line], list[Line], list[Line]]

_FEWEST, _NARROWEST, _MOST, _COLUMNS = 5, 0.12, 4, 6
"""Lines of a pane, its share of the width, how often a screen is divided, and the columns of one that has panes."""
_HEAD, _FOOT = 0.22, 0.85
"""Lines that cross all panes stand in this part at the top, or below this part."""
_TOGETHER, _BESIDE, _IN_ROWS = 0.6, 0.4, 0.6
_NEXT, _LEVEL, _GROUP = 0.8, 0.3, 1.3


def panes(items: Sequence[Line], depth: int = 0) -> list[list[Line]]:
    """The items in the order in which a person reads them: what heads the panes, each pane, what is below them; all
    in one where there are no panes."""
    if depth == _MOST or len(items) < 2 * _FEWEST:
        return [list(items)]
    divided = _divided(items)
    if divided is None:
        return [list(items)]
    head, left, right, foot = divided
    parts = [head, *panes(left, depth + 1), *panes(right, depth + 1), foot]
    return [part for part in parts if part]


def columns(items: Sequence[Line]) -> Iterator[list[Line]]:
    """Every run of neighbouring columns but all of them together: the parts of a screen that may be one of its panes
    where the rows do not tell. What stands at the top and at the bottom crosses the space between columns."""
    if len(items) < 2 * _FEWEST:
        return
    top, bottom = min(item.middle for item in items), max(item.middle for item in items)
    inner = [item for item in items if top + _HEAD * (bottom - top) < item.middle < top + _FOOT * (bottom - top)]
    edges = _edges(inner)
    for first in range(len(edges)):
        for last in range(first, len(edges)):
            if last - first < len(edges) - 1:
                left, right = edges[first][0], edges[last][1]
                yield [
                    item for item in items if item.left >= left - item.height and item.right <= right + item.height
                ]


def _edges(items: Sequence[Line]) -> list[tuple[float, float]]:
    """The left and right edges of the columns, where no line crosses the space between them."""
    found: list[tuple[float, float]] = []
    room = median(item.height for item in items) if items else 0.0
    for item in sorted(items, key=lambda item: item.left):
        if found and item.left - found[-1][1] < room:
            found[-1] = found[-1][0], max(found[-1][1], item.right)
        else:
            found.append((item.left, item.right))
    return found if len(found) <= _COLUMNS else []


def _divided(items: Sequence[Line]) -> Parts[Line] | None:
    """The items above a border between two panes, left and right of it, and below; None where there is no border."""
    divided = (_parts(items, border) for border in _borders(items))
    whole = (parts for parts in divided if sum(map(len, parts)) == len(items))
    found = [(gap, parts) for parts in whole if (gap := _gap(parts))]
    return max(found, key=lambda item: item[0])[1] if found else None


def _borders(items: Sequence[Line]) -> Iterator[float]:
    """Places between columns, where a pane may begin."""
    step, last = max(1.0, median(item.height for item in items)), float("-inf")
    for left in sorted({item.left for item in items}):
        if left - last >= step / 2:
            yield left - 0.1 * step
            last = left


def _parts(items: Sequence[Line], border: float) -> Parts[Line]:
    """A line that crosses the border elsewhere than at the top or the bottom is in none of the parts."""
    top, bottom = min(item.middle for item in items), max(item.middle for item in items)
    height = max(1.0, bottom - top)
    crossing = [item.middle for item in items if item.left < border < item.right]
    head = max((middle for middle in crossing if middle < top + _HEAD * height), default=top - 1)
    foot = min((middle for middle in crossing if middle > top + _FOOT * height), default=bottom + 1)
    inner = [item for item in items if head < item.middle < foot]
    return (
        [item for item in items if item.middle <= head],
        [item for item in inner if item.right <= border],
        [item for item in inner if item.left >= border],
        [item for item in items if item.middle >= foot],
    )


def _gap(parts: Parts[Line]) -> float:
    """The width of the space between two panes; 0 where they are none."""
    head, left, right, foot = parts
    everything = [*head, *left, *right, *foot]
    if min(len(left), len(right)) < _FEWEST:
        return 0.0
    width = max(item.right for item in everything) - min(item.left for item in everything)
    gap = min(item.left for item in right) - max(item.right for item in left)
    spans = [max(item.right for item in side) - min(item.left for item in side) for side in (left, right)]
    if gap < median(item.height for item in everything) or min(spans) < _NARROWEST * width:
        return 0.0
    return gap if _side_by_side(left, right) and _of_their_own_rows(left, right) else 0.0


def _side_by_side(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether both take up much of the same height."""
    tops = [min(item.middle for item in side) for side in (left, right)]
    bottoms = [max(item.middle for item in side) for side in (left, right)]
    shared, whole = min(bottoms) - max(tops), max(bottoms) - min(tops)
    return shared > _TOGETHER * max(1.0, whole)


def _of_their_own_rows(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether lines of both stand beside each other without making rows: bubbles of a chat do not stand beside each
    other, and a table's cells stand in rows, each beside the middle of its neighbour."""
    few, many = sorted((left, right), key=len)
    lines = sorted(item.middle for item in many)
    places, groups = sorted([*lines, *_middles(many)]), list(_middles(few))
    height = median(item.height for item in few)
    beside = sum(_nearest(lines, item.middle) < _NEXT * height for item in few)
    level = sum(_nearest(places, item.middle) < _LEVEL * height for item in few)
    grouped = sum(_nearest(places, middle) < _LEVEL * height for middle in groups)
    shared = max(level / max(1, beside), grouped / len(groups))
    return beside > _BESIDE * len(few) and shared < _IN_ROWS


def _middles(items: Sequence[Line]) -> Iterator[float]:
    """The middles of groups of lines, as a cell of two lines has one."""
    ordered = sorted({item.middle for item in items})
    steps = [below - above for above, below in pairwise(ordered)]
    near = _GROUP * sorted(steps)[len(steps) // 4] if steps else 0.0
    first = ordered[0]
    for (above, below), step in zip(pairwise(ordered), steps, strict=True):
        if step > near:
            yield (first + above) / 2
            first = below
    yield (first + ordered[-1]) / 2


def _nearest(places: Sequence[float], place: float) -> float:
    at = bisect_left(places, place)
    return min(abs(other - place) for other in places[max(0, at - 1) : at + 1])
