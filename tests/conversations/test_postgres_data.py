"""Data as they come, with PostgreSQL underneath: exports previewed, imported and taken back, a shop added and read
through the API."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.previews import PreviewState
from bot.settings.model import Settings
from bot.settings.sections import DatabaseSettings
from bot.settings.team import PersonSettings, ShopSettings
from bot.settings.tiktok import TikTokSettings
from tests.conversations.conftest import NOW, Talk, buttons, fed, forms
from tests.conversations.exports import unwalled, us_orders, zipped
from tests.conversations.test_imports import orders_of
from tests.tiktok.conftest import SHOP, address, connection, shop, world  # noqa: F401 - fixtures
from tests.tiktok.fake.world import FakeShop, World
from tests.tiktok.story import Story

pytestmark = pytest.mark.postgres
FEW = us_orders(30, **{"Created Time": "11/18/2026 10:00:00 AM"})


@pytest.fixture
def talk(tmp_path: Path, postgres_url: str, connection: TikTokSettings) -> Talk:  # noqa: F811 - the fixture above
    settings = Settings(
        data_dir=tmp_path / "data",
        language="en",
        database=DatabaseSettings(url=postgres_url),
        shops=[ShopSettings(id="us-1", name="Bright Home", site="US")],
        people=[PersonSettings(id="li", role="admin")],
        tiktok=connection,
    )
    app = fed(settings, exports=unwalled())
    yield Talk(app, tmp_path)
    app.engine.dispose()


def test_exports_and_an_api_feed_two_shops(talk: Talk, world: World, shop: FakeShop) -> None:  # noqa: F811
    app = talk.app
    card = talk.send(("day.zip", zipped(("orders.csv", FEW))), ("again.csv", FEW))[0]
    assert "2 exports" in card.title
    asked = talk.press(buttons(card)["Exported at …"])[0]
    talk.submit(forms(asked)[0], exported="2026-11-20T14:30")
    assert orders_of(talk) == 30 and app.freshness.look(["us-1"])[0].orders_until == NOW - timedelta(minutes=90)
    talk.say("undo import")
    assert orders_of(talk) == 30, "the second file brought nothing new"
    talk.say("undo import")
    assert orders_of(talk) == 0

    given = {"id": "us-2", "name": "By API", "site": "US", "tiktok": SHOP}
    talk.submit(forms(talk.say("add shop"))[0], **given)
    history = Story(shop, days=12, each=15)
    app.connections.connect("code")
    report = app.feeding.pull("us-2", None)
    assert not report.faults and report.new["orders"] == len(shop.orders)
    again = app.feeding.pull("us-2", None)
    assert again.new["orders"] == 0 and app.freshness.look(["us-2"])[0].orders_until == NOW
    day, orders = max((day, count) for day, count in history.orders.items() if day < f"{NOW:%Y-%m-%d}")
    [check] = app.monitoring.check((NOW - timedelta(days=1)).date(), ["us-2"])
    assert check.raw.orders == orders, day

    app.clock.at = NOW + timedelta(days=15)  # type: ignore[attr-defined]
    app.preview_expiry.tick()
    with app.store.unit(read_only=True) as unit:
        assert unit.previews.listed(list(PreviewState)) == []
