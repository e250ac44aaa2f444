"""Reading facts from files, texts and links."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.domain.evidence import Facts, LinkState, Personal, Spot


@dataclass(frozen=True)
class FileContents:
    """What is in a mail, an archive or a document, one level deep: its files by the names that it gives them, whether
    it has words of its own, and the keys of what was left out of it (bot/domain/remark.py)."""

    files: tuple[tuple[str, bytes], ...] = ()
    has_words: bool = False
    warnings: tuple[str, ...] = ()


class Reader(Protocol):
    """Reads facts from files and texts. Never raises for bad content: what cannot be read is listed in the facts'
    `warnings`."""

    def read(self, path: Path, file_name: str) -> Facts:
        """Read one file. `file_name` is the sender's: a hint to the kind of file, never trusted."""
        ...

    def contents(self, path: Path) -> FileContents:
        """What is in a mail, an archive or a document; nothing for other files."""
        ...

    def read_text(self, text: str) -> Facts:
        """Read a text that a person typed or pasted."""
        ...


class Copies(Protocol):
    """Makes pictures of parts of an original for people to look at; the original is not changed. Never raises for
    bad content."""

    def crop(self, path: Path, spot: Spot) -> bytes:
        """A PNG of the place of a fact with a margin around it; b"" when it cannot be made."""
        ...

    def places(self, path: Path, words: Sequence[str]) -> tuple[Spot, ...]:
        """The places in a picture where these words stand."""
        ...

    def covered(self, path: Path, boxes: Sequence[tuple[int, int, int, int]], page: int = 0) -> bytes:
        """A PNG copy of a picture with the boxes (left, top, right, bottom in pixels) painted over; b"" when it
        cannot be made. It holds pixels alone, and nothing of what the file says of itself."""
        ...

    def personal(self, text: str) -> tuple[str, tuple[Personal, ...]]:
        """A text of an original as it is searched, and all that may be personal data in it: rather too much than too
        little."""
        ...


class LinkChecker(Protocol):
    """Opens links without signing in, as the platform's reviewers would."""

    def check(self, url: str) -> LinkState:
        """Whether the link opens: PUBLIC when it does so without signing in, REFUSED for hosts that must not be
        contacted."""
        ...
