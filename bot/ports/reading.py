"""From bytes and links to facts."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from bot.domain.evidence import Facts, LinkState, Spot


class Reader(Protocol):
    """Bytes to facts. Never raises for bad content: what cannot be read says so in the facts' `warnings`."""

    def read(self, path: Path, file_name: str) -> Facts:
        """Read one file; `file_name` is the sender's and only a hint."""
        ...

    def read_text(self, text: str) -> Facts:
        """Read words typed or pasted by a person."""
        ...


class Copies(Protocol):
    """Copies of parts of an original for people to see; the original stays as it is. Never raises for bad content."""

    def crop(self, path: Path, spot: Spot) -> bytes:
        """A PNG of a fact's place with some room around it; b"" when it cannot be made."""
        ...

    def places(self, path: Path, words: Sequence[str]) -> tuple[Spot, ...]:
        """Where words stand in a picture."""
        ...

    def covered(self, path: Path, boxes: Sequence[tuple[int, int, int, int]], page: int = 0) -> bytes:
        """A PNG copy of a picture with the boxes painted over; b"" when it cannot be made."""
        ...


class LinkChecker(Protocol):
    """Opens links as a stranger would."""

    def check(self, url: str) -> LinkState:
        """PUBLIC when the link opens without signing in; REFUSED for hosts that must not be asked."""
        ...
