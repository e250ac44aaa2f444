"""The console with much in it: the board and `cases` with 1,000 open cases, and a channel with 10,000
messages. Processor time, so that other work on the machine does not count.

Run: python -m benchmarks.console [board] [channel]; `--profile` shows where the time goes.
"""

import cProfile
import pstats
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from starlette.testclient import TestClient

from bot.conversation.events import CommandReceived
from bot.domain.case import Case, CaseOrder
from bot.domain.evidence import Evidence, Facts, Spot, TimeRole, Timestamp, TrackingNumber
from bot.domain.orders import DefectType
from bot.domain.teams import LOCAL
from bot.messaging.card import Card, Text
from bot.platforms.console.security import SESSION
from bot.platforms.console.security_client import Client
from bot.runtime.bootstrap import App
from bot.runtime.console import console_app
from bot.settings.model import Settings
from bot.settings.team import ShopSettings
from bot.store.tables import console_entries
from bot.store.unit import Store

CASES, MESSAGES = 1_000, 10_000
SHOPS, CHANNEL = 20, "console:odr"
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


class Stopped:
    """A clock that stands still."""

    @staticmethod
    def now() -> datetime:
        """The instant, UTC."""
        return NOW


def make_app(folder: Path) -> App:
    """A program whose shops all have the console's channel."""
    shops = [
        ShopSettings(id=f"s{number}", site="US", opened_on=date(2024, 1, 5), channels=[CHANNEL])
        for number in range(SHOPS)
    ]
    settings = Settings(data_dir=folder, shops=shops, default_role="lead", language="en")
    return App(settings, Stopped()).open()


def open_cases(app: App, count: int) -> None:
    """Open cases of two orders, each with a tracking page; no card is drawn."""
    plain = Store(app.engine)
    for first in range(0, count, 500):
        with plain.unit() as unit:
            for number in range(first, min(count, first + 500)):
                _open_case(unit, number)


def _open_case(unit: Any, number: int) -> None:
    ids = [f"57646141{number:08d}{digit}" for digit in (1, 2)]
    orders = [CaseOrder("", each, [DefectType.RETURN_REFUND], NOW, scenario="S1") for each in ids]
    onset = NOW - timedelta(minutes=number % 4000)
    deadline, shop = onset + timedelta(hours=72), f"s{number % SHOPS}"
    case = unit.cases.add(
        Case("", shop, onset, onset, True, deadline, NOW.date().isoformat(), ["red"], orders=orders)
    )
    for place, order in enumerate(ids):
        unit.evidence.add(_tracking_page(case.id, order, 2 * number + place), CHANNEL)


def _tracking_page(case_id: str, order: str, number: int) -> Evidence:
    value = f"1Z999AA1{number:010d}"
    times = tuple(Timestamp("2026-11-20 08:00", NOW, role) for role in (TimeRole.PICKED_UP, TimeRole.DELIVERED))
    facts = Facts(
        media_type="image/png",
        tracking_numbers=(TrackingNumber(value, "ups"),),
        timestamps=times,
        spots=(Spot("tracking_numbers", value, (10, 10, 100, 20), 0.9),),
    )
    return Evidence(
        "",
        case_id,
        f"{number:064x}",
        1000,
        "tracking.png",
        "li",
        NOW,
        facts,
        kind="tracking_page",
        order_ids=[order],
    )


def signed_in(app: App) -> TestClient:
    """A browser that is signed in."""
    web = console_app(app)
    door = web.state.console.door
    secret = door.links.redeem(door.links.link(LOCAL, "bench"), "127.0.0.1", "bench")
    name = SESSION.called(Client("127.0.0.1", "http://127.0.0.1", True))
    return TestClient(web, cookies={name: secret}, base_url="http://127.0.0.1")


def page(client: TestClient, address: str) -> Callable[[], object]:
    """Opening a page."""

    def opens() -> object:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text[:200]
        return answer

    return opens


def took(what: Callable[[], object], profile: bool) -> float:
    """Seconds of processor time of the second call: the first loads templates."""
    what()
    profiler = cProfile.Profile() if profile else None
    began = time.process_time()
    if profiler:
        profiler.runcall(what)
    else:
        what()
    spent = time.process_time() - began
    if profiler:
        pstats.Stats(profiler).sort_stats("cumulative").print_stats(45)
    return spent


def board(folder: Path, profile: bool) -> None:
    """The board and the command `cases`."""
    app = make_app(folder)
    open_cases(app, CASES)
    client = signed_in(app)
    for address in ("/cases", "/", "/cases?state=ready"):
        print(f"{CASES:,} open cases: {address} in {took(page(client, address), profile):.2f} s", flush=True)
    numbers = iter(range(9))

    def asks() -> None:
        event = CommandReceived(f"bench{next(numbers)}", CHANNEL, LOCAL, NOW, "", "cases")
        app.host("console").inbox.accept(event)()

    print(f"{CASES:,} open cases: `cases` in {took(asks, profile):.2f} s", flush=True)


def channel(folder: Path, profile: bool) -> None:
    """A channel with many messages outside of threads, and one with all of them in a single thread."""
    app = make_app(folder)
    for thread in ("", "C1"):
        fill(app, thread)
        client = signed_in(app)
        spent = took(page(client, "/?channel=odr"), profile)
        print(f"{MESSAGES:,} messages {'in a thread' if thread else 'outside threads'}: {spent:.2f} s", flush=True)


def fill(app: App, thread: str) -> None:
    """Write the messages into the channel."""
    from bot.store.console import ConsoleLog

    log = ConsoleLog(app.engine)
    with app.engine.begin() as connection:
        connection.execute(sa.delete(console_entries))
    log.add(f"{thread}-first", "odr", thread, NOW, card=Card("hello", (Text("hello"),)))
    with app.engine.begin() as connection:
        row = connection.execute(sa.select(console_entries)).mappings().one()
        fresh = {key: value for key, value in row.items() if key != "id"}
        again = [
            fresh | {"key": f"{thread}-{number}", "position": number, "changed": number}
            for number in range(row["position"] + 1, row["position"] + MESSAGES)
        ]
        connection.execute(sa.insert(console_entries), again)


def main() -> None:
    """Measure and print."""
    wanted = [name for name in sys.argv[1:] if not name.startswith("-")] or ["board", "channel"]
    for name in wanted:
        with tempfile.TemporaryDirectory(prefix="odr-bot-console-") as folder:
            {"board": board, "channel": channel}[name](Path(folder), "--profile" in sys.argv)


if __name__ == "__main__":
    main()
