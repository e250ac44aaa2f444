"""Slack: events kept per second against a bare bolt app, from a button to its changed card, many large uploads."""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.engine import cpu_seconds
from benchmarks.slack_load import CHANNEL, PERSON, rate, request
from benchmarks.startup import answers, free_port
from bot.runtime.bootstrap import App
from bot.settings.model import Settings
from bot.settings.team import ShopSettings
from bot.store.tables import to_ms
from tests.engine.fakes import Undelivered
from tests.slack.fake.doors import SECRET, HttpDoor
from tests.slack.fake.files import dropped
from tests.slack.fake.people import People
from tests.slack.fake.server import SlackServer, serving
from tests.slack.fake.world import Json, Message

ROUNDS, EVENTS = 9, 1_500
PRESSES = 20
UPLOADS, SIZE = 64, 5_000_000
TAKE = "我来处理|取消认领"
"""The button that takes a case, or gives it back."""
PATIENCE_SECONDS = 180


@contextmanager
def program(command: list[str], port: int, environment: dict[str, str] | None = None) -> Iterator[int]:
    """A program that serves on the port; its process id."""
    given = {**os.environ, **(environment or {})}
    with subprocess.Popen([sys.executable, "-m", *command], env=given, stderr=subprocess.DEVNULL) as running:
        try:
            while not reachable(port):
                time.sleep(0.05)
            yield running.pid
        finally:
            running.terminate()


def reachable(port: int) -> bool:
    """Whether anything answers there."""
    import http.client

    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/")
        connection.getresponse()
        return True
    except OSError:
        return False


@dataclass
class Taken:
    """Of ours and of the bare app, by rounds: events per second, processor milliseconds for each; the worst of our
    99th percentiles in seconds."""

    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    ours_cpu: list[float] = field(default_factory=list)
    bare_cpu: list[float] = field(default_factory=list)
    slowest: float = 0.0

    def __str__(self) -> str:
        """One line."""
        ours, bare, ours_cpu, bare_cpu = map(statistics.median, (self.ours, self.bare, self.ours_cpu, self.bare_cpu))
        ratio = statistics.median(mine / other for mine, other in zip(self.ours, self.bare, strict=True))
        rates = f"{ours:,.0f}/s ÷ bare bolt {bare:,.0f}/s = {ratio:.2f} (at least 0.7)"
        return f"{rates}; processor {ours_cpu:.2f} ÷ {bare_cpu:.2f} ms each; p99 {1000 * self.slowest:.0f} ms"


def acceptance(folder: Path, slack: SlackServer) -> Taken:
    """Signed events against both programs in turns, so that both see the same machine."""
    taken, mine, other = Taken(), free_port(), free_port()
    with (
        program(["benchmarks.slack_load", "ours", str(mine), str(folder), slack.base_url], mine) as our_pid,
        program(["benchmarks.slack_load", "bare", str(other)], other) as bare_pid,
    ):
        for number in range(ROUNDS + 1):
            requests = [request(n, f"R{number}") for n in range(EVENTS)]
            ours, our_cpu = measured(our_pid, mine, requests)
            bare, bare_cpu = measured(bare_pid, other, requests)
            if number:  # the first round warms up
                taken.ours.append(ours[0])
                taken.bare.append(bare[0])
                taken.ours_cpu.append(our_cpu)
                taken.bare_cpu.append(bare_cpu)
                taken.slowest = max(taken.slowest, ours[1])
    return taken


def measured(pid: int, port: int, requests: list[bytes]) -> tuple[tuple[float, float], float]:
    """Rate and 99th percentile, and the milliseconds of processor that each event cost."""
    before = cpu_seconds(pid)
    result = rate(port, requests)
    return result, 1000 * (cpu_seconds(pid) - before) / len(requests)


def prepare(folder: Path) -> None:
    """A shop with a month of orders and an open case whose alert waits to be shown."""
    shop = ShopSettings(id="us-1", name="Bright Home", site="US", channels=[f"slack:{CHANNEL}"])
    # Nothing is sent before the program runs that is measured.
    app = App(Settings(data_dir=folder, shops=[shop]), outbox=Undelivered()).open()
    today = datetime.combine(datetime.now(UTC).date() - timedelta(days=1), datetime.min.time(), UTC)
    orders, defects = [], []
    for back in range(35):
        for number in range(100):
            at = to_ms(today - timedelta(days=back) + timedelta(minutes=14 * number))
            orders.append((f"57640000{back:04d}{number:06d}", at, at // 86_400_000, True, "", "", ""))
    for number in range(3):
        hurt = to_ms(today + timedelta(hours=20))
        defects.append((orders[number][0], "return_refund", hurt, hurt // 86_400_000, True, True, ""))
    with app.store.unit() as unit:
        unit.orders.upsert_orders("us-1", orders)
        unit.orders.upsert_defects("us-1", defects)
    app.monitoring.check(today.date())
    app.engine.dispose()


@contextmanager
def serving_program(folder: Path, slack: SlackServer) -> Iterator[tuple[People, int]]:
    """`odr-bot serve` with Slack over HTTP, once its alert is shown; those who talk to it, and its process id."""
    port = free_port()
    named = {
        "DATA_DIR": str(folder),
        "SLACK__BOT_TOKEN": "xoxb-good",
        "SLACK__SIGNING_SECRET": SECRET,
        "SLACK__MODE": "http",
        "SLACK__BASE_URL": slack.base_url,
        "SHOPS": f'[{{"id": "us-1", "name": "Bright Home", "site": "US", "channels": ["slack:{CHANNEL}"]}}]',
    }
    environment = {f"ODR_BOT_{name}": value for name, value in named.items()}
    slack.world.user(PERSON, "li", locale="en-US")
    slack.world.channels[CHANNEL].members.add(PERSON)
    with program(["bot", "serve", "--port", str(port)], port, environment) as pid:
        assert answers(port)
        people = People(slack.world, HttpDoor(f"http://127.0.0.1:{port}/slack/events", patience=30))
        slack.world.until(lambda: headline(slack), PATIENCE_SECONDS)
        # The program knows its thread once the next message stands there.
        slack.world.until(lambda: [item for item in slack.world.shown(CHANNEL) if item.thread_ts], PATIENCE_SECONDS)
        yield people, pid


def headline(slack: SlackServer) -> Message | None:
    """The case's card in the channel, once people can take the case there."""
    return next((message for message in slack.world.shown(CHANNEL, "") if button(message, TAKE)), None)


def button(message: Message, words: str) -> Json | None:
    """The button whose label matches."""
    found = [item for block in message.blocks for item in block.get("elements", ()) if item.get("type") == "button"]
    return next((item for item in found if re.search(words, item["text"]["text"])), None)


def presses(folder: Path, slack: SlackServer) -> list[float]:
    """Seconds from pressing "I take it" or "give it back" to the headline that shows it."""
    delays = []
    with serving_program(folder, slack) as (people, _):
        message = headline(slack)
        assert message
        for _ in range(PRESSES):
            before, element = len(message.versions), button(message, TAKE)
            assert element
            began = time.perf_counter()
            people.press(PERSON, message, element)
            slack.world.until(lambda before=before: len(message.versions) > before, PATIENCE_SECONDS)
            delays.append(time.perf_counter() - began)
            # What follows the press settles before the next one.
            time.sleep(0.5)
        people.door.close()  # type: ignore[attr-defined]
    return delays


def uploads(folder: Path, slack: SlackServer) -> tuple[int, float, float]:
    """How many of the uploads are in the vault, after how many seconds, and the program's largest megabytes."""
    # Noise: reading a picture takes its own time, which is not Slack's.
    body = os.urandom(SIZE)
    held = [dropped(slack.world, PERSON, f"{n}.bin", f"{n:08d}".encode() + body) for n in range(UPLOADS)]
    with serving_program(folder, slack) as (people, pid):
        message = headline(slack)
        assert message
        began = time.perf_counter()
        given = [
            threading.Thread(target=people.drop, args=(PERSON, CHANNEL, [file], "", message.ts)) for file in held
        ]
        for each in given:
            each.start()
        for each in given:
            each.join()
        while (kept := in_vault(folder)) < UPLOADS and time.perf_counter() - began < PATIENCE_SECONDS:
            time.sleep(0.2)
        took, most = time.perf_counter() - began, memory(pid)
        people.door.close()  # type: ignore[attr-defined]
    return kept, took, most


def in_vault(folder: Path) -> int:
    """Originals of the uploads' size."""
    files = [path for path in (folder / "vault").rglob("*") if not path.name.startswith(".")]
    return sum(path.is_file() and path.stat().st_size > SIZE // 2 for path in files)


def memory(pid: int) -> float:
    """The largest resident megabytes of a process so far."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1000


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="odr-bot-slack-") as name, serving() as slack:
        folders = [Path(name) / part for part in ("door", "press", "upload")]
        for folder in folders:
            folder.mkdir()
        print(f"signed events accepted and kept: {acceptance(folders[0], slack)}", flush=True)
        prepare(folders[1])
        slack.renew()
        delays = sorted(presses(folders[1], slack))
        median, late = statistics.median(delays), delays[len(delays) * 95 // 100]
        print(f"button to changed card: p50 {1000 * median:.0f} ms (limit 300), p95 {1000 * late:.0f} ms", flush=True)
        prepare(folders[2])
        slack.renew()
        kept, took, most = uploads(folders[2], slack)
        print(f"{UPLOADS} uploads of 5 MB at once: {kept} kept (all), {took:.1f} s, {most:.0f} MB (limit 300)")


if __name__ == "__main__":
    main()
