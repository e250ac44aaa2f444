"""Pictures of the cards about data in the console, for people to look at; kept only when ODR_BOT_SCREENSHOTS=1."""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bot.domain.day_state import Reach
from bot.domain.odr import day_number
from bot.runtime.console import console_app
from tests.browsing import Served
from tests.freshness.conftest import LAST, ROOM, Team
from tests.freshness.test_replay import history, store
from tests.signing import admit

pytestmark = pytest.mark.browser
IMAGES = Path(__file__).parents[2] / "docs" / "images"
TITLES = {
    "en": {"missing-data": "did not come", "look-back": "looking back"},
    "zh": {"missing-data": "数据没有更新", "look-back": "回看"},
}


def happened(team: Team) -> None:
    """A shop's first data with a closed and an open anomaly, one whose newest file is a week old, one without any."""
    team.tick()
    store(team, history(d1104=(1000, 16), d1118=(500, 9)), "orders", "returns")
    team.feed("uk-1", date(2026, 10, 10), LAST - timedelta(days=5))
    with team.app.store.unit() as unit:
        made = unit.imports.begin("uk-1", "orders", "orders-uk-1113.csv", "li", team.clock.now())
        reach = Reach("orders", day_number(LAST) - 30, day_number(LAST) - 4)
        unit.orders.reached("uk-1", reach, str(made.import_id))
    team.at(2026, 11, 20, 4)
    team.feed("us-1", LAST + timedelta(days=1), LAST + timedelta(days=1))
    team.tick()
    team.app.outbox.drain(ROOM)


@pytest.mark.parametrize("size", [(1000, 900), (390, 900)], ids=["desktop", "phone"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_pictures(team: Team, browser: Browser, tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    with team.app.store.unit() as unit:
        unit.records.save_channel_language(ROOM, language)
    happened(team)
    served = Served(console_app(team.app))
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, device_scale_factor=2, reduced_motion="reduce"
    )
    admit(context, served.app, served.url)
    page = context.new_page()
    page.goto(f"{served.url}/?channel=ops")
    page.wait_for_selector("body[data-started]")
    kept = os.environ.get("ODR_BOT_SCREENSHOTS") == "1" and size[0] > 390
    for name, title in TITLES[language].items():
        card = page.locator("section.card", has=page.locator("h3", has_text=title)).first
        target = (IMAGES if kept else tmp_path) / f"{name}-{language}.png"
        card.screenshot(path=target)
        assert target.stat().st_size > 10_000
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is cut off"
    context.close()
    served.stop()
