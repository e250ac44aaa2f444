"""Dates and times as people and pages print them, found in text; what they mean is settled in `times`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from bot.reading.plain import plain, words_pattern
from bot.reading.tables import Vocabulary


class Day(NamedTuple):
    """A printed date: year as printed (None when there is none); with `swappable` the day may be the month."""

    year: int | None
    month: int
    day: int
    swappable: bool = False
    writing: str = ""
    """What stands between its parts: dates of one writing have one order of day and month."""


class TimeOfDay(NamedTuple):
    """A printed time of day on the 24-hour clock; not checked for range."""

    hour: int
    minute: int
    second: int


@dataclass(frozen=True)
class Moment:
    """One date, time of day or both, with its place in the text; `zone` is minutes east of UTC as printed,
    `zone_name` a printed name with several meanings. `relative` says that its date is a word such as "yesterday"
    and that nobody knows from which day it is told."""

    start: int
    end: int
    day: Day | None
    clock: TimeOfDay | None
    zone: int | None = None
    zone_name: str = ""
    thai: bool = False
    relative: bool = False


_SPACE = r"[^\S\n]"
# As in "Nov 20 9:41 AM 2026".
_YEAR_LAST = re.compile(r"[ ,]{1,2}((?:20|25)\d\d)(?![\d:.\-/])")
_NUMERIC_ZONE = re.compile(r"(?:utc|gmt)?\s?([+\-–])\s?(\d{1,2}):?(\d{2})?", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class MomentFinder:
    """Finds moments in plain text; linear in its length."""

    vocabulary: Vocabulary

    def find(self, text: str) -> Iterator[Moment]:
        """All dates, each with its time of day and zone, and the times of day that stand alone, in order."""
        end = 0
        for match in self._dates.finditer(text):
            if match.start() < end:
                continue
            moment = self._with_clock(text, match, end)
            if moment:
                yield from self._alone(text, end, moment.start)
                end = moment.end
                if moment.clock or not self._version.search(text, max(0, moment.start - 20), moment.start):
                    yield moment
        yield from self._alone(text, end, len(text))

    def zone_declared(self, text: str) -> int | None:
        """The zone, in minutes east of UTC, that the text declares for all its times."""
        match = self._declaration.search(text)
        return self._zone(match.group("zone"))[0] if match else None

    @cached_property
    def _version(self) -> re.Pattern[str]:
        """What stands before the number of a program's version, which looks like a date."""
        return re.compile(rf"(?:{words_pattern(self.vocabulary.clock.versions)})[ .:]{{0,3}}\Z", re.IGNORECASE)

    def _with_clock(self, text: str, match: re.Match[str], floor: int) -> Moment | None:
        day, thai = self._day(match), bool(match["mon4"] and ord(match["mon4"][0]) in range(0x0E00, 0x0E80))
        after = self._clock_after.match(text, match.end())
        if after:
            zone, name = self._zone(after["zone"] or "")
            clock, last = _clock(after, self._is_pm(after)), _YEAR_LAST.match(text, after.end())
            if day.year is None and last:
                return Moment(match.start(), last.end(), day._replace(year=int(last[1])), clock, zone, name, thai)
            return Moment(match.start(), after.end(), day, clock, zone, name, thai)
        start = max(floor, match.start() - 40)
        if before := self._clock_before.search(text, start, match.start()):
            zone, name = self._zone(before["zone"] or "")
            clock = _clock(before, self._is_pm(before))
            return Moment(before.start(), match.end(), day, clock, zone, name, thai)
        if day.year is None and not match["m8"] and not self._is_heading(text, match):
            return None
        return Moment(match.start(), match.end(), day, None, thai=thai)

    def _is_heading(self, text: str, match: re.Match[str]) -> bool:
        """A date without year and time counts only as a line of its own, a weekday beside it at most."""
        start = text.rfind("\n", 0, match.start()) + 1
        end = text.find("\n", match.end())
        around = text[start : match.start()], text[match.end() : end if end >= 0 else len(text)]
        return all(len(part) < 40 and self._beside.fullmatch(part) for part in around)

    @cached_property
    def _beside(self) -> re.Pattern[str]:
        return re.compile(
            rf"[\s,.()|\-–—]{{0,5}}(?:{words_pattern(self.vocabulary.clock.between)})?[\s,.()|\-–—:]{{0,5}}", re.I
        )

    def _alone(self, text: str, start: int, end: int) -> Iterator[Moment]:
        for match in self._clock_alone.finditer(text, start, end):
            if "." in match.group() and self._is_pm(match) is None:
                continue
            zone, name = self._zone(match["zone"] or "")
            yield Moment(match.start(), match.end(), None, _clock(match, self._is_pm(match)), zone, name)

    def _day(self, match: re.Match[str]) -> Day:
        for tag in "126":
            if match[f"m{tag}"]:
                year = match[f"y{tag}"]
                return Day(int(year) if year else None, int(match[f"m{tag}"]), int(match[f"d{tag}"]))
        for tag in "78":
            if match[f"m{tag}"]:
                return Day(None, int(match[f"m{tag}"]), int(match[f"d{tag}"]), True, match[f"s{tag}"])
        if match["a3"]:
            return Day(int(match["y3"]), int(match["a3"]), int(match["b3"]), True, match["s3"])
        tag = "4" if match["d4"] else "5"
        year = match[f"y{tag}"]
        month = self._months[plain(match[f"mon{tag}"]).lower()]
        return Day(int(year) if year else None, month, int(match[f"d{tag}"]))

    def _zone(self, printed: str) -> tuple[int | None, str]:
        name = printed.strip(" ()[]").lower()
        if not name:
            return None, ""
        if name in ("z", "utc", "gmt"):
            return 0, ""
        if numeric := _NUMERIC_ZONE.fullmatch(name):
            minutes = int(numeric[2]) * 60 + int(numeric[3] or 0)
            minutes = -minutes if numeric[1] != "+" else minutes
            return (minutes, "") if -720 <= minutes <= 840 else (None, name)
        zones = self.vocabulary.clock.zones
        return (zones[name], "") if name in zones else (None, name)

    def _is_pm(self, match: re.Match[str]) -> bool | None:
        printed = match["half"] or match["half_first"] or ""
        word = _letters(printed)
        if not word or (printed.istitle() and len(word) == 2 and not word.endswith("m")):
            # Otherwise the beginning of a word whose next letter was not read: "10:44 Chờ lấy hàng".
            return None
        return self.is_afternoon(printed)

    def is_afternoon(self, half: str) -> bool:
        """Whether words for half of the day are those for the second."""
        return _letters(half) in {_letters(item) for item in self.vocabulary.clock.pm}

    def tells_half(self, printed: str) -> bool:
        """Whether a printed time says which half of the day it is in."""
        return bool(re.search(rf"(?<![A-Za-z])(?:{self.halves})", printed, re.IGNORECASE))

    @cached_property
    def halves(self) -> str:
        """A pattern for the words for half of the day."""
        clock = self.vocabulary.clock
        words = {_letters(word) for word in (*clock.am, *clock.pm)}
        return "|".join(map(_spelled, sorted(words, key=len, reverse=True)))

    @cached_property
    def _months(self) -> dict[str, int]:
        numbered = [pair for table in self.vocabulary.months.values() for pair in enumerate(table, 1)]
        names = {plain(word).lower(): number for number, words in numbered for word in words}
        return {shape: number for name, number in names.items() for shape in (*_misread(name), name)}

    @cached_property
    def _dates(self) -> re.Pattern[str]:
        names = sorted(self._months, key=len, reverse=True)
        months = "|".join(re.escape(name) for name in names)
        initials = re.escape("".join({name[0] for name in names} | {name[0].upper() for name in names}))
        edge = r"(?![A-Za-z\u00c0-\u024f\u1e00-\u1eff])"
        no_digit = r"(?:(?!\d)|(?=\d{1,2}:\d\d))"
        digits_first = (
            rf"(?P<y1>(?:19|20|24|25|26)\d\d)(?P<s1>[-/.]) ?(?P<m1>\d{{1,2}})(?P=s1) ?(?P<d1>\d{{1,2}})"
            rf"(?:\.(?= ?\d{{1,2}}:\d\d))?{no_digit}",
            r"(?:(?P<y2>\d{4}|\d{2})\s?年\s?)?(?P<m2>\d{1,2})\s?月\s?(?P<d2>\d{1,2})\s?[日号]",
            r"(?P<a3>\d{1,2})(?P<s3>[-/.])(?P<b3>\d{1,2})(?P=s3)(?P<y3>(?:19|20|24|25|26)\d\d|(?<!\.)\d{2}|"
            # A short year behind points is one only beside a time: otherwise it may be a version or an address.
            r"\d{2}(?=,?[ ]{1,2}\d{1,2}:\d\d))(?![\d.\-/])",
            # A number before "Nov 18 2026" is the end of a name.
            rf"(?P<d4>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?[ \-./]{{0,2}}(?:de )?(?P<mon4>{months}){edge}"
            rf"(?!\.?{_SPACE}{{1,2}}\d{{1,2}},?{_SPACE}{{1,2}}20\d\d(?!\d))[.,]?[ \-./,']{{0,2}}"
            r"(?:năm |del? )?(?P<y4>(?:19|20|24|25|26)\d\d|\d{2}(?!\d|[:.h]\d| ?[°ºo˚]))?(?!\d{3})",
            r"(?P<y6>20\d\d)(?P<m6>0[1-9]|1[0-2])(?P<d6>0[1-9]|[12]\d|3[01])(?=[T _]\d\d|\d{6}(?![0-9A-Za-z]))",
            r"(?P<m7>\d{1,2})(?P<s7>[-/])(?P<d7>\d{1,2})(?=[ ,]{1,2}\d{1,2}:\d\d)",
            # A short date that begins its line, words beside it, and the time begins the next.
            rf"(?P<m8>(?<![^\n])\d\d)(?P<s8>[-/])(?P<d8>\d\d)(?={_SPACE}[^\n\d]{{1,40}}\n\d\d:\d\d(?!\d))",
        )
        month_first = (
            rf"(?<![^\W\d_])(?P<mon5>{months})\.?{_SPACE}{{0,2}}(?P<d5>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|[:.]\d)"
            r"(?:,?[ ]{0,2}(?P<y5>(?:19|20|24|25|26)\d\d)(?!\d))?"
        )
        # The first look at each place is cheap: most places start neither a number nor a month.
        starts = rf"(?:(?=\d)(?:{'|'.join(digits_first)})|(?=[{initials}]){month_first})"
        return re.compile(rf"(?<!\d)(?<!\d[./\-]){starts}", re.IGNORECASE)

    @cached_property
    def _parts(self) -> tuple[str, str, str]:
        words = self.vocabulary.clock
        first, half = rf"(?<![A-Za-z0-9])(?:{self.halves})(?![A-Za-z])", rf"(?:{self.halves})(?!\w)"
        names = words_pattern([*words.zones, *words.ambiguous_zones])
        clock = (
            rf"(?P<half_first>{first})?{_SPACE}{{0,2}}(?P<h>\d{{1,2}})"
            r"(?:\s?[:.时点時hH]\s?(?P<m>\d{2})分?(?:[:.]?(?P<s>(?<=[:.])\d{2}|\d{2}(?=秒))(?:[.,]\d{1,9})?)?秒?(?!\d|\.\d)"
            rf"(?:{_SPACE}{{0,2}}(?P<half>{half}))?)"
        )
        zone = (
            rf"(?:{_SPACE}{{0,2}}(?P<zone>[(\[]?(?:(?:utc|gmt)(?:[ ]?[+\-–][ ]?\d{{1,2}}(?::?\d\d)?)?(?![\w:])|"
            rf"[+\-–]\d\d:?\d\d(?!\d)|z(?![a-z])|{names})[)\]]?))?"
        )
        between = rf"(?:(?:{words_pattern(words.between)})[.,:]{{0,2}}{_SPACE}{{0,3}}[()，]{{0,2}}{_SPACE}?)?"
        return clock, zone, between

    @cached_property
    def _clock_after(self) -> re.Pattern[str]:
        clock, zone, between = self._parts
        compact = r"(?:(?<=\d{8})|(?<=\d{8}[T _]))(?P<hc>\d\d)(?P<mc>\d\d)(?P<sc>\d\d)(?![0-9A-Za-z])"
        glue = rf"(?:T|[^\S\n,·|@()\-–—]|[,·|@()\-–—]){{0,4}}{between}{between}"
        return re.compile(rf"{glue}(?:{compact}|{clock}){zone}", re.IGNORECASE)

    @cached_property
    def _clock_before(self) -> re.Pattern[str]:
        clock, zone, between = self._parts
        return re.compile(rf"(?<![\d:.\-/]){clock}{zone}[ ,|\-–—()]{{0,4}}{between}\Z", re.IGNORECASE)

    @cached_property
    def _clock_alone(self) -> re.Pattern[str]:
        clock, zone, _ = self._parts
        return re.compile(rf"(?<![\w:.\-/]){clock}{zone}(?![:\w])", re.IGNORECASE)

    @cached_property
    def _declaration(self) -> re.Pattern[str]:
        _, zone, _ = self._parts
        stated = zone.removesuffix("?")
        between = r"(?:[^\S\n]?(?:in|are|is|shown|the|local|use|using|均为|为|:|\()){0,4}"
        return re.compile(rf"(?:{words_pattern(self.vocabulary.clock.declares)}){between}{stated}", re.IGNORECASE)


def _letters(word: str) -> str:
    """A word for half of the day without the points and spaces in which programs differ: "p. m." is "pm"."""
    return re.sub(r"[\s.]", "", plain(word)).lower()


def _spelled(word: str) -> str:
    """A pattern for such a word as programs write it: Latin initials with points, spaces, both or neither."""
    if not (word.isascii() and len(word) == 2):
        return re.escape(word)
    return rf"{word[0]}\.?{_SPACE}?{word[1]}(?:\.(?!\d))?"


_LOOK_ALIKE = str.maketrans("ol", "01"), str.maketrans("l", "i")


def _misread(name: str) -> Iterator[str]:
    """The name of a month as a recogniser may take it, with characters of the same shape."""
    return (name.translate(table) for table in _LOOK_ALIKE)


def _clock(match: re.Match[str], pm: bool | None) -> TimeOfDay:
    if match.groupdict().get("hc"):
        return TimeOfDay(int(match["hc"]), int(match["mc"]), int(match["sc"]))
    hour = int(match["h"])
    if pm is not None and hour <= 12:
        hour = hour % 12 + (12 if pm else 0)
    return TimeOfDay(hour, int(match["m"] or 0), int(match["s"] or 0))
