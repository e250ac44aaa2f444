"""Pages as blocks of text with their places, as a recogniser reports them; nothing is drawn or recognised."""

from bot.domain.evidence import Facts
from bot.reading.layout import Line, Sheet, lay_out
from bot.reading.reader import FileReader

Block = tuple[str, float, float]
"""Words, their left edge and their top; letters are 10 wide (Chinese ones 20) and 20 high."""


def sheet(*blocks: Block) -> Sheet:
    """The blocks laid out."""
    return lay_out([_line(words, left, top) for words, left, top in blocks])


def _line(words: str, left: float, top: float) -> Line:
    right, count = left + width(words), len(words)
    quad = ((left, top), (right, top), (right, top + 20), (left, top + 20))
    return Line(words, 0.99, quad, tuple((place + 0.5) / count for place in range(count)), (0.99,) * count)


def width(words: str) -> int:
    """How wide words are."""
    return sum(20 if letter >= "\u2e80" else 10 for letter in words)


def to_the_right(words: str, right: float, top: float) -> Block:
    """A block that ends at `right`."""
    return words, right - width(words), top


def read(reader: FileReader, *blocks: Block, file_name: str = "") -> Facts:
    """What the product reads in such a page."""
    drawn = sheet(*blocks)
    return reader.words.read(drawn.text, file_name, drawn)


def column(left: float, top: float, step: float, *lines: str) -> tuple[Block, ...]:
    """Lines one below the other."""
    return tuple((words, left, top + step * number) for number, words in enumerate(lines))


def lines(text: str) -> tuple[Block, ...]:
    """A page of one line below the other."""
    return column(20, 20, 50, *text.strip().split("\n"))
