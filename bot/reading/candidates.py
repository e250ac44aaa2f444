"""Candidates for tracking numbers: every token long enough, whatever its format, with what stands around it.

Whose number one is, the rules decide by the orders' own numbers (domain.md §5 *Numbers*)."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.evidence import TrackingNumber
from bot.domain.parcel import bare
from bot.reading.layout import Placed
from bot.reading.numbers import NumberFinder, Numbers

Ranges = tuple[tuple[int, int], ...]
Below = Mapping[str, Placed]

_LEAST, _DIGITS, _LONGEST = 9, 5, 40
_LINE, _BESIDE, _MOST = 300, 80, 500
_GROUP, _SHORT, _WORD = re.compile(r"[A-Z0-9]+"), 8, 4
"""Numbers printed in groups have groups of at most so many characters, with a word of so many letters before."""
# What is no part of a number though it touches one: dates and times of day.
_TIMES = re.compile(
    r"(?<!\d)(?:(?:19|20|25)\d\d([-/.])\d{1,2}\1\d{1,2}(?!\d)|\d{1,2}([-/.])\d{1,2}\2(?:(?:19|20|25)\d\d|\d\d)(?!\d)"
    r"|\d{1,2}:\d\d(?::\d\d)?(?!\d))"
)
_CUT_BEHIND = re.compile(r" ?(?:…|\.{2,}|[*•●?]{2,})|[*•●?]|[ \t]?-[ \t]*(?:\n|\Z)")
_CUT_BEFORE = re.compile(r"(?:…|\.{2,}|[*•●]{2,}) ?\Z|\*\Z")
_BELOW = re.compile(r"[ \t]{0,4}-?\n[ \t]{0,8}(?P<rest>(?=[A-Z0-9]{0,17}\d{3})[A-Z0-9]{3,20})[ \t]{0,8}(?=\n|\Z)")


@dataclass(frozen=True)
class Token:
    """A number as found: bare, and the stretches of the text that it takes; `whole` says that nothing of it is seen
    to be missing."""

    value: str
    ranges: Ranges
    whole: bool = True


@dataclass(frozen=True)
class Found:
    """A token, the label that announces it and the carrier named beside it, "" where there is none."""

    token: Token
    label: str = ""
    carrier: str = ""


@dataclass(frozen=True, eq=False)
class CandidateFinder:
    """Finds candidates; `numbers` knows labels and carriers."""

    numbers: NumberFinder

    def find(self, upper: str, known: Numbers, laid: str = "", below: Below | None = None) -> list[Found]:
        """The candidates of an upper-case text, what a label or a format tells first. `known` are the numbers that
        were found without an order, `laid` lines of "label: number" and `below` what a narrow column breaks off."""
        found = _once(upper, below or {}, known.order_ids)
        for number in known.tracking:
            found.setdefault(bare(number.value), _known(upper, number))
        starts, over = self.numbers.announced_at(upper), self._over(laid)
        labelled = [(token, _label(upper, token, starts, over)) for token in found.values()]
        first = sorted(labelled, key=lambda item: not item[1])[:_MOST]
        carriers = {bare(number.value): number.carrier for number in known.tracking}
        candidates = [Found(token, label, self._carrier(upper, token, carriers)) for token, label in first]
        return sorted(candidates, key=lambda item: not (item.label or item.carrier))

    def _over(self, laid: str) -> dict[str, str]:
        """By number, the label over its column."""
        starts = self.numbers.announced_at(laid)
        return {bare(laid[start:].partition("\n")[0]): label for start, label in starts.items()}

    def _carrier(self, upper: str, token: Token, carriers: Mapping[str, str]) -> str:
        """The carrier whose format it has, else one named on its line."""
        start, end = token.ranges[0]
        line = (
            upper[max(0, start - _LINE) : start].rpartition("\n")[2] + upper[end : end + _BESIDE].partition("\n")[0]
        )
        return carriers.get(token.value) or next(iter(self.numbers.named(line)), "")


def _label(upper: str, token: Token, starts: Mapping[int, str], over: Mapping[str, str]) -> str:
    """The label before it, or over its column."""
    start, end = token.ranges[0]
    return starts.get(start) or over.get(token.value) or over.get(bare(upper[start:end])) or ""


def _once(upper: str, below: Below, apart: Container[str]) -> dict[str, Token]:
    """Each token once: a whole one before others, else the first."""
    found: dict[str, Token] = {}
    rests = {rest.text.strip().upper() for rest in below.values()}
    for token in _all(upper, below):
        only_a_rest = len(token.ranges) == 1 and token.value in rests
        if token.value not in apart and not (token.value in found and found[token.value].whole):
            found[token.value] = replace(token, whole=token.whole and not only_a_rest)
    return found


def _known(upper: str, number: TrackingNumber) -> Token:
    pattern = r"[ \-]{0,2}".join(map(re.escape, number.value))
    match = re.search(pattern, upper)
    return Token(bare(number.value), (match.span(),) if match else ((0, 0),), number.legible is not None)


def _all(upper: str, below: Below) -> Iterator[Token]:
    for groups in _runs(upper):
        for part in _readings(upper, groups):
            value, start, end = bare(upper[part[0][0] : part[-1][1]]), part[0][0], part[-1][1]
            if not _may_be(value):
                continue
            rest = below.get(value)
            next_line = _BELOW.match(upper, end)
            goes_on = rest is not None or (next_line is not None and len(next_line["rest"]) < len(value))
            yield Token(value, ((start, end),), not (goes_on or _is_masked(upper, start, end)))
            if rest is not None:
                ends = rest.text.strip().upper() in below
                yield Token(value + bare(rest.text), ((start, end), (rest.start, rest.end)), not ends)
            elif next_line is not None and goes_on:
                yield Token(value + next_line["rest"], ((start, end), next_line.span("rest")))


def _may_be(value: str) -> bool:
    return _LEAST <= len(value) <= _LONGEST and sum(map(str.isdigit, value)) >= _DIGITS


def _is_masked(upper: str, start: int, end: int) -> bool:
    return bool(_CUT_BEHIND.match(upper, end) or _CUT_BEFORE.search(upper, max(0, start - 4), start))


Groups = list[tuple[int, int]]


def _runs(upper: str) -> Iterator[Groups]:
    """Groups of characters that may be one number, dates and times left out."""
    breaks = [match.span() for match in _TIMES.finditer(upper)]
    run: Groups = []
    for start, end in _outside((match.span() for match in _GROUP.finditer(upper)), breaks):
        if run and not _belongs(upper, run[-1], (start, end)):
            yield run
            run = []
        run.append((start, end))
    if run:
        yield run


def _outside(spans: Iterable[tuple[int, int]], breaks: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    place = 0
    for start, end in spans:
        while place < len(breaks) and breaks[place][1] <= start:
            place += 1
        if place == len(breaks) or end <= breaks[place][0]:
            yield start, end


def _belongs(upper: str, before: tuple[int, int], group: tuple[int, int]) -> bool:
    """Whether a group goes on from the one before: hyphens and the like hold tight, a space only short groups."""
    between = upper[before[1] : group[0]]
    if between in ("-", "_"):
        return True
    return between == " " and all(_is_short(upper, each) for each in (before, group))


def _is_short(upper: str, group: tuple[int, int]) -> bool:
    said = upper[slice(*group)]
    return len(said) <= (_WORD if said.isalpha() else _SHORT)


def _readings(upper: str, groups: Groups) -> Iterator[Groups]:
    """A run as one number, with and without the words before and behind it."""
    digits = [place for place, group in enumerate(groups) if not upper[slice(*group)].isalpha()]
    if not digits:
        return
    first, last = digits[0], digits[-1]
    for start in {first, max(0, first - 1)}:
        for end in {last, min(len(groups) - 1, last + 1)}:
            yield groups[start : end + 1]
