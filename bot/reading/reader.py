"""Files and typed words to facts: the Reader port."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from threading import BoundedSemaphore

from bot.domain.evidence import Facts, Personal, Spot
from bot.domain.filename import safe_name
from bot.domain.policy import Policy
from bot.ports.reading import FileContents
from bot.reading.apart import CELL, OPENER, SCRIPT, WORKER
from bot.reading.containers.opened import CONTAINERS
from bot.reading.containers.opener import Opener
from bot.reading.decoding import decode
from bot.reading.guard import Guard
from bot.reading.layout import Box
from bot.reading.limits import Limits
from bot.reading.media import PDF, Media, inspect
from bot.reading.pdf import pdf_facts
from bot.reading.pictures import PictureReader, Pictures, picture_facts
from bot.reading.pool import Pool
from bot.reading.processes import start_of
from bot.reading.remembered import Remembered
from bot.reading.scan import CERTIFICATE
from bot.reading.scripts.reader import ScriptReader
from bot.reading.tables import Carriers, Vocabulary
from bot.reading.words import WordsReader

_SEALED_PAGES = 3
PICTURE_NAMES = frozenset(
    (".png", ".jpg", ".jpeg", ".webp", ".heic", ".heif", ".gif", ".bmp", ".tif", ".tiff", ".avif")
)
TEXTS_AT_ONCE = 2


@dataclass(frozen=True, eq=False)
class FileReader:
    """Reads any file; pictures only as far as `pictures` can (without one: EXIF, pixels, no words). Processes are
    started by way of `socket` ("": as children)."""

    policy: Policy
    carriers: Carriers
    vocabulary: Vocabulary
    limits: Limits = field(default_factory=Limits)
    pictures: PictureReader | None = None
    socket: str = ""
    few: AbstractContextManager[object] = field(default_factory=lambda: BoundedSemaphore(TEXTS_AT_ONCE))
    """Texts are read in this process: many large ones at once would leave no time and memory for anything else."""

    def expect(self, file_names: Sequence[str]) -> None:
        """Get ready for files that are on their way, if their names say that they are pictures; returns at once."""
        if self.pictures and any(Path(name).suffix.lower() in PICTURE_NAMES for name in file_names):
            self.pictures.warm()

    def read(self, path: Path, file_name: str) -> Facts:
        """The facts of any file. A refused file is answered with `readable` False and the reason in `warnings`."""
        media = inspect(path, file_name, self.limits)
        if media.refusal:
            return self._refused(media, file_name)
        facts = self._open(media, path, file_name)
        return replace(facts, warnings=(*media.warnings, *facts.warnings))

    def read_text(self, text: str) -> Facts:
        """The facts of a typed or pasted text, of which only the part within the size limit of text files is read."""
        return self.words.read(text[: self.limits.text_bytes])

    def _refused(self, media: Media, file_name: str) -> Facts:
        return Facts(media.type, self.words.guess_kind(file_name), readable=False, warnings=(media.refusal,))

    def _open(self, media: Media, path: Path, file_name: str) -> Facts:
        if media.is_picture:
            return self._picture(media, path, file_name)
        if media.type == PDF:
            return self._pdf(path, file_name)
        if media.type in CONTAINERS:
            return self._container(media.type, path, file_name)
        return self._text(path, file_name)

    def _container(self, kind: str, path: Path, file_name: str) -> Facts:
        """What a mail, a document or a page says itself; the files in it are named, and read by who asks for them."""
        opened = self._opener.open(path, kind)
        facts = self.words.read(opened.words, file_name) if opened.words.strip() else Facts(readable=False)
        names = tuple(safe_name(name) for name, _ in opened.files)
        warnings = (*opened.warnings, *facts.warnings)
        return replace(facts, media_type=opened.type, parts=names, warnings=warnings)

    def contents(self, path: Path) -> FileContents:
        """What is in a mail, an archive, a document or a page; nothing for any other file or one that is refused."""
        media = inspect(path, "", self.limits)
        if media.refusal or media.type not in CONTAINERS:
            return FileContents()
        opened = self._opener.open(path, media.type)
        return FileContents(opened.files, bool(opened.words.strip()), opened.warnings)

    def _pdf(self, path: Path, file_name: str) -> Facts:
        seen = self._guard.run("pdf", path)
        silent = [number for number, text in enumerate(seen.get("texts", ())) if not (text or "").strip()]
        scans = self.pictures.pages(path, file_name, silent) if self.pictures and silent else {}
        facts = pdf_facts(seen, scans, file_name, self.words, self.policy.evidence.editors)
        if self.pictures and facts.kind == CERTIFICATE and facts.seal is None:
            facts = replace(facts, seal=self.pictures.seal(path, range(min(facts.pages, _SEALED_PAGES))))
        return facts

    def _picture(self, media: Media, path: Path, file_name: str) -> Facts:
        if self.pictures:
            return self.pictures.read(path, file_name, media.type)
        facts = picture_facts(self._guard.run("picture", path), media.type, self.policy.evidence.editors)
        facts = replace(facts, kind=self.words.guess_kind(file_name))
        return replace(facts, warnings=("picture_not_read", *facts.warnings)) if facts.pixels_sha256 else facts

    def crop(self, path: Path, spot: Spot) -> bytes:
        """A PNG of a fact's place with some room around it, to show to a person; b"" when it cannot be made."""
        left, top, right, bottom = spot.box
        room = max(12, bottom - top)
        return self._png(
            path, spot.page, (max(0, left - 2 * room), max(0, top - room), right + 2 * room, bottom + room), ()
        )

    def covered(self, path: Path, boxes: Sequence[Box], page: int = 0) -> bytes:
        """A PNG copy of a picture, or of a page (from 1) of a PDF, with the boxes painted over; b"" when it cannot be
        made. The original stays as it is."""
        return self._png(path, page, None, boxes)

    def places(self, path: Path, words: Sequence[str]) -> tuple[Spot, ...]:
        """Where words stand in a picture or in the pages of a PDF that are pictures."""
        return self.pictures.places(path, words) if self.pictures else ()

    def personal(self, text: str) -> tuple[str, tuple[Personal, ...]]:
        """A text as it is searched, and all that may be personal data in it."""
        return self.words.personal(text)

    def _png(self, path: Path, page: int, box: Box | None, covered: Sequence[Box]) -> bytes:
        return self.pictures.png(path, page, box, covered) if self.pictures else b""

    def _text(self, path: Path, file_name: str) -> Facts:
        with self.few:
            return self._read_text(path, file_name)

    def _read_text(self, path: Path, file_name: str) -> Facts:
        try:
            with path.open("rb") as file:
                data = file.read(self.limits.text_bytes)
        except OSError:
            return self._refused(Media("", "not_a_file"), file_name)
        text, certain = decode(data)
        facts = self.words.read(text, file_name)
        return facts if certain else replace(facts, warnings=(*facts.warnings, "encoding_unsure"))

    @cached_property
    def words(self) -> WordsReader:
        """Reads words wherever they come from."""
        return WordsReader(self.carriers, self.vocabulary, self.limits)

    @cached_property
    def _opener(self) -> Opener:
        return Opener(self.limits, start_of(OPENER, self.socket))

    @cached_property
    def _guard(self) -> Guard:
        return Guard(self.limits, start=start_of(CELL, self.socket))


def file_reader(
    policy: Policy, carriers: Carriers, vocabulary: Vocabulary, limits: Limits, socket: str = ""
) -> FileReader:
    """A reader of pictures too; the processes for them start when the first picture comes, as another user where
    the system provides the `socket` for it ("" for none)."""
    reader = FileReader(policy, carriers, vocabulary, limits, socket=socket)
    remembered, scripts = Remembered(limits.remembered), ScriptReader(limits, start_of(SCRIPT, socket))
    pool = Pool(limits, start_of(WORKER, socket))
    return replace(reader, pictures=Pictures(pool, reader.words, policy.evidence.editors, remembered, scripts))
