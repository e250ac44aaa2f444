"""The engine at rest and at work: idle CPU, memory, from a change to its message, 10,000 cards against the pace."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from benchmarks.fake_chat import FakeChat
from benchmarks.startup import answers, free_port
from benchmarks.storm import Weather, make_app, open_cases
from bot.messaging.card import Card, Text
from bot.runtime.bootstrap import App
from bot.runtime.server import Running
from bot.store.unit import Store

IDLE_SECONDS, MESSAGES = 30, 60
CASES, CHANNELS, PACE = 10_000, 50, 1.0
SAMPLE, SAMPLE_SECONDS = 500, 30


def idle(folder: Path) -> tuple[float, float]:
    """Percent of one core and megabytes of a program that serves and has nothing to do."""
    port = free_port()
    environment = {**os.environ, "ODR_BOT_DATA_DIR": str(folder)}
    command = [sys.executable, "-m", "bot", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as server:
        while not answers(port):
            time.sleep(0.1)
        time.sleep(10)
        before = cpu_seconds(server.pid)
        time.sleep(IDLE_SECONDS)
        used = cpu_seconds(server.pid) - before
        status = Path(f"/proc/{server.pid}/status").read_text()
        server.terminate()
    resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    return 100 * used / IDLE_SECONDS, resident / 1000


def cpu_seconds(pid: int) -> float:
    """The processor time a program has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def start(app: App) -> Running:
    """The program's background work, once the engine is up."""
    running = Running(app)
    running.begin()
    while not app.engine_proxy.durable:
        time.sleep(0.1)
    return running


def latency(folder: Path) -> tuple[float, float]:
    """Seconds from a change to its message in the chat, one at a time: median and 99th percentile."""
    app = make_app(folder, "", Weather(cases=0, pace=PACE, faults=0), time.time())
    running = start(app)
    delays = []
    for number in range(MESSAGES):
        began = time.time()
        with app.store.unit() as unit:
            words = Card(f"m{number}", (Text("hello"),))
            unit.messages.put(f"fake:c{number % 20}", "", f"m{number}", words, app.clock.now())
        delays.append(shown_at(app, f"m{number}") - began)
    running.end()
    return statistics.median(delays), sorted(delays)[len(delays) * 99 // 100]


def shown_at(app: App, key: str) -> float:
    """When the chat showed it."""
    chat = app.senders["fake"]
    assert isinstance(chat, FakeChat)
    with closing(chat.connect()) as connection:
        while not (row := connection.execute("SELECT at FROM shown WHERE key = ?", (key,)).fetchone()):
            time.sleep(0.005)
    return float(row[0])


def refresh(folder: Path) -> tuple[float, float, float]:
    """Of 10,000 open cases: milliseconds of a tick when none is due, seconds to draw all cards, and how much slower
    than the pace they are sent, in the steady state."""
    app = full(folder)
    began = time.perf_counter()
    assert app.publisher.refresh_due() == 0
    tick = time.perf_counter() - began
    return 1000 * tick, drawing(app), sending_ratio(app)


def full(folder: Path) -> App:
    """A program with 10,000 open cases, none of which is drawn."""
    weather = Weather(cases=CHANNELS, channels=CHANNELS, pace=PACE, faults=0, seconds=72 * 3600)
    app = make_app(folder, "", weather, time.time())
    plain = Store(app.engine)
    for _ in range(CASES // CHANNELS):
        open_cases(app, CHANNELS, plain)
    return app


def drawing(app: App) -> float:
    """Seconds of processor time to draw the cards of all cases, from a sample that is drawn for the second time, as
    countdowns are."""
    _all_due(app)
    app.publisher.refresh_due(SAMPLE)
    _all_due(app)
    began = time.process_time()
    drawn = app.publisher.refresh_due(SAMPLE)
    each = (time.process_time() - began) / drawn
    with app.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE appeal_case SET refresh_at = NULL WHERE refresh_at = 0")
    return each * CASES


def _all_due(app: App) -> None:
    with app.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE appeal_case SET refresh_at = 0")


def sending_ratio(app: App) -> float:
    """The time to send against the time that the pace alone allows, while every channel has something to send."""
    running = start(app)
    time.sleep(5)
    chat = app.senders["fake"]
    assert isinstance(chat, FakeChat)
    with closing(chat.connect()) as connection:
        before = connection.execute("SELECT count(*) FROM touched").fetchone()[0]
        time.sleep(SAMPLE_SECONDS)
        sent = connection.execute("SELECT count(*) FROM touched").fetchone()[0] - before
    running.end()
    return SAMPLE_SECONDS * CHANNELS / PACE / sent


def main() -> None:
    """Measure and print; with `drawing` how long the cards take alone."""
    if sys.argv[1:] == ["drawing"]:
        with tempfile.TemporaryDirectory(prefix="odr-bot-engine-") as name:
            print(f"cards of {CASES:,} open cases drawn in {drawing(full(Path(name))):.1f} s")
        return
    with tempfile.TemporaryDirectory(prefix="odr-bot-engine-") as name:
        folders = [Path(name) / part for part in ("idle", "latency", "refresh")]
        for folder in folders:
            folder.mkdir()
        percent, megabytes = idle(folders[0])
        print(f"idle: {percent:.1f} % of one core (limit 3), {megabytes:.0f} MB resident (limit 150)", flush=True)
        median, worst = latency(folders[1])
        print(f"due to sent, unloaded: p50 {median:.2f} s (limit 1), p99 {worst:.2f} s (limit 3)", flush=True)
        tick, drawn, ratio = refresh(folders[2])
        print(f"{CASES:,} open cases in {CHANNELS} channels: tick {tick:.1f} ms when none is due,", end=" ")
        print(f"drawn in {drawn:.0f} s; sending / pacing limit: {ratio:.2f} (limit 1.1)")


if __name__ == "__main__":
    main()
