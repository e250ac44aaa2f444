"""Every command in both languages, who may use it, and what a hurried person gets for typing errors."""

import pytest

from bot.domain.case import CaseStatus
from bot.messaging.card import Card, Tone
from tests.conversations.conftest import ORDERS, Talk, buttons, tracking_page

TAIL = ORDERS[0][-4:]

SAID = [
    ("help", "what I can do", "帮助", "我能做什么"),
    ("shops", "Bright Home (us-1)", "店铺", "Bright Home (us-1)"),
    ("odr us-1", "ODR up to 2026-11-19", "缺陷率 us-1", "截至 2026-11-19"),
    ("check us-1", "1 with an alert", "检查 us-1", "1 家有预警"),
    ("cases", "1 open case", "案件列表", "1 个案件进行中"),
    ("case C1", "C1 · US · Bright Home", "案件 C1", "C1 · US · Bright Home"),
    ("claim C1", "is yours", "认领 C1", "由你负责"),
    ("assign C1 wang", "goes to ", "指派 C1 wang", "已交给 "),
    ("release C1", "is free again", "释放 C1", "已取消认领"),
    ("orders C1", ORDERS[2], "订单 C1", ORDERS[2]),
    (f"tag {TAIL} S1", "Carrier Delay", f"场景 {TAIL} S1", "Carrier Delay"),
    (f"skip {TAIL}", "left out", f"跳过 {TAIL}", "不申诉"),
    (f"include {TAIL}", "part of the appeal again", f"恢复 {TAIL}", "已加回"),
    ("missing C1", "open points", "缺什么 C1", "项待办"),
    (f"draft {TAIL}", "Root Cause", f"草稿 {TAIL}", "Root Cause"),
    (f"edit {TAIL} The carrier was late.", "edited by li", f"修改 {TAIL} The carrier was late.", "由 li 修改"),
    ("timeline C1", "Anomaly found", "时间线 C1", "发现异常"),
    ("export C1", "C1.zip", "导出 C1", "C1.zip"),
    ("export covered C1", "C1-covered.zip", "导出遮挡版 C1", "C1-covered.zip"),
    ("export originals C1", "C1.zip", "导出原件 C1", "C1.zip"),
    ("outlook C1", "Never a promise", "胜算 C1", "不是承诺"),
    ("cause C1 policy", "not accepted as a reason", "原因 C1 政策", "政策变更"),
    ("dismiss C1 buyer withdrew", "set aside: buyer withdrew", "关闭 C1 买家已撤回", "已关闭：买家已撤回"),
]


@pytest.fixture
def english(talk: Talk) -> Talk:
    talk.say("lang en")
    return talk


@pytest.mark.parametrize(("typed", "answer"), [(row[0], row[1]) for row in SAID])
def test_in_english(english: Talk, typed: str, answer: str) -> None:
    assert answer in english.say(typed).plain()


@pytest.mark.parametrize(("typed", "answer"), [(row[2], row[3]) for row in SAID])
def test_in_chinese(talk: Talk, typed: str, answer: str) -> None:
    assert answer in talk.say(typed).plain()


@pytest.mark.parametrize("typed", ["/odr 缺什么 C1", "@odr-bot 缺什么 C1", "缺什么　Ｃ１", "MISSING c1", "c1"])
def test_prefixes_case_and_width_do_not_matter(talk: Talk, typed: str) -> None:
    card = talk.say(typed)
    assert card.title.startswith("C1") and card.tone is Tone.RED


def test_a_typing_error_gets_a_button_with_the_nearest_command(talk: Talk) -> None:
    card = talk.say("mising C1")
    assert talk.press(buttons(card)["missing C1"])[0].title.startswith("C1")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("案件 C99", "没有案件 C99"),
        ("缺什么 0000", "没有尾号 0000"),
        (f"场景 {TAIL} S9", "没有场景 S9"),
        (f"场景 {TAIL} S1 Bad Luck", "不在表单下拉菜单里"),
        ("关闭 C1", "请写明原因"),
        ("指派 C1", "交给谁"),
        ("语言 fr", "哪种语言"),
        ("撤回 E99", "没有证据 E99"),
        ("检查 nowhere", "没有店铺"),
        (f"证据 {TAIL}", "把文件拖到这里"),
        (f"可重提 {TAIL}", "没有被驳回"),
    ],
)
def test_what_cannot_be_done_says_why_and_what_to_do(talk: Talk, typed: str, answer: str) -> None:
    assert answer in talk.say(typed).plain()


def test_two_who_claim_one_wins_and_the_other_is_told(talk: Talk) -> None:
    button = buttons(talk.in_slot("C1:headline", "C1"))["我来处理"]
    talk.press(button)
    talk.person = "wang"
    assert "已过期" in talk.press(button)[0].title
    assert "正由 li 处理" in talk.say("认领 C1").title


def test_a_viewer_may_look_but_not_touch(talk: Talk) -> None:
    talk.person = "guest"
    assert talk.say("缺什么 C1").title.startswith("C1")
    assert "权限" in talk.say("认领 C1").title
    assert talk.app.cases.get("C1").owner == ""


def test_a_channel_sees_only_its_own_shops(talk: Talk) -> None:
    talk.channel = "console:uk"
    assert "没有进行中的案件" in talk.say("案件列表").title
    assert "没有案件 C1" in talk.say("案件 C1").title
    assert "uk-1" in talk.say("店铺").plain() and "us-1" not in talk.say("店铺").plain()


def test_with_two_cases_the_bot_asks_which_and_the_button_repeats_the_command(talk: Talk) -> None:
    orders, defects = second_shop(talk)
    assert orders and defects
    card = talk.say("缺什么")
    label = next(label for label in buttons(card) if label.startswith("C2"))
    assert talk.press(buttons(card)[label])[0].title.startswith("C2")


def second_shop(talk: Talk) -> tuple[int, int]:
    from bot.domain.orders import Shop
    from tests.conversations.conftest import ANOMALY, story

    orders, defects = story()
    with talk.app.store.unit() as unit:
        channels = unit.shops.get("us-1").channels
        unit.shops.save(Shop("us-2", "Second", "US", "America/Los_Angeles", channels=channels))
        unit.orders.upsert_orders("us-2", [("9" + row[0][1:], *row[1:]) for row in orders])
        unit.orders.upsert_defects("us-2", [("9" + row[0][1:], *row[1:]) for row in defects])
    talk.app.monitoring.check(ANOMALY, ["us-2"])
    return len(orders), len(defects)


def test_a_file_with_the_order_in_the_message_is_filed_there(talk: Talk) -> None:
    [card] = talk.send(("x.txt", tracking_page(0)), text=f"evidence {TAIL}")
    assert isinstance(card, Card) and talk.app.evidence.get("E1").order_ids == [ORDERS[0]]


def test_the_same_event_twice_is_one_turn(talk: Talk) -> None:
    from bot.conversation.events import CommandReceived

    event = CommandReceived("same", talk.channel, "li", talk.app.clock.now(), "C1", "认领")
    assert talk.hear(event) and not talk.hear(event)
    what = [item.what for item in talk_timeline(talk)]
    assert what.count("claimed") == 1


def talk_timeline(talk: Talk) -> list[object]:
    with talk.app.store.unit(read_only=True) as unit:
        return list(unit.cases.timeline("C1"))


HURRIED = [
    ("C1 我来处理", "由你负责"),
    ("全部标S1", "Carrier Delay"),
    (f"{TAIL} S1", "Carrier Delay"),
    ("还剩多久", "C1 · US · Bright Home"),
    ("怎么办", "项待办"),
    ("请帮我导出 C1", "C1.zip"),
    ("我们已经提交了", "项待办"),
    (f"{TAIL} 不申诉", "不申诉"),
    ("怎么申诉", "Performance & Account"),
    ("how do I appeal", "Performance & Account"),
]


@pytest.mark.parametrize(("typed", "answer"), HURRIED)
def test_a_hurried_person_is_understood(talk: Talk, typed: str, answer: str) -> None:
    assert answer in talk.say(typed, thread="C1").plain()


@pytest.mark.parametrize("typed", ["提交不了", "提交了吗", "submit failed", f"结果 {TAIL} 也许"])
def test_a_doubt_is_asked_back_and_changes_nothing(talk: Talk, typed: str) -> None:
    card = talk.say(typed, thread="C1")
    assert card.title.endswith("？") and talk.app.cases.get("C1").status is CaseStatus.OPEN
    assert {"提交", "已提交 C1", f"结果 C1 {TAIL}"} & buttons(card).keys()


@pytest.mark.parametrize("typed", ["还没提交", "别提交", "don't submit", "先不要交", "C1 was not submitted yet"])
def test_who_says_that_nothing_was_submitted_is_not_offered_to_submit(talk: Talk, typed: str) -> None:
    offered = [label for card in talk.says(typed, thread="C1") for label in buttons(card)]
    assert not [label for label in offered if "提交" in label]
