"""Commands in the conversation while a large export is being imported there.

`python -m benchmarks.import_meanwhile [--rows N]` serves a data folder with an open case, drops an export of so many
rows into a conversation, confirms it, and asks one command after the other in two other conversations until the
import is over. Figures are printed as JSON: the seconds of the import, and the median, the 95th percentile and the
longest of the answers' seconds, before and meanwhile, with the load of the machine."""

import argparse
import csv
import json
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx

from benchmarks.import_orders import CANONICAL
from tests.signing import LINE, sign_in

SETTINGS = """
data_dir = "data"
language = "en"
limits.upload_bytes = 400_000_000

[[shops]]
id = "us-1"
name = "Bright Home"
site = "US"
opened_on = 2024-01-05
timezone = "America/Los_Angeles"
channels = ["console:ops", "console:team-0"]

[[shops]]
id = "us-2"
name = "Calm Garden"
site = "US"
opened_on = 2024-01-05
channels = ["console:team-1"]
"""
COMMANDS = ("shops", "cases", "odr us-1", "odr us-2", "help", "imports", "anomalies", "who is on call")
PAUSE_SECONDS = 0.3
USUAL = 20


def export(path: Path, rows: int) -> None:
    """An export of so many orders, the newest first; of a million it has a hundred megabytes."""
    newest = datetime(2026, 11, 1, tzinfo=UTC)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(CANONICAL)
        for number in range(rows):
            at = newest - timedelta(seconds=2.7 * number)
            order, tracking = f"5764{10**14 - number:015d}", f"1Z999AA1{number:010d}"
            writer.writerow(
                [order, f"{at:%Y-%m-%dT%H:%M:%SZ}", "true", tracking, "United Parcel Service", f"buyer{number}"]
            )


class Served:
    """`odr-bot serve` over a folder, and a signed-in person who writes to it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, folder / "serve.log"
        env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        with self.log.open("wb") as log:
            command = [sys.executable, "-m", "bot", "serve", "--port", "0"]
            self.process = subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log)
        self.url = self._said(re.compile(r"console on (http://127\.0\.0\.1:[1-9]\d*)/ "), 1)
        token = self._said(LINE, 2)
        self.cookies = dict(sign_in(self.url, token).cookies)

    def _said(self, pattern: "re.Pattern[str]", group: int) -> str:
        end = time.monotonic() + 180
        while not (found := pattern.search(self.log.read_text())):
            if self.process.poll() is not None or time.monotonic() > end:
                raise SystemExit(self.log.read_text())
            time.sleep(0.1)
        return found[group]

    def say(self, channel: str, text: str, file: Path | None = None) -> float:
        """Write to a conversation; returns the seconds until the turn was over."""
        fields = {"channel": channel, "thread": "", "text": text, "id": uuid4().hex}
        parts = [(name, (None, value)) for name, value in fields.items()]
        began = time.perf_counter()
        with file.open("rb") if file else Path(os.devnull).open("rb") as stream:
            given = [*parts, ("file", (file.name, stream))] if file else parts
            answer = httpx.post(
                f"{self.url}/say", files=given, headers={"origin": self.url}, cookies=self.cookies, timeout=120
            )
        answer.raise_for_status()
        return time.perf_counter() - began

    def state(self) -> str:
        """Where the newest received export stands."""
        with closing(sqlite3.connect(self.folder / "data" / "odr-bot.sqlite3", timeout=30)) as database:
            found = database.execute("SELECT state FROM import_preview ORDER BY id DESC LIMIT 1").fetchone()
        return found[0] if found else ""

    def wait_for(self, *states: str) -> float:
        """Wait until the newest received export stands in one of these states; returns the seconds."""
        began = time.monotonic()
        while self.state() not in states:
            time.sleep(0.2)
        return time.monotonic() - began


@contextmanager
def served(folder: Path) -> Iterator[Served]:
    """The program, until the end of the block."""
    server = Served(folder)
    try:
        yield server
    finally:
        server.process.terminate()
        server.process.wait(60)


class Asking:
    """Asks one command after the other in one conversation until `over`; `taken` are the seconds of the answers."""

    def __init__(self, server: Served, channel: str) -> None:
        self.server, self.channel, self.over = server, channel, threading.Event()
        self.taken: list[float] = []
        self.thread = threading.Thread(target=self._ask, daemon=True)
        self.thread.start()

    def _ask(self) -> None:
        number = 0
        while not self.over.wait(PAUSE_SECONDS):
            self.taken.append(self.server.say(self.channel, COMMANDS[number % len(COMMANDS)]))
            number += 1

    def end(self) -> list[float]:
        """Stop asking; returns the seconds of all answers."""
        self.over.set()
        self.thread.join()
        return self.taken


def summed(taken: list[float]) -> dict[str, float]:
    """The median, the 95th percentile and the longest of the seconds."""
    ordered = sorted(taken)
    named = {
        "median": statistics.median(ordered),
        "p95": ordered[int(0.95 * (len(ordered) - 1))],
        "most": ordered[-1],
    }
    return {"answers": len(ordered), **{name: round(value, 2) for name, value in named.items()}}


def meanwhile(server: Served, *states: str) -> dict[str, object]:
    """Ask in two conversations until the export stands in one of the states."""
    asking = [Asking(server, f"team-{number}") for number in range(2)]
    seconds = server.wait_for(*states)
    taken = [each for asked in asking for each in asked.end()]
    return {"seconds": round(seconds, 1), **summed(taken), "load": Path("/proc/loadavg").read_text().split()[:2]}


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "odr-bot.toml").write_text(SETTINGS, "utf-8")
        export(folder / "orders.csv", rows)
        with served(folder) as server:
            usual = [server.say("team-0", COMMANDS[number % len(COMMANDS)]) for number in range(USUAL)]
            print(json.dumps({"rows": rows, "before": summed(usual)}), flush=True)
            print(json.dumps({"dropped": round(server.say("ops", "", folder / "orders.csv"), 1)}), flush=True)
            print(json.dumps({"reading": meanwhile(server, "waiting", "refused")}), flush=True)
            server.say("ops", "import")
            print(json.dumps({"importing": meanwhile(server, "taken", "refused", "waiting")}), flush=True)
            print(json.dumps({"state": server.state()}))


if __name__ == "__main__":
    main()
