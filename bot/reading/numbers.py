"""Order ids and tracking numbers in text: never one for the other, each with its carrier."""

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from bot.domain.evidence import TrackingNumber
from bot.domain.parcel import bare
from bot.reading.checkdigits import CHECKS
from bot.reading.formats import Formats, checked
from bot.reading.labels import labels_regex
from bot.reading.plain import words_regex
from bot.reading.tables import Carriers
from bot.reading.wrapped import PlainWrapping, Wrapping

_UPPER = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
# A number may start where a word starts, a digit is near, and eight characters follow.
_START = re.compile(r"(?<![A-Z0-9])(?=[A-Z0-9]{0,12} ?\d)(?=[A-Z0-9 .]{8})[A-Z0-9]")
# What may stand between a label and its number: punctuation, a "number" word, a carrier in brackets.
_BETWEEN = re.compile(
    r"[\s:#.=|\"'\-]{0,8}(?:(?:NUMBER|NUM|NO|ID|CODE|号码|号|编号|NOMOR|SỐ)S?[\s:#.=\"']{0,8})?(?:\([^)\n]{0,24}\)[\s:]{0,4})?"
    r"(?:IS|WAS|是|为)?[\s:\"']{0,4}"
)
# What may be a number without a label: nothing before it that makes it a telephone number or a part of one.
_BEHIND_WORDS = re.compile(r"(?<![0-9+.\-] )(?<![A-Z0-9+.\-()])\d")
_ALONE, _FEWEST_DIGITS = re.compile(r"(?<![A-Z0-9+.\-] )(?<![A-Z0-9+.\-()])[A-Z0-9]"), 10
_DAMAGED = re.compile(r"(?<![\d.])5\.[78]\d{0,15}E\+?1[6-8](?!\d)")
_BEGINNING, _LINE, _MOST = 100_000, 120, 600
_SEPARATORS = re.compile(r"[ \-]")
# The end of a number alone on the next line, and what says that a part of one is left out.
_NEXT_LINE = r"[ \t]{0,4}-?\n[ \t]{0,8}(?P<rest>(?=[A-Z0-9]{0,17}\d{3})[A-Z0-9]{3,20})[ \t]{0,8}(?=\n|\Z)"
_LEFT_OUT, _STARRED = r" ?(?:…|\.{2,}|[*•●])", r"[*•●…] ?"
_DAY = re.compile(r"(?:19|20)\d\d[01]\d[0-3]\d")


PLAIN = PlainWrapping()


def capitals(text: str) -> str:
    """The text with capitals for the letters of numbers, character for character."""
    return text.translate(_UPPER)


def _loose(value: str) -> str:
    """A pattern for a number as it may be printed, in groups."""
    return r"[ \-]?".join(map(re.escape, value))


# A number of the postal union (two letters, nine digits, two letters) with a nought for one of its first letters.
_NOUGHT = re.compile(r"(?<![A-Z0-9])(0[A-Z]|[A-Z]0)(\d{9}[A-Z]{2})(?![A-Z0-9])")


def _each_once(numbers: Iterable[TrackingNumber]) -> Iterator[TrackingNumber]:
    """The first number of each value, so many at most as each is looked at in the whole text."""
    found: set[str] = set()
    for number in numbers:
        if number.value not in found:
            found.add(number.value)
            yield number
            if len(found) == _MOST:
                return


def _is_a_copy(number: TrackingNumber, others: Iterable[str]) -> bool:
    """Whether it is the beginning of another number, shortened for want of space."""
    longer = (other for other in others if other != number.value)
    return number.legible is None and any(other.startswith(number.value) for other in longer)


@dataclass(frozen=True)
class Numbers:
    """What was found, each once. A tracking number that fails its check digit is there with `legible` False;
    `damaged` are order ids that a spreadsheet turned into scientific notation."""

    order_ids: tuple[str, ...]
    tracking: tuple[TrackingNumber, ...]
    damaged: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class NumberFinder:
    """Finds numbers by the table of formats; linear in the length of the text."""

    carriers: Carriers

    def find(self, text: str, announced: str | None = None, wrapping: Wrapping | PlainWrapping = PLAIN) -> Numbers:
        """`text` is plain (see bot.reading.plain); `announced` are lines of "label: number" that a picture's layout
        shows. In a picture, whose labels may be in letters that nobody could read, the one number that fits the
        format of a carrier named there is given too, with `legible` None: a person is to say what it is. So is one
        that is announced but has no carrier's format: it may be a misread one. `wrapping`
        tells how lines go on; a number that may go on in the next line is never given as its half."""
        upper = capitals(text)
        order_ids = dict.fromkeys(match.group() for match in self.order_id.finditer(upper))
        found: dict[str, TrackingNumber] = {}
        laid = capitals(announced or "")
        seen = announced is not None
        numbers = chain(
            self._strong(upper),
            self._labelled(upper, upper, seen),
            self._labelled(laid, upper, seen),
            self._beside_carrier(upper),
        )
        for number in _each_once(numbers):
            whole = self._whole(upper, number, wrapping)
            if whole.value not in order_ids and not self._is_a_rest(whole, wrapping):
                found.setdefault(whole.value, whole)
        found = {value: number for value, number in found.items() if not _is_a_copy(number, found)}
        if announced is not None:
            for number in self._with_a_nought(upper):
                found.setdefault(number.value, number)
        if not found and announced is not None:
            found = self._unlabelled(upper, order_ids)
        damaged = dict.fromkeys(match.group() for match in _DAMAGED.finditer(upper))
        return Numbers(tuple(order_ids), tuple(found.values()), tuple(damaged))

    def _whole(self, upper: str, number: TrackingNumber, wrapping: Wrapping | PlainWrapping) -> TrackingNumber:
        """The number with the digits of the next line where they make one that fits its check digit; a question where
        they may belong to it, or where dots or stars say that something is left out."""
        certain = self.formats.is_checked(number.value)
        rest = self._rest(upper, number.value, wrapping)
        for name, form, pattern in self.formats.all if rest else ():
            if checked(name, form, pattern, number.value + rest):
                return TrackingNumber(number.value + rest, name)
        if rest and not certain:
            return replace(number, value=number.value + rest, legible=None)
        masked = not certain and number.legible and self._is_masked(upper, number.value)
        return replace(number, legible=None) if masked else number

    def _is_a_rest(self, number: TrackingNumber, wrapping: Wrapping | PlainWrapping) -> bool:
        """Whether it is merely the end of another, which says nothing by itself."""
        if number.value not in {rest.text.strip().upper() for rest in wrapping.rests.values()}:
            return False
        return not self.formats.is_checked(number.value)

    def _rest(self, upper: str, value: str, wrapping: Wrapping | PlainWrapping) -> str:
        """What may be the end of a number in the next line: alone there, shorter, and no number of its own."""
        match = re.search(rf"{_loose(value)}{_NEXT_LINE}", upper)
        if match and not wrapping.may_go_on(upper.find("\n", match.start())):
            match = None
        below = wrapping.rests.get(value)
        rest = match["rest"] if match else below.text.strip().upper() if below else ""
        own = self.order_id.match(rest) or self.formats.any_strong.match(rest) or _DAY.fullmatch(rest)
        longest = len(value) - 1 if match else len(value)
        return rest if 0 < len(rest) <= longest and not own else ""

    @staticmethod
    def _is_masked(upper: str, value: str) -> bool:
        return bool(re.search(rf"{_loose(value)}{_LEFT_OUT}|{_STARRED}{_loose(value)}", upper))

    def _with_a_nought(self, upper: str) -> Iterator[TrackingNumber]:
        """Numbers of a picture that fit once a nought before the digits is the letter that it looks like; a person is
        to say what it is."""
        for match in _NOUGHT.finditer(upper):
            value = match[1].replace("0", "O") + match[2]
            for name, form, pattern in self.formats.all:
                if name and form.check == "s10" and pattern.fullmatch(value) and CHECKS[form.check](value):
                    yield TrackingNumber(value, name, legible=None)
                    break

    @cached_property
    def order_id(self) -> re.Pattern[str]:
        """The pattern of an order's id (see Formats)."""
        return self.formats.order_id

    @cached_property
    def formats(self) -> Formats:
        """The formats of the carriers' numbers."""
        return Formats(self.carriers)

    @cached_property
    def labels(self) -> re.Pattern[str]:
        """The words that announce a tracking number."""
        return labels_regex(self.carriers)

    def announced_at(self, upper: str) -> dict[int, str]:
        """By the place in the text where a number may begin, the label that announces it."""
        found = {}
        for label in self.labels.finditer(upper):
            gap = _BETWEEN.match(upper, label.end())
            found[gap.end() if gap else label.end()] = label.group()
        return found

    def _strong(self, upper: str) -> Iterator[TrackingNumber]:
        end = 0
        for start in _START.finditer(upper):
            if start.start() >= end and self.formats.any_strong.match(upper, start.start()):
                number = self._first(upper, start.start())
                # A wrong check digit says something only where the format is unmistakable by itself.
                if number.legible or number.value.startswith("1Z"):
                    end = start.start() + len(number.value)
                    yield number

    def _first(self, upper: str, start: int) -> TrackingNumber:
        fits = [
            (name, form, _SEPARATORS.sub("", match.group()))
            for name, form, pattern in self.formats.all
            if not form.label and (match := pattern.match(upper, start))
        ]
        for name, form, value in fits:
            if CHECKS[form.check](value):
                return TrackingNumber(value, name)
        name, _, value = fits[0]
        return TrackingNumber(value, name, legible=False)

    def _labelled(self, upper: str, whole: str, seen: bool) -> Iterator[TrackingNumber]:
        named: set[str] | None = None
        for start in self.announced_at(upper):
            if not _START.match(upper, start) or self.order_id.match(upper, start):
                continue
            named = self._named(whole) if named is None else named
            yield from self._announced(upper, start, named, seen)

    def _announced(self, upper: str, start: int, named: set[str], seen: bool) -> Iterator[TrackingNumber]:
        fits = [
            (name, form, _SEPARATORS.sub("", match.group()))
            for name, form, pattern in self.formats.all
            if (match := pattern.match(upper, start)) and any(char.isdigit() for char in match.group())
        ]
        if any(not form.label and CHECKS[form.check](value) for _, form, value in fits):
            return
        strict = next((item for item in fits if item[1].check != "none" and not item[1].label), None)
        if strict:
            yield TrackingNumber(strict[2], strict[0], legible=False)
            return
        sure = [(name, value) for name, form, value in fits if name in named and CHECKS[form.check](value)]
        loose = [(name, value) for name, form, value in fits if not name]
        if sure or loose:
            name, value = (sure or loose)[0]
            known = sure or any(name and CHECKS[form.check](value) for name, form, value in fits)
            yield TrackingNumber(value, name, legible=True if known or not seen else None)

    def _beside_carrier(self, upper: str) -> Iterator[TrackingNumber]:
        """Numbers behind their carrier's name on its line whose loose format has a check digit that fits."""
        loose = (item for item in self.formats.all if item[1].label and item[1].check != "none")
        named = [item for item in loose if self._name_of[item[0]].search(upper, 0, _BEGINNING)]
        for start in _BEHIND_WORDS.finditer(upper) if named else ():
            line = upper[max(0, start.start() - _LINE) : start.start()].rpartition("\n")[2]
            for name, form, pattern in named:
                match = pattern.match(upper, start.start())
                if match and checked(name, form, pattern, bare(match[0])) and self._name_of[name].search(line):
                    yield TrackingNumber(bare(match[0]), name)

    def _unlabelled(self, upper: str, order_ids: Container[str]) -> dict[str, TrackingNumber]:
        named = self.named(upper)
        fits = {
            value: TrackingNumber(value, name, legible=None)
            for name, form, pattern in self.formats.all
            if form.label and name in named
            for start in _ALONE.finditer(upper)
            if (match := pattern.match(upper, start.start())) and CHECKS[form.check](value := bare(match.group()))
            if value not in order_ids and sum(map(str.isdigit, value)) >= _FEWEST_DIGITS
        }
        return fits if len(fits) == 1 else {}

    def _named(self, upper: str) -> set[str]:
        return set(self.named(upper))

    def named(self, text: str) -> tuple[str, ...]:
        """The carriers named in the text, in the order in which they first appear."""
        places = {
            name: match.start() for name, pattern in self._names if (match := pattern.search(text, 0, _BEGINNING))
        }
        return tuple(sorted(places, key=places.__getitem__))

    def sites(self, names: Iterable[str]) -> set[str]:
        """The sites of those carriers that deliver at one alone."""
        return {carrier.site for carrier in self.carriers.carriers if carrier.name in names and carrier.site}

    @cached_property
    def _name_of(self) -> dict[str, re.Pattern[str]]:
        return dict(self._names)

    @cached_property
    def _names(self) -> list[tuple[str, re.Pattern[str]]]:
        return [
            (carrier.name, words_regex([carrier.name, *carrier.aliases]))
            for carrier in self.carriers.carriers
            if carrier.name
        ]
