"""Doing and undoing (domain.md §8): what is asked before it is done, what is done together, what is taken back."""

import json
from datetime import timedelta

import pytest

from bot.domain.case import AppealStatus, CaseStatus
from bot.messaging.card import Card
from tests.conversation.test_grammar import CHINESE, CHINESE_DOUBTS, DOUBTS, ENGLISH, FREELY
from tests.conversations.conftest import ORDERS, Talk, buttons, erp_log, forms

TAILS = [order[-4:] for order in ORDERS]


def state(talk: Talk) -> str:
    """Everything that a word could change."""
    with talk.app.store.unit(read_only=True) as unit:
        shops = [shop.channels for shop in unit.shops.all()]
        seen = [unit.cases.get("C1"), unit.cases.timeline("C1"), unit.evidence.of_case("C1"), shops]
        return json.dumps([repr(each) for each in seen])


def pressed(talk: Talk, card: Card, *starts: str) -> Card:
    [label] = [label for label in buttons(card) if label.startswith(starts)]
    return talk.press(buttons(card)[label], thread="C1")[0]


def submitted(talk: Talk) -> Card:
    return pressed(talk, talk.say("提交了", thread="C1"), "是的")


@pytest.mark.parametrize("doubt", [*sorted(FREELY), *DOUBTS[:6], *CHINESE_DOUBTS[:6]])
def test_no_doubt_changes_anything(talk: Talk, doubt: str) -> None:
    english = doubt in DOUBTS
    before = state(talk)
    for text in ENGLISH if english else CHINESE:
        known = text.replace("0027", TAILS[0]).replace("0074", TAILS[1])
        if not known.startswith(("edit", "修改")):
            talk.says(doubt.format(known), thread="C1")
    assert state(talk) == before


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        (f"skip {TAILS[0]}?", f"跳过 C1 {TAILS[0]}"),
        (f"跳过 {TAILS[0]} 吗", f"跳过 C1 {TAILS[0]}"),
        ("claim, right?", "认领 C1"),
        (f"场景 {TAILS[0]} S1 吧", f"场景 C1 {TAILS[0]} S1"),
    ],
)
def test_the_question_carries_exactly_the_act(talk: Talk, typed: str, label: str) -> None:
    before = state(talk)
    card = talk.say(typed, thread="C1")
    assert state(talk) == before and list(buttons(card)) == [label]
    talk.press(buttons(card)[label], thread="C1")
    assert state(talk) != before


def test_a_reason_that_sounds_like_talk_is_confirmed_by_its_button(talk: Talk) -> None:
    card = talk.say("关闭 C1 买家还没退货", thread="C1")
    assert talk.app.cases.get("C1").status is CaseStatus.OPEN
    talk.press(buttons(card)["关闭 C1 买家还没退货"], thread="C1")
    assert talk.app.cases.get("C1").reason == "买家还没退货"


def test_two_cases_in_one_message_are_asked_about(talk: Talk) -> None:
    assert list(buttons(talk.say("认领 C1 C2"))) == ["认领 C1", "认领 C2"]


def test_several_orders_are_done_together(talk: Talk) -> None:
    talk.say(f"skip {TAILS[0]} {TAILS[1]}", thread="C1")
    assert [order.skipped for order in talk.app.cases.get("C1").orders] == [True, True, False]
    talk.say(f"恢复 {TAILS[0]}、{TAILS[1]}", thread="C1")
    talk.say(f"tag {TAILS[0]} and {TAILS[2]} S1", thread="C1")
    assert [order.scenario for order in talk.app.cases.get("C1").orders] == ["S1", "", "S1"]


def test_one_unknown_order_stops_all_and_the_others_are_offered(talk: Talk) -> None:
    card = talk.say(f"跳过 {TAILS[0]} 9999", thread="C1")
    assert "9999" in card.title and not any(order.skipped for order in talk.app.cases.get("C1").orders)
    pressed(talk, card, "只办另外 1 单")
    assert [order.skipped for order in talk.app.cases.get("C1").orders] == [True, False, False]


def test_a_result_for_some_that_were_not_submitted_is_for_none(talk: Talk) -> None:
    pressed(talk, talk.say(f"已提交 {TAILS[0]}", thread="C1"), "是的")
    card = talk.say(f"结果 {TAILS[0]} {TAILS[1]} 通过", thread="C1")
    assert appeals(talk)[:2] == ["submitted", "none"]
    pressed(talk, card, "只办另外 1 单")
    assert appeals(talk)[:2] == ["excluded", "none"]


def appeals(talk: Talk) -> list[str]:
    return [order.appeal.value for order in talk.app.cases.get("C1").orders]


@pytest.mark.parametrize("words", ["关闭 C1？", f"跳过 {TAILS[0]} 吗", f"{ORDERS[0]} S1 吗"])
def test_files_are_kept_when_their_words_are_asked_back(talk: Talk, words: str) -> None:
    cards = talk.send(("log.csv", erp_log()), text=words, thread="C1")
    assert talk.app.evidence.get("E1").case_id == "C1" and cards
    assert talk.app.cases.get("C1").status is CaseStatus.OPEN


def test_files_are_kept_beside_an_order(talk: Talk) -> None:
    talk.send(("log.csv", erp_log()), text=f"跳过 {TAILS[1]}", thread="C1")
    assert talk.app.evidence.get("E1").case_id == "C1" and talk.app.cases.get("C1").orders[1].skipped


def test_submitting_with_open_points_asks_once_and_says_how_many(talk: Talk) -> None:
    card = talk.say("提交了", thread="C1")
    assert "项待办" in card.title and talk.app.cases.get("C1").status is CaseStatus.OPEN
    assert "已登记提交" in pressed(talk, card, "是的").title
    assert talk.app.cases.get("C1").status is CaseStatus.SUBMITTED


def test_a_submission_is_taken_back_and_the_countdown_runs_again(talk: Talk) -> None:
    card = submitted(talk)
    talk.person = "wang"
    answer = pressed(talk, card, "撤销")
    case = talk.app.cases.get("C1")
    assert "倒计时恢复" in answer.title and case.status is CaseStatus.OPEN and set(appeals(talk)) == {"none"}
    assert not any(order.draft for order in case.orders)


def test_a_submission_is_not_taken_back_after_a_result_but_the_result_is(talk: Talk) -> None:
    card = submitted(talk)
    talk.say(f"结果 {TAILS[0]} 通过", thread="C1")
    assert "又有人改过" in pressed(talk, card, "撤销").title
    talk.say("撤销", thread="C1")
    assert set(appeals(talk)) == {"submitted"}
    assert "已撤销" in pressed(talk, card, "撤销").title


def test_the_last_result_taken_back_opens_the_case_for_results_again(talk: Talk) -> None:
    submitted(talk)
    for tail in TAILS:
        talk.say(f"结果 {tail} 通过", thread="C1")
    assert talk.app.cases.get("C1").status is CaseStatus.CLOSED
    talk.say("弄错了", thread="C1")
    assert talk.app.cases.get("C1").status is CaseStatus.SUBMITTED
    assert appeals(talk) == ["excluded", "excluded", "submitted"]


def test_a_clock_finer_than_the_store_changes_nothing(talk: Talk) -> None:
    talk.app.clock.at += timedelta(microseconds=123_456)
    submitted(talk)
    assert "已撤销" in talk.say("撤销", thread="C1").title
    talk.send(("log.csv", erp_log()), thread="C1")
    talk.say("撤回 E1", thread="C1")
    assert "已撤销" in talk.say("撤销 E1", thread="C1").title


@pytest.mark.parametrize("typed", ["关闭 C1？", "dismiss?"])
def test_a_question_is_no_reason(talk: Talk, typed: str) -> None:
    card = talk.say(typed, thread="C1")
    assert "请写明原因" in talk.press(buttons(card)["关闭 C1"], thread="C1")[0].title


UNDONE = [
    ("关闭 C1 误报", "撤销 C1"),
    (f"跳过 {TAILS[0]} {TAILS[1]}", "undo"),
    (f"场景 {TAILS[0]} S1", f"undo {TAILS[0]}"),
    ("认领 C1", "撤销"),
    (f"修改 {TAILS[0]} The carrier was late.", "撤销"),
    ("原因 C1 政策", "撤销"),
]


@pytest.mark.parametrize(("done", "undone"), UNDONE)
def test_what_was_done_is_taken_back_completely(talk: Talk, done: str, undone: str) -> None:
    before = talk.app.cases.get("C1")
    talk.say(done, thread="C1")
    assert talk.app.cases.get("C1") != before
    assert "已撤销" in talk.say(undone, thread="C1").title
    after = talk.app.cases.get("C1")
    before.version = after.version
    assert after == before and "撤销" in talk.say("时间线 C1").plain()


def test_evidence_is_taken_back_into_the_appeal_and_to_its_place(talk: Talk) -> None:
    talk.send(("log.csv", erp_log()), thread="C1")
    talk.say("撤回 E1", thread="C1")
    talk.say("撤销 E1", thread="C1")
    assert talk.app.evidence.get("E1").active


def test_withdrawing_several_is_all_or_none(talk: Talk) -> None:
    talk.send(("log.csv", erp_log()), thread="C1")
    talk.say("撤回 E1 E9", thread="C1")
    assert talk.app.evidence.get("E1").active


def test_undo_in_the_channel_means_ones_own_last_act(talk: Talk) -> None:
    talk.say("关闭 C1 误报")
    assert "倒计时恢复" in talk.say("撤销").title
    talk.person = "wang"
    assert "没有可以撤销" in talk.say("撤销").title


def test_another_persons_act_is_for_a_lead_unless_it_stopped_the_countdown(talk: Talk) -> None:
    card = talk.say(f"跳过 {TAILS[0]}", thread="C1")
    talk.person = "wang"
    assert "li 做的" in pressed(talk, card, "撤销").title
    talk.person = "boss"
    assert "已撤销" in pressed(talk, card, "撤销").title


def test_an_older_act_is_asked_about_with_its_button(talk: Talk) -> None:
    talk.say(f"跳过 {TAILS[0]}", thread="C1")
    talk.person = "wang"
    talk.say(f"跳过 {TAILS[1]}", thread="C1")
    talk.person = "li"
    card = talk.say("撤销", thread="C1")
    assert [order.skipped for order in talk.app.cases.get("C1").orders] == [True, True, False]
    pressed(talk, card, "撤销")
    assert [order.skipped for order in talk.app.cases.get("C1").orders] == [False, True, False]


def test_a_foreign_channel_takes_nothing_back(talk: Talk) -> None:
    card = talk.say(f"跳过 {TAILS[0]}", thread="C1")
    button = buttons(card)["撤销"]
    talk.channel = "console:uk"
    assert "没有可以撤销" in talk.press(button)[0].title
    assert "没有可以撤销" in talk.say("撤销 C1").title and talk.app.cases.get("C1").orders[0].skipped


def test_a_rejection_without_a_code_is_completed_later(talk: Talk) -> None:
    submitted(talk)
    talk.say(f"结果 {TAILS[0]} 驳回", thread="C1")
    assert "ODR-07" in talk.say(f"结果 {TAILS[0]} 驳回 ODR-07", thread="C1").title
    assert talk.app.cases.get("C1").orders[0].rejection_code == "ODR-07"


def test_a_rejection_says_when_to_appeal_again_and_what_to_look_at(talk: Talk) -> None:
    submitted(talk)
    known = talk.say(f"结果 {TAILS[0]} 驳回 ODR-07", thread="C1").plain()
    assert f"可重提 {ORDERS[0]}" in known and "每张截图都带截图日期" in known and "对话完整" in known
    other = talk.say(f"结果 {TAILS[1]} 驳回 ODR-99", thread="C1").plain()
    assert f"可重提 {ORDERS[1]}" in other and "说明只讲事实" in other and "对话完整" not in other


def test_an_exclusion_by_mistake_is_corrected_after_a_question(talk: Talk) -> None:
    submitted(talk)
    talk.say(f"结果 {TAILS[0]} 通过", thread="C1")
    card = talk.say(f"结果 {TAILS[0]} 驳回 ODR-07", thread="C1")
    assert talk.app.cases.get("C1").orders[0].appeal is AppealStatus.EXCLUDED
    pressed(talk, card, "改成")
    order = talk.app.cases.get("C1").orders[0]
    assert (order.appeal, order.rejection_code) == (AppealStatus.REJECTED, "ODR-07")
    with talk.app.store.unit(read_only=True) as unit:
        assert ORDERS[0] not in unit.cases.excluded_orders().get("us-1", set())


def test_a_form_asks_the_same(talk: Talk) -> None:
    submitted(talk)
    talk.say(f"结果 {TAILS[0]} 通过", thread="C1")
    [form] = forms(talk.say(f"结果 {TAILS[0]}", thread="C1"))
    [card] = talk.submit(form, thread="C1", outcome="rejected", code="ODR-07")
    assert "改成" in card.title and talk.app.cases.get("C1").orders[0].appeal is AppealStatus.EXCLUDED
