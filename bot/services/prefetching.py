"""Reads uploads before their turn takes the lock of the conversation, so that a slow picture does not delay
others."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.conversation.events import Upload
from bot.domain.evidence import Facts
from bot.domain.filename import safe_name
from bot.ports.reading import FileContents, Reader


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
                    keys.append(self._read_one(upload.path, safe_name(upload.file_name)))
            yield
        finally:
            for key in keys:
                self._facts.pop(key, None)

    def contents(self, path: Path) -> FileContents:
        """What is in a mail, an archive or a document."""
        return self.reader.contents(path)

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
