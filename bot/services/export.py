"""The package of a case: form fields in form order, evidence renamed and indexed, SHA-256 list, timeline."""

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from tempfile import SpooledTemporaryFile
from typing import IO

from bot.domain.case import TimelineEvent
from bot.ports.clock import Clock
from bot.ports.store import UnitFactory
from bot.ports.vault import Stored, Vault
from bot.services.covering import CopyMaker
from bot.services.message_cards import MessageCards
from bot.services.packing import LeftOut, PackedPiece, Packer
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


@dataclass(frozen=True)
class Package:
    """The package as a stored file, the evidence that is not in it, and whether it holds covered copies."""

    stored: Stored
    left_out: tuple[LeftOut, ...] = ()
    covered: bool = False


class Exporter:
    """Writes the package of a case into the vault."""

    def __init__(
        self, units: UnitFactory, clock: Clock, vault: Vault, judge: Judge, texts: MessageCards, copies: CopyMaker
    ) -> None:
        self.units, self.clock, self.vault, self.judge, self.texts = units, clock, vault, judge, texts
        self.copies, self.packer = copies, Packer(vault, copies)

    def package(self, case_id: str, person: str, *, covered: bool) -> Package:
        """Make a zip of all originals that are unaltered, or of `covered` copies of them, in which nothing that was
        found of buyers' addresses, names and telephones stands in any file; what is not packed is listed. Raises
        Refusal for an unknown case, and OSError when the disk refuses."""
        judged = self.judge.judge(case_id)
        with self.units(read_only=True) as unit:
            events = unit.cases.timeline(case_id)
        cover = self.copies.cover(judged.context.evidence, judged.context.orders.values()) if covered else None
        pieces = self.packer.pieces(judged, cover)
        if earlier := self._made_before(events):
            return Package(earlier, tuple(each for each in pieces if isinstance(each, LeftOut)), covered)
        with SpooledTemporaryFile(max_size=MEMORY) as target:
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
                left_out = self._write(archive, pieces, _Texts(self.texts.form(judged), events, cover or str))
            stored = self._keep(target)
        with self.units() as unit:
            if case := unit.cases.get(case_id):
                without = ", ".join(each.item.id for each in left_out)
                made = {"sha256": stored.sha256, "without": without, "copies": "covered" if covered else ""}
                note(unit, self.clock, case.id, person, "exported", **made)
        return Package(stored, left_out, covered)

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
        self, archive: zipfile.ZipFile, pieces: Iterable[PackedPiece | LeftOut], texts: "_Texts"
    ) -> tuple[LeftOut, ...]:
        """Write all files of the package and return the evidence that is left out."""
        packed: list[PackedPiece] = []
        left_out: list[LeftOut] = []
        sums: list[str] = []
        archive.writestr("form.txt", texts.cover(texts.form))
        for piece in pieces:
            if isinstance(piece, LeftOut):
                left_out.append(piece)
                continue
            sums.append(f"{self._pack(archive, piece)}  {piece.name}\n")
            packed.append(replace(piece, copy=None))
        for name, rows in texts.tables(packed, left_out):
            archive.writestr(name, table([[texts.cover(cell) for cell in row] for row in rows]))
        archive.writestr("SHA256SUMS", "".join(sums))
        return tuple(left_out)

    def _pack(self, archive: zipfile.ZipFile, piece: PackedPiece) -> str:
        """Write a piece of evidence; return the SHA-256 of what was written."""
        if piece.copy is None:
            archive.write(self.vault.intact(piece.item.sha256), piece.name)
            return piece.item.sha256
        archive.writestr(piece.name, piece.copy)
        return hashlib.sha256(piece.copy).hexdigest()


@dataclass(frozen=True)
class _Texts:
    """What the program itself writes into a package; `cover` is applied to every text of it."""

    form: str
    events: Sequence[TimelineEvent]
    cover: Callable[[str], str]

    def tables(
        self, packed: Sequence[PackedPiece], left_out: Sequence[LeftOut]
    ) -> Iterator[tuple[str, list[Sequence[str]]]]:
        """The tables by file name."""
        if left_out:
            yield "left-out.csv", [LEFT_OUT, *map(_left_out_row, left_out)]
        yield "index.csv", [INDEX, *map(_index_row, packed)]
        yield "timeline.csv", [TIMELINE, *map(_timeline_row, self.events)]


LEFT_OUT = ("evidence", "orders", "original_name", "original_is")
TIMELINE = ("time_utc", "who", "what", "details", "message")
INDEX = ("file", "evidence", "orders", "kind", "original_name", "link", "uploaded_by", "uploaded_at_utc", "sha256")


def _left_out_row(left: LeftOut) -> tuple[str, ...]:
    return left.item.id, " ".join(left.item.order_ids), left.item.file_name, left.why


def _index_row(piece: PackedPiece) -> tuple[str, ...]:
    name, item = piece.name, piece.item
    uploaded = f"{item.uploaded_at:%Y-%m-%dT%H:%M:%SZ}"
    orders = " ".join(item.order_ids)
    return name, item.id, orders, item.kind, item.file_name, item.link, item.uploader, uploaded, item.sha256


def _timeline_row(event: TimelineEvent) -> tuple[str, ...]:
    at = f"{event.at:%Y-%m-%dT%H:%M:%SZ}"
    return at, event.who, event.what, _params(event.params), event.message_id


def _params(params: dict[str, str]) -> str:
    return "; ".join(f"{key}={value}" for key, value in params.items() if value)
