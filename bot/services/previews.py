"""Received exports: recognised, previewed, and imported only when somebody confirms it (domain.md §1a)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime

from bot.conversation.events import Incoming, Upload
from bot.domain.filename import safe_name
from bot.domain.orders import Shop
from bot.domain.people import Role
from bot.domain.previews import OPEN, Preview, PreviewFacts, PreviewState
from bot.domain.refusal import Refusal
from bot.messaging.card import Card
from bot.ports.clock import Clock
from bot.ports.previews import ExportFolder
from bot.ports.records import Person
from bot.ports.sources import ExportSigns
from bot.ports.store import Unit, UnitFactory
from bot.services.arriving import NOT_INSIDE, Arrived, FoundFile
from bot.services.import_cards import ImportCards
from bot.services.imports_shown import ImportsShown

LookedAt = Callable[[Sequence[Upload]], AbstractContextManager[Sequence[Arrived]]]
"""(uploads) -> what they are, and what is in them, as long as the block lasts"""
ExportedAt = Callable[[Preview], datetime]
"""(an export) -> the instant (UTC) at which somebody says that it was exported"""
Begin = Callable[[Sequence[str]], None]
"""(export ids) -> their work is begun: in the background while the program serves, else it is done now"""


@dataclass(frozen=True)
class Received:
    """What came of uploads: the `exports`, the `others` that may be evidence, and the SHA-256 of the exports that
    came in those."""

    exports: Sequence[Preview]
    others: Sequence[Upload]
    apart: Collection[str]


class Previews:
    """Receives exports and carries out what people decide about them. Nothing is written to orders here."""

    def __init__(
        self,
        units: UnitFactory,
        clock: Clock,
        looked_at: LookedAt,
        folder: ExportFolder,
        cards: ImportCards,
        begin: Begin,
        role: Role,
    ) -> None:
        """`role` is the least that may import."""
        self.units, self.clock, self.looked_at, self.folder = units, clock, looked_at, folder
        self.cards, self.begin, self.role = cards, begin, role

    def receive(self, event: Incoming, uploads: Sequence[Upload], shops: Sequence[Shop], either: bool) -> Received:
        """Keep those of the files that are exports and read them, also those in archives and mails. With `either` a
        table may be evidence as well, and people are asked first. A turn that is run again receives nothing twice."""
        with self.looked_at(uploads) as arrived:
            found = [(each, export) for each in arrived for export in each.exports]
            exports = [
                self._keep(event, number, export, each, shops, either) for number, (each, export) in enumerate(found)
            ]
            others = [each.whole.upload for each in arrived if each.may_be_evidence(either)]
        if exports:
            with self.units() as unit:
                self.cards.show(unit, event.id, bump=True)
        self.begin([each.id for each in exports if each.state is PreviewState.READING])
        return Received(exports, others, {export.sha256 for _, export in found})

    def _keep(
        self, event: Incoming, number: int, file: FoundFile, arrived: Arrived, shops: Sequence[Shop], either: bool
    ) -> Preview:
        upload, found, inside = file.upload, file.signs, file is not arrived.whole
        stored = self.folder.keep(upload.path)
        with self.units() as unit:
            shop, guess = self._guessed(unit, found, shops)
            new = Preview(
                "",
                event.id,
                event.channel,
                event.thread,
                event.person,
                event.at,
                safe_name(upload.file_name),
                stored,
                upload.size,
                found.kinds,
                found.kinds[0] if len(found.kinds) == 1 else "",
                found.sites,
                found.ids,
                tuple(each.id for each in shops),
                shop,
                guess,
                PreviewState.ASKED if either else PreviewState.READING,
                came_in=safe_name(arrived.whole.upload.file_name) if inside else "",
                warnings=arrived.warnings,
            )
            new = new if new.kind or either else replace(new, state=PreviewState.WAITING)
            kept = unit.previews.add(new, number)
        if kept.stored != stored:
            self.folder.drop(stored)
        return kept

    @staticmethod
    def _guessed(unit: Unit, found: ExportSigns, shops: Sequence[Shop]) -> tuple[str, str]:
        """The shop of a file and from what that is known: its order ids, the only shop of the channel, the site to
        which it points; "" when several fit."""
        owners = unit.orders.owners([shop.id for shop in shops], found.ids)
        if owners:
            return max(owners, key=lambda shop: owners[shop]), "ids"
        if len(shops) == 1:
            return shops[0].id, "channel"
        fitting = [shop for shop in shops if shop.site in found.sites]
        return (fitting[0].id, "site") if len(fitting) == 1 else ("", "")

    def waiting(self, channel: str) -> list[Preview]:
        """The exports of a channel about which somebody has to decide, oldest first."""
        with self.units(read_only=True) as unit:
            return unit.previews.listed(OPEN, channel)

    def card(self, group: str) -> Card:
        """The card of a message's exports as they are now."""
        with self.units(read_only=True) as unit:
            return self.cards.card(unit, group)

    def confirm(self, ids: Sequence[str], person: Person, exported: ExportedAt | None = None) -> str:
        """Import what was previewed, and give back the message that brought it. `exported` is when the person says
        that it was exported. Raises Refusal when a question is open, for a time of exporting that cannot be, or when
        somebody else has decided first: of several who confirm at once one does."""
        self._allowed(person)
        found = [self._known(each) for each in ids]
        ready = [each for each in found if each.state is PreviewState.WAITING and not each.unsettled]
        for each in ready:
            if exported and not each.newest <= (at := exported(each)) <= self.clock.now():
                raise Refusal("exported_when", file=each.file, at=at, newest=each.newest)
        won = self._decided(ready, (PreviewState.WAITING,), PreviewState.QUEUED, person, exported) if ready else []
        if not won:
            now = [self._known(each) for each in ids]
            if not all(each.decided_by == person.id and each.state not in OPEN for each in now):
                raise self._why_not(now)
        self.begin([each.id for each in won])
        return found[0].group

    def _why_not(self, found: Sequence[Preview]) -> Refusal:
        """Why nothing of this can be imported now: who was first, or what is still to be answered."""
        first = found[0]
        if first.state is PreviewState.READING:
            return Refusal("import_reading", file=first.file)
        if first.state in (PreviewState.WAITING, PreviewState.ASKED):
            return Refusal("import_unsettled", file=first.file)
        return self._late(first)

    def _late(self, preview: Preview) -> Refusal:
        who = self.name(preview.decided_by)
        return Refusal(f"import_{_OUTCOME[preview.state]}", file=preview.file, who=who, at=preview.decided_at)

    def name(self, person: str) -> str:
        """The name of a person, else the id."""
        with self.units(read_only=True) as unit:
            known = unit.records.person(person)
        return (known.name if known else "") or person

    def choose(self, preview_id: str, person: Person, shops: Collection[Shop], chosen: Mapping[str, str]) -> str:
        """Answer a question about a file: its `shop`, its `kind`, the order of its `dates`, or with `move` that the
        orders of other shops belong to this one. With the last two it is imported at once, because both were shown.
        Raises Refusal for a shop out of sight, and when somebody has decided already."""
        self._allowed(person)
        before = self._known(preview_id)
        if (shop := chosen.get("shop")) and shop not in {each.id for each in shops}:
            raise Refusal("no_such_shop", shop=shop, known=", ".join(sorted(each.id for each in shops)[:20]))
        if (kind := chosen.get("kind")) and kind not in before.kinds:
            raise Refusal("old_button")
        at_once = bool(chosen.get("dates") or chosen.get("move"))
        state = PreviewState.QUEUED if at_once else PreviewState.READING
        with self.units() as unit:
            if not unit.previews.decide(preview_id, OPEN, state, person.id, self.clock.now()):
                raise self._late(self._in(unit, preview_id))
            unit.previews.answer(_answered(self._in(unit, preview_id), chosen))
            self.cards.show(unit, before.group, bump=True)
        self.begin([preview_id])
        return before.group

    def it_is_one(self, preview_id: str, person: Person) -> str:
        """Preview a table about which was asked whether it is an export."""
        self._allowed(person)
        before = self._known(preview_id)
        state = PreviewState.READING if before.kind else PreviewState.WAITING
        if not self._decided([before], (PreviewState.ASKED,), state, person):
            raise self._late(self._known(preview_id))
        self.begin([preview_id] if before.kind else [])
        return before.group

    def cancel(self, ids: Sequence[str], person: Person) -> str:
        """Import none of these files. Raises Refusal when somebody has decided already."""
        ended = self._end(ids, person, PreviewState.CANCELLED)
        for each in ended:
            self.folder.drop(each.stored)
        return ended[0].group

    def as_evidence(self, preview_id: str, person: Person) -> tuple[str, Upload]:
        """Take a table as evidence after all: the message that brought it and the file, to be received and then
        dropped. Raises Refusal when somebody has decided already; a turn that is run again gets the file again."""
        now = self._known(preview_id)
        path = self.folder.path(now.stored)
        again = now.state is PreviewState.EVIDENCE and now.decided_by == person.id and path.exists()
        if not again:
            self._end([preview_id], person, PreviewState.EVIDENCE)
        return now.group, Upload(path, now.file, now.size)

    def drop(self, preview_id: str) -> None:
        """Delete the file of what was decided about."""
        self.folder.drop(self._known(preview_id).stored)

    def _end(self, ids: Sequence[str], person: Person, state: PreviewState) -> list[Preview]:
        ended = self._decided([self._known(each) for each in ids], OPEN, state, person)
        if not ended:
            raise self._late(self._known(ids[0]))
        return ended

    def brought(self, import_id: str) -> str:
        """The message that brought an import that was undone, "" for one that came another way."""
        with self.units(read_only=True) as unit:
            undone = unit.previews.listed([PreviewState.UNDONE])
        return next((each.group for each in undone if each.import_id == import_id), "")

    def asked(self, preview_id: str) -> tuple[ImportsShown, Preview]:
        """What has to be known to ask about a file."""
        with self.units(read_only=True) as unit:
            preview = self._in(unit, preview_id)
            return self.cards.shown(unit, preview.group), preview

    def no_exports(self, uploads: Sequence[Upload]) -> list[tuple[str, ExportSigns]]:
        """Those of the files that are tables but no exports, by name, with what is missing."""
        with self.looked_at(uploads) as arrived:
            found = [(safe_name(each.whole.upload.file_name), each.why) for each in arrived if not each.exports]
        return [(name, signs) for name, signs in found if signs.why in _TABLES]

    def _allowed(self, person: Person) -> None:
        if not person.role.may(self.role):
            raise Refusal("not_allowed", role=self.role, command="import")

    def _decided(
        self,
        previews: Sequence[Preview],
        states: Collection[PreviewState],
        new: PreviewState,
        person: Person,
        exported: ExportedAt | None = None,
    ) -> list[Preview]:
        """Those of the exports that went from one of these states to the new one, by this person alone; their card
        shows it from then on. `exported` is when the person says that they were exported."""
        now = self.clock.now()
        with self.units() as unit:
            won = [each for each in previews if unit.previews.decide(each.id, states, new, person.id, now)]
            if exported:
                for each in won:
                    unit.previews.answer(replace(self._in(unit, each.id), exported_at=exported(each)))
            for group in dict.fromkeys(each.group for each in won):
                self.cards.show(unit, group, bump=True)
        return won

    def _known(self, preview_id: str) -> Preview:
        with self.units(read_only=True) as unit:
            return self._in(unit, preview_id)

    @staticmethod
    def _in(unit: Unit, preview_id: str) -> Preview:
        if found := unit.previews.get(preview_id):
            return found
        raise Refusal("old_button")


_TABLES = ("columns_missing", NOT_INSIDE)
"""Why somebody who wrote "import" may have expected an export."""
_OUTCOME = {
    PreviewState.CANCELLED: "cancelled",
    PreviewState.EVIDENCE: "was_evidence",
    PreviewState.EXPIRED: "expired",
    PreviewState.REFUSED: "refused",
    PreviewState.UNDONE: "was_undone",
    PreviewState.TAKEN: "taken",
    PreviewState.QUEUED: "taken",
    PreviewState.RUNNING: "taken",
    PreviewState.READING: "reading",
    PreviewState.WAITING: "unsettled",
    PreviewState.ASKED: "unsettled",
}


def _answered(preview: Preview, chosen: Mapping[str, str]) -> Preview:
    if shop := chosen.get("shop"):
        return replace(preview, shop=shop, guess="person", facts=PreviewFacts(), problem="", params={})
    if kind := chosen.get("kind"):
        return replace(preview, kind=kind, facts=PreviewFacts())
    return replace(preview, chosen=chosen.get("dates", preview.chosen), move=preview.move or bool(chosen.get("move")))
