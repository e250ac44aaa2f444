"""Feishu: events kept per second against a bare dispatcher, answers while a slow upload runs, memory."""

import os
import statistics
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.feishu_load import APP, CHAT, PERSON, environment, rate, request, world
from benchmarks.slack import memory, program
from benchmarks.startup import free_port
from tests.feishu.fake.faults import Fault
from tests.feishu.fake.server import FakeFeishu

ROUNDS, EVENTS = 7, 1_500
IN_FLIGHT, BURST = 64, 640
PATIENCE_SECONDS = 120


def acceptance(folder: Path, fake: FakeFeishu) -> tuple[list[float], list[float]]:
    """Events per second of ours and of the bare dispatcher, in turns."""
    ours, bare, there = [], [], world()
    mine, other = free_port(), free_port()
    with (
        program(["benchmarks.feishu_load", "ours", str(mine), str(folder), fake.address], mine),
        program(["benchmarks.feishu_load", "bare", str(other)], other),
    ):
        for number in range(ROUNDS + 1):
            requests = [request(there, each, f"R{number}") for each in range(EVENTS)]
            rates = rate(mine, requests, IN_FLIGHT)[0], rate(other, requests, IN_FLIGHT)[0]
            if number:  # the first round warms up
                ours.append(rates[0])
                bare.append(rates[1])
    return ours, bare


def under_load(folder: Path, fake: FakeFeishu) -> tuple[float, float]:
    """The 99th percentile of the seconds to the answer of `odr-bot serve`, whose turns all run, with 64 in flight
    while it waits for a slow file; and its largest megabytes."""
    port, gate, there = free_port(), threading.Event(), world()
    slow = fake.api.faults.arrange(Fault(f"/file_{APP}_1", hang=gate))
    with program(["bot", "serve", "--port", str(port)], port, environment(folder, fake.address, "webhook")) as pid:
        warm_up(port)
        door = fake.knock_at(f"http://127.0.0.1:{port}", "/feishu/events")
        file = fake.hands.drop(CHAT, PERSON, "slow.txt", b"slow")
        assert file and file.ack.good
        give_up = time.perf_counter() + PATIENCE_SECONDS
        while slow.times and time.perf_counter() < give_up:
            time.sleep(0.05)
        assert not slow.times, "the slow file is being brought"
        requests = [request(there, each, "burst") for each in range(BURST)]
        _, late = rate(port, requests, IN_FLIGHT)
        gate.set()
        assert door
        return late, memory(pid)


def warm_up(port: int) -> None:
    """Until the engine works: the first turn is over."""
    there = world()
    end = time.perf_counter() + PATIENCE_SECONDS
    while time.perf_counter() < end:
        try:
            rate(port, [request(there, each, f"warm{time.time_ns()}") for each in range(8)], 1)
            return
        except (OSError, AssertionError):
            time.sleep(0.5)


def at_rest(folder: Path, fake: FakeFeishu) -> tuple[float, float]:
    """Megabytes of `odr-bot serve` on the long connection once it has answered, and of one without Feishu."""
    with program(
        ["bot", "serve", "--port", str(port := free_port())], port, environment(folder, fake.address, "connection")
    ) as pid:
        fake.wait_for_lines(1)
        before = len(fake.world.messages)
        fake.hands.write(CHAT, PERSON, "帮助")
        fake.wait_for(lambda: len(fake.world.messages) > before + 1, PATIENCE_SECONDS)
        with_it = memory(pid)
    plain = {"ODR_BOT_DATA_DIR": str(folder / "plain")}
    with program(["bot", "serve", "--port", str(port := free_port())], port, plain) as pid:
        time.sleep(8)
        return with_it, memory(pid)


def main() -> None:
    """Measure and print."""
    os.environ["NO_PROXY"] = "127.0.0.1"
    fake = FakeFeishu(APP).start()
    fake.world.chat(CHAT, PERSON)
    with tempfile.TemporaryDirectory(prefix="odr-bot-feishu-") as name:
        folders = [Path(name) / part for part in ("door", "load", "rest")]
        for folder in folders:
            folder.mkdir()
        ours, bare = acceptance(folders[0], fake)
        ratio = statistics.median(a / b for a, b in zip(ours, bare, strict=True))
        mine, theirs = statistics.median(ours), statistics.median(bare)
        print(f"sealed events accepted and kept, {IN_FLIGHT} in flight: {mine:,.0f}/s ÷ bare dispatcher", end=" ")
        print(f"{theirs:,.0f}/s = {ratio:.2f} (at least 0.7)", flush=True)
        late, most = under_load(folders[1], fake)
        print(
            f"{IN_FLIGHT} in flight during a slow upload: p99 {1000 * late:.0f} ms (limit 500), {most:.0f} MB",
            flush=True,
        )
        with_it, without = at_rest(folders[2], fake)
        print(f"memory with Feishu: {with_it:.0f} MB (limit 260), without: {without:.0f} MB")
    fake.stop()


if __name__ == "__main__":
    main()
