"""Text made comparable: one form of each letter, and digits of any script become 0-9."""

import re
from collections.abc import Iterable

from bot.domain.text import unified

_DIGITS = {start + value: str(value) for start in (0x0660, 0x06F0, 0x0966, 0x0E50) for value in range(10)}
_TABLE = {**_DIGITS, ord("٬"): ",", ord("،"): ",", ord("−"): "-"}
# What is quoted to the platform keeps its apostrophes and omissions as they were written.
_UNQUOTED = re.compile("[^\u2018\u2019\u2026]+")


def plain(text: str) -> str:
    """`text` with one kind of digit, letter form, space, punctuation width and line break (domain.md §1a)."""
    return _UNQUOTED.sub(lambda part: unified(part[0]), text.translate(_TABLE))


def words_pattern(words: Iterable[str]) -> str:
    """A pattern for any of `words`, longest first; Latin words match whole, other scripts anywhere."""
    ordered = sorted({plain(word) for word in words}, key=len, reverse=True)
    latin = [_bounded(word) for word in ordered if _latin(word[0])]
    other = [_bounded(word) for word in ordered if not _latin(word[0])]
    whole = [rf"(?<![A-Za-z0-9])(?:{'|'.join(latin)})"] if latin else []
    return "|".join([*whole, *other]) or r"(?!)"


def _bounded(word: str) -> str:
    return re.escape(word) + (r"(?![A-Za-z0-9])" if _latin(word[-1]) else "")


def _latin(letter: str) -> bool:
    return letter.isalnum() and ord(letter) < 0x0250


def words_regex(words: Iterable[str]) -> re.Pattern[str]:
    """`words_pattern` compiled, without regard to case."""
    return re.compile(words_pattern(words), re.IGNORECASE)
