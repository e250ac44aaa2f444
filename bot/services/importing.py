"""Importing a file as a whole, after asking what is not clear, and undoing an import (domain.md §1a)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.dateorder import DateOrder, KnownRows, reading, settled
from bot.domain.freshness import API
from bot.domain.imports import Import, in_the_way
from bot.domain.odr import day_of
from bot.domain.refusal import Refusal
from bot.domain.statuses import OpenWord, StatusWord
from bot.ports.clock import Clock
from bot.ports.imports import ImportWriter
from bot.ports.orders import NO_TIMES
from bot.ports.sources import DefectRow, OrderRow, OrderSource
from bot.ports.store import Unit, UnitFactory
from bot.services.imports import ImportReport, Progress, import_source
from bot.services.timeline import cause


@dataclass(frozen=True)
class DataChange:
    """Days of a shop whose data have changed, by whom and why. `restores` says that the data are again as they
    were before something that is being undone."""

    shop: str
    days: frozenset[date]
    by: str
    why: str
    restores: bool = False


IMPORTED = "imported"
"""What the act of importing is called."""
Measure = Callable[[Unit, DataChange], None]
ShowUndone = Callable[[Unit, str, str], None]
"""(transaction, import id, by whom): where the import is shown, it is shown as undone"""


@dataclass(frozen=True)
class ImportRequest:
    """One file for one shop, with what the person said about it: `stated` is the order of day and month, `move`
    that orders of other shops belong here, `exported_at` the instant (UTC) at which it was exported. `usual` is the
    date order of the shop's site."""

    shop: str
    file: str
    by: str
    usual: DateOrder
    stated: DateOrder | None = None
    move: bool = False
    exported_at: datetime | None = None

    @property
    def dates(self) -> DateOrder:
        """The order of day and month in which the file's dates are read."""
        return self.stated or self.usual


class Importing:
    """Imports files. Whenever data change, the days concerned are measured again in the same transaction."""

    def __init__(self, units: UnitFactory, clock: Clock, measure: Measure, show_undone: ShowUndone) -> None:
        self.units, self.clock, self.measure, self.show_undone = units, clock, measure, show_undone

    def take(self, source: OrderSource, request: ImportRequest, progress: Progress | None = None) -> ImportReport:
        """Import the file. Raises Refusal with the question that has to be answered first; then nothing is stored."""
        shop, now = request.shop, self.clock.now()
        with self.units() as unit:
            if busy := unit.imports.running(shop):
                raise Refusal("import_running", shop=shop, file=busy.file)
            newest = unit.imports.newest_day(shop)
            writer = unit.imports.begin(shop, source.kind, request.file, request.by, now)
            claiming = Claiming(writer, shop, request.move)
            report = import_source(source, shop, claiming, progress, str(writer.import_id), request.exported_at)
            if request.stated is None:
                _check_dates(source, request.usual, now.date(), KnownRows(_day(newest), writer.same, writer.moved))
            report.id, report.dates = str(writer.import_id), request.dates if source.dates else ""
            as_of = max(report.newest, to_ms(request.exported_at))
            writer.settle(as_of)
            report.differences = writer.differences
            unit.feeds.add_differences(shop, writer.differences, now)
            unit.imports.finish(writer.import_id, report.rows, report.days, report.dates, as_of)
            changed = {**claiming.lost, shop: report.told}
            for each, days in changed.items():
                self.measure(unit, DataChange(each, days_of(days), request.by, f"import {report.id}"))
        return report

    def undo(self, import_id: str, by: str) -> Import:
        """Restore everything to what it was before the import. Raises Refusal for an unknown import, for one that
        is undone already, and while later imports may rest on its rows."""
        with self.units() as unit:
            return self.undone(unit, import_id, by)

    def undone(self, unit: Unit, import_id: str, by: str) -> Import:
        """Undo the import in the caller's transaction; raises Refusal as `undo` does."""
        number = int(import_id) if import_id.isdecimal() else 0
        found = unit.imports.get(number)
        if found is None:
            raise Refusal("no_such_import", id=import_id)
        if found.undone_at:
            raise Refusal("import_undone", id=import_id, at=found.undone_at)
        if found.running:
            raise Refusal("import_running", shop=found.shop, file=found.file)
        if later := in_the_way(found, unit.imports.listed([found.shop])):
            raise Refusal("imports_in_the_way", id=import_id, later=", ".join(each.id for each in later))
        changed = unit.imports.undo(number, by, self.clock.now())
        self.show_undone(unit, import_id, by)
        unit.orders.unreached(found.shop, import_id)
        _stop_feeds(unit, number)
        # Where no row changes, what is known of the days does.
        changed.setdefault(found.shop, set()).update(found.days)
        for act in unit.acts.recent(who=found.by):
            if act.what == IMPORTED and act.changes["import"]["id"][1] == import_id:
                unit.acts.undone(act.id, self.clock.now(), by, cause())
        for shop, days in changed.items():
            days |= unit.statuses.reconsider(shop)
            self.measure(unit, DataChange(shop, days_of(days), by, f"undo of import {import_id}", restores=True))
        return found

    def of(self, shops: Collection[str], import_id: str) -> Import:
        """The import with that id of one of these shops; raises Refusal when there is none."""
        found = next((each for each in self.listed(shops) if each.id == import_id), None)
        if found is None:
            raise Refusal("no_such_import", id=import_id)
        return found

    def listed(self, shops: Collection[str] | None = None) -> list[Import]:
        """The imports of these shops, newest first."""
        with self.units(read_only=True) as unit:
            return unit.imports.listed(shops)

    def answers(self, shop: str) -> dict[StatusWord, bool]:
        """What people of the shop said about status words: whether orders with the word are valid."""
        with self.units(read_only=True) as unit:
            return unit.statuses.answers(shop)

    def words(self, shops: Collection[str]) -> list[OpenWord]:
        """The status words of these shops' orders that the configuration does not know."""
        with self.units(read_only=True) as unit:
            return unit.statuses.words(shops)

    def answer(self, shop: str, word: StatusWord, valid: bool, by: str) -> OpenWord:
        """Record whether orders with the word are valid, and measure the days that change by it. Raises Refusal
        for a word that no order of the shop has."""
        with self.units() as unit:
            found = next((each for each in unit.statuses.words([shop]) if each.word == word), None)
            if found is None:
                raise Refusal("no_such_status", text=word.text, shop=shop)
            unit.statuses.save_answer(shop, word, valid, by, self.clock.now())
            if days := unit.statuses.reconsider(shop):
                self.measure(unit, DataChange(shop, days_of(days), by, f"meaning of the status {word.text!r}"))
        return found


class Claiming:
    """Writes rows after making sure that their orders are this shop's: orders of another shop are asked about, or
    moved here. `lost` are the UTC day numbers from which other shops lose something."""

    def __init__(self, writer: ImportWriter, shop: str, move: bool) -> None:
        self.writer, self.shop, self.move = writer, shop, move
        self.lost: dict[str, set[int]] = {}
        self.merge_orders, self.explain = writer.merge_orders, writer.explain
        self.clear_defects, self.reached = writer.clear_defects, writer.reached

    def upsert_orders(self, shop: str, rows: Sequence[OrderRow], updated: Mapping[str, int] = NO_TIMES) -> None:
        """Add or update orders after checking whose they are."""
        self._claim([row[0] for row in rows])
        self.writer.upsert_orders(shop, rows, updated)

    def upsert_defects(
        self, shop: str, rows: Sequence[DefectRow], updated: Mapping[tuple[str, str], int] = NO_TIMES
    ) -> None:
        """Add or update defects after checking whose orders they are of."""
        self._claim([row[0] for row in rows])
        self.writer.upsert_defects(shop, rows, updated)

    def _claim(self, ids: Sequence[str]) -> None:
        found = self.writer.elsewhere(self.shop, ids)
        if found and not self.move:
            count, example = sum(map(len, found.values())), min(map(min, found.values()))
            names = ", ".join(sorted(found))
            raise Refusal("ids_of_another_shop", shop=self.shop, others=names, count=count, example=example)
        # Not every order was looked up when there are very many: the whole batch is asked for.
        for other in found:
            self.lost.setdefault(other, set()).update(self.writer.move(self.shop, other, ids))


def _check_dates(source: OrderSource, usual: DateOrder, today: date, known: KnownRows) -> None:
    """Raises Refusal with both readings of the file's dates unless the site's usual one is clearly right."""
    if settled(source.dates, usual, today, known):
        return
    params = {}
    for order in DateOrder:
        read = reading(source.dates, order)
        params[order.value] = {
            "first": read.days[0] if read.days else None,
            "last": read.days[-1] if read.days else None,
            "days": len(read.days),
            "impossible": read.impossible,
        }
    raise Refusal("dates_unclear", usual=usual.value, **params)


def _stop_feeds(unit: Unit, number: int) -> None:
    """Where an API brought what was undone, its shop is not read again by itself: it would bring the same."""
    for shop in filter(None, map(unit.shops.get, unit.feeds.undone(number))):
        unit.orders.unreached(shop.id, API)
        for linked in unit.grants.linked():
            if linked.id == shop.tiktok:
                unit.grants.save_linked(replace(linked, paused="undone"))


def to_ms(at: datetime | None) -> int:
    """The epoch milliseconds of an instant; 0 for none."""
    return 0 if at is None else int(at.timestamp() * 1000)


def _day(number: int | None) -> date | None:
    return None if number is None else day_of(number)


def days_of(numbers: Collection[int]) -> frozenset[date]:
    """The UTC days with these numbers."""
    return frozenset(day_of(number) for number in numbers)
