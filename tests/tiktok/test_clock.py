"""On the clock: each shop in its turn, one reader for all processes, and deadlines told ahead."""

import sqlite3
import time
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.cli.examining_feeds import examine_feeds
from bot.cli.tiktok import status
from bot.domain.odr import day_of
from bot.ports.chat import Unfit
from bot.ports.store import DatabaseError
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.settings.model import Settings
from bot.settings.team import ShopSettings
from bot.settings.tiktok import TikTokSettings
from bot.store.tables import messages, orders
from tests.tiktok.conftest import SHOP
from tests.tiktok.fake.world import FakeShop, World
from tests.tiktok.story import NOW, Story


@pytest.fixture
def app(tmp_path: Path, connection: TikTokSettings, shop: FakeShop) -> App:
    shops = [
        ShopSettings(id="us-1", name="Bright Home", site="US", tiktok=SHOP),
        ShopSettings(id="us-2", name="Other", site="US"),
    ]
    connection.calls_per_second = 100
    app = App(Settings(data_dir=tmp_path / "data", language="en", shops=shops, tiktok=connection), FrozenClock(NOW))
    app.open()
    app.connections.connect("code")
    yield app
    app.engine.dispose()


def keys(app: App, beginning: str) -> list[str]:
    with app.engine.connect() as connection:
        found = connection.scalars(sa.select(messages.c.key).order_by(messages.c.seq))
        return [key for key in found if key.startswith(beginning)]


def test_a_shop_is_read_when_its_turn_has_come(app: App, world: World) -> None:
    every = timedelta(minutes=20)
    assert [shop.id for shop in app.feeding.due(every)] == ["us-1"]
    app.feed_clock.tick()
    app.feed_clock.tick()
    for _ in range(200):
        with app.store.unit(read_only=True) as unit:
            if len([state for state in unit.feeds.states() if state.polled_at]) >= 5:
                break
        time.sleep(0.05)
    assert app.feeding.due(every) == [] and app.feeding.due(timedelta(0)) != []
    assert world.calls["/order/202309/orders/search"] <= 3, "two ticks, one reading"


def test_one_process_at_a_time_reads_a_shop(app: App) -> None:
    with app.work_locks.held("feed-us-1", 0.0) as alone:
        assert alone and app.feeding.pull("us-1").busy
    assert not app.feeding.pull("us-1").busy


def test_what_ends_the_program_ends_the_reading(app: App, shop: FakeShop) -> None:
    Story(shop)
    app.ending.set()
    app.feed_clock.tick()
    assert app.feeding.due(timedelta(minutes=20)), "nothing was begun"


@pytest.mark.parametrize("kind", ["dispatch", "returns"])
def test_deadlines_are_told_once_at_each_stage(app: App, shop: FakeShop, kind: str) -> None:
    story = Story(shop, each=0)
    due = int(NOW.timestamp()) + 20 * 3600
    row = story.add(int(NOW.timestamp()) - 7200, "AWAITING_SHIPMENT")
    if kind == "dispatch":
        row["rts_sla_time"] = due
    else:
        steps = [{"action": "SELLER_RESPOND", "deadline": due}]
        story.returned(
            row, row["create_time"] + 60, "RETURN_OR_REFUND_REQUEST_PENDING", seller_next_action_response=steps
        )
    app.feeding.pull("us-1")
    stages = []
    for hours in (0, 0, 9, 9, 17, 17, 21):
        app.clock.at = NOW + timedelta(hours=hours)
        app.deadline_warnings.tick()
        stages.append([int(key.split(":")[2]) for key in keys(app, "due:")])
    assert stages == [[24], [24], [24, 12], [24, 12], [24, 12, 4], [24, 12, 4], [24, 12, 4]]


def test_what_is_done_is_not_told(app: App, shop: FakeShop) -> None:
    story = Story(shop, each=0)
    due = int(NOW.timestamp()) + 20 * 3600
    row = story.add(int(NOW.timestamp()) - 7200, "AWAITING_SHIPMENT", rts_sla_time=due)
    app.feeding.pull("us-1")
    row |= {"status": "IN_TRANSIT", "update_time": int(NOW.timestamp())}
    app.feeding.pull("us-1")
    app.deadline_warnings.tick()
    assert keys(app, "due:") == []


def kept(app: App) -> dict[tuple[str, str], int]:
    """The valid orders, by shop and UTC day."""
    where = sa.select(orders.c.shop, orders.c.created_day, sa.func.count()).where(orders.c.valid)
    with app.engine.connect() as connection:
        rows = connection.execute(where.group_by(orders.c.shop, orders.c.created_day))
        return {(shop, f"{day_of(number)}"): count for shop, number, count in rows}


def test_a_full_disk_in_the_middle_of_the_first_reading_loses_nothing(app: App, shop: FakeShop) -> None:
    story = Story(shop)
    with app.engine.connect() as connection:
        room = {"pages": connection.exec_driver_sql("PRAGMA page_count").scalar_one()}

    def limit(dbapi: sqlite3.Connection, *_: object) -> None:
        dbapi.execute(f"PRAGMA max_page_count = {room['pages']}")

    sa.event.listen(app.engine, "checkout", limit)
    stored = []
    for _ in range(100):
        room["pages"] += 4
        try:
            assert app.feeding.pull("us-1").faults == {}
            break
        except DatabaseError as full:
            assert full.fault == "full"
            stored.append(sum(kept(app).values()))
    everything = sum(kept(app).values())
    assert stored == sorted(stored) and any(0 < count < everything for count in stored), "what was stored is kept"
    assert kept(app) == {("us-1", when): count for when, count in story.orders.items() if when > "2026-09-20"}


def test_a_clock_that_is_off_is_told_until_it_is_set(app: App, world: World, shop: FakeShop) -> None:
    world.ahead = 600.0
    app.feeding.pull("us-1")
    data, text = status(app)
    assert data["shops"][0]["skew_seconds"] == pytest.approx(600, abs=3) and "behind" in text
    with pytest.raises(Unfit, match=r"clock is \d+ s behind"):
        examine_feeds(app)
    world.ahead = 0.0
    app.feeding.pull("us-1")
    assert "behind" not in status(app)[1] and "1 shops are read" in examine_feeds(app)


def test_an_order_that_a_file_gave_to_another_shop_is_moved_and_told(app: App, shop: FakeShop) -> None:
    story = Story(shop, each=3)
    row = story.add(int(NOW.timestamp()) - 7200, "COMPLETED")
    with app.store.unit() as unit:
        at = row["create_time"] * 1000
        unit.orders.upsert_orders("us-2", [(row["id"], at, at // 86_400_000, True, "", "", "")])
    app.feeding.pull("us-1")
    assert not [shop_id for shop_id, _ in kept(app) if shop_id == "us-2"], "nothing counts twice"
    assert kept(app)["us-1", "2026-11-20"] == story.orders["2026-11-20"]
    [told] = [each for each in status(app)[0]["shops"][0]["differences"] if each["order_id"] == row["id"]]
    assert told["subject"] == "shop" and "moved here" in status(app)[1]
