"""What the system runs, as a user of its own, for each connection to the socket of the reading processes.

The connection is input and output. Its first line, in JSON, names the module and the arguments; then the walls are
raised, and the module goes on with what follows on the connection, as a child of odr-bot would on its pipes.
"""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module

CELL, OPENER = "bot.reading.cell", "bot.reading.containers.process"
SCRIPT, WORKER = "bot.reading.scripts.process", "bot.reading.worker"
STANDING = "bot.reading.standing"
MODULES = (CELL, OPENER, SCRIPT, WORKER, STANDING)
_LONGEST_LINE = 10_000


def request(module: str, arguments: Sequence[str]) -> bytes:
    """The first line of a connection."""
    return json.dumps({"module": module, "arguments": list(arguments)}).encode() + b"\n"


def main() -> None:
    """Run what the first line asks for, if it is one of `MODULES`."""
    from bot.reading.walls import enter

    asked = json.loads(b"".join(_first_line()))
    if asked["module"] not in MODULES:
        sys.exit(f"odr-bot: {asked['module']} is not run here")
    enter()
    import_module(asked["module"]).main(*asked["arguments"])


def _first_line() -> Iterator[bytes]:
    """Byte for byte: what follows belongs to the module."""
    for _ in range(_LONGEST_LINE):
        byte = os.read(0, 1)
        if byte in (b"\n", b""):
            return
        yield byte


if __name__ == "__main__":
    main()
