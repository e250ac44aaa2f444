"""Cards that Feishu refused: for a mention of somebody whom this app does not know, or because the bot was away."""

from bot.messaging.card import Actions, Button, Card, Text
from tests.feishu.fake import cards
from tests.feishu.fake.server import FakeFeishu
from tests.feishu.talk import FeishuTalk
from tests.feishu.test_sender import failures, newest, put

BUTTON = Actions((Button("案件 C1", "case", {"case": "C1"}),))


def test_a_wrong_mention_strips_no_card(talk: FeishuTalk, fake: FakeFeishu) -> None:
    put(talk, Card("wake up", (Text("now", mentions=("ou_gone", "li")), BUTTON)))
    talk.pump()
    shown = newest(fake)
    assert (
        shown.kind == "interactive" and "<at id=ou_li>" in str(shown.content) and "ou_gone>" not in str(shown.content)
    )
    assert [each["tag"] for each in cards.components(shown.content)].count("button") == 1
    refused = len(fake.world.refused_cards)
    put(talk, Card("again", (Text("now", mentions=("ou_gone",)),)), key="again")
    talk.pump()
    assert len(fake.world.refused_cards) == refused, "it is remembered"
    fake.world.refused_cards.clear()
    assert not failures(talk.app)


def test_doctor_names_accounts_of_nobody(talk: FeishuTalk, fake: FakeFeishu) -> None:
    fake.world.people.pop("ou_guest")
    found = {each.name: each for each in talk.app.platforms["feishu"].examine()}
    assert not found["feishu people"].ok and "guest (ou_guest)" in found["feishu people"].detail
    fake.world.scopes.discard("contact:contact.base:readonly")
    found = {each.name: each for each in talk.app.platforms["feishu"].examine()}
    assert found["feishu people"].ok


def test_what_a_group_refused_comes_again_when_the_bot_is_back(talk: FeishuTalk, fake: FakeFeishu) -> None:
    fake.hands.remove_bot("oc_ops", "ou_boss")
    with talk.app.store.unit() as unit:
        unit.messages.put("feishu:oc_ops", "C1", "note", Card("C1: told meanwhile"), talk.app.clock.now())
    talk.pump()
    assert failures(talk.app)
    fake.hands.invite_bot("oc_ops", "ou_boss")
    talk.pump()
    assert not failures(talk.app)
    assert "C1: told meanwhile" in [cards.words(each.content) for each in fake.world.in_chat("oc_ops")]
