"""What kind of page a content is: the kind with most of its signs, certain only where independent ones agree."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath

from bot.reading.labels import shapes
from bot.reading.plain import plain, words_regex
from bot.reading.tables import PageWords, Vocabulary

_BEGINNING = 100_000
_CERTAIN, _LEAD, _LIKELY, _TELLING, _LITTLE = 3, 2, 2, 5, 60
_WEIGHTS = {"log": 4, "api_log": 4, "transcript": 4, "both_sides": 2, "platform_chat": 2}
"""Signs that one thing alone does not make, and that count accordingly."""
_GROUPS = {
    **dict.fromkeys(("steps", "journey", "timeline", "delivered"), "steps"),
    **dict.fromkeys(("number", "numbers", "many_numbers"), "number"),
    **dict.fromkeys(("order", "orders", "many_orders"), "order"),
    **dict.fromkeys(("amount", "amounts", "many_amounts"), "amount"),
    **dict.fromkeys(("few_times", "no_times"), "times"),
}
"""Signs that one and the same thing makes: together they are one witness."""
_LABELS = {"id": "order", "money": "amount"}
"""Signs of words that announce what is read in the structure: no second witness of it."""
_NAMES = frozenset({"title", "id"})
"""Signs of words by which a page says itself what it is."""
_ABSENCES = frozenset({"no_times", "few_times", "no_number"})
"""What a page lacks, as most pages do: no witness of what it is."""
CONVERSATION = "conversation"


@dataclass(frozen=True)
class PageKind:
    """A kind of evidence, "" for none, and whether the content alone makes it certain; `page` names what it is where
    it is no kind of evidence, "" where nobody can say."""

    kind: str = ""
    certain: bool = False
    page: str = ""


@dataclass(frozen=True, eq=False)
class KindReader:
    """Tells the kind of a page by the signs of config/reading.toml."""

    vocabulary: Vocabulary

    def read(self, text: str, file_name: str, structure: Collection[str]) -> PageKind:
        """The kind of a plain text in which the signs of `structure` were read. A page that is none of the kinds is
        one where more signs say so than of any kind; a file's name decides among kinds that are alike."""
        text = text[:_BEGINNING]
        scores = {kind: self._score(kind, words, text, structure) for kind, words in self.vocabulary.kinds.items()}
        others = {page: self._score(page, words, text, structure) for page, words in self.vocabulary.pages.items()}
        leader, best, second = _leader(scores)
        page, most, _ = _leader(others)
        if most >= _CERTAIN and most > best:
            return PageKind(page=page)
        lead = best - max(second, most)
        if best >= _CERTAIN and lead >= _LEAD and self._independent(leader, text, structure):
            return PageKind(leader, certain=True)
        named = self.by_name(file_name)
        alike = {kind for kind, score in scores.items() if score and score >= best - 1}
        if named and (named in alike or (best < _LIKELY and (scores[named] or _is_little(text)))):
            return PageKind(named, scores[named] == best >= _LIKELY and most < best)
        likely = best >= _LIKELY and self._agree(leader, text, structure)
        titled = self._titled(scores, best, text)
        leader = leader if best > second else titled
        return PageKind(leader if likely and (best > most or (best == most and leader == titled)) else "")

    def _titled(self, scores: Mapping[str, int], best: int, text: str) -> str:
        """Of kinds with the same signs, the only one whose title stands on the page; "" where there is none."""
        titles = {kind: self._patterns[kind].get("title") for kind, score in scores.items() if score == best}
        titled = [kind for kind, title in titles.items() if title and title.search(text)]
        return titled[0] if len(titled) == 1 else ""

    def by_name(self, file_name: str) -> str:
        """The kind whose longest word is in a file's name, "" when none is."""
        name = plain(PurePath(file_name.replace("\\", "/")).stem).lower()
        hits = [
            (len(word) * (1 if word.isascii() else 4), kind)
            for kind, words in self.vocabulary.kinds.items()
            for word in words.file_names
            if re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word), name)
        ]
        return max(hits, default=(0, ""))[1]

    def _score(self, kind: str, words: PageWords, text: str, structure: Collection[str]) -> int:
        """How many signs are there; none where too few of them are words, or one that it needs is missing."""
        found = {sign for sign, pattern in self._patterns[kind].items() if pattern.search(text)}
        read = sum(_WEIGHTS.get(sign, 1) for sign in words.structure if sign in structure)
        there = found.union(structure)
        shown = found.issuperset(words.needs) and not any(there.isdisjoint(group) for group in words.needs_one)
        return len(found) + read if shown and len(found) >= words.words_least else 0

    def _independent(self, kind: str, text: str, structure: Collection[str]) -> bool:
        """Whether what is read in the page's structure says what its words say, or two such things say the same.
        Words alone never do: an article about a page has all the page's words."""
        signs = self.vocabulary.kinds[kind].structure
        read = {_GROUPS.get(sign, sign) for sign in signs if sign in structure and sign not in _ABSENCES}
        said = {sign for sign, pattern in self._patterns[kind].items() if pattern.search(text)}
        return len(read) + any(_LABELS.get(sign) not in read for sign in said) > 1

    def _agree(self, kind: str, text: str, structure: Collection[str]) -> bool:
        """Whether signs that know nothing of each other say the same, one of them what the page calls itself or what
        is read in its structure, or half the signs of the kind: a few words that many pages have make none."""
        read = {_GROUPS.get(sign, sign) for sign in self.vocabulary.kinds[kind].structure if sign in structure}
        said = {sign for sign, pattern in self._patterns[kind].items() if pattern.search(text)}
        most = 2 * len(said) >= len(self._patterns[kind])
        return len(read) + len(said) > 1 and (
            most or not said.isdisjoint(_NAMES) or not read <= _ABSENCES | {"times"}
        )

    @cached_property
    def _patterns(self) -> dict[str, dict[str, re.Pattern[str]]]:
        pages: dict[str, PageWords] = {**self.vocabulary.kinds, **self.vocabulary.pages}
        return {
            kind: {
                sign: words_regex(each for word in found for each in _shapes(word))
                for sign, found in words.signs.items()
            }
            for kind, words in pages.items()
        }


def _is_little(text: str) -> bool:
    """Whether so little was read that a file's name says more."""
    return sum(map(str.isalpha, text)) < _LITTLE


def _shapes(word: str) -> list[str]:
    """A word as it is and as it is read where letters are lacking, if enough of it is left to tell."""
    return [word, *(shape for shape in shapes(word) if len(shape) >= _TELLING)]


def _leader(scores: Mapping[str, int]) -> tuple[str, int, int]:
    """Who has most, how much, and how much the next has."""
    best, second = (*sorted(scores.values(), reverse=True), 0, 0)[:2]
    return next((kind for kind, score in scores.items() if score == best), ""), best, second
