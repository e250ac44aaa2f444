"""Candidates for tracking numbers: every token long enough, whatever its format, with what stands around it.

Whose number one is, the rules decide by the orders' own numbers (domain.md §5 *Numbers*)."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from bot.domain.evidence import TrackingNumber
from bot.domain.parcel import bare
from bot.reading.groups import GROUP, Groups, readings, runs
from bot.reading.numbers import PLAIN, NumberFinder, Numbers
from bot.reading.wrapped import PlainWrapping, Wrapping

Ranges = tuple[tuple[int, int], ...]

_LEAST, _DIGITS, _LONGEST = 9, 5, 40
_LINE, _BESIDE, _MOST = 300, 80, 500
_CUT_BEHIND = re.compile(r" ?(?:…|\.{2,}|[*•●?]{2,})|[*•●?]|[ \t]?-[ \t]*(?:\n|\Z)")
_CUT_BEFORE = re.compile(r"(?:…|\.{2,}|[*•●]{2,}) ?\Z|\*\Z")
_STARS_AROUND = re.compile(r"[^*•●]?\*[A-Z0-9 \-]+\*[^*•●]?")
_BELOW = re.compile(r"[ \t]{0,4}-?\n[ \t]{0,8}(?P<rest>(?=[A-Z0-9]{0,17}\d{3})[A-Z0-9]{3,20})[ \t]{0,8}(?=\n|\Z)")
# The same where the number is printed in groups, and groups that stand further apart than one space.
_GROUPS_BELOW = re.compile(r"[ \t]{0,4}\n[ \t]{0,8}(?P<rest>\d{2,8}(?: \d{1,8}){0,5})[ \t]{0,8}(?=\n|\Z)")
_SPREAD = re.compile(r"(?<![A-Z0-9+.\-])(?:[A-Z]{1,2} {1,4})?\d{1,8}(?: {1,4}\d{1,8}){1,11}(?![A-Z0-9.:\-])")
_CODE = re.compile(r"(?<![A-Z0-9])(?=[A-Z0-9]{0,20}[A-Z])(?=[A-Z]{0,20}\d)[A-Z0-9]{6,20}(?![A-Z0-9])")
_GLUED = re.compile(r"(?<![A-Z0-9])(?P<number>[A-Z]{0,6}\d{8,30})[A-Z]{4,12}(?![A-Z0-9])")
_LEFTWARD = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_BROKEN = 6
"""What a line holds of a number that goes on in the next one has at least so many characters."""


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

    def find(
        self,
        upper: str,
        known: Numbers,
        laid: str = "",
        wrapping: Wrapping | PlainWrapping = PLAIN,
        wide: Container[int] = (),
    ) -> list[Found]:
        """The candidates of an upper-case text, what a label or a format tells first. `known` are the numbers that
        were found without an order, `laid` lines of "label: number", `wrapping` how lines go on
        and `wide` the places of spaces that part two numbers (see bot.reading.spacing)."""
        starts = self.numbers.announced_at(upper)
        parts = _parted(upper, wide, starts, {bare(number.value) for number in known.tracking})
        tokens = chain(
            self._all(upper, wrapping),
            parts,
            _spread(upper),
            _turned(upper),
            self._without_a_word(upper),
            self._codes(upper, starts, wrapping),
        )
        found = _once(tokens, self._rests(wrapping), known.order_ids)
        for number in known.tracking:
            found.setdefault(bare(number.value), _known(upper, number))
        over = self._over(laid)
        labelled = [(token, _label(upper, token, starts, over)) for token in found.values()]
        first = sorted(labelled, key=lambda item: not item[1])[:_MOST]
        carriers = {bare(number.value): number.carrier for number in known.tracking}
        candidates = [Found(token, label, self._carrier(upper, token, carriers)) for token, label in first]
        return sorted(candidates, key=lambda item: (not (item.label or item.carrier), _has_a_word(upper, item.token)))

    def _all(self, upper: str, wrapping: Wrapping | PlainWrapping) -> Iterator[Token]:
        for groups in runs(upper):
            for part in readings(upper, groups):
                start, end = part[0][0], part[-1][1]
                value = bare(upper[start:end])
                if len(value) < _BROKEN:
                    continue
                following = self._following(upper, (start, end), value, wrapping)
                if _may_be(value):
                    yield Token(value, ((start, end),), not (following or _is_masked(upper, start, end)))
                if following:
                    joined = value + bare(upper[slice(*following[0])])
                    if _may_be(joined):
                        yield Token(joined, ((start, end), following[0]), following[1])

    def _without_a_word(self, upper: str) -> Iterator[Token]:
        """Numbers to whose end a word is glued, such as that of the button which copies it."""
        for match in _GLUED.finditer(upper):
            if not self.numbers.formats.may_be_of_a_carrier(match[0]):
                yield Token(match["number"], (match.span("number"),), not _is_masked(upper, *match.span()))

    def _codes(self, upper: str, starts: Container[int], wrapping: Wrapping | PlainWrapping) -> Iterator[Token]:
        """Short numbers and such with few digits, where a label announces them or they have a carrier's format."""
        for match in _CODE.finditer(upper):
            several = sum(map(str.isdigit, match[0])) > 1
            told = match.start() in starts or (several and self.numbers.formats.may_be_of_a_carrier(match[0]))
            if told and not _may_be(match[0]):
                open_ended = _is_masked(upper, *match.span()) or self._following(
                    upper, match.span(), match[0], wrapping
                )
                yield Token(match[0], (match.span(),), not open_ended)

    def _following(
        self, upper: str, place: tuple[int, int], value: str, wrapping: Wrapping | PlainWrapping
    ) -> tuple[tuple[int, int], bool] | None:
        """Where the rest of a number may stand in the next line and whether nothing may go on from there; None where
        the number is complete."""
        below = wrapping.rests.get(value)
        if below is not None:
            rest, last = (below.start, below.end), below.text.strip().upper() not in wrapping.rests
        elif next_line := self._next_line(upper, place, wrapping):
            rest, last = next_line, self._next_line(upper, (place[0], next_line[1]), wrapping) is None
            if len(bare(upper[slice(*rest)])) >= len(value):
                return None
        else:
            return None
        said = bare(upper[slice(*rest)])
        return (
            None
            if self.numbers.formats.stands_alone(value, said) or self.numbers.formats.stands_alone(said)
            else (rest, last)
        )

    @staticmethod
    def _next_line(upper: str, place: tuple[int, int], wrapping: Wrapping | PlainWrapping) -> tuple[int, int] | None:
        """What may be the rest of a number alone in the next line, in groups only where the number is so too."""
        start, end = place
        found = _BELOW.match(upper, end) or (_GROUPS_BELOW.match(upper, end) if " " in upper[start:end] else None)
        return found.span("rest") if found and wrapping.may_go_on(upper.find("\n", end)) else None

    def _rests(self, wrapping: Wrapping | PlainWrapping) -> set[str]:
        """What merely goes on from a number above it."""
        ends = {number: bare(rest.text) for number, rest in wrapping.rests.items()}
        alone = self.numbers.formats.stands_alone
        return {rest for number, rest in ends.items() if not alone(number, rest) and not alone(rest)}

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


def _once(tokens: Iterable[Token], rests: Container[str], apart: Container[str]) -> dict[str, Token]:
    """Each token once: a whole one before others, else the first."""
    found: dict[str, Token] = {}
    for token in tokens:
        only_a_rest = len(token.ranges) == 1 and token.value in rests
        if token.value not in apart and not (token.value in found and found[token.value].whole):
            found[token.value] = replace(token, whole=token.whole and not only_a_rest)
    return found


def _known(upper: str, number: TrackingNumber) -> Token:
    pattern = r"[ \-]{0,2}".join(map(re.escape, number.value))
    match = re.search(pattern, upper)
    return Token(bare(number.value), (match.span(),) if match else ((0, 0),), number.legible is not None)


def _parted(upper: str, wide: Container[int], starts: Container[int], known: Container[str]) -> Iterator[Token]:
    """The numbers in groups that a wider space sets off from others: whole where a label announces them (`starts`),
    one group alone stands beyond the space and the groups together are no `known` number; else perhaps parts."""
    for groups in runs(upper):
        parts: list[Groups] = []
        for group in groups:
            if parts and group[0] - 1 not in wide:
                parts[-1].append(group)
            else:
                parts.append([group])
        one = bare(upper[groups[0][0] : groups[-1][1]]) in known
        for part in parts if len(parts) > 1 else ():
            start, end = part[0][0], part[-1][1]
            value = bare(upper[start:end])
            alone = all(len(other) == 1 for other in parts if other is not part)
            sure = start in starts and alone and not one
            if len(part) > 1 and _may_be(value):
                yield Token(value, ((start, end),), sure and not _is_masked(upper, start, end))


def _spread(upper: str) -> Iterator[Token]:
    """Groups of digits far apart, which may be one number or several: never whole."""
    for match in _SPREAD.finditer(upper):
        value = bare(match.group())
        if "  " in match.group() and _may_be(value):
            yield Token(value, (match.span(),), whole=False)


def _turned(upper: str) -> Iterator[Token]:
    """Numbers printed in groups on a line of writing from the right, the groups the other way round: the line does
    not tell from which side they are read. Never whole."""
    for groups in runs(upper):
        start, end = groups[0][0], groups[-1][1]
        value = "".join(upper[slice(*group)] for group in reversed(groups))
        if " " in upper[start:end] and value.isdigit() and _may_be(value) and _is_leftward(upper, start, end):
            yield Token(value, ((start, end),), whole=False)


def _is_leftward(upper: str, start: int, end: int) -> bool:
    """Whether letters that are written from the right stand on the line."""
    line = upper[max(0, start - _LINE) : start].rpartition("\n")[2] + upper[end : end + _LINE].partition("\n")[0]
    return bool(_LEFTWARD.search(line))


def _has_a_word(upper: str, token: Token) -> bool:
    """Whether a word before or behind it is taken for a part of it."""
    groups = GROUP.findall(upper, *token.ranges[0])
    return any(group.isalpha() for group in (*groups[:1], *groups[-1:]))


def _may_be(value: str) -> bool:
    return _LEAST <= len(value) <= _LONGEST and sum(map(str.isdigit, value)) >= _DIGITS


def _is_masked(upper: str, start: int, end: int) -> bool:
    if _STARS_AROUND.fullmatch(upper, max(0, start - 2), end + 2):
        # So are the characters printed that a bar code holds.
        return False
    return bool(_CUT_BEHIND.match(upper, end) or _CUT_BEFORE.search(upper, max(0, start - 4), start))
