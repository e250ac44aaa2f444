"""Status words that nobody has explained are asked about in the shop's channel, and answered by a button."""

from bot.conversation.events import ButtonPressed
from bot.domain.statuses import StatusWord
from tests.conversations.conftest import NOW, ORDERS, Talk, buttons

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
