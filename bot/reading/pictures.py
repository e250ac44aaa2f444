"""Pictures to facts: what the file says of itself, and the words that it shows."""

import hashlib
import logging
import re
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from bot.domain.evidence import CaptureSource, Facts, Spot
from bot.reading.editors import editing_traces
from bot.reading.layout import Box, Sheet
from bot.reading.limits import Limits
from bot.reading.pool import Pool, Stopped, Unavailable, Worker
from bot.reading.remembered import Remembered
from bot.reading.scan import Scan, doubtful, is_final, located, scan, sheet_of, word_spots
from bot.reading.scripts.reader import ScriptReader
from bot.reading.words import WordsReader

log = logging.getLogger(__name__)

STOPPED: dict[str, Any] = {"warnings": ["reading_stopped"]}
_TAKEN = re.compile(r"(\d{4}):(\d\d):(\d\d)[ T](\d\d):(\d\d):(\d\d)")
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")


class PictureReader(Protocol):
    """Reads the words in pictures and in pages that are pictures."""

    def warm(self) -> None:
        """Get ready for a picture that is on its way; returns at once."""
        ...

    def read(self, path: Path, file_name: str, media_type: str) -> Facts:
        """The facts of a picture. Never raises for bad content."""
        ...

    def pages(self, path: Path, file_name: str, numbers: Sequence[int]) -> dict[int, Scan]:
        """What pages (from 0) of a PDF show; a page that could not be read is left out."""
        ...

    def seal(self, path: Path, numbers: Iterable[int]) -> bool | None:
        """Whether a red seal is seen on one of these pages (from 0) of a PDF; None when none could be looked at."""
        ...

    def places(self, path: Path, words: Sequence[str]) -> tuple[Spot, ...]:
        """The places in a picture where these words stand; empty when it cannot be read."""
        ...

    def png(self, path: Path, page: int, box: Box | None, covered: Sequence[Box]) -> bytes:
        """A PNG of a picture, or of the page `page` (from 1) of a PDF: cut to `box` when given, with the boxes
        `covered` painted over; b"" when it cannot be made."""
        ...


@dataclass(frozen=True, eq=False)
class Pictures:
    """Reads pictures in a pool of disposable processes; the same picture is read once."""

    pool: Pool
    words: WordsReader
    editors: tuple[str, ...]
    remembered: Remembered = field(default_factory=lambda: Remembered(200))
    scripts: ScriptReader = field(default_factory=lambda: ScriptReader(Limits()))

    def warm(self) -> None:
        """Let a process get ready when none is."""
        self.pool.warm()

    def read(self, path: Path, file_name: str, media_type: str) -> Facts:
        """The facts of a picture, with a warning when it could not be read."""
        try:
            data = path.read_bytes()
            seen = self._seen(data, file_name)
        except OSError:
            return self._base({"warnings": ["not_a_file"]}, media_type, file_name)
        except Stopped as error:
            log.warning("reading a picture was stopped: %s", error)
            return self._base(STOPPED, media_type, file_name)
        except Unavailable as error:
            log.warning("pictures cannot be read: %s", error)
            return self._base({"warnings": ["picture_not_read"]}, media_type, file_name)
        base = self._base(seen["look"], media_type, file_name)
        return self._with_words(base, _scan(seen["scan"]), file_name) if "scan" in seen else base

    def pages(self, path: Path, file_name: str, numbers: Sequence[int]) -> dict[int, Scan]:
        """What these pages (from 0) of a PDF show; a page that could not be read is left out."""
        data, given_up = path.read_bytes(), threading.Event()
        key = hashlib.sha256(data).hexdigest()

        def page(number: int) -> Scan | None:
            # A page that exhausts its limits is seldom alone: the others of the file are not tried any more.
            return None if given_up.is_set() else self._page(key, data, file_name, number, given_up)

        with ThreadPoolExecutor(self.pool.size) as threads:
            found = threads.map(page, numbers)
            return {number: seen for number, seen in zip(numbers, found, strict=True) if seen}

    def seal(self, path: Path, numbers: Iterable[int]) -> bool | None:
        """Whether a red seal is seen on one of these pages (from 0); None when none could be looked at."""
        data, looked = path.read_bytes(), False
        try:
            with self.pool.worker() as worker:
                for number in numbers:
                    if "size" in worker.ask("page", data, number=number):
                        looked = True
                        if worker.ask("seal").get("seal"):
                            return True
        except (Stopped, Unavailable) as error:
            log.warning("nobody could look for a seal: %s", error)
        return False if looked else None

    def places(self, path: Path, words: Sequence[str]) -> tuple[Spot, ...]:
        """The places in a picture where these words stand; empty when it cannot be read."""
        try:
            seen = self._seen(path.read_bytes(), "")
        except (OSError, Stopped, Unavailable):
            return ()
        return tuple(word_spots(sheet_of(_scan(seen["scan"]), self.words), words)) if "scan" in seen else ()

    def png(self, path: Path, page: int, box: Box | None, covered: Sequence[Box]) -> bytes:
        """A PNG as PictureReader describes it; b"" when it cannot be made."""
        try:
            return self.pool.png(path.read_bytes(), page - 1 if page else None, box, covered)
        except (OSError, Stopped, Unavailable) as error:
            log.warning("no copy of a picture could be made: %s", error)
            return b""

    def _seen(self, data: bytes, file_name: str) -> dict[str, Any]:
        key = hashlib.sha256(data).hexdigest()
        known: dict[str, Any] | None = self.remembered.get(key)
        if known is None:
            with self.pool.worker() as worker:
                known = self._look(worker, data, file_name)
            if is_final(known.get("scan", {"warnings": ()})):
                self.remembered.keep(key, known)
        return known

    def _look(self, worker: Worker, data: bytes, file_name: str) -> dict[str, Any]:
        look = worker.ask("look", data)
        if not (pixels := look.get("pixels_sha256")):
            return {"look": look}
        shown = self.remembered.get(pixels)
        if shown is None:
            shown = asdict(scan(worker, self.words, self.scripts, file_name, look["size"]))
            if is_final(shown):
                self.remembered.keep(pixels, shown)
        return {"look": look, "scan": shown}

    def _page(self, key: str, data: bytes, file_name: str, number: int, given_up: threading.Event) -> Scan | None:
        if known := self.remembered.get(f"{key} {number}"):
            return _scan(known)
        try:
            with self.pool.worker() as worker:
                look = worker.ask("page", data, number=number)
                if "size" not in look:
                    return None
                seen = scan(worker, self.words, self.scripts, file_name, look["size"])
        except (Stopped, Unavailable) as error:
            log.warning("page %d cannot be read: %s", number + 1, error)
            given_up.set()
            return None
        if is_final(asdict(seen)):
            self.remembered.keep(f"{key} {number}", asdict(seen))
        return seen

    def _base(self, look: dict[str, Any], media_type: str, file_name: str) -> Facts:
        return replace(picture_facts(look, media_type, self.editors), kind=self.words.guess_kind(file_name))

    def _with_words(self, base: Facts, seen: Scan, file_name: str) -> Facts:
        sheet = sheet_of(seen, self.words)
        if not sheet.text:
            return replace(base, warnings=(*base.warnings, *(seen.warnings or ("picture_no_words",))))
        facts = located(self.words.read(sheet.text, file_name, sheet), sheet, seen, self.words)
        return replace(
            facts,
            media_type=base.media_type,
            readable=True,
            captured_at=facts.captured_at or base.captured_at,
            captured_from=facts.captured_from or base.captured_from,
            pixels_sha256=base.pixels_sha256,
            traces_of_editing=base.traces_of_editing,
            seal=seen.seal,
            warnings=(*base.warnings, *facts.warnings, *(seen.warnings or _doubt(sheet))),
        )


def _scan(data: dict[str, Any]) -> Scan:
    again = {number: tuple(texts) for number, texts in data["again"].items()}
    return Scan(tuple(data["lines"]), again, data["seal"], tuple(data["size"]), tuple(data["warnings"]))


def _doubt(sheet: Sheet) -> tuple[str, ...]:
    return ("picture_words_doubtful",) if doubtful([item.line for item in sheet.placed]) else ()


def picture_facts(seen: dict[str, Any], media_type: str, editors: Iterable[str]) -> Facts:
    """Facts from what the guarded process saw in a picture, nothing read in it yet; EXIF times without an
    offset are taken for UTC."""
    taken = _taken_at(*seen.get("taken", ("", "")))
    facts = Facts(
        media_type,
        readable=False,
        captured_at=taken,
        captured_from=CaptureSource.EXIF if taken else None,
        pixels_sha256=seen.get("pixels_sha256", ""),
        traces_of_editing=editing_traces(seen.get("tools", ()), editors),
        warnings=tuple(seen.get("warnings", ())),
    )
    return replace(facts, warnings=(*facts.warnings, "animated")) if seen.get("animated") else facts


def _taken_at(printed: str, offset: str) -> datetime | None:
    match = _TAKEN.match(printed)
    if not match:
        return None
    try:
        local = datetime(*map(int, match.groups()), tzinfo=UTC)  # type: ignore[misc, arg-type]
        zone = _OFFSET.fullmatch(offset)
        east = timedelta(hours=int(zone[2]), minutes=int(zone[3])) if zone else timedelta()
        return local + east if zone and zone[1] == "-" else local - east
    except (ValueError, OverflowError):
        return None
