"""Pictures of the console for people to look at; kept in docs/images only when ODR_BOT_SCREENSHOTS=1."""

import os
from pathlib import Path

import pytest

from tests.console import story
from tests.signing import admit

pytestmark = pytest.mark.browser
IMAGES = Path(__file__).parents[2] / "docs" / "images"
CASE = "/?channel=ops&thread=C7"
PICTURES = [
    ("console-zh", "zh", CASE, (1280, 860), "light", 0),
    ("console-en", "en", CASE, (1280, 860), "light", 9999),
    ("console-dark", "zh", CASE, (1280, 860), "dark", 0),
    ("console-phone", "zh", CASE, (390, 780), "light", 640),
    ("console-board", "zh", "/cases?state=", (1280, 620), "light", 0),
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
