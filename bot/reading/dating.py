"""Which date the times of a text are of: their own, that of the heading above them, or one told from the page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from bot.reading.moments import Day, Moment, MomentFinder
from bot.reading.plain import plain, words_pattern

_WEEKDAY_LONGEST, _HALF_A_YEAR, _NOON, _LINE = 12, 6, 12, 80
_CELLS = re.compile(r" {2,}(?=\d{1,2}[:.])")
_TIME_LEADS = re.compile(r"[^\S\n]*\d{1,2}[:.]\d\d(?:[:.]\d\d)?[^\S\n]+[^\W\d_]{3}")


@dataclass(frozen=True, eq=False)
class Dating:
    """Gives times their dates; `finder` knows what a date and a time are."""

    finder: MomentFinder

    def tells_days(self, text: str) -> bool:
        """Whether days are told from the day of the page, such as yesterday."""
        return bool(self._relative.search(text))

    def dated(self, text: str, limit: int, today: date | None) -> tuple[list[Moment], list[Moment]]:
        """Moments with a date of their own, of the heading above them or told from the page's day, and the times of
        day without any. A date alone on its line, or alone in the first cell of a row, is a heading, also when the
        first time below or beside it was joined to it: then times at the beginning of a line are of that day. `today`
        is the page's day, None where it is not known."""
        kept: list[Moment] = []
        clocks: list[Moment] = []
        heading: Day | None = None
        joined, below_word, read = False, False, 0
        for found in self.finder.find(text):
            moment = self._with_half_below(text, found)
            if word := next(self._another_day.finditer(text, read, moment.start), None):
                heading, joined, below_word = self._day_of(word["day"], today), False, True
            if moment.day is None and (word := self._beside_day.search(text, read, moment.start)):
                day = self._day_of(word["day"], today)
                moment = replace(moment, start=word.start("day"), day=day, relative=day is None)
            elif moment.day is None and below_word and heading is None:
                moment = replace(moment, relative=True)
            read, below_word = moment.end, below_word and moment.day is None
            if moment.day and moment.clock is None:
                heading, joined = moment.day, False
            elif moment.day:
                heading, joined = moment.day if _heads(text, moment, printed=bool(found.day)) else None, True
            elif not moment.relative and (heading is None or (joined and not _leads(text, moment))):
                clocks.append(moment)
                continue
            elif not moment.relative:
                moment = replace(moment, day=heading)
            kept.append(moment)
            if len(kept) >= limit:
                break
        return kept, clocks[:limit]

    def _with_half_below(self, text: str, moment: Moment) -> Moment:
        """The moment with the half of the day that a narrow column pushed to the beginning of the next line."""
        clock = moment.clock
        if clock is None or not 0 < clock.hour <= _NOON or self.finder.tells_half(text[moment.start : moment.end]):
            return moment
        below = text.find("\n", moment.end)
        half = self._half_alone.match(text, below + 1) if 0 <= below - moment.end < _LINE else None
        if half is None:
            return moment
        pm = self.finder.is_afternoon(half["half"])
        return replace(moment, clock=clock._replace(hour=clock.hour % _NOON + (_NOON if pm else 0)))

    @cached_property
    def _half_alone(self) -> re.Pattern[str]:
        """Half of the day as a line or a cell of its own."""
        return re.compile(rf"[ ]{{0,4}}(?P<half>{self.finder.halves})(?=[ ]{{2,}}|[ ]?(?:\n|\Z))", re.IGNORECASE)

    def _day_of(self, word: str, today: date | None) -> Day | None:
        """The date of a day told from the page's day, None when that is not known."""
        if today is None:
            return None
        days = self.finder.vocabulary.clock.relative
        ago = next(
            number
            for number, words in enumerate((days.today, days.yesterday, days.day_before))
            if plain(word).lower() in {plain(each).lower() for each in words}
        )
        then = today - timedelta(days=ago)
        return Day(then.year, then.month, then.day)

    @cached_property
    def _relative_words(self) -> str:
        days = self.finder.vocabulary.clock.relative
        return words_pattern([*days.today, *days.yesterday, *days.day_before])

    @cached_property
    def _relative(self) -> re.Pattern[str]:
        return re.compile(self._relative_words, re.IGNORECASE)

    @cached_property
    def _another_day(self) -> re.Pattern[str]:
        """A line that is a day told by a word, such as today: the heading of the times below."""
        return re.compile(
            rf"(?:\A|\n)[^\S\n]*(?P<day>{self._relative_words})[^\S\n]*[,:·|\-]?[^\S\n]*(?:\n|\Z)", re.IGNORECASE
        )

    @cached_property
    def _beside_day(self) -> re.Pattern[str]:
        """A day told by a word right before a time."""
        between = words_pattern(self.finder.vocabulary.clock.between)
        return re.compile(
            rf"(?P<day>{self._relative_words})[ ,·|\-]{{0,4}}(?:(?:{between})[ ,]{{0,2}})?\Z", re.IGNORECASE
        )


def _line_around(text: str, moment: Moment) -> tuple[str, str]:
    """What stands before and behind a moment on its line."""
    before = text[max(0, moment.start - 200) : moment.start].rpartition("\n")[2]
    return before.strip(" ,"), text[moment.end : moment.end + 200].partition("\n")[0].strip()


def _heads(text: str, moment: Moment, printed: bool) -> bool:
    """Whether nothing but the name of the day stands beside a date, or it is the first cell of a row in which its
    time is the second: a wide space parts them, or, below a `printed` date, the next row begins with its time."""
    before, after = _line_around(text, moment)
    below = text.find("\n", moment.end)
    cells = _CELLS.search(text, moment.start, moment.end) or (
        printed and below >= 0 and _TIME_LEADS.match(text, below + 1)
    )
    return (not after or bool(cells)) and not any(map(str.isdigit, before)) and len(before) <= _WEEKDAY_LONGEST


def _leads(text: str, moment: Moment) -> bool:
    """Whether a time begins its line and words follow."""
    before, after = _line_around(text, moment)
    return not before and any(char.isalpha() for char in after)


def with_years(moments: Sequence[Moment]) -> list[Moment]:
    """Dates without a year take the one that brings them nearest to the date above, else below, that has one: in a
    list of the turn of the year, December is not of January's year."""
    near = next((moment.day for moment in moments if moment.day and moment.day.year), None)
    filled = []
    for moment in moments:
        day = moment.day
        if day and day.year:
            near = day
        elif day and near and near.year:
            apart = day.month - near.month if not (day.swappable or near.swappable) else 0
            day = day._replace(
                year=near.year - 1 if apart > _HALF_A_YEAR else near.year + 1 if apart < -_HALF_A_YEAR else near.year
            )
        filled.append(replace(moment, day=day))
    return filled
