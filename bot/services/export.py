"""The package of a case: form fields in form order, evidence renamed and indexed, SHA-256 list, timeline."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import IO

from bot.domain.case import TimelineEvent
from bot.domain.evidence import DEADLINE, Evidence
from bot.ports.clock import Clock
from bot.ports.store import UnitFactory
from bot.ports.vault import Stored, Vault
from bot.services.integrity import state
from bot.services.judgement import Judgement
from bot.services.message_cards import MessageCards
from bot.services.review import Judge
from bot.services.timeline import cause, note

MEMORY = 8_000_000


def safe_cell(value: str) -> str:
    """The value as a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def table(rows: Iterable[Sequence[str]]) -> str:
    """The rows as CSV with a byte order mark, so that Excel reads Chinese."""
    text = io.StringIO()
    csv.writer(text).writerows([safe_cell(cell) for cell in row] for row in rows)
    return "\ufeff" + text.getvalue()


def entry_name(number: int, item: Evidence, accepted: Sequence[str]) -> str:
    """The evidence's file name in the package: order, number, kind, id and the sender's file extension. `accepted`
    are the orders whose rules accept the evidence: what is accepted for no order goes to a folder of its own, and
    what is accepted for one order not to another's, so that nobody submits it by mistake."""
    ending = PurePosixPath(item.file_name).suffix.lower()
    ending = ending if ending[1:].isalnum() and len(ending) <= 6 else ".bin"
    if item.kind == DEADLINE:
        return f"deadline/{number:03d}-{item.id}{ending}"
    orders = accepted or item.order_ids
    folder = orders[0] if len(orders) == 1 else "several-orders" if orders else "not-filed"
    folder = re.sub(r"[^A-Za-z0-9_-]+", "-", folder)
    top = "evidence" if accepted else "not-accepted"
    return f"{top}/{folder}/{number:03d}-{item.kind or 'unknown'}-{item.id}{ending}"


@dataclass(frozen=True)
class LeftOut:
    """Evidence that could not be packed: its original is "missing" or "altered"."""

    item: Evidence
    why: str


@dataclass(frozen=True)
class Package:
    """The package as a stored file, and the evidence that is not in it."""

    stored: Stored
    left_out: tuple[LeftOut, ...] = ()


class Exporter:
    """Writes the package of a case into the vault."""

    def __init__(self, units: UnitFactory, clock: Clock, vault: Vault, judge: Judge, texts: MessageCards) -> None:
        self.units, self.clock, self.vault, self.judge, self.texts = units, clock, vault, judge, texts

    def package(self, case_id: str, person: str) -> Package:
        """Make a zip of all originals that are unaltered; the others are listed. Raises Refusal for an unknown
        case, and OSError when the disk refuses."""
        judged = self.judge.judge(case_id)
        with self.units(read_only=True) as unit:
            events = unit.cases.timeline(case_id)
        packed, left_out = self._examined(judged)
        if earlier := self._made_before(events):
            return Package(earlier, left_out)
        with SpooledTemporaryFile(max_size=MEMORY) as target:
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
                self._write(archive, judged, packed, left_out)
                archive.writestr("timeline.csv", table([TIMELINE, *map(_timeline_row, events)]))
            stored = self._keep(target)
        with self.units() as unit:
            if case := unit.cases.get(case_id):
                without = ", ".join(each.item.id for each in left_out)
                note(unit, self.clock, case.id, person, "exported", sha256=stored.sha256, without=without)
        return Package(stored, left_out)

    def _examined(self, judged: Judgement) -> tuple[list[Evidence], tuple[LeftOut, ...]]:
        """The evidence whose originals are unaltered, and the evidence that is left out."""
        active = [item for item in judged.context.evidence if item.active]
        states = [(item, state(self.vault, item.sha256)) for item in active]
        return [item for item, why in states if not why], tuple(LeftOut(item, why) for item, why in states if why)

    def _made_before(self, events: Sequence[TimelineEvent]) -> Stored | None:
        """The package that a turn made before a crash interrupted it, so that the same message does not make
        another; else None."""
        mine = [event for event in events if event.what == "exported" and event.message_id == cause() != ""]
        with suppress(KeyError):
            return next((self.vault.stored(event.params["sha256"]) for event in mine), None)
        return None

    def _keep(self, target: IO[bytes]) -> Stored:
        target.seek(0)
        return self.vault.put_bytes(target.read())

    def _write(
        self,
        archive: zipfile.ZipFile,
        judged: Judgement,
        packed: Sequence[Evidence],
        left_out: Sequence[LeftOut],
    ) -> None:
        good = judged.review.accepted
        entries = [(entry_name(number, item, good.get(item.id, ())), item) for number, item in enumerate(packed, 1)]
        archive.writestr("form.txt", self.texts.form(judged))
        for name, item in entries:
            archive.write(self.vault.intact(item.sha256), name)
        if left_out:
            rows = [(each.item.id, " ".join(each.item.order_ids), each.item.file_name, each.why) for each in left_out]
            archive.writestr("left-out.csv", table([LEFT_OUT, *rows]))
        archive.writestr("index.csv", table([INDEX, *(_index_row(name, item) for name, item in entries)]))
        archive.writestr("SHA256SUMS", "".join(f"{item.sha256}  {name}\n" for name, item in entries))


LEFT_OUT = ("evidence", "orders", "original_name", "original_is")
TIMELINE = ("time_utc", "who", "what", "details", "message")
INDEX = ("file", "evidence", "orders", "kind", "original_name", "link", "uploaded_by", "uploaded_at_utc", "sha256")


def _index_row(name: str, item: Evidence) -> tuple[str, ...]:
    uploaded = f"{item.uploaded_at:%Y-%m-%dT%H:%M:%SZ}"
    orders = " ".join(item.order_ids)
    return name, item.id, orders, item.kind, item.file_name, item.link, item.uploader, uploaded, item.sha256


def _timeline_row(event: TimelineEvent) -> tuple[str, ...]:
    at = f"{event.at:%Y-%m-%dT%H:%M:%SZ}"
    return at, event.who, event.what, _params(event.params), event.message_id


def _params(params: dict[str, str]) -> str:
    return "; ".join(f"{key}={value}" for key, value in params.items() if value)
