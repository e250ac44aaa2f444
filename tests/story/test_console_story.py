"""The real program with the demo shops in a real browser: from the alert to the submission, with pictures."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.cli.demo import load_demo
from bot.runtime.bootstrap import App, open_app
from bot.runtime.console import console_app
from bot.settings.model import Settings
from bot.settings.sections import ClockSettings
from tests.browsing import PATIENCE_SECONDS, Served
from tests.signing import admit

pytestmark = pytest.mark.browser
NOW = datetime(2026, 11, 20, 2, 14, tzinfo=UTC)
SHOP = "US-AURORA"
IMAGES = Path(__file__).parents[2] / "docs" / "images"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    settings = Settings(data_dir=tmp_path / "data", clock=ClockSettings(now=NOW))
    load_demo(settings, lambda text: None)
    app = open_app(settings)
    yield app
    app.engine.dispose()


@pytest.fixture
def served(app: App) -> Iterator[Served]:
    web = console_app(app)
    server = Served(web)
    yield server
    server.stop()


def open_page(browser: Browser, served: Served, path: str, width: int, height: int, scheme: str = "light") -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        device_scale_factor=2,
        reduced_motion="reduce",
        accept_downloads=True,
    )
    admit(context, served.app, served.url)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_SECONDS * 1000)
    page.goto(served.url + path)
    page.wait_for_selector("body[data-started]")
    return page


def picture(page: Page, name: str, folder: Path) -> None:
    """Taken every time, kept in docs/images when ODR_BOT_SCREENSHOTS=1."""
    target = (IMAGES if os.environ.get("ODR_BOT_SCREENSHOTS") == "1" else folder) / f"{name}.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=target)
    assert target.stat().st_size > 20_000


def say(page: Page, text: str) -> None:
    box = page.get_by_role("textbox").last
    box.fill(text)
    box.press("Enter")


def case_of(app: App, shop: str) -> str:
    with app.store.unit(read_only=True) as unit:
        return next(case.id for case in unit.cases.listed([shop]))


def test_a_person_does_the_whole_story_on_the_console(
    app: App, served: Served, browser: Browser, tmp_path: Path
) -> None:
    case = case_of(app, SHOP)
    page = open_page(browser, served, "/", 1280, 860)
    expect(page.locator("article").filter(has_text="Aurora Audio").first).to_be_visible()
    page.goto(f"{served.url}/?channel=ops&thread={case}")
    headline = page.locator("article").first
    expect(headline).to_contain_text("ODR")
    expect(headline.locator("svg").first).to_be_visible()
    page.evaluate("document.getElementById('talk').scrollTop = 0")
    picture(page, "alert", tmp_path)
    headline.get_by_role("button", name="我来处理").click()
    expect(page.locator("article").first.get_by_role("button", name="取消认领")).to_be_visible()
    expect(page.locator("#bar")).not_to_contain_text("无人认领")

    files = sorted((app.settings.data_dir / "samples" / SHOP).iterdir())
    page.locator("input[type=file]").set_input_files([str(file) for file in files])
    say(page, "")
    work = page.locator("article").filter(has_text="刚收到").last
    expect(work).to_be_visible()
    say(page, "场景 全部 S1")
    expect(page.locator("article").filter(has_text="材料齐全")).to_have_count(1)
    picture(page, "ready", tmp_path)
    say(page, "草稿")
    draft = page.locator("article").filter(has_text="Root Cause").last
    expect(draft).to_contain_text("/200")
    picture(page, "draft", tmp_path)
    say(page, "导出")
    with page.expect_download() as download:
        page.locator("a[download], a[href^='/files/']").last.click()
    assert download.value.suggested_filename == f"{case}.zip"
    say(page, "已提交")
    expect(page.locator("article").last).to_contain_text("已登记提交")
    assert app.cases.get(case).status.value == "submitted"


def test_pictures_of_board_and_phone(app: App, served: Served, browser: Browser, tmp_path: Path) -> None:
    board = open_page(browser, served, "/cases", 1280, 640)
    expect(board.get_by_text("Linwood Home").first).to_be_visible()
    picture(board, "board", tmp_path)
    phone = open_page(browser, served, f"/?channel=ops&thread={case_of(app, SHOP)}", 390, 780)
    phone.evaluate("document.getElementById('talk').scrollTop = 0")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(phone, "phone", tmp_path)


def test_in_english_every_card_of_a_channel_is_english(
    app: App, served: Served, browser: Browser, tmp_path: Path
) -> None:
    page = open_page(browser, served, "/", 1280, 860)
    say(page, "lang en")
    expect(page.locator("article").last).to_contain_text("I answer in English now")
    page.goto(f"{served.url}/?channel=ops&thread={case_of(app, SHOP)}")
    expect(page.locator("article").first).to_contain_text("Appeal window closes")
    page.evaluate("document.getElementById('talk').scrollTop = 0")
    picture(page, "english", tmp_path)
