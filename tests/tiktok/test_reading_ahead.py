"""Pages are read ahead while others are being stored: whatever happens meanwhile, nothing is lost and nothing comes
twice."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.domain.feeds import FeedState
from bot.domain.orders import Shop
from bot.ports.store import DatabaseError
from bot.ports.tiktok import ApiFault, FoundShop, Granted, Portion
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.services.feed_writing import FeedWriter, StoredPortion
from bot.services.feeding import Feeding, ProgramEnds, PullReport
from bot.settings.model import Settings
from bot.settings.team import ShopSettings
from bot.settings.tiktok import TikTokSettings
from bot.sources.tiktok.listing import PAGES_A_PORTION, PAGES_AHEAD
from bot.sources.tiktok.operations import Operation
from bot.sources.tiktok.orders import OrderFeed
from bot.store.database import connect
from bot.store.locking import WorkLocks
from bot.store.tables import imports, metadata, orders
from bot.store.unit import Store
from tests.tiktok.conftest import SHOP, pair
from tests.tiktok.fake.world import FakeShop, World
from tests.tiktok.story import NOW, Story, order_row

COUNT, A_PAGE = 75, 3
START = int(datetime(2026, 11, 1, tzinfo=UTC).timestamp())


Hook = Callable[[Portion], object]


def nothing(*_: object) -> None:
    """Nothing happens."""


class Killed(BaseException):
    """The process ends here."""


class Platform:
    """A platform with one shop and one list of orders, in pages of three. `before(number)` is called before each
    call is answered."""

    def __init__(self, before: Callable[[int], object] = lambda number: None) -> None:
        self.before, self.calls, self.skew_seconds = before, 0, 0.0
        self.versions: Mapping[str, str] = {}
        self.rows = [order_row(number, START + 600 * number, "COMPLETED") for number in range(COUNT)]
        self.feeds = [OrderFeed(self, {})]

    def open(self, *_: object) -> "Platform":
        return self

    def statuses(self) -> dict[str, str]:
        return {}

    def call(self, operation: Operation, params: Mapping[str, str], body: Mapping[str, int]) -> dict[str, Any]:
        self.calls += 1
        self.before(self.calls)
        by, descending = params["sort_field"], params["sort_order"] == "DESC"
        found = [row for row in self.rows if row[by] >= body.get(f"{by}_ge", 0)]
        found.sort(key=lambda row: row[by], reverse=descending)
        begin = int(params.get("page_token", 0))
        end = begin + A_PAGE
        return {"orders": found[begin:end], "next_page_token": str(end) if end < len(found) else ""}


class Writer(FeedWriter):
    """Stores portions; `before(portion)` is called before each is stored, and `after(portion)` once it is."""

    def __init__(self, house: "House", before: Hook, after: Hook) -> None:
        super().__init__(house.store.unit, house.clock, lambda unit, change: None)
        self.before, self.after = before, after

    def store(self, shop: str, state: FeedState, portion: Portion) -> StoredPortion:
        self.before(portion)
        stored = super().store(shop, state, portion)
        self.after(portion)
        return stored


class House:
    """What one installation keeps, and the processes that read its shop one after the other."""

    def __init__(self, folder: Path) -> None:
        self.engine = connect(f"sqlite:///{folder}/orders.sqlite3")
        metadata.create_all(self.engine)
        self.store, self.locks = Store(self.engine), WorkLocks(self.engine, folder / "locks")
        self.clock = FrozenClock(NOW)
        with self.store.unit() as unit:
            unit.shops.save(Shop("us-1", "Bright Home", "US", "UTC", tiktok=SHOP))
            grant = unit.grants.save_grant(Granted(pair(), "open-aurora"), "sealed")
            unit.grants.save_found(grant, [FoundShop(SHOP, "Bright Home", "GB", "cipher")])

    def pull(self, platform: Platform, before: Hook = nothing, after: Hook = nothing) -> PullReport:
        parts = (platform, None, Writer(self, before, after), self.locks.held, nothing, 60, nothing)
        return Feeding(self.store.unit, self.clock, self.clock, *parts).pull("us-1")

    def anew(self) -> None:
        """Nothing was ever read."""
        with self.store.unit() as unit:
            unit.feeds.forget("us-1")
        with self.engine.begin() as connection:
            for table in (orders, imports):
                connection.execute(table.delete())

    def kept(self) -> list[str]:
        with self.engine.connect() as connection:
            return list(connection.scalars(sa.select(orders.c.id).order_by(orders.c.id)))

    def whole(self, platform: Platform) -> bool:
        """Whether every order is stored, and was written once."""
        with self.engine.connect() as connection:
            written = connection.scalar(sa.select(sa.func.sum(imports.c.rows)))
        return self.kept() == sorted(row["id"] for row in platform.rows) and written == COUNT


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.engine.dispose()


def dying(place: int, kind: type[BaseException] = Killed) -> Callable[[object], None]:
    """What ends the process when it is called for that time."""
    calls = iter(range(1, place + 1))

    def call(_: object) -> None:
        if next(calls) == place:
            raise kind

    return call


def test_killed_in_any_call_nothing_is_lost_and_nothing_comes_twice(house: House) -> None:
    house.pull(whole := Platform())
    assert house.whole(whole)
    for deadly in range(1, whole.calls + 1):
        house.anew()
        with pytest.raises(Killed):
            house.pull(Platform(dying(deadly)))
        house.pull(platform := Platform())
        assert house.whole(platform), deadly
        assert deadly + platform.calls <= whole.calls + PAGES_A_PORTION + 4, "what was stored is not read again"


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_around_any_commit_nothing_is_lost_and_nothing_comes_twice(house: House, moment: str) -> None:
    portions = -(-(COUNT // A_PAGE) // PAGES_A_PORTION)
    for place in range(1, portions + 2):
        with suppress(Killed):
            house.pull(Platform(), **{moment: dying(place)})
    house.pull(platform := Platform())
    assert house.whole(platform)


def test_only_so_many_pages_wait_while_others_are_stored(house: House) -> None:
    platform, most = Platform(), PAGES_A_PORTION + PAGES_AHEAD + 1
    seen: list[int] = []

    def slowly(portion: Portion) -> None:
        # The first page was asked for how new the list is.
        end = time.monotonic() + 10
        while not seen and platform.calls < most and time.monotonic() < end:
            time.sleep(0.001)
        time.sleep(0.02)
        seen.append(platform.calls)

    house.pull(platform, before=slowly)
    assert seen[0] == most and house.whole(platform)


@pytest.mark.parametrize("fault", [ProgramEnds(), ApiFault("region", 105004)])
def test_what_ends_the_reading_ahead_comes_after_what_was_read(house: House, fault: Exception) -> None:
    def end(number: int) -> None:
        if number == PAGES_A_PORTION + 5:
            raise fault

    try:
        report = house.pull(Platform(end))
        assert report.faults == {"orders": fault}
    except ProgramEnds as ended:
        assert ended is fault
    assert len(house.kept()) == PAGES_A_PORTION * A_PAGE
    house.pull(platform := Platform())
    assert house.whole(platform) and platform.calls < COUNT // A_PAGE + 3


def test_where_nothing_can_be_stored_nothing_more_is_read(house: House) -> None:
    platform = Platform()

    def full(portion: Portion) -> None:
        raise DatabaseError("no space", "full")

    with pytest.raises(DatabaseError):
        house.pull(platform, before=full)
    for thread in [each for each in threading.enumerate() if each.name == "ahead"]:
        thread.join(10)
        assert not thread.is_alive()
    assert platform.calls <= PAGES_A_PORTION + PAGES_AHEAD + 1 and house.kept() == []


def test_the_end_of_the_token_while_pages_are_read_ahead(
    tmp_path: Path, connection: TikTokSettings, shop: FakeShop, world: World
) -> None:
    story = Story(shop, each=10)
    shops = [ShopSettings(id="us-1", name="Bright Home", site="US", tiktok=SHOP)]
    connection.calls_per_second = 100
    app = App(Settings(data_dir=tmp_path / "data", language="en", shops=shops, tiktok=connection), FrozenClock(NOW))
    app.open()
    app.connections.connect("code")
    world.before_page = lambda path, start: world.expire() if start == 200 and not world.refreshes else None
    report = app.feeding.pull("us-1")
    assert not report.faults and world.refreshes == 1
    with app.engine.connect() as connected:
        stored = connected.scalar(sa.select(sa.func.count()).select_from(orders))
    app.engine.dispose()
    # Sixty days back from the present one: the story begins two days before.
    assert stored == len(story.shop.orders) - 2 * 10
