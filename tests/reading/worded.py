"""Pages as words with places, worded as help centres, carriers and programs word theirs in many languages.

A line of a page is a line of the text, 40 below the one before; `|` begins a column 330 further right, a leading `>>`
sets the words at the right edge, as a chat does with those of whoever holds the telephone.
"""

from typing import NamedTuple

from tests.reading.blocks import Block, to_the_right

_RIGHT, _STEP, _COLUMN = 1000, 40, 330


class Worded(NamedTuple):
    """A page, what it is ("" where it is no kind of evidence), and what else may be suggested for it."""

    name: str
    kind: str
    text: str
    also: frozenset[str] = frozenset()


def blocks(text: str) -> tuple[Block, ...]:
    """The page's blocks."""
    found: list[Block] = []
    for number, line in enumerate(text.strip("\n").split("\n")):
        top = 20 + _STEP * number
        if line.startswith(">>"):
            found.append(to_the_right(line[2:].strip(), _RIGHT, top))
            continue
        parts = [part.strip() for part in line.split("|")]
        found.extend((part, 20 + _COLUMN * place, top) for place, part in enumerate(parts) if part)
    return tuple(found)


def told(text: str) -> list[Worded]:
    """The pages of a text: `=== name : kind : also, also` heads each."""
    pages = []
    for part in text.split("=== ")[1:]:
        head, _, body = part.partition("\n")
        name, kind, also = (field.strip() for field in (*head.split(":"), "", "")[:3])
        pages.append(Worded(name, "" if kind == "none" else kind, body, frozenset(also.split(", ")) - {""}))
    return pages
