"""Work is given to known people only, and whoever gets it is called (domain.md §7)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.conversation.events import CommandReceived
from bot.domain.reminder import Kind
from bot.messaging.card import Button, Card, Text
from bot.runtime.bootstrap import App
from bot.runtime.clock import FrozenClock
from bot.settings.model import Settings
from bot.store.tables import cases
from tests.conversations.conftest import NOW, Talk, buttons


def called(card: Card) -> list[str]:
    return [person for element in card.elements if isinstance(element, Text) for person in element.mentions]


def owner(app: App) -> str:
    return app.cases.get("C1").owner


@pytest.mark.parametrize("words", ["指派 C1 小王", "assign C1 wang", "assign C1 @WANG", "转给 C1 小\u200b王"])
def test_a_known_person_gets_the_case_and_is_called(talk: Talk, words: str) -> None:
    assert called(talk.say(words)) == ["wang"]
    assert owner(talk.app) == "wang"


@pytest.mark.parametrize("words", ["assign C1 wnag", "指派 C1 王墙壁", "assign C1 nobody at all"])
def test_an_unknown_name_is_asked_back_and_changes_nothing(talk: Talk, words: str) -> None:
    card = talk.say(words)
    assert "不认识" in card.title or "是想说" in card.title
    assert owner(talk.app) == "" and talk.app.cases.get("C1").claimed_at is None


def test_the_nearest_is_a_button_that_gives_the_case(talk: Talk) -> None:
    [button] = buttons(talk.say("assign C1 wnag")).values()
    assert "小王" in button.label
    [card] = talk.press(button)
    assert called(card) == ["wang"] and owner(talk.app) == "wang"


@pytest.mark.parametrize("me", ["me", "我", "li"])
def test_whoever_asks_can_take_the_case_from_somebody(talk: Talk, me: str) -> None:
    talk.say("assign C1 wang")
    assert called(talk.say(f"指派 C1 {me}")) == ["li"]


def test_whoever_has_spoken_is_known(talk: Talk) -> None:
    assert "不认识" in talk.say("assign C1 U024BE7LH").title
    talk.person = "U024BE7LH"
    talk.say("cases")
    talk.person = "li"
    assert called(talk.say("assign C1 U024BE7LH")) == ["U024BE7LH"]


@pytest.fixture
def english_wang(settings: Settings) -> None:
    settings.people[2].language = "en"


def test_a_row_of_somebody_who_spoke_leaves_the_settings_in_force(english_wang: None, talk: Talk) -> None:
    """The team speaks Chinese; what wang alone sees is in the language that the settings give them."""
    talk.person = "wang"
    for _ in range(2):
        alone = {**talk._common(""), "direct": True}
        assert talk.hear(CommandReceived(**alone, text="cases"))[0].language == "en"
        assert talk.say("claim C99").language == "en", "a refusal is for whoever asked"
        assert talk.say("cases").language == "zh", "others read it too"


@pytest.fixture
def two_channels(settings: Settings) -> Settings:
    settings.shops[0].channels = ["console:ops", "console:us"]
    return settings


def test_the_owner_is_called_wherever_the_case_is_shown(two_channels: Settings, app: App, tmp_path: Path) -> None:
    app.monitoring.check((NOW - timedelta(days=1)).date())
    talk = Talk(app, tmp_path)
    assert called(talk.say("assign C1 wang")) == ["wang"]
    talk.channel = "console:us"
    assert [called(card) for card in talk.shown("C1") if called(card)] == [["wang"]]
    talk.channel = "console:ops"
    assert not [card for card in talk.shown("C1") if called(card)], "the answer has called them here"


def store_owner(app: App, words: str) -> None:
    with app.engine.begin() as connection:
        connection.execute(sa.update(cases).values(owner=words, claimed_at=NOW))


@pytest.fixture
def opened(settings: Settings, talk: Talk) -> Iterator[App]:
    """The same data opened by the program again, as after an update."""
    again = App(settings, FrozenClock(NOW))
    yield again
    again.engine.dispose()


@pytest.mark.parametrize("words", ["小王", "Wang", "@wang", "小\u200b王"])
def test_an_owner_stored_as_words_becomes_the_person(talk: Talk, opened: App, words: str) -> None:
    store_owner(talk.app, words)
    opened.open()
    assert owner(talk.app) == "wang" and talk.app.cases.get("C1").claimed_at == NOW
    assert opened.owners.settle() == []


def test_an_owner_who_is_nobody_loses_the_case_and_the_channel_is_told(talk: Talk, opened: App) -> None:
    store_owner(talk.app, "wnag")
    opened.open()
    opened.outbox.deliver()
    assert owner(talk.app) == ""
    with talk.app.store.unit(read_only=True) as unit:
        noted = [(event.who, event.params) for event in unit.cases.timeline("C1") if event.what == "released"]
    assert noted == [("odr-bot", {"owner": "wnag"})]
    [told] = [card for card in talk.shown("C1") if "wnag" in card.title]
    assert "无人负责" in told.title and [button.action for button in buttons(told).values()] == ["claim"]


def test_the_unclaimed_reminder_is_sent_for_words_and_silent_for_a_person(talk: Talk, opened: App) -> None:
    store_owner(talk.app, "wnag")
    opened.open()
    clock = opened.clock
    assert isinstance(clock, FrozenClock)
    clock.at = NOW + timedelta(hours=3)
    assert [key for _, key in opened.reminders.tick() if key.startswith(Kind.UNCLAIMED.value)]
    talk.say("assign C1 wang")
    clock.at += timedelta(hours=2)
    assert not [key for _, key in opened.reminders.tick() if key.startswith(Kind.UNCLAIMED.value)]


def test_a_finished_case_is_settled_in_silence(talk: Talk, opened: App) -> None:
    talk.say("关闭 C1 测试订单")
    before = len(talk.shown("C1"))
    store_owner(talk.app, "wnag")
    opened.open()
    opened.outbox.deliver()
    assert owner(talk.app) == "" and len(talk.shown("C1")) == before


def test_the_claim_button_of_the_message_works(talk: Talk, opened: App) -> None:
    store_owner(talk.app, "nobody")
    opened.open()
    talk.press(Button("x", "claim", {"case": "C1"}))
    assert owner(talk.app) == "li"
