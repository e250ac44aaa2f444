"""What somebody types or sends survives a reload and a restart, and two browsers see the same."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.messaging.card import Card
from tests.browsing import Served
from tests.console import story
from tests.signing import admit

pytestmark = pytest.mark.browser
UPLOAD = {"name": "long.txt", "mimeType": "text/plain", "buffer": b"x" * 40_000}


def again(page: Page) -> None:
    page.reload()
    page.wait_for_selector("body[data-started]")


def test_what_was_typed_and_chosen_is_there_after_a_reload(page, core):
    story.tell(core, "en")
    page.goto(f"{page.url}?channel=ops&thread=C7")
    page.fill("#text", "half a sentence")
    page.set_input_files("#files", UPLOAD)
    page.locator("details.form summary").first.click()
    page.locator("form[data-action] input").first.fill("my own words")
    again(page)
    expect(page.locator("#text")).to_have_value("half a sentence")
    expect(page.locator("#tray")).to_contain_text("long.txt")
    expect(page.locator("form[data-action] input").first).to_have_value("my own words")
    page.locator("#send").click()
    expect(page.locator("#log")).to_contain_text("half a sentence")
    again(page)
    expect(page.locator("#text")).to_have_value("")
    expect(page.locator("#tray li")).to_have_count(0)
    assert len(core.events) == 1 and core.files["long.txt"] == UPLOAD["buffer"]


def test_an_upload_that_a_reload_cuts_off_is_sent_again_once(page, core):
    held: list[object] = []
    page.route("**/say", lambda route: held.append(route))
    page.set_input_files("#files", UPLOAD)
    page.locator("#send").click()
    expect(page.locator("#tray li")).to_have_count(0)
    page.unroute("**/say")
    again(page)
    expect(page.locator("#log")).to_contain_text("long.txt")
    again(page)
    expect(page.locator("#log .sent-files li")).to_have_count(1)
    assert len({event.id for event in core.events}) == 1, "who has an id already takes it for a repeat"


def test_a_restart_under_the_page_loses_nothing(page, core, served, make_app):
    page.fill("#text", "written meanwhile")
    port = int(served.url.rpartition(":")[2])
    served.stop()
    page.locator("#send").click()
    expect(page.locator("#banner")).to_be_visible()
    again_served = Served(make_app(), port)
    page.locator("#banner button").click()
    expect(page.locator("#log")).to_contain_text("written meanwhile")
    expect(page.locator("#banner")).to_be_hidden()
    assert len(core.events) == 1
    again_served.stop()


def test_two_browsers_see_each_others_words_and_count_what_was_missed(page, core, served, browser):
    other = browser.new_context(locale="en-GB")
    admit(other, served.app, served.url, "li")
    theirs = other.new_page()
    theirs.goto(f"{served.url}/cases")
    theirs.wait_for_selector("body[data-started]")
    page.fill("#text", "look at this")
    page.keyboard.press("Enter")
    core.post("a", Card("one more"), channel="ops")
    expect(theirs.locator("[data-place='ops|'] .unread")).to_have_text("2")
    theirs.locator("[data-place='ops|']").click()
    expect(theirs.locator("#log")).to_contain_text("look at this")
    other.close()


def test_the_board_is_searched_while_typing_and_by_keyboard_alone(page, core):
    story.tell(core, "en")
    page.goto(f"{page.url}cases")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("nova")
    page.clock.run_for(400)
    expect(page.locator("#found tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/cases\?q=nova&state=active"))
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.get_by_label("Mine only").check()
    expect(page.locator("#found")).to_contain_text("No cases match")


def test_a_name_is_asked_for_at_the_first_act_and_not_before(page, core):
    expect(page.locator("#first-name")).to_be_hidden()
    page.fill("#text", "help")
    page.keyboard.press("Enter")
    page.locator("#first-name").fill("Lin Xiao")
    page.fill("#text", "more to say")
    page.locator("#ask-name button").click()
    page.wait_for_selector("body[data-started]")
    expect(page.locator(".me-name")).to_contain_text("Lin Xiao")
    expect(page.locator("#text")).to_have_value("more to say")
    assert core.people["local"].name == "Lin Xiao" and page.locator("#ask-name").count() == 0


AUDIT = (Path(__file__).parent / "audit.js").read_text("utf-8")
ADDRESSES = (
    "?channel=ops&thread=C7",
    "cases?state=",
    "cases/C7?tab=evidence",
    "overview",
    "people",
    "imports",
    "sessions",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_can_be_used_without_eyes_and_with_weak_ones(page, core, served, scheme):
    story.tell(core, "en")
    page.emulate_media(color_scheme=scheme)
    for address in ADDRESSES:
        page.goto(f"{served.url}/{address}")
        page.wait_for_selector("body[data-started]")
        assert page.evaluate(AUDIT) == [], address
