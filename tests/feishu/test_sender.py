"""The way out, when Feishu refuses, asks to wait, falls silent or forgets."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.messaging.card import Actions, Attachment, Button, Card, Link, Text
from bot.platforms.feishu.api import Api
from bot.ports.messages import Outgoing
from bot.runtime.bootstrap import App
from bot.settings.chats import FeishuSettings
from bot.store.tables import messages
from tests.conversations.conftest import ORDERS, buttons
from tests.feishu.conftest import PATIENT, feishu_settings
from tests.feishu.fake import cards
from tests.feishu.fake.faults import Fault
from tests.feishu.fake.server import FakeFeishu
from tests.feishu.fake.world import Message
from tests.feishu.talk import PATIENCE, FeishuTalk

OPS = "feishu:oc_ops"


def put(talk: FeishuTalk, card: Card, channel: str = OPS, key: str = "a-card") -> None:
    with talk.app.store.unit() as unit:
        unit.messages.put(channel, "", key, card, talk.app.clock.now())


def failures(app: App) -> list[str]:
    with app.store.unit(read_only=True) as unit:
        return unit.messages.failures()


def newest(fake: FakeFeishu, chat: str = "oc_ops") -> Message:
    return fake.world.in_chat(chat)[-1]


def codes(fake: FakeFeishu) -> list[int]:
    return [call.code for call in fake.world.calls if call.code]


def waiting(talk: FeishuTalk) -> Outgoing | None:
    with talk.app.store.unit(read_only=True) as unit:
        return unit.messages.next_of(OPS, talk.app.outbox.transport.now())


def test_the_alert_opens_a_topic_and_all_of_the_case_stands_in_it_pinned(talk: FeishuTalk, fake: FakeFeishu) -> None:
    first, *others = fake.world.in_chat("oc_ops")
    assert first.pinned and not first.root and first.topic
    assert others and all(
        (each.root, each.parent, each.topic) == (first.id, first.id, first.topic) for each in others
    )
    talk.say("缺什么", thread="C1")
    assert newest(fake).root == first.id
    talk.say("关闭 C1 买家已撤回", thread="C1")
    assert not first.pinned


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(("code", "says"), [(230002, "群"), (230013, "可用范围"), (230022, "敏感")])
def test_a_final_refusal_is_told_by_its_code_whatever_the_http_status(
    talk: FeishuTalk, fake: FakeFeishu, code: int, says: str, status: int
) -> None:
    fake.api.faults.arrange(Fault("/messages", code=code, status=status))
    put(talk, Card("never seen", (Text("words"),)))
    talk.pump()
    assert "never seen" not in [cards.words(each.content) for each in fake.world.in_chat("oc_ops")]
    [failure] = failures(talk.app)
    assert says in failure


@pytest.mark.parametrize("code", [230025, 230099])
def test_a_card_that_feishu_cannot_digest_is_shown_as_text(talk: FeishuTalk, fake: FakeFeishu, code: int) -> None:
    fake.api.faults.arrange(Fault("/messages", code=code, times=2))
    put(talk, Card("The title", (Text("and <b>words</b> <at id=all></at>"),)))
    talk.pump()
    assert newest(fake).kind == "text" and "The title" in newest(fake).content["text"]
    assert "<at" not in newest(fake).content["text"], "nobody is called by accident"


@pytest.mark.parametrize("status", [429, 400])
def test_it_waits_as_long_as_feishu_says(talk: FeishuTalk, fake: FakeFeishu, status: int) -> None:
    reset = {"x-ogw-ratelimit-reset": "40"}
    fake.api.faults.arrange(Fault("/messages", code=99991400, status=status, headers=reset))
    put(talk, Card("later"))
    began = fake.clock.seconds()
    talk.app.outbox.drain(OPS)
    assert waiting(talk) is None, "the group is held back"
    talk.pump()
    assert fake.clock.seconds() - began >= 40 and cards.words(newest(fake).content) == "later"
    assert talk.app.metrics and codes(fake) == [99991400]


def test_a_busy_group_is_written_to_later(talk: FeishuTalk, fake: FakeFeishu) -> None:
    fake.api.faults.arrange(Fault("/messages", code=230020, times=3))
    put(talk, Card("busy"))
    talk.pump()
    assert cards.words(newest(fake).content) == "busy" and codes(fake) == [230020] * 3


def test_our_own_pace_never_meets_the_limit_of_five_a_second(talk: FeishuTalk, fake: FakeFeishu) -> None:
    for number in range(30):
        put(talk, Card(f"card {number}"), key=f"card-{number}")
    talk.pump()
    assert not codes(fake)
    assert [cards.words(each.content) for each in fake.world.in_chat("oc_ops")[-30:]] == [
        f"card {number}" for number in range(30)
    ]


def test_a_page_of_a_gateway_is_an_outage_and_not_the_end(talk: FeishuTalk, fake: FakeFeishu) -> None:
    fake.api.faults.arrange(Fault("/messages", page=True, times=20))
    put(talk, Card("patience"))
    talk.pump()
    assert cards.words(newest(fake).content) == "patience", "twenty times are not too often for an outage"


def test_a_token_that_is_worth_nothing_is_replaced_at_once(talk: FeishuTalk, fake: FakeFeishu) -> None:
    fake.api.tokens.take_back()
    put(talk, Card("with a new token"))
    talk.app.outbox.drain(OPS)
    assert cards.words(newest(fake).content) == "with a new token" and codes(fake) == [99991663]


def test_two_apps_of_one_id_share_no_token(fake: FakeFeishu) -> None:
    other = FakeFeishu(fake.world.app_id).start()
    other.api.tokens._number = 1000
    one, two = (Api(feishu_settings(each)) for each in (fake, other))
    assert one.token() != two.token() and two.get("/open-apis/bot/v3/info")
    other.stop()


def test_the_brand_chooses_the_host_and_an_address_beats_it() -> None:
    bases = [Api(FeishuSettings(app_id="a", brand=brand)).base for brand in ("feishu", "lark")]
    assert bases == ["https://open.feishu.cn", "https://open.larksuite.com"]
    assert Api(FeishuSettings(app_id="a", brand="lark", base_url="http://127.0.0.1:1")).base == "http://127.0.0.1:1"


def test_a_card_of_more_than_fourteen_days_is_replaced_by_a_new_one(talk: FeishuTalk, fake: FakeFeishu) -> None:
    first = fake.world.in_chat("oc_ops")[0]
    first.at -= 15 * 86_400
    talk.say("认领 C1")
    shown = {message.id for message, card in talk.visible("oc_ops") if card.slot == "C1:headline"}
    assert len(shown) == 1 and first.id not in shown
    assert 230031 in codes(fake)


def test_a_card_that_somebody_deleted_is_posted_again(talk: FeishuTalk, fake: FakeFeishu) -> None:
    [(work, _)] = [each for each in talk.visible("oc_ops") if each[1].slot == "C1:work"]
    work.recalled = True
    talk.say(f"跳过 {ORDERS[2]}", thread="C1")
    [(again, card)] = [each for each in talk.visible("oc_ops") if each[1].slot == "C1:work"]
    assert again.id != work.id and cards.words(again.content).startswith(card.title[:20])


def work_cards(talk: FeishuTalk) -> list[Message]:
    """All that stands in the group with the title of the case's work card."""
    [title] = [card.title for _, card in talk.visible("oc_ops") if card.slot == "C1:work"]
    return [each for each in talk.fake.world.in_chat("oc_ops") if cards.words(each.content).startswith(title[:4])]


def test_the_work_card_leaves_nothing_behind_when_it_moves(talk: FeishuTalk, fake: FakeFeishu) -> None:
    for number in range(3):
        talk.send((f"note-{number}.txt", f"words {number}"), thread="C1")
    [card] = [each for each in work_cards(talk) if "C1：" in cards.words(each.content)]
    assert card is newest(fake)


def test_a_work_card_too_old_to_be_taken_away_points_to_the_newest(talk: FeishuTalk, fake: FakeFeishu) -> None:
    [(work, _)] = [each for each in talk.visible("oc_ops") if each[1].slot == "C1:work"]
    work.at -= 2 * 86_400
    talk.say("缺什么", thread="C1")
    assert "最新的卡片在下面" in cards.words(work.content) and 230026 in codes(fake)


def test_a_lost_answer_shows_nothing_twice(talk: FeishuTalk, fake: FakeFeishu) -> None:
    fake.api.faults.arrange(Fault("/messages", after=True))
    put(talk, Card("said once"))
    talk.pump()
    assert [cards.words(each.content) for each in fake.world.in_chat("oc_ops")].count("said once") == 1


@pytest.mark.parametrize("limits", [replace(PATIENT, call=2.0)])
def test_a_feishu_that_hangs_is_given_up_and_asked_again(talk: FeishuTalk, fake: FakeFeishu) -> None:
    hang = threading.Event()
    fake.api.faults.arrange(Fault("/messages", hang=hang))
    put(talk, Card("after the silence"))
    talk.app.outbox.drain(OPS)
    assert waiting(talk) is None and "Timeout" in failures(talk.app)[0]
    hang.set()
    talk.pump()
    assert [cards.words(each.content) for each in fake.world.in_chat("oc_ops")].count("after the silence") == 1


def test_a_group_without_the_bot_gets_nothing_until_it_is_back(talk: FeishuTalk, fake: FakeFeishu) -> None:
    fake.hands.remove_bot("oc_ops", "ou_boss")
    put(talk, Card("unseen"))
    talk.pump()
    assert any("机器人不在这个群" in failure for failure in failures(talk.app))
    fake.hands.invite_bot("oc_ops", "ou_boss")
    talk.app.inbox.answers(f"feishu:joined:{fake.post.deliveries[-1].event['header']['event_id']}", PATIENCE)
    talk.pump()
    assert "绑定" in cards.words(newest(fake).content)


def test_a_disbanded_group_is_told_from_a_lost_bot(talk: FeishuTalk, fake: FakeFeishu) -> None:
    assert fake.hands.disband("oc_ops", "ou_boss").ack.good
    put(talk, Card("unseen"))
    talk.pump()
    assert any("解散" in failure for failure in failures(talk.app))


def attachment(talk: FeishuTalk, data: bytes, size: int | None = None) -> Card:
    stored = talk.app.vault.put_bytes(data)
    file = Attachment("C1 证据.zip", "application/zip", stored.sha256, stored.size if size is None else size)
    return Card("A file", (file,))


def test_files_follow_their_card(talk: FeishuTalk, fake: FakeFeishu) -> None:
    put(talk, attachment(talk, b"PK" + bytes(100)))
    talk.pump()
    card, file = fake.world.in_chat("oc_ops")[-2:]
    assert "C1 证据.zip" in cards.words(card.content)
    kept = fake.world.files[file.content["file_key"]]
    assert (file.kind, kept.name, kept.data) == ("file", "C1 证据.zip", b"PK" + bytes(100))


@pytest.mark.parametrize(("size", "says"), [(31_000_000, "网页控制台"), (0, "空")])
def test_what_feishu_would_not_take_is_not_sent_and_said(
    talk: FeishuTalk, fake: FakeFeishu, size: int, says: str
) -> None:
    put(talk, attachment(talk, b"x", size))
    talk.pump()
    assert newest(fake).kind == "interactive" and says in cards.words(newest(fake).content)
    assert not any(call.path.endswith("/files") for call in fake.world.calls)


def urgent(talk: FeishuTalk) -> None:
    put(talk, Card("Six hours left", (Text("please", mentions=("li", "boss")),), urgent=True))
    talk.pump()


def test_an_urgent_card_calls_and_rings_the_people_it_names(talk: FeishuTalk, fake: FakeFeishu) -> None:
    urgent(talk)
    assert newest(fake).rung == ["ou_li", "ou_boss"]
    assert "@li @boss" in cards.words(newest(fake).content, fake.world.name_of)


def test_nobody_is_rung_up_by_a_name(talk: FeishuTalk, fake: FakeFeishu) -> None:
    """Feishu would look for somebody whose user id is the name."""
    put(talk, Card("Six hours left", (Text("please", mentions=("li", "王强")),), urgent=True))
    talk.pump()
    card, why = fake.world.in_chat("oc_ops")[-2:]
    assert card.rung == ["ou_li"] and "王强" in cards.words(why.content)
    assert not any("王强" in str(call) for call in fake.world.calls if "urgent_app" in call.path)


@pytest.mark.parametrize(
    ("setting", "says"),
    [("group", "群主"), ("scope", "im:message.urgent"), ("full", "200")],
)
def test_whoever_cannot_be_rung_up_the_reason_is_shown(
    talk: FeishuTalk, fake: FakeFeishu, setting: str, says: str
) -> None:
    if setting == "group":
        fake.world.chats["oc_ops"].urgent = "only_owner"
    if setting == "scope":
        fake.world.scopes.remove("im:message.urgent")
    if setting == "full":
        fake.world.people["ou_li"].unread_urgent = 200
    urgent(talk)
    card, why = fake.world.in_chat("oc_ops")[-2:]
    assert not card.rung and says in cards.words(why.content)


def test_a_manager_may_ring_where_only_managers_may(talk: FeishuTalk, fake: FakeFeishu) -> None:
    fake.world.chats["oc_ops"].urgent, fake.world.chats["oc_ops"].bot_manages = "only_owner", True
    urgent(talk)
    assert newest(fake).rung == ["ou_li", "ou_boss"]


def test_a_reminder_of_the_last_hours_rings_whoever_owns_the_case(talk: FeishuTalk, fake: FakeFeishu) -> None:
    talk.press(buttons(talk.in_slot("C1:headline", "C1"))["我来处理"], thread="C1")
    talk.app.clock.at += timedelta(hours=58, minutes=30)
    talk.app.reminders.tick()
    talk._same_time()
    talk.pump()
    assert any("ou_li" in each.rung for each in fake.world.in_chat("oc_ops"))


LINK = "http://127.0.0.1:8765/sign-in?link="
SECRET = Card("a secret", (Link("open", LINK + "token"),), private_to="ou_li", secret=True)


def said(fake: FakeFeishu, chat: str) -> str:
    return str([each.content for each in fake.world.in_chat(chat)])


def kept(app: App) -> str:
    """Everything that the database keeps of messages."""
    with app.engine.connect() as connection:
        return str(connection.execute(sa.select(messages.c.card)).all())


def test_the_link_to_the_console_goes_to_who_asks_alone_and_is_kept_nowhere(
    talk: FeishuTalk, fake: FakeFeishu
) -> None:
    fake.hands.write("oc_ops", "ou_li", "后台", message_id="om_asks")
    assert talk.app.inbox.answers("feishu:message:om_asks", PATIENCE)
    talk.pump()
    assert LINK in said(fake, fake.world.talk_of_two("ou_li").id)
    assert LINK not in said(fake, "oc_ops") and LINK not in kept(talk.app)


def test_a_button_that_asks_for_the_link_does_not_show_it_to_the_group(talk: FeishuTalk, fake: FakeFeishu) -> None:
    put(talk, Card("did you mean", (Actions((Button("后台", "say", {"text": "后台"}),)),)))
    talk.pump()
    ack = fake.hands.press(newest(fake).id, "ou_li", "后台", "presses")
    assert talk.app.inbox.answers("feishu:press:presses", PATIENCE)
    talk.pump()
    assert LINK in said(fake, fake.world.talk_of_two("ou_li").id)
    assert LINK not in str(ack.body) + said(fake, "oc_ops") + kept(talk.app)


def test_what_is_for_one_person_alone_is_never_shown_elsewhere(talk: FeishuTalk, fake: FakeFeishu) -> None:
    fake.api.faults.arrange(Fault("/messages", code=230013, times=9))
    put(talk, SECRET)
    talk.pump()
    assert failures(talk.app) and LINK not in said(fake, "oc_ops") + kept(talk.app)
    assert all("a secret" not in each.title for each in talk.shown())
