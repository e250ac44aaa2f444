"""Who somebody is: the bot itself, also while Feishu does not tell its account, and people whose names come later."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from bot.platforms.feishu import people as people_module
from bot.platforms.feishu.api_errors import Outage
from tests.feishu.fake.events import mention
from tests.feishu.fake.faults import Fault
from tests.feishu.fake.server import FakeFeishu
from tests.feishu.fake.world import Message
from tests.feishu.talk import PATIENCE, FeishuTalk

NAMES = {"contact:contact.base:readonly", "contact:user.base:readonly"}


def bot(talk: FeishuTalk) -> Any:
    """The bot as its platform knows it, which has forgotten its own account."""
    known = talk.app.platforms["feishu"].bot
    known.open_id = ""
    return known


def until(condition: Callable[[], bool]) -> None:
    """Wait for something of which the fake hears nothing."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def of(person: str, **more: Any) -> dict[str, Any]:
    return {**mention("@_user_1", person, "x"), **more}


def test_nobody_else_is_taken_for_the_bot_while_its_account_is_unknown(talk: FeishuTalk, fake: FakeFeishu) -> None:
    fake.api.faults.arrange(Fault("/bot/v3/info", code=99991672, times=50))
    others = (of("ou_wang"), of("", key="@_all", id={}, mentioned_type=""), of("ou_li", id={"open_id": "ou_li"}))
    assert [bot(talk).is_me(each) for each in others] == [False] * 3
    assert bot(talk).is_me(of(fake.world.bot))
    with pytest.raises(Outage):
        bot(talk).is_me(of("ou_who", mentioned_type=""))


def test_an_unknown_mention_is_looked_up_at_once(talk: FeishuTalk, fake: FakeFeishu) -> None:
    assert bot(talk).is_me(of(fake.world.bot, mentioned_type=""))
    assert not bot(talk).is_me(of("ou_who", mentioned_type=""))


def test_a_message_to_everybody_is_not_answered(talk: FeishuTalk, fake: FakeFeishu) -> None:
    before = len(fake.world.messages)
    message = Message("om_all", "oc_ops", "ou_li", "text", [{"text": "@_all 认领 C1"}], fake.clock.seconds())
    message.mentions = [{"key": "@_all", "id": {}, "name": "所有人"}]
    fake.world.add(message)
    assert fake.post.bring(fake.hands.events.received(message)).ack.good
    talk.pump()
    assert len(fake.world.messages) == before + 1 and not talk.app.cases.get("C1").owner


def test_a_name_is_learnt_once_the_scope_is_granted(
    talk: FeishuTalk, fake: FakeFeishu, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, asked = talk.app.platforms["feishu"].people, "/users/ou_chen"
    fake.world.person("ou_chen", "陈晨")
    fake.world.scopes -= NAMES
    known.met("ou_chen")
    fake.wait_for(lambda: sum(call.path.endswith(asked) for call in fake.world.calls) == 1)
    until(lambda: known._met["ou_chen", ""] < float("inf"))
    fake.world.scopes |= NAMES
    known.met("ou_chen")
    monkeypatch.setattr(people_module, "monotonic", lambda: known._met["ou_chen", ""])
    known.met("ou_chen")
    until(lambda: talk.app.host("feishu").directory.person("ou_chen") is not None)
    person = talk.app.host("feishu").directory.person("ou_chen")
    assert person and person.name == "陈晨"
