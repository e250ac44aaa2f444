"""Reads uploads before their turn takes the lock of the conversation, so that a slow picture does not delay
others."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.conversation.events import Upload
from bot.domain.evidence import Facts
from bot.domain.filename import safe_name
from bot.ports.reading import Reader
from bot.ports.sources import ExportReader, ExportSigns


class ArrivingFiles:
    """Recognises exports among uploads before their turn takes the lock of the conversation, and has the other files
    read as evidence. What was recognised is remembered until the turn is over."""

    def __init__(self, reader: "PrefetchingReader", exports: ExportReader) -> None:
        self.reader, self.exports = reader, exports
        self._signs: dict[Path, ExportSigns] = {}

    @contextmanager
    def ahead(self, uploads: Sequence[Upload]) -> Iterator[None]:
        """Look at the uploads, and remember what was seen until the block ends."""
        whole = [each for each in uploads if not each.problem]
        try:
            self._signs |= {each.path: self.exports.recognise(each.path) for each in whole}
            with self.reader.ahead([each for each in uploads if not self.signs(each).kinds]):
                yield
        finally:
            for each in whole:
                self._signs.pop(each.path, None)

    def signs(self, upload: Upload) -> ExportSigns:
        """What an upload is; remembered, or looked at now."""
        known = self._signs.get(upload.path)
        return known or (ExportSigns() if upload.problem else self.exports.recognise(upload.path))


class PrefetchingReader:
    """A reader that remembers what it read in the uploads of running turns, by SHA-256 and file name."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self._facts: dict[tuple[str, str], Facts] = {}

    @contextmanager
    def ahead(self, uploads: Sequence[Upload]) -> Iterator[None]:
        """Read the uploads, and remember the facts until the block ends. A file that is gone is skipped; the turn
        deals with it."""
        keys = []
        try:
            for upload in uploads:
                with suppress(OSError):
                    keys += self._read_all(upload.path, safe_name(upload.file_name))
            yield
        finally:
            for key in keys:
                self._facts.pop(key, None)

    def _read_all(self, path: Path, name: str) -> list[tuple[str, str]]:
        """Read a file, and the files that came in it."""
        keys = [self._read_one(path, name)]
        with TemporaryDirectory() as folder:
            for number, (part, data) in enumerate(self.parts(path) if self._facts[keys[0]].parts else ()):
                copy = Path(folder) / str(number)
                copy.write_bytes(data)
                keys.append(self._read_one(copy, safe_name(part)))
        return keys

    def parts(self, path: Path) -> Sequence[tuple[str, bytes]]:
        """The files that came in a file."""
        return self.reader.parts(path)

    def _read_one(self, path: Path, name: str) -> tuple[str, str]:
        with path.open("rb") as file:
            key = hashlib.file_digest(file, "sha256").hexdigest(), name
        self._facts[key] = self.reader.read(path, name)
        return key

    def read(self, path: Path, file_name: str) -> Facts:
        """The facts of an original, whose file in the vault is named by its SHA-256; remembered, or read now."""
        known = self._facts.get((path.name, file_name))
        return known or self.reader.read(path, file_name)

    def read_text(self, text: str) -> Facts:
        """Read a text that a person typed or pasted."""
        return self.reader.read_text(text)
