"""Who somebody is: the bot itself, also while Feishu does not tell its account, and people whose names come later."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.platforms.feishu.api_errors import Outage
from bot.platforms.feishu.people import AGAIN_SECONDS, People
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


def test_a_name_is_learnt_once_the_scope_is_granted(talk: FeishuTalk, fake: FakeFeishu) -> None:
    platform, directory, elapsed = talk.app.platforms["feishu"], talk.app.host("feishu").directory, [1.0]
    fake.world.person("ou_chen", "陈晨")
    fake.world.scopes -= NAMES
    with ThreadPoolExecutor(1) as background:
        known = People(directory, platform.api, background, lambda: elapsed[0])

        def asked() -> int:
            """How often Feishu was asked who it is, after somebody of this account did something."""
            known.met("ou_chen")
            background.submit(int).result(PATIENCE)
            return sum(call.path.endswith("/users/ou_chen") for call in fake.world.calls)

        assert asked() == 1
        fake.world.scopes |= NAMES
        assert asked() == 1, "a moment later nobody asks again"
        elapsed[0] += AGAIN_SECONDS
        assert asked() == 2
        person = directory.person("ou_chen")
        assert person and person.name == "陈晨"
        elapsed[0] += AGAIN_SECONDS
        assert asked() == 2, "who is known is not asked about"
