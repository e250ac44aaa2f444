"""Shops without an editor: added, changed and paused in a conversation; the settings win where both speak."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bot.cli.examining_data import examine_shops
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.runtime.console import console_app
from bot.settings.model import Settings
from bot.settings.team import ShopSettings
from tests.browsing import Served
from tests.conversations.conftest import NOW, Talk, buttons, fed, forms
from tests.conversations.exports import my_orders, unwalled
from tests.signing import admit

GIVEN = {"id": "my-1", "name": "Bright MY", "site": "MY", "opened_on": "2025-03-01", "timezone": "", "tiktok": "77"}


@pytest.fixture
def talk(settings: Settings, tmp_path: Path) -> Talk:
    settings.language = "en"
    return Talk(fed(settings, exports=unwalled()), tmp_path)


def stored(app: App, shop_id: str) -> object:
    with app.store.unit(read_only=True) as unit:
        return unit.shops.get(shop_id)


def test_a_shop_is_added_fed_changed_and_paused(talk: Talk) -> None:
    asked = talk.say("添加店铺")
    done = talk.submit(forms(asked)[0], **GIVEN)[0]
    assert "Bright MY (my-1) is added" in done.title
    shop = stored(talk.app, "my-1")
    assert (shop.site, shop.timezone, shop.channels) == ("MY", "Asia/Kuala_Lumpur", ["console:ops"])
    assert (shop.opened_on, shop.tiktok, shop.active) == (date(2025, 3, 1), "77", True)
    preview = talk.send(("orders.csv", my_orders(["20/10/2026 10:00:00"] * 2)))[0]
    assert "Bright MY" in preview.plain()
    assert "is imported" in talk.say("import").title
    form = forms(talk.press(buttons(done)["Change …"])[0])[0]
    talk.submit(form, **{**GIVEN, "name": "Bright Malaysia"})
    assert stored(talk.app, "my-1").name == "Bright Malaysia"
    listed, *others = talk.app.boards.shops_seen_by("li", "en", may_change=True)
    assert "people, here" in listed.plain() and [each.action for card in others for each in forms(card)] == [
        "add_shop",
        "change_shop",
    ]
    assert len(talk.app.boards.shops_seen_by("wang", "en", may_change=False)) == 1
    assert "neither measured nor missed" in talk.say("pause shop my-1").title
    assert not stored(talk.app, "my-1").active
    assert "watched again" in talk.say("启用店铺 my-1").title
    assert "people, here" in talk.say("manage shops").plain() and "the settings" in talk.say("manage shops").plain()
    assert "added by people: my-1" in examine_shops(talk.app)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"id": "us 1"}, "cannot be an id"),
        ({"id": "US-1"}, "already"),
        ({"site": "DE"}, "no site"),
        ({"timezone": "Mars"}, "no time zone"),
        ({"opened_on": "2027-01-01"}, "no day"),
        ({"tiktok": "abc"}, "digits alone"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_stored(talk: Talk, wrong: dict[str, str], words: str) -> None:
    asked = talk.say("add shop")
    assert words in talk.submit(forms(asked)[0], **{**GIVEN, **wrong})[0].plain()
    assert stored(talk.app, "my-1") is None


def test_the_settings_win_and_only_admins_change_shops(settings: Settings, talk: Talk) -> None:
    assert "stands in the settings" in talk.say("pause shop us-1").plain()
    talk.person = "wang"
    assert "admin" in talk.say("add shop").plain() and not forms(talk.say("add shop"))
    assert not buttons(talk.say("manage shops"))
    talk.person = "li"
    talk.submit(forms(talk.say("add shop"))[0], **GIVEN)
    talk.app.engine.dispose()
    settings.shops.append(ShopSettings(id="my-1", name="From the settings", site="MY"))
    again = App(settings, FrozenClock(NOW)).open()
    assert stored(again, "my-1").name == "From the settings"
    assert "my-1" in again.settings_shops
    again.engine.dispose()


@pytest.mark.browser
def test_a_shop_is_added_on_the_page_of_shops(talk: Talk, browser: Browser) -> None:
    served = Served(console_app(talk.app))
    context = browser.new_context()
    admit(context, served.app, served.url, "li")
    page = context.new_page()
    page.goto(f"{served.url}/shops")
    page.wait_for_selector("body[data-started]")
    page.locator("main details.form > summary").first.click()
    form = page.locator("main details.form[open]")
    form.locator("input").nth(0).fill("my-1")
    form.locator("input").nth(1).fill("Bright MY")
    form.locator("select").first.select_option("MY")
    form.locator("button").last.click()
    expect(page.locator("table")).to_contain_text("Bright MY")
    context.close()
    served.stop()
