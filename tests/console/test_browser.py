import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.conversation.events import ButtonPressed, CommandReceived, FileReceived, FormSubmitted
from bot.messaging.card import Card, Countdown, Text, Tone
from tests.console import story
from tests.console.fakes import NOW, FakeCore

pytestmark = pytest.mark.browser

SCRIPTS = Path(__file__).parent / "scripts"
DROP, PASTE, AUDIT, CONTRAST = (
    (SCRIPTS / f"{name}.js").read_text() for name in ("drop", "paste", "audit", "contrast")
)


def open_case(page: Page, core: FakeCore, language: str = "en") -> None:
    story.tell(core, language)
    page.goto(page.url.split("/?")[0].rstrip("/") + "/?channel=ops&thread=C7")
    page.wait_for_selector("body[data-started]")


def test_sending_words_shows_them_and_the_answer(page, core):
    core.answer = lambda event: core.post("answer", Card("Hello there", tone=Tone.GREEN))
    expect(page.locator("#empty")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("help me")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("please")
    page.keyboard.press("Enter")
    expect(page.locator(".words")).to_have_text("help me\nplease")
    expect(page.locator(".card.tone-green")).to_contain_text("Hello there")
    expect(page.locator("#empty")).to_be_hidden()
    expect(page.locator("#text")).to_have_value("")
    (event,) = core.events
    assert isinstance(event, CommandReceived) and event.text == "help me\nplease"


def test_enter_while_composing_chinese_does_not_send(page, core):
    page.fill("#text", "bangzhu")
    page.dispatch_event("#text", "keydown", {"key": "Enter", "isComposing": True})
    assert page.input_value("#text") == "bangzhu" and core.events == []


def test_files_by_drop_paste_and_button_go_out_together(page, core):
    page.evaluate(DROP, ["tracking.csv", "text/csv", "a,b"])
    page.evaluate(PASTE)
    page.set_input_files("#files", {"name": "物流.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"})
    expect(page.locator("#tray li")).to_have_count(3)
    page.fill("#text", "order 1")
    page.click("#send")
    expect(page.locator(".sent-files li")).to_have_count(3)
    (event,) = core.events
    assert isinstance(event, FileReceived) and event.text == "order 1"
    [pasted] = set(core.files) - {"tracking.csv", "物流.pdf"}
    assert re.fullmatch(rf"截图-{NOW:%Y%m%d-%H%M}\d\dZ\.png", pasted)
    assert core.files["tracking.csv"] == b"a,b"
    expect(page.locator("#tray li")).to_have_count(0)


def test_a_file_over_the_limit_is_refused_before_it_leaves(page, core):
    page.evaluate(DROP, ["big.png", "image/png", "x" * (core.max_upload_bytes + 1)])
    expect(page.locator(".toast")).to_contain_text("big.png")
    expect(page.locator("#tray li")).to_have_count(0)


def test_too_much_at_once_is_refused_before_it_leaves(page, core):
    for n in range(6):
        page.evaluate(DROP, [f"{n}.png", "image/png", "x" * (core.max_upload_bytes - 9)])
    expect(page.locator(".toast")).to_contain_text("5 MB")
    expect(page.locator("#tray li")).to_have_count(5)


def test_a_chosen_file_can_be_removed(page, core):
    page.evaluate(DROP, ["wrong.csv", "text/csv", "a"])
    page.get_by_role("button", name=re.compile("wrong.csv")).click()
    expect(page.locator("#tray li")).to_have_count(0)


def test_a_card_changes_in_place_and_typing_survives(page, core):
    open_case(page, core)
    ref = core.entries.conversation("ops", "C7")[3].id
    page.get_by_text("State the tracking facts by hand").click()
    page.fill("[name='value.tracking']", "9400")
    page.select_option("[name='value.carrier']", "ups")
    count = page.locator(".entry").count()
    core.platform.update("ops", str(ref), "again", story.checklist("en", done=True))
    expect(page.locator(f"#entry-{ref} li.mark-done")).to_have_count(2)
    assert page.locator(".entry").count() == count
    expect(page.locator("[name='value.tracking']")).to_have_value("9400")
    expect(page.locator("[name='value.carrier']")).to_have_value("ups")


def test_buttons_act_once_and_are_disabled_meanwhile(page, core):
    open_case(page, core)
    seen: list[bool] = []
    core.answer = lambda event: seen.append(True)
    page.route(
        "**/press",
        lambda route: (seen.append(page.get_by_role("button", name="I take it").is_disabled()), route.continue_()),
    )
    page.get_by_role("button", name="I take it").click()
    expect(page.get_by_role("button", name="I take it")).to_be_enabled()
    page.wait_for_function("document.getElementById('working').hidden")
    (event,) = core.events
    assert isinstance(event, ButtonPressed)
    assert (event.action, event.payload, event.thread) == ("claim", {"case": "C7"}, "C7")
    assert seen == [True, True]


def test_a_button_that_asks_first(page, core):
    open_case(page, core)
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.get_by_role("button", name="Dismiss").click()
    assert asked == ["Dismiss this case?"] and core.events == []
    page.once("dialog", lambda dialog: dialog.accept())
    with page.expect_response("**/press"):
        page.get_by_role("button", name="Dismiss").click()
    assert core.events[0].action == "dismiss"


def test_a_form_checks_counts_and_sends(page, core):
    open_case(page, core)
    page.get_by_text("State the tracking facts by hand").click()
    form = page.locator("form[data-action='state_facts']")
    form.get_by_role("button", name="Save").click()
    assert core.events == []
    form.get_by_label("Tracking number").fill("9400")
    form.get_by_label("Carrier").select_option("usps")
    form.get_by_label("Pick-up time").fill("2024-06-03T14:20")
    form.get_by_label("Note").fill("x" * 201)
    expect(form.locator(".count")).to_have_text("201 / 200")
    form.get_by_role("button", name="Save").click()
    assert core.events == []
    form.get_by_label("Note").fill("fine")
    with page.expect_response("**/submit"):
        form.get_by_role("button", name="Save").click()
    (event,) = core.events
    assert isinstance(event, FormSubmitted) and event.payload["order"] == "576461413038785752"
    assert event.values == {"tracking": "9400", "carrier": "usps", "at": "2024-06-03T14:20", "note": "fine"}


def test_the_countdown_follows_the_servers_clock_and_ticks(page, core):
    until = NOW + timedelta(hours=6, minutes=0, seconds=2)
    page.clock.pause_at(NOW + timedelta(days=400))
    core.post("c", Card("c", (Countdown("left", until, NOW),)))
    page.goto(page.url)
    left = page.locator(".card [data-left]")
    page.clock.run_for(50)
    expect(left).to_have_text("还剩 6 小时 00 分")
    expect(page.locator(".countdown")).to_have_attribute("data-urgency", "medium")
    page.clock.run_for(3000)
    expect(left).to_have_text("还剩 5 小时 59 分")
    expect(page.locator(".countdown")).to_have_attribute("data-urgency", "high")
    page.clock.fast_forward("06:30:00")
    expect(left).to_contain_text("已关闭")


def test_language_and_name_switch(page, core):
    page.get_by_role("button", name="English").click()
    expect(page.locator("#send")).to_have_text("Send")
    page.wait_for_selector("body[data-started]")
    page.get_by_role("button", name=re.compile("Pick a name")).click()
    page.get_by_label("Name").fill("Lin Xiao")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".me-text")).to_contain_text("Lin Xiao")
    page.wait_for_selector("body[data-started]")
    page.fill("#text", "help")
    page.keyboard.press("Enter")
    expect(page.locator(".entry.is-mine .author")).to_have_text("Lin Xiao")
    assert core.events[0].person == "local"


def test_when_the_server_is_away_nothing_is_lost(page, core):
    page.route("**/say", lambda route: route.abort())
    page.fill("#text", "important")
    page.click("#send")
    expect(page.locator("#banner")).to_be_visible()
    page.unroute("**/say")
    page.get_by_role("button", name="重试").click()
    expect(page.locator(".words")).to_have_text("important")
    expect(page.locator("#banner")).to_be_hidden()
    assert [event.text for event in core.events] == ["important"]


def test_a_refused_message_comes_back_to_the_composer(page, core):
    page.route("**/say", lambda route: route.fulfill(status=413, json={"error": "too large"}))
    page.evaluate(DROP, ["a.csv", "text/csv", "a"])
    page.fill("#text", "keep me")
    page.click("#send")
    expect(page.locator(".toast")).to_have_text("too large")
    expect(page.locator("#text")).to_have_value("keep me")
    expect(page.locator("#tray li")).to_have_count(1)


def test_the_stream_says_when_it_is_lost_and_catches_up(page, core, context):
    context.set_offline(True)
    page.clock.run_for(4000)
    expect(page.locator("#banner")).to_contain_text("断开")
    core.post("late", Card("written meanwhile"))
    context.set_offline(False)
    expect(page.locator(".card")).to_contain_text("written meanwhile")
    expect(page.locator("#banner")).to_be_hidden()


def test_another_channel_is_marked_unread(page, core):
    core.post("x", Card("x"), channel="sea")
    page.clock.run_for(1000)
    expect(page.locator("[data-place='sea|']")).to_have_class(re.compile("is-unread"))


def test_the_board_follows_live_and_filters(page, core):
    story.tell(core, "en")
    page.goto(f"{page.url}cases")
    expect(page.locator(".cases tbody tr")).to_have_count(4)
    expect(page.locator(".cases [data-left]").first).to_have_text(re.compile("4 h 1"))
    core.rows.pop(0)
    core.post("news", Card("n"))
    page.clock.run_for(1000)
    expect(page.locator(".cases tbody tr")).to_have_count(3)
    page.get_by_label("Site").select_option("UK")
    expect(page.locator(".cases tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Nova 3C UK", exact=True).click()
    expect(page.locator("h1")).to_contain_text("C6")


@pytest.mark.parametrize("path", ["/?channel=ops&thread=C7", "/?channel=sea", "/cases?state="])
def test_a_small_phone_needs_no_sideways_scrolling(page, core, path):
    story.tell(core, "en")
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(page.url.rstrip("/") + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Open the channel list").click()
    expect(page.get_by_role("link", name="Case board")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Case board")).to_be_hidden()


def test_the_keyboard_reaches_everything(page, core):
    open_case(page, core)
    page.evaluate("document.activeElement.blur(); document.getElementById('talk').scrollTop = 0")
    reached: list[str] = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.innerText || document.activeElement.id"))
    for name in (
        "Skip to the conversation",
        "I take it",
        "State the tracking facts by hand",
        "Edit the draft",
        "text",
        "Send",
    ):
        assert any(name in words for words in reached), name
    page.get_by_role("button", name="I take it").focus()
    with page.expect_response("**/press"):
        page.keyboard.press("Enter")
    assert core.events[0].action == "claim"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/?channel=ops&thread=C7", "/?channel=sea", "/cases?state="])
def test_names_roles_and_contrast(page, core, path, scheme):
    story.tell(core, "en")
    page.emulate_media(color_scheme=scheme)
    page.goto(page.url.rstrip("/") + path)
    page.wait_for_selector("body[data-started]")
    assert page.evaluate(AUDIT) == []
    assert page.evaluate(CONTRAST) == []
    if "cases" not in path:
        expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")


def test_reading_back_is_not_disturbed_by_news(page, core):
    for n in range(30):
        core.post(f"k{n}", Card(f"card {n}", (Text("words\n" * 5),)))
    page.goto(page.url)
    page.wait_for_selector("body[data-started]")
    page.evaluate("document.getElementById('talk').scrollTop = 0")
    core.post("new", Card("the newest"))
    expect(page.locator("#newer")).to_be_visible()
    assert page.evaluate("document.getElementById('talk').scrollTop") == 0
    page.click("#newer")
    expect(page.get_by_text("the newest")).to_be_in_viewport()
    expect(page.locator("#newer")).to_be_hidden()


def test_older_entries_on_request(page, core):
    for n in range(90):
        core.post(f"k{n}", Card(f"card-{n:02}"))
    page.goto(page.url)
    page.wait_for_selector("body[data-started]")
    page.locator("[data-earlier]").click()
    expect(page.get_by_text("card-00")).to_be_attached()
    assert page.locator(".entry").count() == 90
    order = page.eval_on_selector_all(".entry", "all => all.map((e) => Number(e.dataset.position))")
    assert order == sorted(order)
