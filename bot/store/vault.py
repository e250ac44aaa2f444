"""Originals of evidence on disk, by SHA-256: written once, fsynced, never overwritten."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from bot.ports.vault import Altered, Stored

_CHUNK = 1 << 20


def _digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


class DiskVault:
    """Implements ports.vault.Vault in a folder: `ab/abcdef…`, read-only files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(mode=0o700, parents=True, exist_ok=True)

    def put(self, path: Path) -> Stored:
        """Store the bytes of `path`; bytes that are stored already are not stored twice. Raises OSError when the
        disk refuses."""
        with path.open("rb") as source:
            return self._keep(lambda target: shutil.copyfileobj(source, target, _CHUNK))

    def put_bytes(self, data: bytes) -> Stored:
        """Store `data`. Raises OSError when the disk refuses."""
        return self._keep(lambda target: target.write(data))

    def path(self, sha256: str) -> Path:
        """The path of the original. Raises KeyError when there is none, when the name is no SHA-256, or when it
        leads out of the vault."""
        path = self._place(sha256)
        if path.is_symlink() or not path.is_file():
            raise KeyError(sha256)
        return path

    def stored(self, sha256: str) -> Stored:
        """SHA-256 and size of the original; raises KeyError when there is none."""
        return Stored(sha256, self.path(sha256).stat().st_size)

    def open(self, sha256: str) -> BinaryIO:
        """The original, opened for reading; raises KeyError when there is none."""
        return self.path(sha256).open("rb")

    def remove(self, sha256: str) -> None:
        """Delete an original; deleting one that is not there is no error. Raises OSError when the disk refuses."""
        self._place(sha256).unlink(missing_ok=True)

    def intact(self, sha256: str) -> Path:
        """The path of the original after its bytes were read and compared with its SHA-256. Raises Altered when
        they differ, KeyError when there is none, OSError when it cannot be read."""
        if not self.verify(sha256):
            raise Altered(sha256)
        return self.path(sha256)

    def kept(self) -> Iterator[str]:
        """The SHA-256 of all files in the vault."""
        return (path.name for path in self.root.glob("??/*"))

    def verify(self, sha256: str) -> bool:
        """Whether the bytes still have that SHA-256."""
        return _digest(self.path(sha256)) == sha256

    def _place(self, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise KeyError(sha256)
        return self.root / sha256[:2] / sha256

    def _keep(self, write: Callable[[BinaryIO], object]) -> Stored:
        # A temporary name in the same folder, fsync, then link: a crash leaves the whole file or none, and
        # a link never replaces an original that is already there.
        handle, name = tempfile.mkstemp(dir=self.root, prefix=".new-")
        new = Path(name)
        try:
            with os.fdopen(handle, "wb") as target:
                write(target)
                target.flush()
                os.fsync(target.fileno())
                size = target.tell()
            digest = _digest(new)
            self._link(new, self._place(digest))
        finally:
            new.unlink(missing_ok=True)
        return Stored(digest, size)

    def _link(self, new: Path, place: Path) -> None:
        place.parent.mkdir(mode=0o700, exist_ok=True)
        new.chmod(0o400)
        try:
            os.link(new, place)
        except FileExistsError:
            return
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
