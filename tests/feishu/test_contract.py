"""Feishu's way out keeps what ports.chat.Sender promises."""

from tests.contracts.senders import Shown, keeps_its_promises
from tests.feishu.fake import cards
from tests.feishu.fake.server import FakeFeishu
from tests.feishu.talk import FeishuTalk


def test_the_promises_of_a_way_out(talk: FeishuTalk, fake: FakeFeishu) -> None:
    def texts() -> list[str]:
        return [cards.words(each.content) for each in fake.world.in_chat("oc_ops") if not each.recalled]

    keeps_its_promises(Shown(talk.app.platforms["feishu"].sender, "oc_ops", texts))
