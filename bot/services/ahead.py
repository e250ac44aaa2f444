"""Reading uploads before their turn comes, so that a slow picture never holds up the conversation."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.conversation.events import Upload
from bot.domain.evidence import Facts
from bot.domain.filename import safe_name
from bot.ports.reading import Reader


class ReadingAhead:
    """ports.Reader that remembers what was read of the uploads of the turns under way, by SHA-256 and name."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self._facts: dict[tuple[str, str], Facts] = {}

    @contextmanager
    def ahead(self, uploads: Sequence[Upload]) -> Iterator[None]:
        """Read the uploads now and remember the facts inside the block; a file that is gone is left to the turn."""
        keys = []
        try:
            for upload in uploads:
                with suppress(OSError):
                    keys.append(self._read_one(upload.path, safe_name(upload.file_name)))
            yield
        finally:
            for key in keys:
                self._facts.pop(key, None)

    def _read_one(self, path: Path, name: str) -> tuple[str, str]:
        with path.open("rb") as file:
            key = hashlib.file_digest(file, "sha256").hexdigest(), name
        self._facts[key] = self.reader.read(path, name)
        return key

    def read(self, path: Path, file_name: str) -> Facts:
        """Facts of an original, which the vault names by its SHA-256."""
        known = self._facts.get((path.name, file_name))
        return known or self.reader.read(path, file_name)

    def read_text(self, text: str) -> Facts:
        """Read words typed or pasted by a person."""
        return self.reader.read_text(text)
