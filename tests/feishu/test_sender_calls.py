"""A month's calls are counted; when most are used, shown cards are redrawn less often and alerts come as ever."""

from datetime import timedelta

from bot.messaging.card import Card
from bot.runtime.call_counts import MOST_USED
from tests.feishu.fake import cards
from tests.feishu.fake.server import FakeFeishu
from tests.feishu.talk import FeishuTalk
from tests.feishu.test_sender import OPS, newest, put


def use(talk: FeishuTalk, percent: int) -> None:
    """So much of the month is used."""
    counts = talk.app.call_counts
    name = f"feishu:{talk.app.clock.now():%Y-%m}"
    counts.rates.count(name, counts.most["feishu"] * percent // 100 - counts.used("feishu"))
    counts.used("feishu")


def test_every_call_is_counted_once_for_all_processes(talk: FeishuTalk, fake: FakeFeishu) -> None:
    assert talk.app.call_counts.used("feishu") == len(fake.world.calls)


def test_with_few_calls_left_cards_are_redrawn_less_often_and_new_ones_come_at_once(
    talk: FeishuTalk, fake: FakeFeishu
) -> None:
    put(talk, Card("first", slot="C1:note"))
    talk.pump()
    shown = newest(fake)
    use(talk, MOST_USED - 1)
    put(talk, Card("second", slot="C1:note"))
    talk.pump()
    assert cards.words(shown.content) == "second"
    use(talk, MOST_USED + 1)
    put(talk, Card("third", slot="C1:note"))
    put(talk, Card("an alert"), key="alert")
    assert talk.app.outbox.waiting() == [OPS]
    talk.app.outbox.drain(OPS)
    assert cards.words(newest(fake).content) == "an alert" and cards.words(shown.content) == "second"
    assert talk.app.outbox.waiting() == []
    talk.app.clock.at += timedelta(hours=1)
    talk.app.outbox.drain(OPS)
    assert cards.words(shown.content) == "third"


def test_doctor_says_how_many_are_used(talk: FeishuTalk, fake: FakeFeishu) -> None:
    use(talk, 100)
    found = {each.name: each for each in talk.app.platforms["feishu"].examine()}
    assert not found["feishu calls"].ok and "10000" in found["feishu calls"].detail
