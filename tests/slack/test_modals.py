"""Forms in modals, the live check of a draft, and the Home tab."""

import re

from bot.domain.case import AppealStatus
from bot.messaging.card import Form
from tests.conversations.conftest import ORDERS, TRACKING, buttons, forms, tracking_page
from tests.conversations.test_story import give_everything
from tests.slack.fake.blocks import texts
from tests.slack.fake.files import about, dropped
from tests.slack.fake.people import filled
from tests.slack.fake.refused import Refused
from tests.slack.fake.world import View
from tests.slack.talk import PEOPLE, SlackTalk, elements

TAIL = ORDERS[0][-4:]
BAD = "This shameless liar " * 11


def draft_form(talk: SlackTalk) -> Form:
    give_everything(talk, 0)
    talk.say(f"tag {ORDERS[0]} S1", thread="C1")
    [form] = forms(talk.say(f"草稿 {TAIL}", thread="C1"))
    return form


def words(view: View) -> str:
    return "\n".join(texts(view.view["blocks"]))


def test_a_draft_that_is_wrong_gets_its_errors_in_the_modal_and_changes_nothing(talk: SlackTalk) -> None:
    form = draft_form(talk)
    errors = talk.try_to_submit(form, text=BAD)
    assert len(errors) == 1 and "200" in next(iter(errors.values()))
    assert not talk.turns.begun and talk.app.cases.get("C1").order(ORDERS[0]).draft == ""
    assert talk.submit(form, text="Delayed at 2026-11-13 10:00 UTC.")
    assert talk.app.cases.get("C1").order(ORDERS[0]).draft == "Delayed at 2026-11-13 10:00 UTC."


def test_a_draft_is_checked_while_it_is_written(talk: SlackTalk) -> None:
    view = talk.open(draft_form(talk))
    assert TRACKING[0] in str(view.view), "the draft so far stands there"
    [block] = [block for block in view.view["blocks"] if block["type"] == "input"]
    assert block["dispatch_action"]
    for text, said in ((BAD, True), ("Delayed at 2026-11-13 10:00 UTC.", False)):
        values = {block["block_id"]: {block["element"]["action_id"]: {"type": "plain_text_input", "value": text}}}
        before = len(view.updates)
        talk.people.press_in(view, block["element"], values, value=text)
        talk.world.until(lambda before=before: len(view.updates) > before)
        assert ("shameless" in words(view)) is said
        [block] = [block for block in view.view["blocks"] if block["type"] == "input"]
    assert not talk.turns.begun


def test_the_modal_opens_before_anything_else_happens(talk: SlackTalk) -> None:
    """A trigger lives for three seconds: the way from the press to views.open has no turn in it."""
    form = draft_form(talk)
    calls = len(talk.world.calls)
    talk.open(form)
    made = [call.method for call in talk.world.calls[calls:]]
    assert made == ["views.open"] and not talk.turns.begun


def test_a_trigger_that_came_too_late_is_told(talk: SlackTalk) -> None:
    form = draft_form(talk)
    talk.world.faults["views.open"].append(Refused("expired_trigger_id"))
    sight = talk._sight(lambda card: form in forms(card))
    talk._press(sight, form.title)
    told = talk.world.until(lambda: talk.world.ephemerals or None)
    assert told[-1].to == talk.user and len(told[-1].text) > 5


def test_the_outcome_is_recorded_in_a_modal(talk: SlackTalk) -> None:
    talk.say("已提交 确认", thread="C1")
    [form] = forms(talk.say(f"结果 {TAIL}", thread="C1"))
    assert form.action == "result"
    assert talk.submit(form, outcome="excluded")
    assert talk.app.cases.get("C1").order(ORDERS[0]).appeal is AppealStatus.EXCLUDED


def test_a_double_click_is_one_deed_and_the_second_is_told_privately(talk: SlackTalk) -> None:
    button = buttons(talk.in_slot("C1:headline", "C1"))["我来处理"]
    talk.press(button)
    talk.person = "wang"
    [card] = talk.press(button)
    assert talk.app.cases.get("C1").owner == "li" and card.private_to == "wang"
    assert talk.world.ephemerals[-1].to == PEOPLE["wang"]
    [headline] = talk.world.shown(talk.place, "")
    assert "li" in str(headline.blocks), "the stale card is a fresh one now"


def test_the_home_tab_shows_ones_own_cases(talk: SlackTalk) -> None:
    talk.say("认领", thread="C1")
    talk.people.open_home(talk.user)
    home = talk.world.until(lambda: talk.world.homes.get(talk.user))
    assert "C1" in words(home) and "Bright Home" in words(home)
    before = len(talk.world.called("views.publish"))
    talk.people.event(
        {"type": "app_home_opened", "user": talk.user, "channel": "D1", "tab": "messages", "event_ts": "1.2"}
    )
    assert len(talk.world.called("views.publish")) == before and not talk.turns.begun


def test_the_language_of_the_home_tab_is_the_persons(talk: SlackTalk) -> None:
    talk.world.user(PEOPLE["wang"], "wang", locale="en-US", zone="America/Los_Angeles")
    talk.person = "wang"
    talk.say("cases")
    talk.people.open_home(PEOPLE["wang"])
    home = talk.world.until(lambda: talk.world.homes.get(PEOPLE["wang"]))
    assert "Bright Home" in words(home) and not re.search("[\u4e00-\u9fff]", words(home))


def test_the_home_tab_of_somebody_who_was_in_no_channel_shows_nothing(talk: SlackTalk) -> None:
    talk.people.open_home(PEOPLE["wang"])
    home = talk.world.until(lambda: talk.world.homes.get(PEOPLE["wang"]))
    assert "Bright Home" not in words(home) and "C1" not in words(home)


def directly(talk: SlackTalk, said: str) -> str:
    """What the bot answers somebody where nobody else reads it."""
    channel = talk.world.dm(talk.user).id
    talk.people.say(talk.user, channel, said)
    return "\n".join(card.plain() for _, card in talk.turns.finish())


def test_people_are_asked_about_once_and_a_choice_of_language_is_kept(talk: SlackTalk) -> None:
    talk.person = "wang"
    talk.world.user(PEOPLE["wang"], "wang", locale="en-US", zone="America/Los_Angeles")
    assert "我能做什么" in talk.say("help").plain(), "others read it too"
    assert "what I can do" in directly(talk, "help")
    talk.say("lang zh")
    assert "我能做什么" in directly(talk, "help")
    asked = [call for call in talk.world.called("users.info") if call.params.get("user") == PEOPLE["wang"]]
    assert len(asked) == 1


def test_evidence_by_modal(talk: SlackTalk) -> None:
    """Whoever cannot drop files in the thread presses the work card's button."""
    work = next(message for message in talk.world.shown(talk.place, talk.root("C1")) if "C1：" in message.text)
    button = next(item for item in elements(work.blocks) if "📎" in item["text"]["text"])
    talk.people.press(talk.user, work, button)
    view = talk.world.until(lambda: next(iter(talk.world.views.values()), None))
    label = next(block["label"]["text"] for block in view.view["blocks"] if block["element"]["type"] == "file_input")
    file = dropped(talk.world, talk.user, "t.txt", tracking_page().encode())
    told = [about(talk.world, file, full=True)]
    assert not talk.people.submit(view, filled(view, {label: told}))
    [card] = talk._answers()
    assert ORDERS[0] in card.plain() and talk.app.evidence.get("E1").case_id == "C1"
