"""The way in: what people write, drop, press, forward, take back, in groups, topics and direct talks."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from bot.domain.case import TimelineEvent
from bot.domain.orders import Shop
from bot.platforms.feishu.events_contents import Remote
from bot.runtime.bootstrap import App
from tests.conversations.conftest import ANOMALY, ORDERS, buttons, erp_log, story, tracking_page
from tests.conversations.test_timeline import CHANGES, prepare
from tests.feishu.conftest import PATIENT
from tests.feishu.fake import cards
from tests.feishu.fake.events import mention
from tests.feishu.fake.faults import Fault
from tests.feishu.fake.post import Delivery
from tests.feishu.fake.server import FakeFeishu
from tests.feishu.fake.world import SCOPES, Message
from tests.feishu.talk import PATIENCE, FeishuTalk


def over(talk: FeishuTalk, delivery: Delivery | None) -> None:
    """Wait for the turn of a message, and until all it causes has been shown."""
    assert delivery and delivery.ack.good
    message_id = delivery.event["event"]["message"]["message_id"]
    assert talk.app.inbox.answers(f"feishu:message:{message_id}", PATIENCE) is not None
    talk.pump()


def last_words(fake: FakeFeishu, chat: str = "oc_ops") -> str:
    message = fake.world.in_chat(chat)[-1]
    return message.content["text"] if message.kind == "text" else cards.words(message.content)


def picture() -> bytes:
    data = BytesIO()
    Image.new("RGB", (40, 30), "white").save(data, "PNG")
    return data.getvalue()


def entries(app: App) -> list[TimelineEvent]:
    with app.store.unit(read_only=True) as unit:
        return unit.cases.timeline("C1")


def unfiled(app: App, channel: str = "feishu:oc_ops") -> list[str]:
    with app.store.unit(read_only=True) as unit:
        kept = [*unit.evidence.of_case("C1"), *unit.evidence.unfiled(channel)]
    return [item.file_name for item in kept]


def test_what_people_say_to_each_other_is_not_for_the_bot(talk: FeishuTalk, fake: FakeFeishu) -> None:
    before = len(fake.world.messages)
    over_heard = fake.hands.write("oc_ops", "ou_li", "缺什么 C1", at_bot=False)
    assert over_heard and over_heard.ack.good
    talk.pump()
    assert len(fake.world.messages) == before + 1


def test_a_direct_talk_needs_no_call(talk: FeishuTalk, fake: FakeFeishu) -> None:
    chat = fake.world.talk_of_two("ou_li").id
    over(talk, fake.hands.write(chat, "ou_li", "帮助", at_bot=False))
    assert "我能做什么" in last_words(fake, chat)


def test_a_mention_of_a_colleague_is_read_as_that_person(talk: FeishuTalk, fake: FakeFeishu) -> None:
    talk.say("认领 C1")
    message = Message(
        "om_x", "oc_ops", "ou_li", "text", [{"text": "@_user_1 指派 C1 @_user_2"}], fake.clock.seconds()
    )
    message.mentions = [mention("@_user_1", fake.world.bot, "odr-bot"), mention("@_user_2", "ou_wang", "王")]
    fake.world.add(message)
    over(talk, fake.post.bring(fake.hands.events.received(message)))
    assert talk.app.cases.get("C1").owner == "wang"


def test_a_mentioned_colleague_who_has_never_spoken_is_known(talk: FeishuTalk, fake: FakeFeishu) -> None:
    fake.world.person("ou_new", "新来的")
    talk.say("案件 C1")
    message = Message(
        "om_x", "oc_ops", "ou_li", "text", [{"text": "@_user_1 指派 C1 @_user_2"}], fake.clock.seconds()
    )
    message.mentions = [mention("@_user_1", fake.world.bot, "odr-bot"), mention("@_user_2", "ou_new", "新来的")]
    fake.world.add(message)
    over(talk, fake.post.bring(fake.hands.events.received(message)))
    assert talk.app.cases.get("C1").owner == "ou_new"


def test_words_in_the_topic_of_a_case_are_about_that_case(talk: FeishuTalk, fake: FakeFeishu) -> None:
    over(talk, fake.hands.write("oc_ops", "ou_li", "认领", topic=talk.root("oc_ops", "C1")))
    assert talk.app.cases.get("C1").owner == "li"


def test_files_dropped_into_a_topic_or_a_shops_group_arrive_with_their_names(
    talk: FeishuTalk, fake: FakeFeishu
) -> None:
    over(talk, fake.hands.drop("oc_ops", "ou_li", "物流.txt", tracking_page(0).encode()))
    topic = talk.root("oc_ops", "C1")
    over(talk, fake.hands.drop("oc_ops", "ou_li", "erp.csv", erp_log(0).encode(), topic=topic))
    assert unfiled(talk.app) == ["物流.txt", "erp.csv"]


def test_several_pictures_of_one_rich_text_are_one_turn(talk: FeishuTalk, fake: FakeFeishu) -> None:
    before = len(fake.world.in_chat("oc_ops"))
    over(talk, fake.hands.post_pictures("oc_ops", "ou_li", f"证据 {ORDERS[0]} 物流", picture(), picture()))
    assert len(unfiled(talk.app)) == 2
    assert len(fake.world.in_chat("oc_ops")) == before + 2, "the message and one answer"


def test_a_picture_alone_in_a_direct_talk(talk: FeishuTalk, fake: FakeFeishu) -> None:
    chat = fake.world.talk_of_two("ou_li").id
    over(talk, fake.hands.drop_picture(chat, "ou_li", picture()))
    [name] = unfiled(talk.app, f"feishu:{chat}")
    assert name.endswith(".png")


@pytest.mark.parametrize(("data", "says"), [(b"", "空"), (b"x" * 1000, "超过 100 MB")], ids=["empty", "over the cap"])
@pytest.mark.parametrize("limits", [replace(PATIENT, file_bytes=500)])
def test_what_cannot_be_taken_says_why(talk: FeishuTalk, fake: FakeFeishu, data: bytes, says: str) -> None:
    over(talk, fake.hands.drop("oc_ops", "ou_li", "odd.txt", data))
    assert "odd.txt" in last_words(fake) and says in last_words(fake)
    assert not list(talk.app.platforms["feishu"].host.files.upload_dir.iterdir())


def test_a_file_over_feishus_own_limit_says_so(talk: FeishuTalk, fake: FakeFeishu) -> None:
    fake.world.resource_bytes = 10
    over(talk, fake.hands.drop("oc_ops", "ou_li", "film.txt", b"x" * 11))
    assert "超过 100 MB" in last_words(fake)


def test_merged_forwards_say_how_to_send_them_again(talk: FeishuTalk, fake: FakeFeishu) -> None:
    over(talk, fake.hands.forward("oc_ops", "ou_li", topic=talk.root("oc_ops", "C1")))
    assert "转发" in last_words(fake)


def test_an_outage_while_a_file_is_brought_loses_nothing(talk: FeishuTalk, fake: FakeFeishu) -> None:
    before = len(fake.world.in_chat("oc_ops"))
    page = Fault("", method="GET", page=True)
    fake.api.faults.arrange(page)
    delivery = fake.hands.drop("oc_ops", "ou_li", "later.csv", erp_log(0).encode())
    assert delivery and delivery.ack.good, "kept, whatever happens to its turn"
    fake.wait_for(lambda: page.times == 0)
    talk.app.inbox.begin(f"feishu:message:{delivery.event['event']['message']['message_id']}")
    over(talk, delivery)
    assert unfiled(talk.app) == ["later.csv"] and len(fake.world.in_chat("oc_ops")) > before


@pytest.fixture
def unseeing(fake: FakeFeishu) -> None:
    """The app was not given the scope for all messages of groups."""
    fake.world.scopes = SCOPES - {"im:message.group_msg"}


def test_without_the_sensitive_scope_the_group_is_told_once_how_files_arrive(
    unseeing: None, talk: FeishuTalk, fake: FakeFeishu
) -> None:
    assert fake.hands.drop("oc_ops", "ou_li", "log.csv", b"x") is None, "the bot is not even told"
    assert len(notices(fake)) == 1 and all(word in notices(fake)[0] for word in ("私聊", "@", "控制台"))
    second_case(talk)
    talk.say("认领 C1")
    talk.say("缺什么", thread="C1")
    assert len(notices(fake)) == 1
    over(talk, fake.hands.post_pictures("oc_ops", "ou_li", "", picture()))
    assert len(unfiled(talk.app)) == 1, "a rich text with a picture and a call arrives"


def notices(fake: FakeFeishu) -> list[str]:
    sent = [each for each in fake.world.in_chat("oc_ops") if each.kind == "text"]
    return [each.content["text"] for each in sent if each.sender == fake.world.app_id]


def second_case(talk: FeishuTalk) -> None:
    orders, defects = story()
    with talk.app.store.unit() as unit:
        unit.shops.save(Shop("us-2", "Second", "US", "America/Los_Angeles", channels=["feishu:oc_ops"]))
        unit.orders.upsert_orders("us-2", [("9" + str(row[0])[1:], *row[1:]) for row in orders])
        unit.orders.upsert_defects("us-2", [("9" + str(row[0])[1:], *row[1:]) for row in defects])
    talk.app.monitoring.check(ANOMALY, ["us-2"])
    talk.pump()


def test_a_recalled_message_is_noted_with_the_case(talk: FeishuTalk, fake: FakeFeishu) -> None:
    delivery = fake.hands.write("oc_ops", "ou_li", "认领", topic=talk.root("oc_ops", "C1"))
    over(talk, delivery)
    assert delivery
    ref = delivery.event["event"]["message"]["message_id"]
    fake.hands.take_back(ref)
    assert talk.app.inbox.answers(f"feishu:recalled:{ref}", PATIENCE) == []
    last = entries(talk.app)[-1]
    assert (last.what, last.params["ref"]) == ("message_deleted", ref)


def test_a_recalled_file_asks_whether_it_still_counts_wherever_it_was_dropped(
    talk: FeishuTalk, fake: FakeFeishu
) -> None:
    delivery = fake.hands.drop("oc_ops", "ou_li", "t.txt", tracking_page().encode())
    over(talk, delivery)
    assert delivery and talk.app.evidence.get("E1").case_id == "C1"
    ref = delivery.event["event"]["message"]["message_id"]
    fake.hands.take_back(ref)
    [asked] = talk.app.inbox.answers(f"feishu:recalled:{ref}", PATIENCE) or []
    talk.pump()
    assert "E1" in asked.plain() and talk.app.evidence.get("E1").active
    talk.press(buttons(asked)["撤回证据"])
    assert not talk.app.evidence.get("E1").active


def test_an_invited_bot_says_how_to_bind_and_a_button_does_it(talk: FeishuTalk, fake: FakeFeishu) -> None:
    delivery = fake.hands.invite_bot("oc_new", "ou_boss")
    talk.app.inbox.answers(f"feishu:joined:{delivery.event['header']['event_id']}", PATIENCE)
    talk.pump()
    [invitation] = fake.world.in_chat("oc_new")
    assert "绑定 uk-1" in cards.words(invitation.content)
    fake.hands.press(invitation.id, "ou_boss", "Bright Home（US）")
    talk.pump()
    shown = "\n".join(cards.words(each.content) for each in fake.world.in_chat("oc_new"))
    assert "已绑定 Bright Home" in shown and "C1" in shown


def test_a_button_is_answered_with_a_toast_and_the_card_as_it_is_now(talk: FeishuTalk, fake: FakeFeishu) -> None:
    first = fake.world.in_chat("oc_ops")[0]
    ack = fake.hands.press(first.id, "ou_li", "我来处理")
    assert ack.body["toast"]["type"] == "success" and "由你负责" in ack.body["toast"]["content"]
    assert "li" in cards.words(ack.body["card"]["data"]) and first.content == ack.body["card"]["data"]
    assert not fake.world.refused_cards


def test_a_viewers_press_is_refused_to_that_person_alone(talk: FeishuTalk, fake: FakeFeishu) -> None:
    before = len(fake.world.messages)
    ack = fake.hands.press(fake.world.in_chat("oc_ops")[0].id, "ou_guest", "我来处理")
    talk.pump()
    assert "权限" in ack.body["toast"]["content"] and len(fake.world.messages) == before


def test_a_stale_button_brings_the_card_up_to_date(talk: FeishuTalk, fake: FakeFeishu) -> None:
    first = fake.world.in_chat("oc_ops")[0]
    stale = dict(first.content)
    talk.say("认领 C1")
    first.shown.append(stale)
    ack = fake.hands.press(first.id, "ou_wang", "我来处理")
    assert "过期" in ack.body["toast"]["content"]
    assert "我来处理" not in cards.words(first.content) and talk.app.cases.get("C1").owner == "li"


def test_the_buttons_of_a_closed_case_close_nothing_again(talk: FeishuTalk, fake: FakeFeishu) -> None:
    first = fake.world.in_chat("oc_ops")[0]
    old = dict(first.content)
    talk.say("关闭 C1 买家已撤回")
    count = len(entries(talk.app))
    first.shown.append(old)
    ack = fake.hands.press(first.id, "ou_li", "我来处理")
    assert ack.body["toast"]["content"] and "card" in ack.body
    assert talk.app.cases.get("C1").owner == "" and len(entries(talk.app)) == count


def test_a_form_that_is_not_acceptable_says_what_is_wrong_and_changes_nothing(
    talk: FeishuTalk, fake: FakeFeishu
) -> None:
    talk.say(f"修改 {ORDERS[0]} Late.", thread="C1")
    before = len(entries(talk.app))
    message, form = next(
        (message, each)
        for message in reversed(fake.world.in_chat("oc_ops"))
        if message.kind == "interactive"
        for each in cards.components(message.content)
        if each["tag"] == "form"
    )
    name = next(each["name"] for each in cards.walk(form) if each["tag"] == "input")
    ack = fake.hands.submit(message.id, "ou_li", form["name"], {name: "The buyer is a liar. " * 12})
    assert ack.body["toast"]["type"] == "error" and "200" in ack.body["toast"]["content"]
    assert len(entries(talk.app)) == before


def test_a_press_that_carries_a_text_instead_of_an_object_is_answered(talk: FeishuTalk, fake: FakeFeishu) -> None:
    first = fake.world.in_chat("oc_ops")[0]
    ack = fake.hands.use(first, "ou_li", {"value": "a string"})
    assert ack.good and ack.body["toast"]["type"] == "error"


def test_people_get_their_names(talk: FeishuTalk, fake: FakeFeishu) -> None:
    fake.world.person("ou_chen", "陈晨")
    fake.hands.write("oc_ops", "ou_chen", "认领 C1")
    fake.wait_for(lambda: any(call.path.endswith("/users/ou_chen") for call in fake.world.calls))


@pytest.mark.parametrize("handler", ["claim", "submit", "withdraw", "result"])
def test_a_command_leaves_one_entry_with_its_message_however_often_it_comes(
    talk: FeishuTalk, fake: FakeFeishu, handler: str
) -> None:
    before, words = CHANGES[handler]
    for step in before:
        prepare(talk, step)
    talk.pump()
    count = len(entries(talk.app))
    talk._same_time()
    delivery = fake.hands.write("oc_ops", "ou_li", words, topic=talk.root("oc_ops", "C1"))
    over(talk, delivery)
    assert delivery and fake.post.again(delivery).good
    [entry] = entries(talk.app)[count:]
    message_id = delivery.event["event"]["message"]["message_id"]
    assert (entry.who, entry.message_id) == ("li", f"feishu:message:{message_id}")


def test_where_a_file_lies_is_read_as_it_was_written() -> None:
    remote = Remote("om_1", "file", "file_v3|a")
    assert Remote.read(str(remote)) == remote and Remote.read("om_1") == Remote("om_1", "", "")
