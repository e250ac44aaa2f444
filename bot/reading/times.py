"""Timestamps of a text: which instant each printed moment is, and what it is the time of."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from bot.domain.evidence import TimeRole, Timestamp
from bot.domain.remark import Remark
from bot.reading.dating import Dating, with_years
from bot.reading.dayorder import day_orders, settled
from bot.reading.moments import Day, Moment, MomentFinder, TimeOfDay
from bot.reading.plain import plain, words_pattern, words_regex
from bot.reading.tables import Vocabulary

_THAI, _THAI_LETTERS, _FEWEST, _BEGINNING = "TH", re.compile("[\u0e01-\u0e2e]"), 3, 100_000
_BUDDHIST, _FIRST_SHORT = 543, 60
"""Years between the two calendars, and the two-digit year from which a year is of the Buddhist one (2560 on)."""


@dataclass(frozen=True)
class Stamp:
    """A timestamp with its place in the text; `heads` marks a date that only heads the times below it."""

    start: int
    end: int
    stamp: Timestamp
    heads: bool = False


@dataclass(frozen=True)
class Times:
    """All timestamps in order of appearance, what could not be settled (wording keys), and the times of day that have
    no date, as chats print them."""

    stamps: tuple[Stamp, ...]
    warnings: tuple[str, ...]
    clocks: tuple[Stamp, ...] = ()


@dataclass(frozen=True, eq=False)
class TimeReader:
    """Reads the times of a plain text."""

    vocabulary: Vocabulary

    def read(self, text: str, places: Sequence[str] = (), limit: int = 500, day: date | None = None) -> Times:
        """`places` are sites (such as "US") and languages (such as "vi") of the page: the first of them that has a
        usual order of day and month settles it where the dates written alike do not; what is written otherwise, such
        as a list above, says nothing of it (domain.md §5). `day` is the day on which
        the page was captured, from which "yesterday" is told; None when it is not known.
        At most `limit` moments are kept, the first ones."""
        moments, without = self._dating.dated(text, limit, day)
        clocks = tuple(
            Stamp(each.start, each.end, Timestamp(text[each.start : each.end].strip(), None)) for each in without
        )
        if not moments:
            return Times((), (), clocks)
        warnings: dict[str, None] = {}
        thai = _THAI in places[:1] or len(_THAI_LETTERS.findall(text[:_BEGINNING])) >= _FEWEST
        known = self.vocabulary.day_order
        usual = next((known[place] for place in (*places, *([_THAI] if thai else [])) if place in known), "")
        orders = day_orders([moment.day for moment in moments if moment.day and moment.day.swappable], usual)
        moments = [settled(moment, orders) for moment in moments]
        moments = [replace(moment, thai=moment.thai or thai) for moment in with_years(moments)]
        declared = self._finder.zone_declared(text)
        stamps = [self._stamp(text, moment, declared, warnings) for moment in moments]
        if len(moments) >= limit:
            warnings["many_facts"] = None
        return Times(tuple(self._with_roles(text, stamps)), tuple(warnings), clocks)

    def tells_days(self, text: str) -> bool:
        """Whether days are told from the day of the page, such as yesterday."""
        return self._dating.tells_days(text)

    @cached_property
    def _dating(self) -> Dating:
        return Dating(self._finder)

    @cached_property
    def _finder(self) -> MomentFinder:
        return MomentFinder(self.vocabulary)

    def _stamp(self, text: str, moment: Moment, declared: int | None, warnings: dict[str, None]) -> Stamp:
        printed = text[moment.start : moment.end].strip()
        zone = declared if moment.zone is None and not moment.zone_name else moment.zone
        at = None
        if moment.zone_name:
            warnings[str(Remark("zone_ambiguous", moment.zone_name.upper()))] = None
        elif moment.day is None:
            warnings.setdefault(str(Remark("day_relative", printed)))
        elif moment.day.swappable:
            warnings.setdefault(str(Remark("date_order_ambiguous", printed)))
        elif moment.day.year is None:
            warnings.setdefault(str(Remark("year_missing", printed)))
        else:
            at = _instant(moment.day, moment.clock, zone, moment.thai)
            if at is None:
                warnings.setdefault(str(Remark("date_impossible", printed)))
        stamp = Timestamp(printed, at, TimeRole.UNKNOWN, zone, moment.clock is None)
        return Stamp(moment.start, moment.end, stamp)

    @cached_property
    def _roles(self) -> re.Pattern[str]:
        return words_regex(word for words in self.vocabulary.roles.values() for word in words)

    @cached_property
    def _role_of(self) -> dict[str, TimeRole]:
        roles = self.vocabulary.roles.items()
        return {plain(word).lower(): role for role, words in roles for word in words}

    def role(self, words: str, last: bool = False) -> TimeRole | None:
        """The role that the first (or last) phrase in `words` names, None when none does."""
        found = list(self._roles.finditer(words))
        if not found:
            return None
        place = len(found) - 1 if last else 0
        before = words[found[place - 1].end() if place else 0 : found[place].start()]
        return TimeRole.UNKNOWN if self._announced.search(before) else self._role_of[found[place].group().lower()]

    @cached_property
    def _announced(self) -> re.Pattern[str]:
        """Words that make of what follows something that has not happened: "will be delivered", "estimated"."""
        return re.compile(
            rf"(?:{words_pattern(self.vocabulary.announces)})[^.;!|:。；！\n]{{0,24}}:?\s?\Z", re.IGNORECASE
        )

    def _with_roles(self, text: str, stamps: Sequence[Stamp]) -> Iterable[Stamp]:
        lines = Lines(text)
        rows: dict[int, list[Stamp]] = {}
        for stamp in stamps:
            rows.setdefault(lines.number(stamp.start), []).append(stamp)
        below = self._below(lines, rows)
        for number, row in rows.items():
            roles = self._row_roles(lines, number, row)
            for stamp, role in zip(row, roles, strict=True):
                role = role or self._of_its_date(lines, rows, number)
                role = role or self._near(lines, rows, number, below) or TimeRole.UNKNOWN
                heads = stamp.stamp.day_only and lines.is_only(number, stamp)
                yield replace(stamp, stamp=replace(stamp.stamp, role=role), heads=heads)

    def _of_its_date(self, lines: "Lines", rows: dict[int, list[Stamp]], number: int) -> TimeRole | None:
        """The role that words beside a date name, for the time that stands on the line below it."""
        above, row = rows.get(number - 1, ()), rows[number]
        if len(above) != 1 or len(row) != 1 or not above[0].stamp.day_only or row[0].stamp.day_only:
            return None
        return self._row_roles(lines, number - 1, above)[0]

    def _row_roles(self, lines: "Lines", number: int, row: Sequence[Stamp]) -> list[TimeRole | None]:
        start, end = lines.span(number)
        edges = [start, *(stamp.end for stamp in row)]
        starts = [*(stamp.start for stamp in row), end]
        pieces = [lines.text[a:b] for a, b in zip(edges, starts, strict=True)]
        before = [self.role(piece, last=True) for piece in pieces[:-1]]
        after = [self.role(piece) for piece in pieces[1:]]
        # In one row all roles stand on the same side of their times; a colon shows that they stand before.
        more = sum(map(bool, before)) - sum(map(bool, after))
        labelled = any(piece.rstrip().endswith(":") for piece in pieces[:-1])
        first, second = (before, after) if more > 0 or (more == 0 and labelled) else (after, before)
        return [one or (two if len(row) == 1 else None) for one, two in zip(first, second, strict=True)]

    def _below(self, lines: "Lines", rows: dict[int, list[Stamp]]) -> bool:
        """Whether this page prints what happened on the lines below its time rather than above it."""
        free = [number for number in rows if not any(self._row_roles(lines, number, rows[number]))]
        # What stands alone on the edge may be the clock of a screen, which says nothing of the page.
        inner = [number for number in free if 0 < number < lines.count - 1]
        for across, voters in ((False, free), (True, inner)):
            under, over = (
                sum(self._neighbour(lines, rows, number, side, across) is not None for number in voters)
                for side in (True, False)
            )
            if under != over:
                return under > over
        return True

    def _near(self, lines: "Lines", rows: dict[int, list[Stamp]], number: int, below: bool) -> TimeRole | None:
        """The role named on one side, within the same paragraph if it can be."""
        return self._neighbour(lines, rows, number, below) or self._neighbour(lines, rows, number, below, across=True)

    def _neighbour(
        self, lines: "Lines", rows: dict[int, list[Stamp]], number: int, below: bool, across: bool = False
    ) -> TimeRole | None:
        """The role named on the nearest two lines on one side, up to the next time; a place may stand between, and
        `across` an empty line."""
        looked = 0
        for distance in range(1, 6):
            other = number + distance if below else number - distance
            words = lines.line(other)
            if other in rows or looked == 2 or not (words.strip() or across):
                return None
            if role := self.role(words):
                return role
            looked += bool(words.strip())
        return None


class Lines:
    """The lines of a text by number."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    @property
    def count(self) -> int:
        return len(self._starts)

    def number(self, place: int) -> int:
        return bisect_right(self._starts, place) - 1

    def span(self, number: int) -> tuple[int, int]:
        if not 0 <= number < len(self._starts):
            return 0, 0
        last = number + 1 == len(self._starts)
        return self._starts[number], len(self.text) if last else self._starts[number + 1] - 1

    def line(self, number: int) -> str:
        start, end = self.span(number)
        return self.text[start : min(end, start + 500)]

    def is_only(self, number: int, stamp: Stamp) -> bool:
        return len(self.line(number).strip()) - (stamp.end - stamp.start) <= 12


def _instant(day: Day, clock: TimeOfDay | None, zone: int | None, thai: bool) -> datetime | None:
    year = day.year or 0
    if year < 100:
        year += 2500 if thai and year >= _FIRST_SHORT else 2000
    if year >= 2400:
        year -= _BUDDHIST
    if year >= 2000 + _FIRST_SHORT:
        # A short year of the Buddhist calendar on a page that does not say so.
        return None
    try:
        local = datetime(year, day.month, day.day, *(clock or (0, 0, 0)), tzinfo=UTC)
        return local - timedelta(minutes=zone or 0)
    except (ValueError, OverflowError):
        return None
