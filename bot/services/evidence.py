"""Receiving evidence: the original is stored safely before anything else; then it is read and filed, or a person
is asked."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path

from bot.conversation.events import Incoming, Upload
from bot.domain.evidence import DEADLINE, Evidence, Facts
from bot.domain.filename import safe_name
from bot.domain.refusal import Refusal
from bot.ports.clock import Clock
from bot.ports.reading import Copies, LinkChecker, Reader
from bot.ports.store import Unit, UnitFactory
from bot.ports.vault import Stored, Vault
from bot.services.cases import Cases, pick_order
from bot.services.filing import Wanted, kind_of, own_numbers_of, page_of, place, seen_before
from bot.services.showing import with_crops
from bot.services.stated import Stated
from bot.services.timeline import note
from bot.services.undo import keep_evidence_act


@dataclass(frozen=True)
class _Given:
    """Something to be stored as evidence: its file name, how it gets into the vault, and how its facts are read,
    given the original's path and the orders' own tracking numbers."""

    name: str
    put: Callable[[], Stored]
    read: Callable[[Evidence, Path, Sequence[str]], None]


class EvidenceService:
    """Receives, files, withdraws and completes evidence."""

    def __init__(
        self,
        units: UnitFactory,
        clock: Clock,
        vault: Vault,
        reader: Reader,
        links: LinkChecker,
        copies: Copies,
    ) -> None:
        self.units, self.clock, self.vault = units, clock, vault
        self.reader, self.links, self.copies = reader, links, copies

    def receive(
        self,
        event: Incoming,
        wanted: Wanted,
        shops: Sequence[str],
        uploads: Sequence[Upload] = (),
        url: str = "",
        text: str = "",
        apart: Collection[str] = (),
    ) -> list[Evidence]:
        """Store files, a link and pasted words as evidence, read them, and file what is certain. Each original is
        committed before it is read, so that nothing that goes wrong later can lose it. All are filed in one
        transaction, so that a case is judged and its cards are made once. What came in the files and has one of the
        SHA-256 `apart` is no evidence of its own."""
        given = [
            _Given(safe_name(each.file_name), partial(self.vault.put, each.path), self._show) for each in uploads
        ]
        if url:
            given.append(_Given("link.txt", partial(self.vault.put_bytes, url.encode()), partial(self._visit, url)))
        if text:
            given.append(_Given("text.txt", partial(self.vault.put_bytes, text.encode()), self._read))
        if not given:
            return []
        kept = self._keep(event, given, wanted)
        own = self._own_numbers(wanted, shops) if uploads else ()
        for item, each in zip(kept, given, strict=True):
            each.read(item, self._original(item, each.put), own)
        return self._file_all([*kept, *self._taken_out(event, kept, wanted, own, apart)], wanted, shops)

    def _taken_out(
        self,
        event: Incoming,
        kept: Sequence[Evidence],
        wanted: Wanted,
        own: Sequence[str],
        apart: Collection[str],
    ) -> Iterator[Evidence]:
        """The files that came in mails, archives and documents, each an original of its own. What was sent alone too
        is kept once."""
        known = {*apart, *(item.sha256 for item in kept)}
        for carrier in [item for item in kept if item.facts.parts]:
            for name, data in self.reader.contents(self.vault.path(carrier.sha256)).files:
                digest = hashlib.sha256(data).hexdigest()
                if digest not in known:
                    known.add(digest)
                    yield self._part(
                        event,
                        carrier,
                        _Given(safe_name(name), partial(self.vault.put_bytes, data), self._show),
                        wanted,
                        own,
                    )

    def _part(
        self, event: Incoming, carrier: Evidence, given: _Given, wanted: Wanted, own: Sequence[str]
    ) -> Evidence:
        """One of them, which is not taken apart again."""
        [item] = self._keep(event, [given], wanted)
        given.read(item, self._original(item, given.put), own)
        left = ("archive_nested",) if item.facts.parts else ()
        facts = item.facts
        item.facts = replace(facts, came_in=carrier.file_name, parts=(), warnings=(*left, *facts.warnings))
        return item

    def _own_numbers(self, wanted: Wanted, shops: Sequence[str]) -> Sequence[str]:
        with self.units(read_only=True) as unit:
            return own_numbers_of(unit, wanted, shops)

    def _read(self, item: Evidence, original: Path, own: Sequence[str]) -> None:
        item.facts = self.reader.read(original, item.file_name)

    def _show(self, item: Evidence, original: Path, own: Sequence[str]) -> None:
        self._read(item, original, own)
        item.facts = with_crops(self.copies, self.vault, original, item.facts, own)

    def _visit(self, url: str, item: Evidence, original: Path, own: Sequence[str]) -> None:
        """Check whether the link opens without signing in."""
        item.link, item.link_state, item.link_checked_at = url, self.links.check(url), self.clock.now()
        # What lies behind a link is not read: a person states what it shows.
        item.facts = Facts(media_type="text/uri-list", readable=False)

    def _original(self, item: Evidence, put: Callable[[], Stored]) -> Path:
        """The path of the original. A purge of a case with the same bytes may have deleted the file after it was
        stored and before the new evidence had its row; then it is stored again, and the row now keeps it from
        being deleted."""
        with suppress(KeyError):
            return self.vault.path(item.sha256)
        return self.vault.path(put().sha256)

    def _keep(self, event: Incoming, given: "Sequence[_Given]", wanted: Wanted) -> list[Evidence]:
        """Store the originals in the vault, then their rows in one transaction."""
        stored = [each.put() for each in given]
        with self.units() as unit:
            return [
                self._keep_one(unit, event, original, each.name, wanted)
                for original, each in zip(stored, given, strict=True)
            ]

    def _keep_one(self, unit: Unit, event: Incoming, stored: Stored, name: str, wanted: Wanted) -> Evidence:
        # A turn that a crash has cut off runs again: what it had kept is not kept twice.
        if earlier := unit.evidence.received(event.id, stored.sha256, name):
            return earlier
        item = Evidence(
            id="",
            case_id=wanted.case_id,
            sha256=stored.sha256,
            size=stored.size,
            file_name=name,
            uploader=event.person,
            uploaded_at=self.clock.now(),
            facts=Facts(),
            message_id=event.id,
        )
        item = unit.evidence.add(item, event.channel)
        self._note(unit, item, event.person, "received", name=name, sha256=stored.sha256)
        return item

    def _file_all(self, items: list[Evidence], wanted: Wanted, shops: Sequence[str]) -> list[Evidence]:
        """File what was read, in one transaction, so that many files change a case's cards once."""
        with self.units() as unit:
            # A piece of a page may come before the piece that shows whose it is.
            for item in chain(items, (item for item in items if not item.filed)):
                home = next((each.case_id for each in items if each.file_name == item.facts.came_in), "")
                self._file(unit, item, replace(wanted, case_id=wanted.case_id or home), shops)
                self._count_once(unit, item)
                # What shows a deadline is no order's: nothing is asked about it.
                unit.evidence.save(item, arrived=item.kind != DEADLINE)
            for carrier in (item for item in items if item.facts.parts and not item.case_id):
                self._follow(unit, carrier, items)
        return items

    def _follow(self, unit: Unit, carrier: Evidence, items: Sequence[Evidence]) -> None:
        """Let an archive or a mail go to the case of the files that came in it, where all went to one."""
        homes = {item.case_id for item in items if item.facts.came_in == carrier.file_name}
        if len(homes) == 1 and (home := homes.pop()):
            carrier.case_id = home
            self._note(unit, carrier, carrier.uploader, "received", name=carrier.file_name, sha256=carrier.sha256)
            unit.evidence.save(carrier, arrived=True)

    def _count_once(self, unit: Unit, item: Evidence) -> None:
        """Withdraw a file that came in another when the case has it already."""
        if not (item.facts.came_in and item.case_id and item.active):
            return
        others = [other for other in unit.evidence.of_case(item.case_id) if other.id != item.id and other.active]
        if any(other.sha256 == item.sha256 for other in others):
            item.withdrawn_at = self.clock.now()
            self._note(unit, item, item.uploader, "withdrawn", name=item.file_name)

    def _file(self, unit: Unit, item: Evidence, wanted: Wanted, shops: Sequence[str]) -> None:
        """Set case, orders and kind from what the person said, else from what was read; never a guess."""
        chosen = place(unit, item, wanted, shops)
        if chosen.case and not item.case_id:
            item.case_id = chosen.case.id
            self._note(unit, item, item.uploader, "received", name=item.file_name, sha256=item.sha256)
        page = page_of(unit, item) if item.case_id and not wanted.kind else None
        item.order_ids = [] if wanted.kind == DEADLINE else list(chosen.orders) or (page.order_ids if page else [])
        item.kind = wanted.kind or kind_of(unit, item) or (page.kind if page else "")
        if item.case_id:
            item.facts = replace(item.facts, seen_before=seen_before(unit, item))
        if item.filed:
            self._note(unit, item, item.uploader, "filed", order=", ".join(item.order_ids), kind=item.kind)

    def assign(self, evidence_ids: Sequence[str], wanted: Wanted, person: str) -> list[Evidence]:
        """Record where a person says that evidence belongs, for all items or none; what is not said stays. Raises
        Refusal for what does not exist."""
        with self.units() as unit:
            return [self._assign(unit, self._find(unit, name), wanted, person) for name in evidence_ids]

    def _assign(self, unit: Unit, item: Evidence, wanted: Wanted, person: str) -> Evidence:
        self._require_work(unit, item)
        before = deepcopy(item)
        item.case_id = wanted.case_id or item.case_id
        case = unit.cases.get(item.case_id)
        if case is None and (wanted.case_id or wanted.order_id):
            raise Refusal("no_such_case", case=wanted.case_id)
        if case and wanted.order_id:
            item.order_ids = [pick_order(case, wanted.order_id).order_id]
        item.kind = wanted.kind or item.kind
        if case and not item.order_ids and len(case.appealed) == 1:
            item.order_ids = [case.appealed[0].order_id]
        unit.evidence.save(item, arrived=True)
        keep_evidence_act(unit, self.clock, before, item, person, "filed")
        if item.case_id:
            self._note(unit, item, person, "filed", order=", ".join(item.order_ids), kind=item.kind)
        return item

    def withdraw(self, evidence_ids: Sequence[str], person: str) -> list[Evidence]:
        """Take evidence out of the appeal, all of these items or none; the originals stay in the vault."""
        with self.units() as unit:
            items = [self._find(unit, evidence_id) for evidence_id in evidence_ids]
            for item in items:
                self._require_work(unit, item)
                self._withdraw(unit, item, person)
        return items

    def _withdraw(self, unit: Unit, item: Evidence, person: str) -> None:
        if item.active:
            before = deepcopy(item)
            item.withdrawn_at = self.clock.now()
            unit.evidence.save(item)
            keep_evidence_act(unit, self.clock, before, item, person, "withdrawn")
            self._note(unit, item, person, "withdrawn", name=item.file_name)

    def state(self, evidence_id: str, stated: Stated, person: str) -> Evidence:
        """Record what a person says that a picture shows: it is marked as stated by them, never as read."""
        with self.units() as unit:
            item = self._find(unit, evidence_id)
            self._require_work(unit, item)
            item.facts = stated.on(item.facts, person, self._read_words(item, stated))
            unit.evidence.save(item, arrived=True)
            self._note(unit, item, person, "stated", name=item.file_name, fields=", ".join(item.facts.stated))
        return item

    def _read_words(self, item: Evidence, stated: Stated) -> Facts:
        """The facts of a conversation that was typed in, read like one that was sent, so that it can be quoted."""
        return self.reader.read_text(stated.words) if item.kind == "conversation" and stated.words else Facts()

    def get(self, evidence_id: str) -> Evidence:
        """The item; raises Refusal when there is none."""
        with self.units(read_only=True) as unit:
            return self._find(unit, evidence_id)

    @staticmethod
    def _require_work(unit: Unit, item: Evidence) -> None:
        """Raises Refusal when the evidence is of a case in which nothing is left to appeal: it stays as it was
        submitted."""
        case = unit.cases.get(item.case_id) if item.case_id else None
        if case:
            Cases.require_work(case)

    @staticmethod
    def _find(unit: Unit, evidence_id: str) -> Evidence:
        item = unit.evidence.get(evidence_id)
        if item is None:
            raise Refusal("no_such_evidence", evidence=evidence_id)
        return item

    def _note(self, unit: Unit, item: Evidence, who: str, what: str, **params: str) -> None:
        if item.case_id:
            note(unit, self.clock, item.case_id, who, what, evidence=item.id, **params)
