"""What the words of an order's columns leave open, and what people said they mean (domain.md §1a)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class StatusWord:
    """A word in a column that says whether orders are valid: the column's field, and the word in the form in which
    texts are compared; "" for an empty cell."""

    field: str
    text: str


Answers = Mapping[StatusWord, bool]
"""What people of a shop said: whether orders with the word are valid."""


def verdict(words: Iterable[StatusWord], answers: Answers) -> bool | None:
    """Whether an order is valid whose other columns say nothing against it: not if any of its words says so, None
    while one of them is unanswered."""
    said = [answers.get(word) for word in words]
    if False in said:
        return False
    return None if None in said else True


def either(one: bool | None, other: bool | None) -> bool | None:
    """Two lines of one order: valid if any line is, unknown if none is and any is unknown."""
    if one or other:
        return True
    return None if one is None or other is None else False


def encoded(words: Collection[StatusWord]) -> str:
    """The words as they are stored with an order: one a line, "field=text"."""
    return "\n".join(f"{word.field}={word.text}" for word in sorted(words))


def decoded(text: str) -> tuple[StatusWord, ...]:
    """The words of `encoded`."""
    pairs = (line.partition("=") for line in text.split("\n") if line)
    return tuple(StatusWord(field, word) for field, _, word in pairs)


@dataclass(frozen=True)
class OpenWord:
    """A word of stored orders that the configuration does not know; `valid` is what people said, None while they
    said nothing."""

    shop: str
    word: StatusWord
    orders: int
    valid: bool | None = None
