"""Starts the disposable processes that open untrusted files: as children of this program with an empty environment,
or, where the system provides a socket for it, as processes of another user."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from bot.reading.apart import request

_ROOT = str(Path(__file__).parents[2])
_CHUNK = 1 << 20


class Process(Protocol):
    """A process that answers on its output what it is asked on its input; `subprocess.Popen` is one."""

    stdin: Any
    stdout: Any
    pid: int
    returncode: Any

    def poll(self) -> int | None:
        """None while it runs."""
        ...

    def kill(self) -> None:
        """End it at once."""
        ...

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end."""
        ...


class Start(Protocol):
    """Starts processes that run one module."""

    def begin(self, *arguments: str) -> Process:
        """A process that stays, with its input and output. Raises OSError."""
        ...

    def answer(self, source: IO[bytes] | bytes, seconds: float, *arguments: str) -> bytes:
        """What a fresh process prints for its input, which is all that it gets. Raises OSError or SubprocessError
        when it cannot be started, fails or takes longer."""
        ...


def program_of(module: str) -> str:
    """What a child runs; the walls come before what loads, some of which begins threads."""
    return (
        "import sys; sys.path.insert(0, sys.argv[1]); from bot.reading.walls import enter; enter(); "
        f"from {module} import main; main(*sys.argv[2:])"
    )


def start_of(module: str, address: str = "") -> Start:
    """Starts one of the `MODULES` by way of the socket at `address`, as children when it is empty."""
    return Connected(module, address) if address else Spawned(program_of(module))


@dataclass(frozen=True)
class Spawned:
    """Children of this program, of the same user. `program` is what Python runs."""

    program: str

    def begin(self, *arguments: str) -> Process:
        """A child with pipes; it inherits no other file and no environment."""
        pipe = subprocess.PIPE
        return subprocess.Popen(  # noqa: S603 - the command is fixed
            self._command(*arguments),
            stdin=pipe,
            stdout=pipe,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            bufsize=0,
        )

    def answer(self, source: IO[bytes] | bytes, seconds: float, *arguments: str) -> bytes:
        """What a child prints; see `Start`."""
        data, file = (source, None) if isinstance(source, bytes) else (None, source)
        done = subprocess.run(  # noqa: S603 - the command is fixed
            self._command(*arguments),
            input=data,
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            timeout=seconds,
            check=True,
        )
        return bytes(done.stdout)

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-I", "-c", self.program, _ROOT, *arguments]


@dataclass(frozen=True)
class Connected:
    """Processes that the system starts, one for each connection to the socket at `address`, as another user."""

    module: str
    address: str

    def begin(self, *arguments: str) -> Process:
        """A process at the other end of a connection; it ends with the connection."""
        return RemoteProcess(self._connect(*arguments))

    def answer(self, source: IO[bytes] | bytes, seconds: float, *arguments: str) -> bytes:
        """What a process at the other end prints; see `Start`. One that fails has printed less."""
        end = time.monotonic() + seconds
        with closing(self._connect(*arguments)) as line:
            line.settimeout(seconds)
            if isinstance(source, bytes):
                line.sendall(source)
            else:
                line.sendfile(source)
            line.shutdown(socket.SHUT_WR)
            return b"".join(_received(line, end))

    def _connect(self, *arguments: str) -> socket.socket:
        line = socket.socket(socket.AF_UNIX)
        try:
            line.connect(self.address)
            line.sendall(request(self.module, arguments))
        except OSError:
            line.close()
            raise
        return line


def _received(line: socket.socket, end: float) -> Iterator[bytes]:
    while True:
        line.settimeout(max(0.001, end - time.monotonic()))
        if not (part := line.recv(_CHUNK)):
            return
        yield part


class RemoteProcess:
    """A process of another user, as far as the connection to it shows it: its number and its exit code are not
    known here (0 and None)."""

    pid, returncode = 0, None

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self.stdin: IO[bytes] = os.fdopen(os.dup(line.fileno()), "wb", buffering=0)
        self.stdout: IO[bytes] = os.fdopen(os.dup(line.fileno()), "rb", buffering=0)

    def poll(self) -> int | None:
        """None while it runs, 0 when it has ended."""
        try:
            heard = self._line.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return None
        except OSError:
            return 0
        return None if heard else 0

    def kill(self) -> None:
        """Close the connection: it ends at the end of its input."""
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)

    def wait(self, timeout: float | None = None) -> int:
        """Nothing is waited for: what ends there is the system's matter."""
        self._line.close()
        return 0
