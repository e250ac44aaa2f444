"""Covering personal data of buyers in what leaves the team (domain.md §5, `privacy`)."""

import re
from collections.abc import Iterable, Iterator

from bot.domain.evidence import Evidence, Personal
from bot.domain.names import occurrences
from bot.domain.personal import CHINESE_MOBILE, INTERNATIONAL, LEAST, MAIL
from bot.domain.text import folded

COVER = "█"
HIDDEN = frozenset({"recipient", "address", "phone", "mail"})
"""The kinds of personal data that are covered. The name on TikTok ("buyer") stays: the platform knows it, and it says
whose order the evidence is about."""
_WHOLE_WORDS = 6
"""Letters from which on a value is covered inside longer words too."""
_NATIONAL = 9
"""Digits by which two ways of writing a telephone number are the same one."""
_BETWEEN = r"[ \t().\-]{0,3}"

Span = tuple[int, int]


def hidden(found: Iterable[Personal], handles: Iterable[str]) -> set[Personal]:
    """What is covered of the personal data that were found. The buyers' names on TikTok (`handles`) are no secret to
    the platform, also where a label calls them something else."""
    known = set(map(folded, handles))
    return {each for each in found if each.kind in HIDDEN and folded(each.words) not in known}


def hides(item: Evidence) -> bool:
    """Whether a piece of evidence that counts shows something that is covered."""
    return item.active and bool(hidden(item.facts.personal, item.facts.buyers))


def kept_of(items: Iterable[Evidence]) -> set[str]:
    """What is never covered of evidence, because it proves something: numbers of orders and parcels, times, and the
    buyers' names on TikTok."""
    kept: set[str] = set()
    for item in items:
        kept.update(item.order_ids, item.facts.order_ids, item.facts.buyers)
        kept.update(number.value for number in item.facts.tracking_numbers)
        kept.update(stamp.text for stamp in item.facts.timestamps)
    return kept


class Cover:
    """Covers in texts these personal data, and whatever has the form of an address of mail or a telephone number;
    what is `kept` stays legible wherever it stands."""

    def __init__(self, hidden: Iterable[Personal], kept: Iterable[str]) -> None:
        self._kept = occurrences(set(kept))
        whole = occurrences({each.words for each in hidden if len(each.words.strip()) < _WHOLE_WORDS})
        inside = {pattern for each in hidden for pattern in _patterns(each)}
        longest = "|".join(sorted(inside, key=len, reverse=True))
        found = [*([whole] if whole else []), *([re.compile(longest, re.IGNORECASE)] if longest else [])]
        self._patterns = [*found, MAIL, CHINESE_MOBILE, INTERNATIONAL]

    def __call__(self, text: str) -> str:
        """The text with a block in place of every covered letter."""
        letters = list(text)
        for start, end in self._spans(text):
            letters[start:end] = COVER * (end - start)
        return "".join(letters)

    def found(self, text: str) -> tuple[str, ...]:
        """The parts of a text that are covered, each once."""
        parts = dict.fromkeys(part for start, end in self._spans(text) for part in text[start:end].splitlines())
        return tuple(part.strip() for part in parts if any(letter.isalnum() for letter in part))

    def kept(self, text: str) -> tuple[str, ...]:
        """The parts of a text that stay legible whatever stands around them, each once."""
        return tuple(dict.fromkeys(match.group() for match in self._kept.finditer(text))) if self._kept else ()

    def _spans(self, text: str) -> Iterator[Span]:
        """The places that are covered, in order."""
        kept = [match.span() for match in self._kept.finditer(text)] if self._kept else []
        found = (match.span() for pattern in self._patterns for match in pattern.finditer(text))
        for span in _joined(found):
            yield from _without(span, kept)


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """The spans in order, those that overlap as one."""
    first, last = 0, 0
    for start, end in sorted(spans):
        if start > last:
            yield first, last
            first = start
        last = max(last, end)
    yield first, last


def _without(span: Span, kept: Iterable[Span]) -> Iterator[Span]:
    """What is left of a span beside the spans that are kept, which are in order."""
    start, end = span
    for first, last in kept:
        if first < end and start < last:
            if start < first:
                yield start, first
            start = last
    if start < end:
        yield start, end


def _patterns(found: Personal) -> Iterator[str]:
    """Patterns for the ways in which a longer value may be written."""
    words = found.words.split()
    if sum(map(len, words)) >= max(_WHOLE_WORDS, LEAST):
        yield r"[\s_.\-]+".join(map(re.escape, words))
    digits = re.sub(r"\D", "", found.words)
    if found.kind == "phone" and "*" not in found.words and len(digits) >= _NATIONAL:
        before = rf"(?:\+?\(?\d{{1,4}}{_BETWEEN}){{0,2}}" if len(digits) > _NATIONAL else ""
        yield before + _BETWEEN.join(digits[-_NATIONAL:])
