"""Status words that nobody has explained are asked about in the shop's channel, and answered by a button."""

from datetime import UTC, datetime

import pytest

from bot.conversation.events import ButtonPressed
from bot.domain.statuses import StatusWord
from bot.messaging.card import Actions
from bot.store.tables import to_ms
from tests.conversations.conftest import ANOMALY, NOW, ORDERS, Talk, buttons

PAYLOAD = {"field": "status", "word": "expired", "valid": "no"}


def leave_open(talk: Talk, shop: str = "us-1") -> None:
    with talk.app.store.unit() as unit:
        at = 1_760_000_000_000
        unit.orders.upsert_orders(shop, [(f"{shop}-9", at, at // 86_400_000, None, "", "", "")])
        unit.orders.explain(shop, [(f"{shop}-9", "status=expired")])


def valid(talk: Talk, shop: str = "us-1") -> bool | None:
    with talk.app.store.unit(read_only=True) as unit:
        return unit.orders.by_ids(shop, [f"{shop}-9"])[f"{shop}-9"].valid


def test_a_word_is_asked_about_and_a_button_answers(talk: Talk) -> None:
    assert "都认识" in talk.say("订单状态").plain() and ORDERS
    leave_open(talk)
    card = talk.say("statuses")
    assert "expired" in card.plain() and "1 单" in card.plain()
    [answer] = talk.press(buttons(card)["无效"])
    assert "expired" in answer.title and valid(talk) is False
    assert talk.app.importing.answers("us-1") == {StatusWord("status", "expired"): False}
    assert "都认识" in talk.say("订单状态").plain()


def test_words_of_shops_that_the_channel_does_not_hear_of_are_neither_shown_nor_answered(talk: Talk) -> None:
    leave_open(talk, "uk-1")
    assert "expired" not in talk.say("statuses").plain()
    for shop in ("uk-1", "none-1"):
        event = ButtonPressed(
            f"press-{shop}", talk.channel, "li", NOW, action="status_means", payload={**PAYLOAD, "shop": shop}
        )
        talk.hear(event)
    assert valid(talk, "uk-1") is None


def two_readings(talk: Talk) -> None:
    """Ten orders of the anomaly's day have a word that nobody has explained."""
    at = to_ms(datetime.combine(ANOMALY, datetime.min.time(), UTC))
    rows = [(f"us-1-{n}", at, at // 86_400_000, None, "", "", "") for n in range(10)]
    with talk.app.store.unit() as unit:
        unit.orders.upsert_orders("us-1", rows)
        unit.orders.explain("us-1", [(row[0], "status=expired") for row in rows])
        talk.app.monitoring.remeasure(unit, "us-1", [ANOMALY], "li", "import 1")


@pytest.mark.parametrize(
    ("language", "no", "correct", "both"),
    [("en", "Not valid", "Correct: they are valid", "10 orders"), ("zh", "无效", "更正：算有效", "10 单")],
)
def test_the_alert_shows_both_readings_and_asks_itself(
    talk: Talk, language: str, no: str, correct: str, both: str
) -> None:
    talk.say(f"lang {language}")
    two_readings(talk)
    alert = talk.in_slot("C1:headline", "C1")
    assert "expired" in alert.plain() and both in alert.plain()
    assert "(3/110)" in alert.plain() and "(3/100)" in alert.plain()
    [answer] = talk.press(buttons(alert)[no], "C1")
    fresh = talk.in_slot("C1:headline", "C1")
    assert "expired" not in fresh.plain() and "(3/100)" in fresh.plain() and "(3/110)" not in fresh.plain()
    # The answer can be corrected where it was given, and later in the list.
    for card in (answer, talk.say("statuses")):
        assert correct in buttons(card)
    talk.press(buttons(answer)[correct], "C1")
    assert talk.app.importing.answers("us-1") == {StatusWord("status", "expired"): True}
    fresh = talk.in_slot("C1:headline", "C1")
    assert "(3/110)" in fresh.plain() and "(3/100)" not in fresh.plain()


def test_an_alert_with_many_words_asks_a_few(talk: Talk) -> None:
    two_readings(talk)
    with talk.app.store.unit() as unit:
        unit.orders.explain("us-1", [(f"us-1-{n}", f"status=word {n}") for n in range(9)])
        talk.app.monitoring.remeasure(unit, "us-1", [ANOMALY], "li", "import 2")
    alert = talk.in_slot("C1:headline", "C1")
    asked = [element for element in alert.elements if isinstance(element, Actions)][:-1]
    assert len(asked) == 3 and "订单状态" in alert.plain()
