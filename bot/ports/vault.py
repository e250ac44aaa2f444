"""Where originals are kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol


class Altered(KeyError):
    """The original under this SHA-256 is no longer what it was."""


@dataclass(frozen=True)
class Stored:
    """What the vault knows of one original."""

    sha256: str
    size: int


class Vault(Protocol):
    """Originals by SHA-256: written once, fsynced, never overwritten."""

    def put(self, path: Path) -> Stored:
        """Keep the bytes of `path`; the same bytes twice are kept once. Raises OSError when the disk refuses."""
        ...

    def put_bytes(self, data: bytes) -> Stored:
        """Keep `data`."""
        ...

    def path(self, sha256: str) -> Path:
        """Where the original lies; raises KeyError when there is none."""
        ...

    def intact(self, sha256: str) -> Path:
        """The same, once all of it was read and has that SHA-256; raises Altered when it has another."""
        ...

    def kept(self) -> Iterator[str]:
        """The SHA-256 of everything that is kept, by name alone."""
        ...

    def stored(self, sha256: str) -> Stored:
        """What is known of the original; raises KeyError when there is none."""
        ...

    def open(self, sha256: str) -> BinaryIO:
        """The original for reading; raises KeyError when there is none."""
        ...

    def remove(self, sha256: str) -> None:
        """Delete an original whose time is over; none is no fault. Raises OSError when the disk refuses."""
        ...
