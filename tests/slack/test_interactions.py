"""What people press beside a card's own buttons: the whole card in pages, files by dialog, the shortcut."""

import re
from dataclasses import replace
from typing import Any

import pytest

from bot.messaging.card import Card, Checklist, Item, Mark
from bot.store.unit import Store
from tests.conversations.conftest import forms, tracking_page
from tests.slack.conftest import PATIENT
from tests.slack.fake.blocks import texts
from tests.slack.fake.files import dropped
from tests.slack.fake.people import filled
from tests.slack.fake.world import BOT, Json, Message, View
from tests.slack.talk import SlackTalk, elements


def put(talk: SlackTalk, card: Card) -> Message:
    with talk.app.store.unit() as unit:
        unit.messages.put(f"slack:{talk.place}", "C1", f"own-{card.title}", card, talk.app.clock.now())
    talk.turns.finish()
    return talk.world.shown(talk.place)[-1]


def button(blocks: list[Json], action_id: str) -> Json:
    return next(item for item in elements(blocks) if item["action_id"].startswith(action_id))


def opened(talk: SlackTalk, message: Message, action_id: str) -> View:
    before = set(talk.world.views)
    talk.people.press(talk.user, message, button(message.blocks, action_id))
    return talk.world.until(
        lambda: next((view for name, view in talk.world.views.items() if name not in before), None)
    )


def test_a_card_that_is_too_long_can_be_read_in_full(talk: SlackTalk) -> None:
    items = tuple(Item(Mark.MISSING, f"point {number}.", "x" * 200) for number in range(120))
    message = put(talk, Card("A long list", (Checklist(items),), language="en"))
    assert "more lines" in str(message.blocks) and "point 119." not in str(message.blocks)
    view, seen = opened(talk, message, "more"), []
    for number in range(1, 9):
        seen.append("\n".join(texts(view.view["blocks"])))
        turns = [item for item in elements(view.view["blocks"]) if item["action_id"] == f"page:{number}"]
        if not turns:
            break
        before = len(view.updates)
        talk.people.press_in(view, turns[0])
        talk.world.until(lambda before=before: len(view.updates) > before)
    found = re.findall(r"point (\d+)\.", "\n".join(seen))
    assert [int(number) for number in found] == list(range(120)) and len(seen) > 2


def test_a_cases_card_is_read_in_the_readers_language(talk: SlackTalk) -> None:
    [headline] = talk.world.shown(talk.place, "")
    talk.say("lang en")
    # The channel's language changes, and nobody has drawn its cards anew.
    with Store(talk.app.engine).unit() as unit:
        unit.records.save_channel_language(f"slack:{talk.place}", "zh")
    more = {"type": "button", "action_id": "more", "value": "{}", "text": {"type": "plain_text", "text": "…"}}
    long = replace(headline, blocks=[*headline.blocks, {"type": "actions", "elements": [more]}])
    shown: dict[str, str] = {}
    for talk.person in ("li", "wang"):
        shown[talk.person] = "\n".join(texts(opened(talk, long, "more").view["blocks"]))
    assert "Appeal window" in shown["li"] and "申诉窗口" not in shown["li"]
    assert "申诉窗口" in shown["wang"] and "Appeal window" not in shown["wang"]


def test_files_by_dialog_are_evidence_of_the_threads_case(talk: SlackTalk) -> None:
    work = next(item for item in talk.world.shown(talk.place, talk.root("C1")) if "files" in str(item.blocks))
    view = opened(talk, work, "files")
    file = dropped(talk.world, talk.user, "t.txt", tracking_page().encode())
    from tests.slack.fake.files import about

    state = filled(view, {})
    state["field:files"]["value"]["files"] = [about(talk.world, file, full=True)]
    assert talk.people.submit(view, state) == {}
    talk.turns.finish()
    with talk.app.store.unit(read_only=True) as unit:
        assert [item.file_name for item in unit.evidence.of_case("C1")] == ["t.txt"]


def test_a_command_where_the_bot_is_not_says_how_to_let_it_in(talk: SlackTalk) -> None:
    talk.world.channel("C0ELSE001", "else", members={talk.user})
    answer = talk.people.slash(talk.user, "C0ELSE001", "help")
    assert "/invite @odr-bot" in answer["text"] and not talk.turns.begun
    talk.world.channels["C0ELSE001"].members.add(BOT)
    assert talk.people.slash(talk.user, "C0ELSE001", "help") == {}
    talk.turns.finish()
    assert talk.world.shown("C0ELSE001")


def test_a_message_without_anything_cannot_be_attached_and_says_so(talk: SlackTalk) -> None:
    message = talk.people.say(talk.user, talk.place, " ")
    talk.people.shortcut(talk.user, message, "attach_evidence")
    told = talk.world.until(lambda: next(iter(talk.world.ephemerals), None))
    assert told.to == talk.user and "没有" in told.text and not talk.turns.begun


def test_words_of_an_older_message_are_evidence_in_its_cases_thread(talk: SlackTalk) -> None:
    words = tracking_page().replace("\n", " ")
    message = talk.people.say("U0STRANGE", talk.place, words, talk.root("C1"))
    talk.turns.finish()
    talk.people.shortcut(talk.user, message, "attach_evidence")
    talk.turns.finish()
    with talk.app.store.unit(read_only=True) as unit:
        assert len(unit.evidence.of_case("C1")) == 1


def test_a_form_of_a_card_that_has_changed_says_so(talk: SlackTalk) -> None:
    assert forms(talk.say("草稿 5751", thread="C1"))
    sight = talk._sight(lambda seen: bool(forms(seen)))
    pressed = button(sight.message.blocks, "form")
    as_drawn = {**pressed, "value": '{"form":"of another time"}'}
    sight.message.blocks = [
        {**block, "elements": [as_drawn if item == pressed else item for item in block["elements"]]}
        if block["type"] == "actions"
        else block
        for block in sight.message.blocks
    ]
    view = opened(talk, sight.message, "form")
    assert "submit" not in view.view and "没有保存" in str(view.view)


@pytest.mark.parametrize("limits", [replace(PATIENT, reading=0)])
def test_a_slow_database_opens_an_empty_dialog_and_fills_it(talk: SlackTalk, monkeypatch: pytest.MonkeyPatch) -> None:
    items = tuple(Item(Mark.MISSING, f"point {number}.", "x" * 200) for number in range(120))
    message = put(talk, Card("A long list", (Checklist(items),), language="en"))
    index = talk.app.platforms["slack"].sender.threads
    gate = _Gate(index.threads)
    monkeypatch.setattr(type(index), "card", lambda self, channel, ref: gate.card(channel, ref))
    view = opened(talk, message, "more")
    assert "正在加载" in str(view.view)
    gate.open.set()
    talk.world.until(lambda: view.updates)
    assert "point 0." in str(view.view)


class _Gate:
    """Threads that tell of a card when the gate is open."""

    def __init__(self, threads: Any) -> None:
        from threading import Event

        self.threads, self.open = threads, Event()

    def card(self, channel: str, ref: str) -> Card | None:
        assert self.open.wait(10)
        found: Card | None = self.threads.card(f"slack:{channel}", ref)
        return found
