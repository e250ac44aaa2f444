"""Says which walls stand around a process that opens files: run as such a process is, by `odr-bot doctor`."""

import json
import os
import sys

from bot.reading.walls import enter, shut


def main() -> None:
    """Print the user's number and the names of the walls as JSON."""
    user = os.getuid()
    json.dump({"user": user, "walls": [*enter(), *shut()]}, sys.stdout)
    sys.stdout.flush()
    # An ordinary end would look for files.
    os._exit(0)
