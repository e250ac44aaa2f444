"""Two programs on one PostgreSQL database, each with a long connection: whichever gets an event, it is done once."""

import threading
from pathlib import Path

import pytest

from bot.runtime.bootstrap import App
from bot.settings.model import Settings
from bot.settings.sections import DatabaseSettings
from tests.conversations.conftest import ANOMALY, story
from tests.engine.fakes import eventually
from tests.feishu.conftest import feishu_settings, team_settings
from tests.feishu.fake.post import Delivery
from tests.feishu.fake.server import FakeFeishu
from tests.feishu.talk import FeishuTalk
from tests.feishu.test_connection import handled

pytestmark = pytest.mark.postgres


@pytest.fixture
def settings(tmp_path: Path, fake: FakeFeishu, postgres_url: str) -> Settings:
    made = team_settings(tmp_path / "data", feishu_settings(fake, "connection"))
    return made.model_copy(update={"database": DatabaseSettings(url=postgres_url)})


@pytest.fixture
def talk(app: App, fake: FakeFeishu, tmp_path: Path) -> FeishuTalk:
    """The first program, which has just raised an alert."""
    orders, defects = story()
    with app.store.unit() as unit:
        unit.orders.upsert_orders("us-1", orders)
        unit.orders.upsert_defects("us-1", defects)
    app.monitoring.check(ANOMALY)
    app.platforms["feishu"].begin()
    fake.wait_for_lines(1)
    return FeishuTalk(app, tmp_path, fake=fake)


def kept(delivery: Delivery) -> str:
    return f"feishu:message:{delivery.event['event']['message']['message_id']}"


def claims(app: App) -> int:
    with app.store.unit(read_only=True) as unit:
        return [event.what for event in unit.cases.timeline("C1")].count("claimed")


def answers(talk: FeishuTalk, deliveries: list[Delivery]) -> dict[str, int]:
    """How many messages of the bot stand below each message."""
    asked = [kept(each).rpartition(":")[2] for each in deliveries]
    shown = [each for each in talk.fake.world.in_chat("oc_ops") if each.sender == talk.fake.world.app_id]
    return {ref: sum(each.parent == ref for each in shown) for ref in asked}


def test_both_have_work_and_everything_is_answered_once(talk: FeishuTalk, twin: App, fake: FakeFeishu) -> None:
    deliveries = [fake.hands.write("oc_ops", "ou_li", words) for words in ("帮助", "案件列表", "订单 C1", "店铺") * 3]
    assert all(each and each.ack.good for each in deliveries)
    assert all(line.brought for line in fake.connections.lines), "both had something to do"
    eventually(lambda: all(handled(talk.app, kept(each)) for each in deliveries if each))
    talk.pump()
    assert set(answers(talk, [each for each in deliveries if each]).values()) == {1}


def test_the_same_event_at_both_at_once_is_one_event(talk: FeishuTalk, twin: App, fake: FakeFeishu) -> None:
    lines = list(fake.connections.lines)
    fake.connections.lines = []
    delivery = fake.hands.write("oc_ops", "ou_li", "认领 C1")
    fake.connections.lines = lines
    assert delivery
    chosen = iter([*lines, *lines])
    fake.connections.chance.choice = lambda _: next(chosen)  # type: ignore[method-assign]
    both = [threading.Thread(target=fake.post.again, args=(delivery,)) for _ in lines]
    for each in both:
        each.start()
    for each in both:
        each.join(20)
    assert [ack.good for ack in delivery.acks] == [False, True, True]
    eventually(lambda: handled(talk.app, kept(delivery)))
    talk.pump()
    assert claims(talk.app) == 1 and list(answers(talk, [delivery]).values()) == [1]


def test_a_refusal_seen_as_a_toast_at_one_program_is_no_message_of_the_other(
    talk: FeishuTalk, twin: App, fake: FakeFeishu
) -> None:
    first, lines = fake.world.in_chat("oc_ops")[0], list(fake.connections.lines)
    fake.connections.lines = lines[1:]
    before = len(fake.world.messages)
    ack = fake.hands.press(first.id, "ou_guest", "我来处理")
    fake.connections.lines = lines
    assert "权限" in ack.body["toast"]["content"]
    talk.pump()
    assert len(fake.world.messages) == before


def test_a_button_is_pressed_here_and_its_card_drawn_there(talk: FeishuTalk, twin: App, fake: FakeFeishu) -> None:
    first, lines = fake.world.in_chat("oc_ops")[0], list(fake.connections.lines)
    for line, words, title in ((lines[1], "我来处理", "由你负责"), (lines[0], "取消认领", "")):
        fake.connections.lines = [line]
        ack = fake.hands.press(first.id, "ou_li", words)
        assert ack.good and title in ack.body["toast"]["content"]
        assert first.content == ack.body["card"]["data"]
    fake.connections.lines = lines
    assert talk.app.cases.get("C1").owner == "" and claims(twin) == 1
