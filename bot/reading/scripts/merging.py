"""One line out of two readings of it: words in one more script from Tesseract, all else from the recogniser."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.reading.plain import plain
from bot.reading.scripts.languages import Language
from bot.reading.scripts.months import month
from bot.reading.scripts.telling import width

_WORD = re.compile(r"\S+")
# No tone mark stands twice: the second one is half of a SARA AM.
_TWICE = re.compile("([\u0e48-\u0e4b])\\1\u0e32")
_DIGITS_OF_A_NUMBER, _READ, _BELIEVED, _SURE, _SHORT = 3, 0.6, 0.55, 0.85, 2
_HALF, _COVERED, _CERTAIN, _DIGITS_WIDE = 0.5, 0.4, 0.9, 0.8

Stretch = tuple[float, float]
Months = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Part:
    """A word with the place of each of its characters along the line (0 to 1 from the left) and its confidence."""

    text: str
    places: tuple[float, ...]
    confidences: tuple[float, ...]
    left: float
    right: float

    @property
    def confidence(self) -> float:
        """That of its characters together."""
        return sum(self.confidences) / len(self.confidences)

    @property
    def digits(self) -> int:
        """How many of its characters are figures."""
        return sum(map(str.isdigit, self.text))

    @property
    def bare(self) -> str:
        """Its letters and figures."""
        return "".join(filter(str.isalnum, self.text)).upper()

    def under(self, others: Sequence["Part"]) -> float:
        """The share of it that others cover."""
        shared = (max(0.0, min(self.right, other.right) - max(self.left, other.left)) for other in others)
        return sum(shared) / max(1e-6, self.right - self.left)


def gaps(line: dict[str, Any], words: Sequence[Sequence[Any]], language: Language, months: Months) -> list[Stretch]:
    """The stretches of a line beside its words of `language`, from and to which share of it: there the recogniser
    reads better what it has read together with letters that it lacks."""
    spoken = sorted(
        (word for word in _spoken(words, language, months) if _is_own(word, language)), key=lambda word: word.left
    )
    edges = [0.0, *(edge for word in spoken for edge in (word.left, word.right)), 1.0]
    if not spoken or not any(
        char.isdigit() for said in (line["text"], *(word[0] for word in words)) for char in said
    ):
        return []
    least = _DIGITS_WIDE / max(1.0, width(line))
    return [(left, right) for left, right in zip(edges[::2], edges[1::2], strict=True) if right - left > least]


def merged(
    line: dict[str, Any],
    words: Sequence[Sequence[Any]],
    language: Language,
    again: Sequence[tuple[Stretch, Any]],
    months: Months,
) -> dict[str, Any]:
    """The line with its words of `language` put in; `again` is what the recogniser reads in the gaps. Numbers stay as
    the recogniser read them, those that it read surely stay as they were (domain.md §5). The names of `months` are
    known by their letters without dots and marks."""
    spoken = list(_spoken(words, language, months))
    if not any(_is_own(word, language) for word in spoken):
        return line
    seen = [_trimmed(part, spoken) for part in _parts(line)]
    for (left, right), read in again:
        seen = _better(seen, left, right, list(_parts(read, left, right)))
    firm = [part for part in seen if _is_firm(part, spoken, language)]
    spoken = [word for word in spoken if word.under(firm) <= _HALF]
    marked = any(not word.bare for word in spoken)
    rest = [
        part for part in seen if part in firm or (part.under(spoken) < _COVERED and not (marked and not part.bare))
    ]
    return {**line, **_joined([*spoken, *rest], language)}


def _better(seen: Sequence[Part], left: float, right: float, read: Sequence[Part]) -> list[Part]:
    """The parts with those of a stretch read anew, if that is sure and has every number that was sure before."""
    old = [part for part in seen if left < (part.left + part.right) / 2 < right]
    numbers = {part.bare for part in old if part.bare.isdigit() or part.digits >= _DIGITS_OF_A_NUMBER}
    sure = {part.bare for part in old if part.confidence >= _CERTAIN} & numbers
    better = bool(read) and min(part.confidence for part in read) >= _CERTAIN
    if not better or not sure <= {part.bare for part in read}:
        return list(seen)
    return [*(part for part in seen if part not in old), *read]


def _is_own(word: Part, language: Language) -> bool:
    return bool(language.own.search(word.text))


def _spoken(words: Sequence[Sequence[Any]], language: Language, months: Months) -> Iterator[Part]:
    """The words that hold letters of the language and are believed, and the marks between them; a single letter must
    be surer than a word."""
    for word, confidence, left, right in words:
        text = _TWICE.sub("\\1\u0e33", plain(word).replace("\n", " ").strip())
        if named := month(text, months):
            yield _spread(named, max(confidence, _BELIEVED), left, right, language.leftward)
            continue
        letters, digits = len(language.own.findall(text)), sum(map(str.isdigit, text))
        least = _BELIEVED if letters > _SHORT else _SURE
        said = letters and digits < _DIGITS_OF_A_NUMBER
        if text and confidence >= least and (said or not any(map(str.isalnum, text))):
            yield _spread(text, confidence, left, right, language.leftward)


def _spread(text: str, confidence: float, left: float, right: float, leftward: bool) -> Part:
    step = (right - left) / len(text)
    places = [left + (number + 0.5) * step for number in range(len(text))]
    return Part(text, tuple(reversed(places) if leftward else places), (confidence,) * len(text), left, right)


def _parts(line: dict[str, Any], left: float = 0.0, right: float = 1.0) -> Iterator[Part]:
    """What the recogniser read, word by word, in a line or in a stretch of one."""
    whole = right - left
    half = 0.5 * whole / max(1, len(line["text"]))
    for found in _WORD.finditer(line["text"]):
        places = tuple(left + whole * place for place in line["places"][found.start() : found.end()])
        confidences = tuple(line["confidences"][found.start() : found.end()])
        yield Part(found[0], places, confidences, places[0] - half, places[-1] + half)


def _trimmed(part: Part, spoken: Sequence[Part]) -> Part:
    """A number without what was hardly read at its ends, where a word surely stands."""
    sure = [word for word in spoken if word.confidence >= _SURE]
    said = [any(word.left < place < word.right for word in sure) for place in part.places]
    hardly = [confidence < _CERTAIN for confidence in part.confidences]
    own = [number for number, char in enumerate(part.text) if char.isdigit() or not (said[number] and hardly[number])]
    if not own or part.digits < _DIGITS_OF_A_NUMBER:
        return part
    first, end = own[0], own[-1] + 1
    half = (part.right - part.left) / (2 * len(part.text))
    places = part.places[first:end]
    return replace(
        part,
        text=part.text[first:end],
        places=places,
        confidences=part.confidences[first:end],
        left=places[0] - half,
        right=places[-1] + half,
    )


def _is_firm(part: Part, spoken: Sequence[Part], language: Language) -> bool:
    """Whether no word replaces it: a number, or a Latin word that was read more surely than the words there."""
    if part.digits >= _DIGITS_OF_A_NUMBER:
        return part.confidence >= _READ
    if language.latin or not (part.text.isascii() and part.text.isalnum() and len(part.text) > _SHORT):
        return False
    return part.confidence > max((word.confidence for word in spoken if part.under([word]) > 0), default=0.0)


def _runs(ordered: Sequence[Part]) -> list[list[Part]]:
    """What keeps its own order inside of writing from the right: a Latin word and what follows it. A number alone, or
    beside another number, takes its place like any word (Unicode bidirectional algorithm)."""
    runs: list[list[Part]] = []
    for part in ordered:
        latin = any(char.isascii() and char.isalpha() for part_ in (runs[-1] if runs else ()) for char in part_.text)
        if latin and any(char.isascii() and char.isalnum() for char in part.text):
            runs[-1].append(part)
        else:
            runs.append([part])
    return runs


def _joined(parts: Sequence[Part], language: Language) -> dict[str, Any]:
    """The parts in the order in which they are read."""
    ordered = sorted(parts, key=lambda part: part.left)
    ordered = [part for run in reversed(_runs(ordered)) for part in run] if language.leftward else ordered
    places: list[float] = []
    confidences: list[float] = []
    for part in ordered:
        between = 1 if places else 0
        places += [part.places[0]] * between + list(part.places)
        confidences += [1.0] * between + list(part.confidences)
    confidence = sum(confidences) / len(confidences)
    text = " ".join(part.text for part in ordered)
    return {"text": text, "confidence": round(confidence, 3), "places": places, "confidences": confidences}
