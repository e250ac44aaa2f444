"""Imports received exports as durable work: in many small transactions, so that conversations never wait for it."""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.act import Act
from bot.domain.previews import AT_WORK, Preview, PreviewState
from bot.domain.trail import Actor
from bot.ports.clock import Clock
from bot.ports.previews import ExportFolder
from bot.ports.sources import Batch, ExportReader, ExportRefused
from bot.ports.store import DatabaseError, Unit, UnitFactory
from bot.services.import_cards import ImportCards
from bot.services.importing import IMPORTED, Claiming, DataChange, Importing, days_of, to_ms
from bot.services.imports import ImportReport, note_reach, write
from bot.services.surveying import GiveWay, Surveyor, between

log = logging.getLogger(__name__)

HELD, LATER = timedelta(minutes=2), timedelta(seconds=20)
"""How long a process may be silent before another takes its work over, and how long work waits after a fault."""
PAUSE_SECONDS, PAUSE_SHARE = 0.03, 0.5
"""The least pause between two transactions, and how much of the time of one it takes at least: a writer who waits
looks again only now and then, and needs several turns for one answer."""
WAY_SECONDS, WAY_SHARE = 0.15, 2.0
"""How long it gives way to conversations between two transactions at most, and how much of the time of one."""
TELL_SECONDS = 2.0


@dataclass(frozen=True)
class ImportWorker:
    """The process that works: its name, and the machine's real time, which no setting stops."""

    name: str
    clock: Clock


class LostToAnother(Exception):
    """Another process has taken the work over, because this one was silent for too long."""


class Ending(Exception):
    """The program ends; the work goes on at the next start."""


class ImportWork:
    """Reads received exports, and imports those that were confirmed. What a crash interrupts goes on with the part
    at which it stopped; of one shop's files one is written at a time."""

    def __init__(
        self,
        units: UnitFactory,
        worker: ImportWorker,
        exports: ExportReader,
        folder: ExportFolder,
        importing: Importing,
        cards: ImportCards,
        give_way: GiveWay = lambda most: None,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        """`give_way(seconds)` lets conversations go first, for so long at most. `ending` is set when the program
        ends: work then stops between two transactions."""
        self.ending = threading.Event()
        self.units, self.worker, self.exports, self.folder = units, worker, exports, folder
        self.importing, self.cards, self.pause, self.clock = importing, cards, pause, importing.clock
        self.give_way = give_way
        self.surveyor = Surveyor(units, importing.clock, exports, folder, give_way)

    def sweep(self, states: Collection[PreviewState] = AT_WORK) -> None:
        """Do what is due in these states, oldest first; what another process does is left to it. A fault is told in
        the log, and what is due is looked for again at the next call."""
        try:
            with self.units(read_only=True) as unit:
                due = [each.id for each in unit.previews.listed(states)]
            for preview_id in due:
                self.run(preview_id)
        except Exception:
            log.exception("imports stand still; tried again")

    def run(self, preview_id: str) -> None:
        """Read or import one export, as far as it is to be. What goes wrong is told on its card; after a fault of
        the machine it is tried again later."""
        now = self.worker.clock.now()
        with self.units() as unit:
            if not unit.previews.claim(preview_id, AT_WORK, self.worker.name, now, now + HELD):
                return
        try:
            self._work(preview_id)
        except LostToAnother:
            return
        except Ending:
            log.info("the import %s goes on at the next start", preview_id)
        except (DatabaseError, OSError) as error:
            log.warning("the import %s stands still and is tried again: %s", preview_id, error)
            self._later(preview_id, error)
            return
        with self.units() as unit:
            unit.previews.release(preview_id, self.worker.name)

    def _work(self, preview_id: str) -> None:
        preview = self._loaded(preview_id)
        try:
            if preview.state is PreviewState.READING:
                self._read(preview)
            elif preview.state is PreviewState.QUEUED:
                self._begin(self._read_anew(preview))
            if (preview := self._loaded(preview_id)).state is PreviewState.RUNNING:
                self._write(preview)
        except ExportRefused as refused:
            self._settle(preview_id, PreviewState.REFUSED, problem=refused.key, params=refused.params)
        except FileNotFoundError:
            self._settle(preview_id, PreviewState.REFUSED, problem="file_gone", params={})

    def _loaded(self, preview_id: str) -> Preview:
        with self.units(read_only=True) as unit:
            found = unit.previews.get(preview_id)
        assert found, "a row of a received export is never deleted while it is worked on"
        return found

    def _read(self, preview: Preview) -> None:
        """Read the file, and show what it holds."""
        facts = self.surveyor.survey(preview)
        self._settle(preview.id, PreviewState.WAITING, facts=facts, problem="", params={})

    def _read_anew(self, preview: Preview) -> Preview:
        """The export with its rows as they were confirmed: read again where the order of its dates was chosen."""
        if preview.facts.parts and preview.chosen in ("", preview.facts.dates):
            return preview
        again = replace(preview, facts=self.surveyor.survey(preview))
        with self.units() as unit:
            unit.previews.save(again)
        return again

    def _settle(self, preview_id: str, state: PreviewState, **values: object) -> None:
        """Leave it in that state, unless somebody has decided something else meanwhile, and show it."""
        with self.units() as unit:
            now = unit.previews.get(preview_id)
            if now and now.state in AT_WORK:
                if now.state is PreviewState.RUNNING:
                    unit.trail.by(_importing(now))
                    unit.imports.undo(int(now.import_id), now.decided_by, self.clock.now())
                unit.previews.save(replace(now, state=state, **values))  # type: ignore[arg-type]
                self.cards.show(unit, now.group, bump=True)

    def _begin(self, preview: Preview) -> None:
        """Begin to write, after making sure that no order is another shop's and no other file of the shop is being
        written."""
        if not preview.move and (foreign := self._foreign(preview)):
            ids = set().union(*foreign.values())
            facts = replace(
                preview.facts, elsewhere={each: len(known) for each, known in foreign.items()}, example=min(ids)
            )
            self._settle(preview.id, PreviewState.WAITING, facts=facts)
            return
        with self.units() as unit:
            if unit.imports.running(preview.shop):
                return
            unit.trail.by(_importing(preview))
            writer = unit.imports.begin(
                preview.shop, preview.kind, preview.file, preview.decided_by, self.clock.now(), running=True
            )
            begun = replace(preview, state=PreviewState.RUNNING, import_id=str(writer.import_id), written=0)
            unit.previews.save(begun)
            self.cards.show(unit, preview.group)

    def _foreign(self, preview: Preview) -> dict[str, set[str]]:
        """The orders of the file that other shops have, by shop."""
        found: dict[str, set[str]] = {}
        with self.units(read_only=True) as unit:
            compared = unit.imports.compared()
            for batch in between(self._batches(preview, 0), self.give_way):
                ids = [row[0] for row in (*batch.orders, *batch.defects)]
                for other, known in compared.elsewhere(preview.shop, ids).items():
                    found.setdefault(other, set()).update(known)
        return found

    def _batches(self, preview: Preview, start: int) -> Iterator[Batch]:
        for line in self.folder.rows(preview.stored, start):
            try:
                yield self.exports.batch_of(line)
            except ValueError:
                raise ExportRefused("stopped", {}) from None

    def _write(self, preview: Preview) -> None:
        told = time.monotonic()
        for batch in self._batches(preview, preview.written):
            begun = time.monotonic()
            with self.units() as unit:
                if not unit.previews.renew(preview.id, self.worker.name, self.worker.clock.now() + HELD):
                    raise LostToAnother
                preview = self._written(unit, preview, batch)
                unit.previews.save(preview)
                if time.monotonic() - told > TELL_SECONDS:
                    told = time.monotonic()
                    self.cards.show(unit, preview.group)
            if self.ending.is_set():
                raise Ending
            spent = time.monotonic() - begun
            self.pause(max(PAUSE_SECONDS, PAUSE_SHARE * spent))
            self.give_way(max(WAY_SECONDS, WAY_SHARE * spent))
        with self.units() as unit:
            self._finish(unit, preview)
        self.folder.drop(preview.stored)

    @staticmethod
    def _written(unit: Unit, preview: Preview, batch: Batch) -> Preview:
        """Write one part; returns how far the export is then."""
        writer = unit.imports.go_on(int(preview.import_id))
        claiming = Claiming(writer, preview.shop, preview.move)
        write(batch, preview.shop, claiming)
        writer.settle(newest_known(preview))
        return replace(
            preview,
            written=preview.written + 1,
            lost=_joined(preview.lost, claiming.lost),
            differences=preview.differences + len(writer.differences),
        )

    def _finish(self, unit: Unit, preview: Preview) -> None:
        """Everything that follows from the import, in one transaction with its end."""
        number, shop, facts = preview.import_id, preview.shop, preview.facts
        report = ImportReport(shop, preview.kind, facts.rows, facts.orders, days=set(facts.days), id=number)
        note_reach(report, unit.orders, number, preview.exported_at)
        days = report.told | unit.statuses.reconsider(shop)
        unit.trail.by(_importing(preview))
        unit.imports.finish(int(number), facts.rows, facts.days, facts.dates, newest_known(preview))
        for other, lost in {**{each: set(numbers) for each, numbers in preview.lost.items()}, shop: days}.items():
            change = DataChange(other, days_of(lost), preview.decided_by, f"import {number}")
            self.importing.measure(unit, change)
        made = Act(
            "", self.clock.now(), preview.decided_by, IMPORTED, {"import": {"id": [None, number]}}, preview.group
        )
        unit.acts.add(made)
        unit.previews.save(replace(preview, state=PreviewState.TAKEN, problem="", params={}))
        self.cards.show(unit, preview.group, bump=True)

    def _later(self, preview_id: str, error: Exception) -> None:
        """Try again after a while, and say on the card why it stands still, where that can be stored."""
        with suppress(DatabaseError), self.units() as unit:
            unit.previews.renew(preview_id, self.worker.name, self.worker.clock.now() + LATER)
            if found := unit.previews.get(preview_id):
                fault = error.fault if isinstance(error, DatabaseError) else "full"
                unit.previews.save(replace(found, problem="stands_still", params={"fault": fault}))
                self.cards.show(unit, found.group)


def newest_known(preview: Preview) -> int:
    """How new what the export says is, epoch milliseconds: its newest row's time, or that of its export."""
    return max(preview.facts.newest, to_ms(preview.exported_at))


def _joined(one: Mapping[str, Sequence[int]], other: Mapping[str, set[int]]) -> dict[str, tuple[int, ...]]:
    return {each: tuple(sorted({*one.get(each, ()), *other.get(each, ())})) for each in {*one, *other}}


def _importing(preview: Preview) -> Actor:
    """Who has an export written: whoever decided it, however long ago; all of it is one act."""
    return Actor(preview.decided_by, preview.channel, what="import", act=f"import of {preview.id}")
