"""A finished case asks for nothing and offers nothing that it would refuse (domain.md §8)."""

from copy import deepcopy
from datetime import timedelta

import pytest

from bot.domain.case import AppealStatus, Case, CaseStatus
from bot.domain.refusal import Refusal
from bot.messaging.card import Card
from tests.conversations.conftest import NOW, ORDERS, Talk, buttons, forms, tracking_page

STATES = {
    "open": (CaseStatus.OPEN, AppealStatus.NONE),
    "submitted": (CaseStatus.SUBMITTED, AppealStatus.SUBMITTED),
    "won": (CaseStatus.CLOSED, AppealStatus.EXCLUDED),
    "lost": (CaseStatus.CLOSED, AppealStatus.REJECTED),
    "dismissed": (CaseStatus.DISMISSED, AppealStatus.NONE),
    "expired": (CaseStatus.EXPIRED, AppealStatus.NONE),
}
FINISHED = [name for name in STATES if name != "open"]
LOOKS = ("case C1", "missing C1", "orders C1", "draft C1", "export C1", "timeline C1", "outlook C1", "cases")
STATE_REFUSALS = {"case_finished", "wrong_state", "window_closed", "nothing_to_submit", "nothing_to_acknowledge"}


def put_into(talk: Talk, state: str) -> Case:
    """Case C1 in that state, with a tracking page whose number nobody could confirm."""
    talk.send(("ups.txt", tracking_page(0)), thread="C1")
    talk.send(("what.png", b"not a picture"), thread="C1")
    status, appeal = STATES[state]
    with talk.app.store.unit() as unit:
        case = unit.cases.get("C1", lock=True)
        assert case is not None
        case.status, case.closed_at = status, None if state in ("open", "submitted") else NOW
        if state == "expired":
            case.deadline = NOW - timedelta(hours=1)
        for order in case.orders:
            order.appeal, order.appeal_at = appeal, NOW
        unit.cases.save(case)
        return deepcopy(case)


def looked_at(talk: Talk) -> list[Card]:
    return [card for words in LOOKS for card in talk.says(words)] + talk.shown("C1")[-3:]


@pytest.mark.parametrize("state", STATES)
def test_no_button_and_no_form_is_refused_for_the_state(
    talk: Talk, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, refused = put_into(talk, state), []
    refuse = talk.app.dispatcher.refuse
    monkeypatch.setattr(talk.app.dispatcher, "refuse", lambda why, turn: refused.append(why) or refuse(why, turn))
    cards = looked_at(talk)
    shown = [button for card in cards for button in buttons(card).values()]
    assert shown
    for button in shown:
        talk.press(button)
        with talk.app.store.unit() as unit:
            unit.cases.save(deepcopy(before))
    for form in [form for card in cards for form in forms(card)]:
        talk.submit(form, text="UPS delivered it.", scenario="S1", tracking_number="1Z999AA10123456784")
        with talk.app.store.unit() as unit:
            unit.cases.save(deepcopy(before))
    assert [why.key for why in refused if isinstance(why, Refusal) and why.key in STATE_REFUSALS] == []


@pytest.mark.parametrize("state", FINISHED)
def test_a_finished_case_asks_for_nothing(talk: Talk, state: str) -> None:
    put_into(talk, state)
    judged = talk.app.judge.judge("C1")
    assert (judged.points, judged.ready, judged.case.to_do) == (0, False, [])
    text = "\n".join(card.plain() for card in looked_at(talk))
    for asked in ("请马上提交", "项待办", "材料齐全", "缺什么", "标场景：", "是哪一单的", "是什么材料"):
        assert asked not in text, asked
    assert not [form for card in looked_at(talk) for form in forms(card)]


@pytest.mark.parametrize("state", FINISHED)
def test_evidence_of_a_finished_case_stays_as_it_was_submitted(talk: Talk, state: str) -> None:
    put_into(talk, state)
    assert "没有任何改动" in talk.say("撤回 E1", thread="C1").title
    assert talk.app.evidence.get("E1").active


@pytest.mark.parametrize("state", FINISHED)
def test_a_file_for_a_finished_case_is_kept_and_said_to_count_no_more(talk: Talk, state: str) -> None:
    put_into(talk, state)
    text = "\n".join(card.plain() for card in talk.send(("late.txt", tracking_page(1)), thread="C1"))
    assert "late.txt" in text and "不会再用于申诉" in text
    with talk.app.store.unit(read_only=True) as unit:
        assert "late.txt" in {item.file_name for item in unit.evidence.of_case("C1")}


def test_after_the_platforms_notice_a_rejected_order_may_be_worked_on(talk: Talk) -> None:
    put_into(talk, "lost")
    talk.say(f"可重提 {ORDERS[0]} C1")
    judged = talk.app.judge.judge("C1")
    assert [order.order_id for order in judged.case.to_do] == [ORDERS[0]] and judged.points
    assert "没有任何改动" not in talk.say("撤回 E1", thread="C1").title
