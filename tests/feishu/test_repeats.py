"""Crashes and repeats: whatever dies in between and however often Feishu tells something, people see it once."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.conversation.events import Incoming
from bot.messaging.card import Card
from bot.messaging.inbox import EventWriter
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.settings.model import Settings
from bot.store.messages import MessageTable
from bot.store.records import RecordTable
from tests.conversations.conftest import NOW
from tests.engine.fakes import Beginning
from tests.feishu.conftest import DOOR, PATIENT, adapters
from tests.feishu.fake import cards
from tests.feishu.fake.post import Delivery
from tests.feishu.fake.server import FakeFeishu
from tests.feishu.fake.webhook import Ack
from tests.feishu.talk import PATIENCE, FeishuTalk

OPS = "feishu:oc_ops"


class Cut(BaseException):
    """The program dies here."""


def claim(fake: FakeFeishu) -> Delivery:
    delivery = fake.hands.write("oc_ops", "ou_li", "认领 C1")
    assert delivery
    return delivery


def kept(delivery: Delivery) -> str:
    return f"feishu:message:{delivery.event['event']['message']['message_id']}"


def claims(app: App) -> int:
    with app.store.unit(read_only=True) as unit:
        return [event.what for event in unit.cases.timeline("C1")].count("claimed")


def answers(fake: FakeFeishu) -> int:
    told = [cards.words(each.content) for each in fake.world.in_chat("oc_ops") if each.kind == "interactive"]
    return sum("由你负责" in words for words in told)


def test_an_event_that_could_not_be_kept_comes_again_and_runs_once(
    talk: FeishuTalk, fake: FakeFeishu, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(RecordTable, "keep_events", full)
        delivery = claim(fake)
    assert delivery.ack.status == 500 and claims(talk.app) == 0
    fake.post.pass_time(15)
    assert [ack.status for ack in delivery.acks] == [500, 200]
    assert talk.app.inbox.answers(kept(delivery), PATIENCE)
    talk.pump()
    assert (claims(talk.app), answers(fake)) == (1, 1)


def test_killed_between_keeping_and_answering_it_runs_once(
    talk: FeishuTalk, fake: FakeFeishu, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = EventWriter.keep

    def die(keeping: EventWriter, events: Sequence[Incoming]) -> list[BaseException | None]:
        keep(keeping, events)
        raise OSError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(EventWriter, "keep", die)
        delivery = claim(fake)
    assert not delivery.ack.good and claims(talk.app) == 0
    fake.post.pass_time(15 + 300)
    assert talk.app.inbox.answers(kept(delivery), PATIENCE)
    talk.pump()
    assert delivery.ack.good and (claims(talk.app), answers(fake)) == (1, 1)


def test_a_turn_that_cannot_begin_now_is_kept_for_the_sweep_and_its_message_taken(
    talk: FeishuTalk, fake: FakeFeishu
) -> None:
    asked = threading.Event()

    def away(event_id: str) -> object:
        asked.set()
        raise OSError("the engine is away")

    talk.app.engine_proxy.hand_over(Beginning(away))
    delivery = claim(fake)
    # Feishu has its answer before the turn is to begin.
    assert asked.wait(PATIENCE)
    assert delivery.ack.good
    with talk.app.store.unit(read_only=True) as unit:
        assert unit.records.unhandled(fake.clock.now() + timedelta(days=1)) == [kept(delivery)]


def test_killed_between_sending_and_noting_it_the_message_is_shown_once(
    talk: FeishuTalk, fake: FakeFeishu, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise Cut

    with talk.app.store.unit() as unit:
        unit.messages.put(OPS, "", "the-card", Card("once"), NOW)
    with monkeypatch.context() as patch, pytest.raises(Cut):
        patch.setattr(MessageTable, "sent", die)
        talk.app.outbox.drain(OPS)
    fake.clock.advance(3500)
    talk.pump()
    shown = [cards.words(each.content) for each in fake.world.in_chat("oc_ops")]
    assert shown.count("once") == 1


def test_killed_while_moving_the_work_card_one_newest_card_stands(
    talk: FeishuTalk, fake: FakeFeishu, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise Cut

    delivery = fake.hands.write("oc_ops", "ou_li", "缺什么", topic=talk.root("oc_ops", "C1"))
    assert delivery and talk.app.inbox.answers(kept(delivery), PATIENCE)
    with monkeypatch.context() as patch, pytest.raises(Cut):
        patch.setattr(MessageTable, "sent", die)
        talk.app.outbox.drain(OPS)
    talk.pump()
    [(work, _)] = [each for each in talk.visible("oc_ops", "C1") if each[1].slot == "C1:work"]
    same = [each for each in fake.world.in_chat("oc_ops") if each.content == work.content]
    assert same == [work]


@pytest.fixture
def twin(talk: FeishuTalk, settings: Settings) -> Iterator[App]:
    """A second program on the same database, with a line or door of its own."""
    app = App(settings, FrozenClock(NOW), adapters=adapters(PATIENT))
    app.open()
    yield app
    app.engine.dispose()
    app.platforms["feishu"].end()


def test_the_same_event_hours_later_at_another_replica_is_no_second_turn(
    talk: FeishuTalk, twin: App, fake: FakeFeishu
) -> None:
    delivery = claim(fake)
    assert talk.app.inbox.answers(kept(delivery), PATIENCE)
    talk.pump()
    shown = len(fake.world.messages)
    for app in (talk.app, twin):
        app.clock.at = fake.clock.now()
    fake.clock.advance(7 * 3600)
    for app in (talk.app, twin, twin):
        app.clock.at = fake.clock.now()
        fake.knock_at(app.platforms["feishu"].routes[DOOR], DOOR)
        assert fake.post.again(delivery).good
    twin.inbox.run(kept(delivery))
    talk.pump()
    assert claims(talk.app) == 1 and len(fake.world.messages) == shown


def test_the_same_message_under_another_event_id_is_the_same_message(talk: FeishuTalk, fake: FakeFeishu) -> None:
    delivery = claim(fake)
    talk.app.inbox.answers(kept(delivery), PATIENCE)
    renamed = {**delivery.event, "header": {**delivery.event["header"], "event_id": "another"}}
    assert fake.post.bring(renamed).ack.good
    talk.pump()
    assert (claims(talk.app), answers(fake)) == (1, 1)


def press(fake: FakeFeishu, event_id: str = "") -> Ack:
    return fake.hands.press(fake.world.in_chat("oc_ops")[0].id, "ou_li", "我来处理", event_id)


def test_a_button_pressed_twice_does_its_work_once(talk: FeishuTalk, fake: FakeFeishu) -> None:
    first = fake.world.in_chat("oc_ops")[0]
    old = dict(first.content)
    press(fake)
    first.shown.append(old)
    second = press(fake)
    talk.pump()
    assert claims(talk.app) == 1 and second.body["toast"]["content"]
    assert "我来处理" not in cards.words(first.content)


def test_a_press_that_feishu_brings_twice_is_one_press(talk: FeishuTalk, fake: FakeFeishu) -> None:
    first = fake.world.in_chat("oc_ops")[0]
    old = dict(first.content)
    assert press(fake, "the-press").good
    first.shown.append(old)
    assert press(fake, "the-press").good
    talk.pump()
    assert claims(talk.app) == 1


@pytest.mark.parametrize("limits", [replace(PATIENT, answer=0.05)])
def test_a_private_refusal_that_could_not_be_a_toast_comes_as_a_message_to_that_person(
    talk: FeishuTalk, fake: FakeFeishu
) -> None:
    talk.app.engine_proxy.hand_over(Beginning())
    before = len(fake.world.in_chat("oc_ops"))
    ack = fake.hands.press(fake.world.in_chat("oc_ops")[0].id, "ou_guest", "我来处理", "late")
    assert ack.body["toast"]["type"] == "info"
    talk.app.engine_proxy.hand_over(None)
    talk.app.inbox.begin("feishu:press:late")()
    assert talk.app.inbox.answers("feishu:press:late")
    talk.pump()
    told = fake.world.in_chat(fake.world.talk_of_two("ou_guest").id)
    assert len(told) == 1 and "权限" in cards.words(told[0].content)
    assert len(fake.world.in_chat("oc_ops")) == before


@pytest.mark.parametrize("limits", [replace(PATIENT, answer=0.05)])
def test_a_callback_is_answered_in_time_however_slow_its_turn(talk: FeishuTalk, fake: FakeFeishu) -> None:
    talk.app.engine_proxy.hand_over(Beginning())
    ack = press(fake, "slow")
    assert ack.good and ack.body["toast"] == {"type": "info", "content": ack.body["toast"]["content"]}
    assert "card" in ack.body and claims(talk.app) == 0
    talk.app.engine_proxy.hand_over(None)
    talk.app.inbox.begin("feishu:press:slow")()
    talk.pump()
    assert claims(talk.app) == 1
    assert "我来处理" not in cards.words(fake.world.in_chat("oc_ops")[0].content)


def test_each_message_has_a_name_of_its_own_that_feishu_takes(talk: FeishuTalk, fake: FakeFeishu) -> None:
    sent = [call.body for call in fake.world.calls if call.method == "POST" and call.body and "uuid" in call.body]
    names = [body["uuid"] for body in sent]
    assert len(set(names)) == len(names) >= 2 and all(0 < len(name) <= 50 for name in names)
