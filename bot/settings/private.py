"""Keeps the files of the data folder and the secrets of the environment from other users of the machine."""

import ctypes
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

OTHERS = 0o077
_ENV_START, _ENV_END = 47, 48


def keep_private(paths: Iterable[Path]) -> None:
    """Remove all permissions of group and others from files and folders; files of another user stay as they are."""
    for path in paths:
        with suppress(OSError):
            mode = path.lstat().st_mode
            if mode & OTHERS and not path.is_symlink():
                path.chmod(mode & 0o700)


def withdraw(prefix: str, folder: Path) -> None:
    """Remove the environment variables that begin with `prefix`, and make the folder and all that is in it
    private."""
    forget(prefix)
    keep_private(_tree(folder))


def _tree(folder: Path) -> Iterator[Path]:
    """The folder and everything in it, without following symbolic links."""
    yield folder
    for place, folders, files in os.walk(folder):
        yield from (Path(place, name) for name in (*folders, *files))


def forget(prefix: str) -> None:
    """Remove the variables that begin with `prefix` from the environment of this process, from that of processes
    that it starts, and from /proc, where others could read them. To be called once the settings have been read."""
    for name in [name for name in os.environ if name.upper().startswith(prefix)]:
        del os.environ[name]
    # What the program was started with is still shown in /proc.
    with suppress(OSError, ValueError, IndexError):
        _blank(prefix.encode())


def _blank(prefix: bytes) -> None:
    about = Path("/proc/self/stat").read_bytes().rpartition(b")")[2].split()
    start, end = int(about[_ENV_START]), int(about[_ENV_END])
    place = start
    for entry in ctypes.string_at(start, end - start).split(b"\0"):
        name, _, value = entry.partition(b"=")
        if name.upper().startswith(prefix):
            ctypes.memset(place + len(name) + 1, 0, len(value))
        place += len(entry) + 1
