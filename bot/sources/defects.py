"""Rows of returns, reviews, ratings and defect lists: one defect per order and type (domain.md §1)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from bot.domain.orders import DefectType
from bot.domain.policy import Measuring
from bot.ports.sources import Batch, DefectRow, Skipped
from bot.sources.blocks import Record
from bot.sources.errors import BadRow
from bot.sources.layout import MAX_TEXT, ColumnLayout
from bot.sources.mappings import Mappings, all_words, word
from bot.sources.times import DAY_MS, FileTimes

BATCH = 10_000
Key = tuple[str, str]
_STARS = re.compile(r"([0-5](?:[.,]\d{1,2})?)(?:\s?(?:/\s?5(?:[.,]0)?|stars?|星|★))?", re.IGNORECASE | re.ASCII)


class DefectReading:
    """Makes rows for the store from the records of one defect file.

    Defects are few, so they are kept until the file is read. Of several rows about one order and type the earliest
    gives the date, and the defect is counted if any of them is (domain.md §1)."""

    def __init__(self, layout: ColumnLayout, times: FileTimes, mappings: Mappings, measuring: Measuring) -> None:
        self.layout, self.times = layout, times
        returned = mappings.words.returned
        self.counted, self.not_counted = all_words(returned.counted), all_words(returned.not_counted)
        self.types = {word(name): kind for kind, names in mappings.words.defect_type.items() for name in names}
        self.max_stars = {
            "reviews": (DefectType.NEGATIVE_REVIEW, measuring.negative_review_max_stars),
            "ratings": (DefectType.SERVICE_RATING, measuring.negative_rating_max_stars),
        }
        self.found: dict[Key, DefectRow] = {}
        self.cleared: set[Key] = set()

    def batch(self, records: Iterable[Record]) -> Batch:
        """Reads the records and reports what was skipped; the defects themselves come from `rest`."""
        rows = 0
        skipped: list[Skipped] = []
        for line, cells in records:
            rows += 1
            try:
                skipped += self._take(line, self.layout.checked(cells))
            except BadRow as bad:
                skipped.append(Skipped(line, bad.key, tuple(bad.params.items())))
        return Batch(rows, skipped=skipped)

    def rest(self) -> Iterator[Batch]:
        """The defects found, after the last record. A good review of an order clears its defect only if no review
        of it is bad."""
        defects, cleared = list(self.found.values()), sorted(self.cleared - self.found.keys())
        for start in range(0, max(len(defects), len(cleared)), BATCH):
            part = slice(start, start + BATCH)
            yield Batch(0, defects=defects[part], cleared=cleared[part])

    def _take(self, line: int, cells: Sequence[str]) -> list[Skipped]:
        order_id = self.layout.order_id(cells)
        defect_type, counted, notices = self._judge(line, cells)
        key = (order_id, str(defect_type))
        if counted is None:
            self.cleared.add(key)
            return notices
        at, timed = self.times.read(self.layout.cell(cells, "occurred_at"))
        row = (order_id, key[1], at, at // DAY_MS, timed, counted, self._text(cells))
        known = self.found.get(key)
        self.found[key] = _merged(known, row) if known else row
        return notices

    def _judge(self, line: int, cells: Sequence[str]) -> tuple[DefectType, bool | None, list[Skipped]]:
        """The defect type, whether it is counted (None: no defect at all), and notes for the report."""
        kind = self.layout.kind
        if kind in self.max_stars:
            defect_type, most = self.max_stars[kind]
            return defect_type, (True if self._stars(cells) <= most else None), []
        if kind == "returns":
            return self._judge_return(line, cells)
        name = word(self.layout.cell(cells, "defect_type"))
        if name not in self.types:
            raise BadRow("defect_type_unknown", text=name[:40])
        return self.types[name], True, []

    def _judge_return(self, line: int, cells: Sequence[str]) -> tuple[DefectType, bool | None, list[Skipped]]:
        """A rejected or cancelled return is stored but not counted; a return with an unknown status is counted and
        reported."""
        status = word(self.layout.cell(cells, "status"))
        notices = []
        if status not in self.counted and status not in self.not_counted:
            notices.append(Skipped(line, "return_status_unknown", (("text", status),)))
        return DefectType.RETURN_REFUND, status not in self.not_counted, notices

    def _stars(self, cells: Sequence[str]) -> Fraction:
        text = self.layout.cell(cells, "stars")
        if text and not text.strip("★⭐☆"):
            return Fraction(len(text) - text.count("☆"))
        found = _STARS.fullmatch(text)
        if not found:
            raise BadRow("stars_unreadable", text=text[:40])
        stars = Fraction(found[1].replace(",", "."))
        if not 1 <= stars <= 5:
            raise BadRow("stars_unreadable", text=text[:40])
        return stars

    def _text(self, cells: Sequence[str]) -> str:
        parts = (self.layout.cell(cells, field, MAX_TEXT) for field in ("text", "more_text"))
        return " · ".join(part for part in parts if part)[:MAX_TEXT]


def _merged(one: DefectRow, other: DefectRow) -> DefectRow:
    """The row to keep of two rows about one defect: a counted one before others, then the earlier one."""
    return min(one, other, key=lambda row: (not row[5], row[2]))
