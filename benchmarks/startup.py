"""From the start of `odr-bot serve` to the first answered page, against importing the libraries it stands on."""

import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 7
LIBRARIES = "import sqlalchemy, starlette, jinja2, apscheduler"
CHAT_SDKS = ("slack_bolt", "slack_sdk", "lark_oapi")


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def first_answer(folder: Path) -> float:
    """Seconds until the console answers its first request."""
    port = free_port()
    environment = {**os.environ, "ODR_BOT_DATA_DIR": str(folder)}
    start = time.perf_counter()
    command = [sys.executable, "-m", "bot", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as server:
        try:
            while not answers(port):
                time.sleep(0.005)
            return time.perf_counter() - start
        finally:
            server.terminate()


def answers(port: int) -> bool:
    """Whether the console answers a page."""
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/login")
        return connection.getresponse().status == 200
    except OSError:
        return False


def imports() -> float:
    """Seconds to start Python and import the libraries."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", LIBRARIES], check=True)
    return time.perf_counter() - start


def loaded_sdks() -> list[str]:
    """Chat SDKs that the program imports without being configured for them."""
    code = "import sys, bot.runtime.bootstrap, bot.runtime.server; "
    code += f"print(*[name for name in {CHAT_SDKS!r} if name in sys.modules])"
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()


def main() -> None:
    """Print both medians and their ratio."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first_answer(folder), imports()
        served, imported = [], []
        for _ in range(ROUNDS):
            served.append(first_answer(folder))
            imported.append(imports())
    mine, theirs = statistics.median(served), statistics.median(imported)
    print(f"start to first page {mine:.2f} s ÷ imports {theirs:.2f} s = {mine / theirs:.2f} (at most 2.0)")
    print(f"chat SDKs loaded without being configured: {loaded_sdks() or 'none'}")


if __name__ == "__main__":
    main()
