"""Pictures of the console for people to look at; kept in docs/images only when ODR_BOT_SCREENSHOTS=1."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot.ports.records import Person
from tests.console import story
from tests.signing import admit, session_cookie

pytestmark = pytest.mark.browser
IMAGES = Path(__file__).parents[2] / "docs" / "images"
CASE = "/?channel=ops&thread=C7"
PICTURES = [
    ("console-zh", "zh", CASE, (1280, 860), "light", 0),
    ("console-en", "en", CASE, (1280, 860), "light", 9999),
    ("console-dark", "zh", CASE, (1280, 860), "dark", 0),
    ("console-phone", "zh", CASE, (390, 780), "light", 640),
    ("console-board", "zh", "/cases?state=", (1280, 620), "light", 0),
    ("console-shops", "zh", "/overview", (1280, 520), "light", 0),
    ("console-evidence", "zh", "/cases/C7?tab=evidence", (1280, 760), "light", 0),
    ("console-people-zh", "zh", "/people", (1280, 760), "light", 0),
    ("console-people-en", "en", "/people", (1280, 760), "light", 0),
]


def folder(tmp_path: Path) -> Path:
    if os.environ.get("ODR_BOT_SCREENSHOTS") != "1":
        return tmp_path
    IMAGES.mkdir(parents=True, exist_ok=True)
    return IMAGES


@pytest.mark.parametrize(("name", "language", "path", "size", "scheme", "scroll"), PICTURES)
def test_picture(browser, served, core, tmp_path, name, language, path, size, scheme, scroll):
    story.tell(core, language)
    viewport = {"width": size[0], "height": size[1]}
    context = browser.new_context(
        viewport=viewport, color_scheme=scheme, device_scale_factor=2, reduced_motion="reduce"
    )
    admit(context, served.app, served.url)
    page = context.new_page()
    page.goto(served.url + path)
    page.wait_for_selector("body[data-started]")
    page.evaluate(
        "(top) => { const talk = document.getElementById('talk'); if (talk) talk.scrollTop = top; }", scroll
    )
    target = folder(tmp_path) / f"{name}.png"
    page.screenshot(path=target)
    context.close()
    assert target.stat().st_size > 20_000


@pytest.mark.parametrize(("language", "locale"), [("zh", "zh-CN"), ("en", "en-GB")])
def test_picture_of_signing_in(browser, served, core, tmp_path, language, locale):
    """From the page for everybody by the link to one's own sessions; and a link that was used before."""
    core.people["li"] = Person("li", "李敏" if language == "zh" else "Min Li", language, "Asia/Shanghai")
    core.language = language
    context = browser.new_context(
        viewport={"width": 1100, "height": 620}, locale=locale, device_scale_factor=2, reduced_motion="reduce"
    )
    page = context.new_page()

    def picture(name):
        target = folder(tmp_path) / f"console-{name}-{language}.png"
        page.screenshot(path=target)
        assert target.stat().st_size > 20_000

    page.goto(served.url)
    expect(page).to_have_url(f"{served.url}/login")
    picture("login")
    session_cookie(served.app, served.url, "li")
    token = served.app.state.console.door.links.link("li", "tests")
    link = f"{served.url}/sign-in?link={token}"
    page.goto(link)
    picture("sign-in")
    page.get_by_role("button").click()
    page.wait_for_selector("body[data-started]")
    page.goto(f"{served.url}/sessions")
    page.wait_for_selector("body[data-started]")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.goto(link)
    page.get_by_role("button").click()
    picture("refused")
    page.goto(f"{served.url}/sessions")
    expect(page.locator(".text-warning")).to_have_count(1)
    picture("sessions")
    context.close()


def test_a_page_whose_session_ends_says_so_by_itself(browser, served, core):
    context = browser.new_context(viewport={"width": 1100, "height": 620}, locale="en-GB")
    admit(context, served.app, served.url, "li")
    page = context.new_page()
    page.goto(served.url)
    page.wait_for_selector("body[data-started]")
    served.app.state.console.door.sessions.end_all("li")
    expect(page).to_have_url(f"{served.url}/login")
    context.close()
