"""Files and typed words to facts: the Reader port."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from bot.domain.evidence import Facts
from bot.domain.policy import Policy
from bot.reading.decoding import decode
from bot.reading.guard import Guard
from bot.reading.limits import Limits
from bot.reading.media import PDF, Media, inspect
from bot.reading.pdf import pdf_facts
from bot.reading.pictures import PictureReader, picture_facts
from bot.reading.tables import Carriers, Vocabulary
from bot.reading.words import WordsReader

_UNOPENED = {"image/heic"}


@dataclass(frozen=True, eq=False)
class FileReader:
    """Reads any file; pictures only as far as `pictures` can (without one: EXIF, pixels, no words)."""

    policy: Policy
    carriers: Carriers
    vocabulary: Vocabulary
    limits: Limits = field(default_factory=Limits)
    pictures: PictureReader | None = None

    def read(self, path: Path, file_name: str) -> Facts:
        """See ports.Reader; every file answers, a refused one with `readable` False and the reason in `warnings`."""
        media = inspect(path, file_name, self.limits)
        if media.refusal:
            return self._refused(media, file_name)
        facts = self._open(media, path, file_name)
        return replace(facts, warnings=(*media.warnings, *facts.warnings))

    def read_text(self, text: str) -> Facts:
        """See ports.Reader; words over the size cap for text files are cut."""
        return self._words.read(text[: self.limits.text_bytes])

    def _refused(self, media: Media, file_name: str) -> Facts:
        return Facts(media.type, self._words.guess_kind(file_name), readable=False, warnings=(media.refusal,))

    def _open(self, media: Media, path: Path, file_name: str) -> Facts:
        if media.is_picture:
            return self._picture(media, path, file_name)
        if media.type == PDF:
            return pdf_facts(self._guard.run("pdf", path), file_name, self._words, self.policy.evidence.editors)
        return self._text(path, file_name)

    def _picture(self, media: Media, path: Path, file_name: str) -> Facts:
        seen = {} if media.type in _UNOPENED else self._guard.run("picture", path)
        facts = picture_facts(seen, media.type, self.policy.evidence.editors)
        facts = replace(facts, kind=self._words.guess_kind(file_name))
        unopened = media.type in _UNOPENED
        if not facts.pixels_sha256 and not unopened:
            return facts
        if self.pictures:
            return self.pictures.read(path, file_name, facts)
        details = (f"picture_no_details:{media.type}",) if unopened else ()
        return replace(facts, warnings=("picture_not_read", *details, *facts.warnings))

    def _text(self, path: Path, file_name: str) -> Facts:
        try:
            with path.open("rb") as file:
                data = file.read(self.limits.text_bytes)
        except OSError:
            return self._refused(Media("", "not_a_file"), file_name)
        text, certain = decode(data)
        facts = self._words.read(text, file_name)
        return facts if certain else replace(facts, warnings=(*facts.warnings, "encoding_unsure"))

    @cached_property
    def _words(self) -> WordsReader:
        return WordsReader(self.carriers, self.vocabulary, self.limits)

    @cached_property
    def _guard(self) -> Guard:
        return Guard(self.limits)
