"""A new scenario or cause makes the explanation anew; what a person wrote stays, and that is told."""

from tests.conversations.conftest import ORDERS, Talk, conversation, tracking_page


def text_of(talk: Talk, order: str) -> str:
    return talk.app.judge.judge("C1").drafts[order].text


def test_another_scenario_makes_the_text_anew(talk: Talk) -> None:
    talk.send(("tracking.txt", tracking_page()), ("chat.txt", conversation()))
    talk.say(f"标注 {ORDERS[0]} S1")
    before = text_of(talk, ORDERS[0])
    talk.say(f"标注 {ORDERS[0]} S2")
    assert before and text_of(talk, ORDERS[0]) != before


def test_a_persons_text_stays_and_the_answer_says_so(talk: Talk) -> None:
    talk.say(f"标注 {ORDERS[0]} S1")
    talk.app.cases.edit_draft("C1", ORDERS[0], "UPS delivered it late.", "wang")
    answer = talk.say(f"标注 {ORDERS[0]} S2")
    assert text_of(talk, ORDERS[0]) == "UPS delivered it late."
    assert "没有改动" in answer.plain() and ORDERS[0] in answer.plain()
    assert "没有改动" not in talk.say(f"标注 {ORDERS[1]} S1").plain()
