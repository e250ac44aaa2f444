"""Reading shops through TikTok Shop's API, against the fake of the tests: how many requests, how long, how much
memory.

`python -m benchmarks.tiktok` fills 300,000 orders at the pace that the fake allows, kills a second filling ten
times, and polls a hundred quiet shops. Figures are printed as JSON."""

import argparse
import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import httpx

from bot.services.tokens import GivenTokens
from bot.sources.tiktok.answers import rows
from bot.sources.tiktok.authorisation import Authorisation
from bot.sources.tiktok.client import ApiApp, TikTokClient, Wire
from bot.sources.tiktok.operations import ORDERS, SHOPS
from bot.sources.tiktok.pace import Pace
from tests.tiktok.fake.server import serving
from tests.tiktok.fake.world import FakeShop, World
from tests.tiktok.story import order_row

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
DAYS = 60
PAGE, SMALL_PAGE, SESSIONS = 100, 50, 20
SETTINGS = """
data_dir = "data"
language = "en"
clock.now = 2026-11-20T08:00:00Z

[tiktok]
app_key = "{key}"
app_secret = "{secret}"
base_url = "{url}"
auth_url = "{url}"
calls_per_second = {pace}
"""
SHOP = """
[[shops]]
id = "s{number}"
site = "US"
tiktok = "{id}"
"""


def filled(shop: FakeShop, orders: int, seed: int) -> None:
    """Give the shop so many orders of `DAYS` days, and what usually follows of them."""
    rng, start = random.Random(seed), int((NOW - timedelta(days=DAYS)).replace(hour=0).timestamp())
    end = int(NOW.timestamp())
    for number, created in enumerate(sorted(rng.randrange(start, end) for _ in range(orders))):
        status = "CANCELLED" if number % 20 == 0 else "COMPLETED"
        updated = min(created, end - 90_000) + rng.randrange(3_600, 90_000)
        row = order_row(number, created, status, max(created, updated))
        shop.orders[row["id"]] = row
        if number % 250 == 1:
            key = f"4035{number}"
            shop.returns[key] = {
                "return_id": key,
                "order_id": row["id"],
                "return_status": "RETURN_OR_REFUND_REQUEST_COMPLETE",
                "create_time": min(created + 80_000, end - 2),
                "update_time": min(created + 90_000, end - 1),
            }


def necessary(shop: FakeShop) -> int:
    """The fewest requests with which everything can be read once: full pages, and one look at each empty list."""
    sizes = ((shop.orders, PAGE), (shop.returns, SMALL_PAGE), (shop.cancellations, SMALL_PAGE))
    return sum(max(1, -(-len(found) // size)) for found, size in sizes) + 2


def _serve(pipe: Connection, orders: int, shops: int, rate: float) -> None:
    world = World(rate=rate, settled=True)
    made = [FakeShop(f"{7_000_000_000 + number}") for number in range(shops)]
    for number, shop in enumerate(made):
        filled(shop, orders, number)
    world.seller("bench", *made)
    world.codes |= dict.fromkeys(("code", "before", "after"), "bench")
    with serving(world) as url:
        pipe.send((url, world.app_key, world.secret, [shop.id for shop in made], sum(map(necessary, made))))
        while (asked := pipe.recv()) is not None:
            if asked == "rate":
                world.rate = pipe.recv()
            pipe.send((sum(world.calls.values()), world.answered))


@contextmanager
def fake(orders: int, shops: int, rate: float) -> Iterator[tuple[Connection, Any]]:
    """A fake in a process of its own, whose processor time and memory are nobody's but its own."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=_serve, args=(there, orders, shops, rate))
    process.start()
    try:
        yield here, here.recv()
        here.send(None)
    finally:
        process.join(5)
        process.kill()


def counted(pipe: Connection) -> tuple[int, int]:
    """How many requests came, and how many were answered with data."""
    pipe.send("count")
    found: tuple[int, int] = pipe.recv()
    return found


class Installation:
    """A data folder with settings for the fake, and the command line over it. `cpu` are the processor seconds of its
    commands so far, `peak` the most memory of one, in MB."""

    def __init__(self, folder: Path, given: Any, pace: float = 5) -> None:
        url, key, secret, ids, _ = given
        self.folder = folder
        text = SETTINGS.format(key=key, secret=secret, url=url, pace=pace)
        text += "".join(SHOP.format(number=number, id=each) for number, each in enumerate(ids))
        (folder / "odr-bot.toml").write_text(text, "utf-8")
        self.cpu = self.peak = 0.0
        self.run("tiktok", "connect", "--code", "code")

    def start(self, *words: str) -> "subprocess.Popen[bytes]":
        """Begin a command."""
        command = [sys.executable, "-m", "bot", *words, "--json"]
        env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        return subprocess.Popen(command, cwd=self.folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def run(self, *words: str) -> Any:
        """What a command answers."""
        process = self.start(*words)
        assert process.stdout
        out = process.stdout.read()
        self.end(process)
        if process.returncode:
            raise SystemExit(f"{words}: exit {process.returncode}: {out.decode()[:500]}")
        return json.loads(out)

    def end(self, process: "subprocess.Popen[bytes]") -> None:
        """Wait for the end of a command, and count what it has used."""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.cpu += used.ru_utime + used.ru_stime
        self.peak = max(self.peak, used.ru_maxrss / 1024)

    def orders(self) -> tuple[int, int]:
        """How many orders are stored, and how many of them are valid."""
        import sqlite3

        with sqlite3.connect(self.folder / "data" / "odr-bot.sqlite3") as database:
            [found] = database.execute("SELECT count(*), coalesce(sum(valid), 0) FROM shop_order")
        return found


class Steady(Pace):
    """Keeps one pace, which the server is known to allow."""

    def answered(self) -> None:
        """Nothing changes."""

    def refused(self, seconds: float) -> None:
        """Nothing changes."""


def bare(given: Any, rate: float, code: str, pages: int = 200) -> float:
    """The seconds that a bare client needs for a page, which keeps to the pace that is allowed and does nothing else:
    what this machine, as busy as it is now, lets anybody reach."""
    url, key, secret, _, _ = given
    app, pace = ApiApp(key, secret, url), Steady(first=rate or 1000)
    with httpx.Client() as http:
        tokens = GivenTokens(Authorisation(key, secret, url, http).granted(code).tokens)
        [shop] = rows(TikTokClient(app, tokens, Wire(http, Pace(first=100))).call(SHOPS), "shops")
        client = TikTokClient(app, tokens, Wire(http, pace), shop["cipher"])
        began, since = time.monotonic(), 0
        for _ in range(pages):
            params = {"page_size": str(PAGE), "sort_field": "create_time", "sort_order": "ASC"}
            since = client.call(ORDERS, params, {"create_time_ge": since})["orders"][-1]["create_time"]
        return (time.monotonic() - began) / pages


def fill(orders: int, rate: float, kills: int) -> dict[str, Any]:
    """Fill a shop at a limited pace, in one go or killed so many times."""
    with fake(orders, 1, rate) as (pipe, given), tempfile.TemporaryDirectory() as folder:
        here, needed = Installation(Path(folder), given), given[-1]
        floor = bare(given, rate, "before")
        before, _ = counted(pipe)
        began, used = time.monotonic(), here.cpu
        for number in range(kills):
            process = here.start("tiktok", "pull")
            while counted(pipe)[0] - before < needed * (number + 1) / (kills + 1) and process.poll() is None:
                time.sleep(0.05)
            process.send_signal(signal.SIGKILL)
            here.end(process)
        here.run("tiktok", "pull")
        wall, used = time.monotonic() - began, here.cpu - used
        calls, floor = counted(pipe)[0] - before, (floor + bare(given, rate, "after")) / 2
        quiet = here.run("tiktok", "pull")["shops"][0]["calls"]
        stored, valid = here.orders()
        return {
            "orders": orders,
            "kills": kills,
            "allowed_per_second": rate,
            "calls": calls,
            "necessary": needed,
            "calls_ratio": round(calls / needed, 3),
            "wall_seconds": round(wall, 1),
            "wall_ratio": round(wall / (needed / rate), 3) if rate else None,
            "wall_ratio_to_bare_client": round(wall / (needed * floor), 3),
            "load": Path("/proc/loadavg").read_text().split()[:3],
            "cpu_seconds": round(used, 1),
            "peak_mb": round(here.peak, 1),
            "quiet_calls": quiet,
            "stored": stored,
            "valid": valid,
            "right": (stored, valid) == (orders, orders - -(-orders // 20)),
        }


def poll(shops: int, orders: int) -> dict[str, Any]:
    """Poll so many quiet shops once; the processor time is held against the twenty minutes between two polls."""
    with fake(orders, shops, 0.0) as (pipe, given), tempfile.TemporaryDirectory() as folder:
        # Nobody has to wait where everything is allowed: the processor time is the same.
        here = Installation(Path(folder), given, pace=100)
        here.run("tiktok", "pull")
        before, used = counted(pipe)[0], here.cpu
        here.run("tiktok", "pull")
        cpu = here.cpu - used
        return {
            "shops": shops,
            "calls_per_shop": (counted(pipe)[0] - before) / shops,
            "cpu_seconds": round(cpu, 2),
            "share_of_a_core": round(cpu / 1200, 4),
        }


def main() -> None:
    """Run the benchmark at the sizes that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=300_000)
    parser.add_argument("--rate", type=float, default=20.0, help="requests a second that the fake allows")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--shops", type=int, default=100)
    asked = parser.parse_args()
    print(json.dumps({"fill": fill(asked.orders, asked.rate, 0)}))
    print(json.dumps({"killed": fill(asked.orders, asked.rate, asked.kills)}))
    print(json.dumps({"polled": poll(asked.shops, 200)}))


if __name__ == "__main__":
    main()
