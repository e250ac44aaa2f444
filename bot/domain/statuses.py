"""Status words that leave the validity of orders open, and what people said they mean (domain.md §1a)."""

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
    """Whether an order is valid about which its other columns say nothing: not valid if any of its words means
    that, None while one of them is unanswered."""
    said = [answers.get(word) for word in words]
    if False in said:
        return False
    return None if None in said else True


def either(one: bool | None, other: bool | None) -> bool | None:
    """The validity of an order with two lines: valid if any line is, unknown if none is valid and any is unknown."""
    if one or other:
        return True
    return None if one is None or other is None else False


def encoded(words: Collection[StatusWord]) -> str:
    """The words in the form in which they are stored with an order: one on each line, "field=text"."""
    return "\n".join(f"{word.field}={word.text}" for word in sorted(words))


def decoded(text: str) -> tuple[StatusWord, ...]:
    """The words that `encoded` wrote."""
    pairs = (line.partition("=") for line in text.split("\n") if line)
    return tuple(StatusWord(field, word) for field, _, word in pairs)


@dataclass(frozen=True)
class OpenWord:
    """A word of stored orders that the configuration does not know; `valid` is what people said, None while nobody
    has."""

    shop: str
    word: StatusWord
    orders: int
    valid: bool | None = None
