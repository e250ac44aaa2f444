"""A channel gets its shops: by invitation, by button, by command."""

import pytest

from bot.conversation.events import BotJoined, CommandReceived
from bot.messaging.card import Card
from bot.store.console import ConsoleLog
from tests.conversations.conftest import CHANNEL, NOW, Talk, buttons


def shown_in(talk: Talk, channel: str) -> list[Card]:
    entries = ConsoleLog(talk.app.engine).conversation(channel, "C1", limit=500)
    return [entry.card for entry in entries if entry.card]


@pytest.fixture
def talk(talk: Talk) -> Talk:
    """The same talk, led by the one who may bind channels."""
    talk.person = "boss"
    return talk


def join(talk: Talk, channel: str) -> Card:
    return talk.hear(BotJoined(f"joined-{next(talk.numbers)}", f"console:{channel}", talk.person, NOW))[0]


def test_an_invited_bot_says_how_to_bind_and_a_button_does_it(talk: Talk) -> None:
    card = join(talk, "new")
    assert "绑定 uk-1" in card.plain()
    talk.channel = "console:new"
    [answer] = talk.press(buttons(card)["Bright Home（US）"])
    assert "已绑定 Bright Home" in answer.title and "1 个案件" in answer.title
    assert {card.slot for card in shown_in(talk, "new")} >= {"C1:headline", "C1:work"}
    assert "已绑定：Bright Home" in join(talk, "new").plain()


def test_binding_survives_a_start_and_a_second_binding_changes_nothing(talk: Talk) -> None:
    talk.channel = "console:new"
    talk.say("绑定 us-1")
    talk.say("bind us-1")
    talk.app.open()
    with talk.app.store.unit(read_only=True) as unit:
        assert unit.shops.get("us-1").channels == ["console:ops", "console:new"]
        assert unit.shops.configured()[1].channels == ["console:ops"]


def test_unbinding_ends_it_but_not_what_the_settings_say(talk: Talk) -> None:
    assert "设置" in talk.say("解绑 us-1").title
    talk.channel = "console:new"
    assert "看不到" in talk.say("解绑 us-1").title
    talk.say("绑定 us-1")
    assert "已解绑" in talk.say("解绑 us-1").title
    with talk.app.store.unit(read_only=True) as unit:
        assert unit.shops.get("us-1").channels == ["console:ops"]


def test_a_shop_that_is_not_clear_is_asked_for_with_the_command(talk: Talk) -> None:
    talk.channel, talk.person = "console:new", "boss"
    assert "bind uk-1" in talk.say("bind").title
    assert "nowhere" in talk.say("绑定 nowhere").title


def test_refusals_concern_only_the_person(talk: Talk) -> None:
    talk.person = "guest"
    assert talk.say("认领", thread="C1").private_to == "guest"
    talk.person = "li"
    assert talk.say("认领", thread="C1").private_to == ""


def test_what_people_say_to_each_other_is_answered_only_when_it_is_a_command(talk: Talk) -> None:
    def overheard(number: int, text: str) -> list[Card]:
        event_id = f"overheard-{number}"
        return talk.hear(CommandReceived(event_id, CHANNEL, "li", talk.app.clock.now(), "C1", text, addressed=False))

    assert overheard(1, "I shall call the carrier") == []
    [card] = overheard(2, "missing")
    assert "C1" in card.title
