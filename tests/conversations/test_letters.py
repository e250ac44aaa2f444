"""The request to the carrier for a delay certificate: written, sent, awaited, answered."""

from datetime import timedelta

from bot.messaging.card import Attachment, Card, Copy
from tests.conversations.conftest import ORDERS, TRACKING, Talk, buttons


def reminded(talk: Talk) -> list[Card]:
    """Reminders go one by one; that of a stage of the deadline may be before it."""
    for _ in range(4):
        talk.app.reminders.tick()
    return [card for card in talk.shown("C1") if "承运商回复了吗" in card.title]


def asked(talk: Talk) -> Card:
    """The request of two orders with the same carrier; the third has another scenario."""
    talk.say("认领 C1", thread="C1")
    talk.say(f"场景 {ORDERS[0]} {ORDERS[1]} S1", thread="C1")
    talk.say(f"场景 {ORDERS[2]} S4", thread="C1")
    [card] = talk.press(buttons(talk.in_slot("C1:work", "C1"))["写延误证明函（2 单）"], thread="C1")
    return card


def test_it_is_written_in_both_languages_with_the_numbers_and_what_must_be_on_it(talk: Talk) -> None:
    card = asked(talk)
    chinese, english = [element.text for element in card.elements if isinstance(element, Copy)]
    assert all(number in chinese and number in english for number in TRACKING[:2]) and TRACKING[2] not in chinese
    assert "CN 至 US" in chinese and "盖章" in chinese and "stamp" in english and "UPS" in english
    [file] = [element for element in card.elements if isinstance(element, Attachment)]
    text = talk.app.vault.path(file.sha256).read_text("utf-8-sig")
    assert chinese in text and english in text


def test_its_answer_is_asked_after_once(talk: Talk) -> None:
    [done] = talk.press(buttons(asked(talk))["已发给 UPS"], thread="C1")
    assert "2026-11-22 00:00 UTC" in done.title, "the morning after half of the 60 hours: Monday would be too late"
    assert "写延误证明函（2 单）" not in buttons(talk.in_slot("C1:work", "C1"))
    assert not reminded(talk)
    talk.app.clock.at += timedelta(hours=41)
    [card] = reminded(talk)
    assert TRACKING[0] in card.plain() and TRACKING[2] not in card.plain()
    assert len(reminded(talk)) == 1


def test_nothing_is_asked_after_when_the_answer_came_or_the_note_was_taken_back(talk: Talk) -> None:
    [done] = talk.press(buttons(asked(talk))["已发给 UPS"], thread="C1")
    talk.press(buttons(done)["撤销"], thread="C1")
    assert talk.app.cases.get("C1").order(ORDERS[0]).certificate_asked_at is None
    [again] = talk.says("证明函", thread="C1")
    talk.press(buttons(again)["已发给 UPS"], thread="C1")
    for order in ORDERS[:2]:
        talk.send((f"{order}.txt", f"certificate {order}"), text=f"证据 {order} 延误证明", thread="C1")
    talk.app.clock.at += timedelta(hours=41)
    assert not reminded(talk)
    assert "没有需要延误证明的订单" in talk.say("证明函 C1", thread="C1").title
