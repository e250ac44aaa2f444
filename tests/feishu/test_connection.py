"""The long connection: a thread and a loop of its own, frames in parts, pings, reconnecting, several clients."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.platforms.feishu.limits import Limits
from bot.runtime.bootstrap import App
from bot.settings.model import Settings
from bot.store.records import RecordTable
from tests.conversations.test_story import (  # noqa: F401 - the story once more over the long connection
    test_a_file_that_fits_nothing_is_kept_and_asked_about,
    test_from_alert_to_excluded,
)
from tests.engine.fakes import Beginning, eventually
from tests.feishu.conftest import PATIENT, feishu_settings
from tests.feishu.fake import cards
from tests.feishu.fake.frames import Frame
from tests.feishu.fake.server import FakeFeishu
from tests.feishu.talk import PATIENCE, FeishuTalk


@pytest.fixture
def limits() -> Limits:
    """Reconnecting does not take the seconds that it takes in the wild."""
    return replace(PATIENT, longest_pause=0.05, steady=3600)


@pytest.fixture
def settings(settings: Settings, fake: FakeFeishu) -> Settings:
    return settings.model_copy(update={"feishu": feishu_settings(fake, "connection")})


@pytest.fixture
def talk(app: App, fake: FakeFeishu, tmp_path: Path) -> FeishuTalk:
    app.platforms["feishu"].begin()
    fake.wait_for_lines(1)
    return FeishuTalk(app, tmp_path, fake=fake)


def test_the_bare_chat_opens_no_door_on_the_web(app: App) -> None:
    assert not app.platforms["feishu"].routes


def test_events_in_many_parts_arrive_whole(talk: FeishuTalk, fake: FakeFeishu) -> None:
    fake.connections.part_bytes = 60
    assert "我能做什么" in talk.say("帮助").title


def test_buttons_are_answered_over_the_same_line(talk: FeishuTalk, fake: FakeFeishu) -> None:
    first = fake.world.in_chat("oc_ops")[0]
    ack = fake.hands.press(first.id, "ou_li", "我来处理")
    assert "由你负责" in ack.body["toast"]["content"] and ack.body["card"]["type"] == "raw"
    assert first.content == ack.body["card"]["data"] and not fake.world.refused_cards


def test_an_event_that_nobody_subscribed_is_taken(talk: FeishuTalk, fake: FakeFeishu) -> None:
    assert fake.post.bring(fake.hands.events.of("im.message.message_read_v1", {"reader": {}})).ack.status == 200


def test_it_comes_back_after_the_line_was_cut(talk: FeishuTalk, fake: FakeFeishu) -> None:
    for words in ("帮助", "案件列表"):
        fake.connections.cut()
        fake.wait_for_lines(1)
        assert talk.say(words).title


def test_people_read_the_names_of_groups_and_not_their_ids(talk: FeishuTalk, fake: FakeFeishu) -> None:
    def names() -> dict[str, str]:
        with talk.app.store.unit(read_only=True) as unit:
            return unit.records.channel_names()

    eventually(lambda: names() == {"feishu:oc_ops": "ops", "feishu:oc_uk": "uk"})
    assert "#ops" in talk.say("时间线", thread="C1").plain()
    fake.hands.invite_bot("oc_new", "ou_boss")
    eventually(lambda: names().get("feishu:oc_new") == "new")


def test_what_came_while_the_line_was_down_comes_again(talk: FeishuTalk, fake: FakeFeishu) -> None:
    chat = talk.app.platforms["feishu"]
    chat.connection.end()
    fake.wait_for(lambda: not fake.connections.lines)
    delivery = fake.hands.write("oc_ops", "ou_li", "认领 C1")
    assert delivery and not delivery.ack.good
    chat.begin()
    fake.wait_for_lines(1)
    fake.post.pass_time(15)
    assert delivery.ack.good
    kept = f"feishu:message:{delivery.event['event']['message']['message_id']}"
    assert talk.app.inbox.answers(kept, PATIENCE) and talk.app.cases.get("C1").owner == "li"


def test_pings_keep_their_interval_as_feishu_tells_it(app: App, fake: FakeFeishu) -> None:
    fake.connections.config["PingInterval"] = 0
    app.platforms["feishu"].begin()
    # Without a word of Feishu there would be one in two minutes.
    fake.wait_for(lambda: fake.connections.pings > 3)
    assert app.platforms["feishu"].connection.state == "connected"


def test_a_wrong_secret_is_no_crash_and_is_told(app: App, fake: FakeFeishu) -> None:
    chat = app.platforms["feishu"]
    right, chat.settings.app_secret = chat.settings.app_secret, SecretStr("wrong")
    chat.begin()
    fake.wait_for(lambda: not fake.connections.lines)
    eventually(lambda: chat.connection.fault)
    assert "wrong" in chat.connection.fault and right.get_secret_value() not in chat.connection.fault
    chat.settings.app_secret = right
    fake.wait_for_lines(1)


def test_a_slow_event_does_not_hold_up_the_next(
    talk: FeishuTalk, fake: FakeFeishu, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver, gate, entered = talk.app.platforms["feishu"].receiver, threading.Event(), threading.Event()
    slow = receiver.takers["im.chat.disbanded_v1"]

    def taken(header: object, event: object) -> object:
        entered.set()
        gate.wait(PATIENCE)
        return slow(header, event)

    monkeypatch.setitem(receiver.takers, "im.chat.disbanded_v1", taken)
    late = threading.Thread(target=lambda: fake.post.bring(fake.hands.events.disbanded("oc_uk", "ou_li")))
    late.start()
    assert entered.wait(PATIENCE)
    assert "我能做什么" in talk.say("帮助").title
    gate.set()
    late.join(PATIENCE)
    assert not late.is_alive()


def test_a_burst_on_the_line_is_kept_by_few_threads_with_few_writes(
    talk: FeishuTalk, fake: FakeFeishu, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes, keep, gate = [], RecordTable.keep_events, threading.Event()

    def slowly(table: RecordTable, rows: Sequence[Any]) -> None:
        writes.append(len(rows))
        gate.wait(PATIENCE)
        keep(table, rows)

    monkeypatch.setattr(RecordTable, "keep_events", slowly)
    talk.app.engine_proxy.hand_over(Beginning())
    [line] = fake.connections.lines
    before = len(line.brought)
    with ThreadPoolExecutor(40) as hands:
        given = [hands.submit(fake.hands.write, "oc_ops", "ou_li", "帮助") for _ in range(40)]
        eventually(lambda: len(line.brought) == before + 40)
        gate.set()
        assert all(each.result().ack.good for each in given)
    assert sum(writes) == 40 and len(writes) <= 10
    assert len(talk.app.platforms["feishu"].pool._threads) <= 4, "a thread for each would cost more than keeping them"


def test_each_event_goes_to_one_of_several_programs_and_is_answered_once(
    talk: FeishuTalk, twin: App, fake: FakeFeishu
) -> None:
    ids = []
    for words in ["帮助", "案件列表", "缺什么 C1", "订单 C1", "胜算 C1", "店铺"] * 2:
        delivery = fake.hands.write("oc_ops", "ou_li", words)
        assert delivery and delivery.ack.good
        ids.append(f"feishu:message:{delivery.event['event']['message']['message_id']}")
    assert all(len(each.brought) > 0 for each in fake.connections.lines), "both had something to do"
    eventually(lambda: all(handled(talk.app, name) for name in ids))
    talk.pump()
    answered = [message.parent for message in fake.world.in_chat("oc_ops") if message.sender == fake.world.app_id]
    asked = [name.rpartition(":")[2] for name in ids]
    assert sorted(each for each in answered if each in asked) == sorted(asked)


def handled(app: App, name: str) -> bool:
    with app.store.unit(read_only=True) as unit:
        return unit.records.has_event(name)


def test_a_button_pressed_at_the_other_program_is_seen_by_all(talk: FeishuTalk, twin: App, fake: FakeFeishu) -> None:
    first = fake.world.in_chat("oc_ops")[0]
    [ours, theirs] = fake.connections.lines
    fake.connections.lines = [theirs]
    ack = fake.hands.press(first.id, "ou_li", "我来处理")
    fake.connections.lines = [ours, theirs]
    assert ack.good and talk.app.cases.get("C1").owner == "li"
    assert "我来处理" not in cards.words(first.content)


def test_the_end_closes_the_line(talk: FeishuTalk, fake: FakeFeishu) -> None:
    talk.app.platforms["feishu"].end()
    fake.wait_for(lambda: not fake.connections.lines)


def test_our_frames_are_the_kits_frames() -> None:
    from bot.platforms.feishu import api_sdk as sdk

    theirs = sdk.load("lark_oapi.ws.pb.pbbp2_pb2").Frame()
    ours = Frame(7, 2**40, 123, 1, {"type": "event", "message_id": "é中"}, bytes(range(256)) * 9)
    theirs.ParseFromString(ours.encode())
    assert (theirs.SeqID, theirs.LogID, theirs.service, theirs.method) == (7, 2**40, 123, 1)
    assert {header.key: header.value for header in theirs.headers} == ours.headers
    assert theirs.payload == ours.payload and Frame.decode(theirs.SerializeToString()) == ours
