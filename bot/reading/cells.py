"""Table cells whose words go on in the lines below: joined, so that each row of the table is one line of text."""

from collections.abc import Sequence
from typing import Protocol, TypeVar


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


Line = TypeVar("Line", bound=Piece)
Row = list[list[Line]]

_TIGHT, _SIMILAR = 0.6, 0.3


def joined(rows: Sequence[Row[Line]]) -> list[Row[Line]]:
    """The rows with those taken in that only continue cells of the row above: fewer, close, each right below one. It
    takes a row that begins with a date or holds a broken one, so that other pages stay as they are."""
    found: list[Row[Line]] = []
    for row in rows:
        cells = _continued(found[-1], row) if found else []
        for cell, below in zip(cells, row, strict=False):
            cell += below
        if not cells:
            found.append([list(cell) for cell in row])
    return found


def _continued(above: Row[Line], below: Row[Line]) -> list[list[Line]]:
    """The cells of `above` that each cell of `below` continues, [] when one of them begins something."""
    broken = any(len(cell) > 1 for cell in above)
    if len(above) < 2 or len(below) >= len(above) or not (broken or above[0][0].text[:1].isdigit()):
        return []
    open_cells = above if broken else above[1:]
    cells = [next((cell for cell in open_cells if _follows(cell[-1], item[0])), []) for item in below]
    return cells if all(cells) else []


def _follows(upper: Piece, lower: Piece) -> bool:
    height = min(upper.height, lower.height)
    space = lower.middle - upper.middle - (upper.height + lower.height) / 2
    alike = abs(upper.height - lower.height) < _SIMILAR * height
    return (
        alike
        and abs(upper.left - lower.left) < 0.8 * height
        and space < _TIGHT * height
        and lower.middle > upper.middle
    )
