"""Finding personal data of buyers in texts, to shorten it."""

import re
from collections.abc import Callable, Collection, Iterable

from bot.domain.evidence import Evidence
from bot.domain.names import occurrences
from bot.domain.text import folded

MAIL = re.compile(r"[\w.+\-]{1,64}@(?:[\w\-]{1,63}\.){1,5}[A-Za-z]{2,24}")
CHINESE_MOBILE = re.compile(r"(?<![A-Za-z0-9+*])(?:\+?86[ \-]?)?1[3-9]\d(?:[ \-]?[\d*]{4}){2}(?![A-Za-z0-9*])")
INTERNATIONAL = re.compile(r"(?<![A-Za-z0-9])\+(?!\d{1,2}[ )]+\d{4}-)\d{1,3}(?:[ \-()]{0,2}\d){7,12}(?!\d)")
QUOTATION = re.compile(r"(?<=[“\"「])[^”\"」\n]{2,}(?=[”\"」])")
LEAST = 2
"""Fewer letters are no name: they would be found everywhere."""


def shortener(values: Iterable[str], said: Collection[str]) -> Callable[[str], str]:
    """Shortens in a text these values to their first letter, addresses of mail and telephone numbers too, and takes
    the words out of quotations from what buyers have `said`."""
    known = occurrences({value for value in values if len(value.strip()) >= LEAST})
    patterns = [*([known] if known else []), MAIL, CHINESE_MOBILE, INTERNATIONAL]
    spoken = [folded(words) for words in said]

    def quoted(words: str) -> str:
        own = folded(words.rstrip("….").strip())
        return "…" if own and any(own in each or each in own for each in spoken if each) else words

    def short(text: str) -> str:
        text = QUOTATION.sub(lambda found: quoted(found.group()), text)
        for pattern in patterns:
            text = pattern.sub(lambda found: f"{found.group()[0]}***", text)
        return text

    return short


def told_by(items: Iterable[Evidence]) -> tuple[set[str], set[str]]:
    """The personal data that evidence shows, and the words of buyers in it."""
    values: set[str] = set()
    said: set[str] = set()
    for item in items:
        values.update(item.facts.buyers, (each.words for each in item.facts.personal))
        said.update(each.words for each in item.facts.messages if each.speaker == "buyer")
    return values, said
