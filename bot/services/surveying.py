"""What a received export holds, read for one shop and compared with what is stored; nothing of it is written."""

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bot.domain.dateorder import DateOrder, KnownRows, WrittenDate, reading, settled
from bot.domain.odr import day_of
from bot.domain.orders import Shop
from bot.domain.previews import DatesRead, OpenStatus, Preview, PreviewFacts, RowNote
from bot.domain.statuses import Answers, StatusWord, decoded
from bot.ports.clock import Clock
from bot.ports.imports import ComparedRows
from bot.ports.previews import ExportFolder
from bot.ports.sources import Batch, ExportReader, ReadAs, ReadEnd
from bot.ports.store import UnitFactory
from bot.services.imports import newest_of

NOTES = 20
LOOKED_UP = 400
"""Of how many ids of each part it is looked up whether another shop has them: this says whose file it is. Before
anything is written all are looked up."""
NOBODY = Shop("", "", "", "UTC")
"""Whose file it is while that is not known."""
GiveWay = Callable[[float], object]
T = TypeVar("T")


@dataclass
class _Survey:
    """Counts the rows of a file while they are read."""

    shop: str
    compared: ComparedRows
    answers: Answers
    rows: int = 0
    orders: int = 0
    found: int = 0
    skipped: int = 0
    parts: int = 0
    newest: int = 0
    defects: Counter[str] = field(default_factory=Counter)
    words: Counter[StatusWord] = field(default_factory=Counter)
    days: set[int] = field(default_factory=set)
    elsewhere: dict[str, set[str]] = field(default_factory=dict)
    notes: list[RowNote] = field(default_factory=list)

    def take(self, batch: Batch) -> None:
        """Count one part of the file."""
        self.parts += 1
        self.newest = max(self.newest, newest_of(batch))
        self.rows += batch.rows
        self.orders += len(batch.orders)
        self.found += len(batch.orders) + len(batch.defects)
        self.skipped += len(batch.skipped)
        self.defects.update(row[1] for row in batch.defects if row[5])
        self.words.update(each for text in batch.words.values() for each in decoded(text))
        self.days.update(row[2] for row in (*batch.orders, *batch.repeated))
        self.days.update(row[3] for row in batch.defects)
        room = max(0, NOTES - len(self.notes))
        self.notes += [RowNote(each.line, each.reason, dict(each.params)) for each in batch.skipped[:room]]
        if self.shop:
            self._compare(batch)

    def _compare(self, batch: Batch) -> None:
        self.compared.compare(self.shop, batch.orders, batch.defects)
        ids = [row[0] for row in (*batch.orders, *batch.defects)]
        self.foreign(ids[:: 1 + len(ids) // LOOKED_UP])

    def foreign(self, ids: Sequence[str]) -> None:
        """Note which of these orders other shops have."""
        for other, known in self.compared.elsewhere(self.shop, ids).items() if self.shop else ():
            self.elsewhere.setdefault(other, set()).update(known)

    def facts(self, dates: str, readings: Mapping[str, DatesRead]) -> PreviewFacts:
        """What was counted, as the facts of the preview."""
        known = self.compared.same + self.compared.moved
        unsaid = [OpenStatus(word, count) for word, count in self.words.most_common() if word not in self.answers]
        foreign = set().union(*self.elsewhere.values())
        return PreviewFacts(
            self.rows,
            self.orders,
            dict(self.defects),
            self.skipped,
            tuple(self.notes),
            tuple(sorted(self.days)),
            self.parts,
            self.found - known,
            self.compared.changed,
            known - self.compared.changed,
            tuple(unsaid),
            dates,
            readings,
            {other: len(known_ids) for other, known_ids in self.elsewhere.items()},
            min(foreign, default=""),
            self.newest,
        )


def between(parts: Iterator[T], give_way: GiveWay) -> Iterator[T]:
    """The parts of a file; after each, conversations go first for as long as it took at most."""
    begun = time.monotonic()
    for part in parts:
        yield part
        give_way(time.monotonic() - begun)
        begun = time.monotonic()


class Surveyor:
    """Reads received exports. `usual(site)` is the order of day and month that exports of a site usually have;
    `give_way(seconds)` lets conversations go first, for so long at most."""

    def __init__(
        self,
        units: UnitFactory,
        clock: Clock,
        exports: ExportReader,
        folder: ExportFolder,
        give_way: GiveWay = lambda most: None,
    ) -> None:
        self.units, self.clock, self.exports, self.folder = units, clock, exports, folder
        self.give_way = give_way

    def survey(self, preview: Preview) -> PreviewFacts:
        """Read the whole file for its shop, and keep its rows in the folder. Raises ExportRefused for a file that
        cannot be taken, OSError when it is gone or the disk is full."""
        with self.units(read_only=True) as unit:
            shop = unit.shops.get(preview.shop) or NOBODY
            usual = self.exports.usual(shop.site or next(iter(preview.sites), ""))
            order = DateOrder(preview.chosen) if preview.chosen else usual
            answers = unit.statuses.answers(shop.id)
            wanted = ReadAs(shop, order, preview.kind, answers)
            found = _Survey(shop.id, unit.imports.compared(), answers)
            newest = unit.imports.newest_day(shop.id)
            dates: list[WrittenDate] = []
            # Also when not one of its rows can be read as this shop's: it may be another's.
            found.foreign(preview.sample)
            self.folder.write_rows(preview.stored, self._lines(preview, wanted, found, dates))
        known = KnownRows(None if newest is None else day_of(newest), found.compared.same, found.compared.moved)
        clear = preview.chosen or not shop.id or settled(dates, usual, self.clock.now().date(), known)
        readings = {} if clear else {each.value: _read(dates, each) for each in DateOrder}
        return found.facts(order.value if dates else "", readings)

    def _lines(self, preview: Preview, wanted: ReadAs, found: _Survey, dates: "list[WrittenDate]") -> Iterator[str]:
        for each in between(self.exports.read(self.folder.path(preview.stored), wanted), self.give_way):
            if isinstance(each, ReadEnd):
                dates.extend(each.dates)
                return
            line, batch = each
            found.take(batch)
            yield line


def _read(dates: Collection[WrittenDate], order: DateOrder) -> DatesRead:
    read = reading(dates, order)
    days: Sequence[object] = read.days
    first, last = (read.days[0], read.days[-1]) if days else (None, None)
    return DatesRead(first, last, len(read.days), read.impossible)
