"""What is for the program's own user alone: the files of the data folder, and the secrets it was started with."""

import ctypes
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

OTHERS = 0o077
_ENV_START, _ENV_END = 47, 48


def keep_private(paths: Iterable[Path]) -> None:
    """Take from all others what they may do with files and folders; what is another user's stays as it is."""
    for path in paths:
        with suppress(OSError):
            mode = path.lstat().st_mode
            if mode & OTHERS and not path.is_symlink():
                path.chmod(mode & 0o700)


def withdraw(prefix: str, folder: Path) -> None:
    """Forget the variables that begin with `prefix`, and take the folder with all that is in it from others."""
    forget(prefix)
    keep_private(_tree(folder))


def _tree(folder: Path) -> Iterator[Path]:
    """Without following links."""
    yield folder
    for place, folders, files in os.walk(folder):
        yield from (Path(place, name) for name in (*folders, *files))


def forget(prefix: str) -> None:
    """Remove the variables that begin with `prefix` from the environment, for this program, for those it starts, and
    for whoever looks at it from outside. To be called once they are read."""
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
