"""Feishu groups that people of other organisations read."""

import time

import pytest

from bot.domain.audience import Audience
from bot.runtime.bootstrap import App
from tests.conversations.conftest import buttons
from tests.feishu.fake.server import FakeFeishu
from tests.feishu.talk import FeishuTalk

PAGE = "UPS tracking\nTracking number: 1Z999AA10123456784\nDelivered 2026-11-18 11:00"


def becomes(app: App, expected: Audience, chat: str = "oc_ops") -> bool:
    """Whether it is known before long who reads the group: that is learnt in the background."""
    end = time.monotonic() + 30
    while app.audiences.of(f"feishu:{chat}") is not expected and time.monotonic() < end:
        time.sleep(0.02)
    return app.audiences.of(f"feishu:{chat}") is expected


def shown(talk: FeishuTalk, chat: str = "oc_ops") -> str:
    talk.pump()
    return "\n".join(str(message.content) for message in talk.fake.world.in_chat(chat) if not message.recalled)


def bot_shows(talk: FeishuTalk, number: str) -> bool:
    return any(
        number in str(message.content)
        for message in talk.fake.world.in_chat("oc_ops")
        if message.kind == "interactive"
    )


def test_when_a_group_becomes_external_evidence_stops_and_is_told(
    talk: FeishuTalk, app: App, fake: FakeFeishu
) -> None:
    talk.send(("t.txt", PAGE), thread="C1")
    talk.pump()
    assert bot_shows(talk, "1Z999AA10123456784")
    fake.hands.open_to_others("oc_ops", "ou_boss")
    assert becomes(app, Audience.EXTERNAL)
    assert "不再发证据" in shown(talk) or "Evidence stays out" in shown(talk)
    assert not bot_shows(talk, "1Z999AA10123456784")
    fake.hands.open_to_others("oc_ops", "ou_boss", external=False)
    assert becomes(app, Audience.TEAM)
    talk.pump()
    assert bot_shows(talk, "1Z999AA10123456784")


def test_somebody_of_another_organisation_in_an_internal_group_is_found(
    talk: FeishuTalk, app: App, fake: FakeFeishu
) -> None:
    fake.hands.let_in("oc_ops", "ou_stranger")
    assert becomes(app, Audience.EXTERNAL)


def test_the_daily_look_finds_what_no_event_told(app: App, talk: FeishuTalk, fake: FakeFeishu) -> None:
    app.audiences.look()
    assert becomes(app, Audience.TEAM)
    fake.world.chats["oc_ops"].external = True
    app.audiences.look()
    assert becomes(app, Audience.EXTERNAL)


def test_binding_an_external_group_names_it_and_asks(talk: FeishuTalk, app: App, fake: FakeFeishu) -> None:
    fake.world.chat("oc_new", "ou_boss").external = True
    talk.person, talk.channel = "boss", "console:new"
    asked = talk.say("@odr-bot bind uk-1")
    assert asked.title == app.phrases.say("channels.bind_wide_title", asked.language)
    with app.store.unit(read_only=True) as unit:
        assert "feishu:oc_new" not in unit.shops.get("uk-1").channels
    [button] = [each for each in buttons(asked).values() if each.action == "bind"]
    talk.press(button)
    with app.store.unit(read_only=True) as unit:
        assert "feishu:oc_new" in unit.shops.get("uk-1").channels
    assert becomes(app, Audience.EXTERNAL, "oc_new")


def test_the_readers_are_the_groups_people(app: App, fake: FakeFeishu) -> None:
    assert app.list_readers("feishu:oc_ops") == set(fake.world.chats["oc_ops"].members)
    with pytest.raises(OSError):
        app.list_readers("feishu:oc_nowhere")
