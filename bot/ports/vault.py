"""Keeping the originals of evidence."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol


class Altered(KeyError):
    """The bytes of the original no longer have the SHA-256 under which it is stored."""


@dataclass(frozen=True)
class Stored:
    """An original in the vault: its SHA-256 and its size."""

    sha256: str
    size: int


class Vault(Protocol):
    """Originals by SHA-256: each is written once, synced to disk and never overwritten."""

    def put(self, path: Path) -> Stored:
        """Store the bytes of the file `path`. Bytes that are stored already are not stored twice. Raises OSError
        when the disk refuses."""
        ...

    def put_bytes(self, data: bytes) -> Stored:
        """Store `data`; otherwise as `put`."""
        ...

    def path(self, sha256: str) -> Path:
        """The path of the original. Raises KeyError when there is none."""
        ...

    def intact(self, sha256: str) -> Path:
        """The path of the original, after all of its bytes were read and found to have that SHA-256. Raises
        Altered when they do not, and KeyError when there is no such original."""
        ...

    def kept(self) -> Iterator[str]:
        """The SHA-256 of everything in the vault, from the file names alone."""
        ...

    def stored(self, sha256: str) -> Stored:
        """SHA-256 and size of the original. Raises KeyError when there is none."""
        ...

    def open(self, sha256: str) -> BinaryIO:
        """The original, opened for reading. Raises KeyError when there is none."""
        ...

    def remove(self, sha256: str) -> None:
        """Delete an original. Deleting one that is not there is no error. Raises OSError when the disk refuses."""
        ...
