"""Presses are answered in time whatever keeps the database."""

import time

import pytest

from bot.platforms.feishu.limits import Limits
from tests.feishu.fake.server import FakeFeishu
from tests.feishu.talk import PATIENCE, FeishuTalk


@pytest.fixture
def limits() -> Limits:
    """The times that hold in the wild."""
    return Limits()


def test_a_press_is_answered_while_the_database_is_locked_and_kept_afterwards(
    talk: FeishuTalk, fake: FakeFeishu
) -> None:
    first = fake.world.in_chat("oc_ops")[0]
    with talk.app.engine.connect() as connection:
        connection.exec_driver_sql("UPDATE appeal_case SET version = version")
        begun = time.monotonic()
        ack = fake.hands.press(first.id, "ou_li", "我来处理", event_id="ev_locked")
        assert time.monotonic() - begun < 3.0
        connection.rollback()
    assert ack.good and ack.body["toast"]["type"] == "info"
    fake.wait_for(lambda: talk.app.inbox.answers("feishu:press:ev_locked", PATIENCE) is not None)
    assert talk.app.cases.get("C1").owner == "li"
