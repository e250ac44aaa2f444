"""Text made comparable: digits of any script become 0-9, full-width forms narrow, invisible marks go."""

import re
import unicodedata
from collections.abc import Iterable

_MARKS = (0x00AD, 0x061C, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A))
_INVISIBLE = dict.fromkeys(_MARKS)
_SPACES = dict.fromkeys([0x00A0, 0x2007, 0x2009, 0x202F, 0x3000], " ")
_WIDE = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_DIGITS = {start + value: str(value) for start in (0x0660, 0x06F0, 0x0966, 0x0E50) for value in range(10)}
_TABLE = {**_INVISIBLE, **_SPACES, **_WIDE, **_DIGITS, ord("٬"): ",", ord("،"): ",", ord("−"): "-"}
_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def plain(text: str) -> str:
    """`text` with one kind of digit, space, punctuation width and line break; letters stay as they are."""
    return unicodedata.normalize("NFC", _BREAKS.sub("\n", text).translate(_TABLE))


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
