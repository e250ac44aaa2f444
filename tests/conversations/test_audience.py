"""A channel that others than the team read: by whatever handler, no evidence goes in or out there."""

from datetime import datetime
from pathlib import Path

import pytest

from bot.conversation.audience import OPEN
from bot.conversation.events import ButtonPressed
from bot.domain.audience import Audience
from bot.domain.people import Role
from bot.messaging.card import (
    Attachment,
    Card,
    Checklist,
    Countdown,
    Element,
    Fields,
    Item,
    Mark,
    Style,
    Table,
    Text,
    Translation,
)
from bot.messaging.narrowing import narrowed
from bot.runtime.conversing import all_handlers
from tests.conversations.conftest import NOW, Talk

ROUTES = all_handlers().routes
PLACE = "console:ops"


@pytest.fixture
def wide(talk: Talk) -> Talk:
    """The talk in a channel with guests."""
    with talk.app.store.unit() as unit:
        unit.records.save_audience(PLACE, Audience.GUESTS)
    return talk


def test_the_open_handlers_exist_and_those_that_change_cases_are_not_among_them() -> None:
    assert set(ROUTES) >= OPEN
    changing = {name for name, route in ROUTES.items() if route.role in (Role.MEMBER, Role.ADMIN)}
    assert not changing & OPEN


@pytest.mark.parametrize("name", sorted(set(ROUTES) - OPEN))
def test_every_other_handler_is_refused(wide: Talk, name: str) -> None:
    event = ButtonPressed(f"wide-{name}", PLACE, "li", NOW, thread="C1", action=name, payload={"case": "C1"})
    [card] = wide.hear(event)
    expected = wide.app.phrases.say("refusals.not_before_guests", card.language)
    assert card.private_to == "li" and expected in card.plain()


def test_words_that_mean_a_case_do_not_open_it_either(wide: Talk) -> None:
    card = wide.say("C1")
    assert wide.app.phrases.say("refusals.not_before_guests", card.language) in card.plain()


def test_files_are_neither_read_nor_kept(wide: Talk, tmp_path: Path) -> None:
    wide.send(("t.txt", "UPS tracking 1Z999AA10123456784"), thread="C1")
    with wide.app.store.unit(read_only=True) as unit:
        assert not unit.evidence.of_case("C1")
    assert not list((wide.app.settings.data_dir / "vault").glob("??/*"))


def test_help_and_rates_are_answered(wide: Talk) -> None:
    for words in ("help", "shops", "odr us-1"):
        assert "not_before" not in (card := wide.say(words)).title
        assert wide.app.phrases.say("refusals.not_before_guests", card.language) not in card.plain()


def element(until: datetime) -> tuple[Element, ...]:
    return (
        Text("72 hours"),
        Text("buyer said", Style.QUOTE),
        Text("https://example.com/evidence is closed"),
        Fields((("ODR", "1.2 %"),)),
        Countdown("left", until, NOW),
        Table(("order",), (("577",),)),
        Checklist((Item(Mark.DONE, "1Z999"),)),
        Attachment("t.png", "image/png", "a" * 64, 1),
    )


@pytest.mark.parametrize(("slot", "kept"), [("C1:headline", 3), ("", 3), ("C1:work", 0), ("C1:draft:577", 0)])
def test_of_a_case_only_what_holds_no_evidence_is_left(slot: str, kept: int) -> None:
    elements = element(NOW)
    card = Card("C1", elements, slot=slot, translations=(Translation("en", "C1", elements),))
    left = narrowed(card, "C1", lambda language: Text(f"kept {language}"))
    assert len(left.elements) == kept + 1 and left.elements[-1] == Text("kept zh")
    assert left.translations[0].elements[-1] == Text("kept en")
    assert not any(isinstance(each, Table | Checklist | Attachment) for each in left.elements)


def test_a_message_beside_all_cases_loses_its_files_alone() -> None:
    left = narrowed(Card("rates", element(NOW)), "", lambda language: Text("left out"))
    assert [type(each) for each in left.elements] == [Text, Fields, Countdown, Table, Checklist, Text]


def test_a_card_that_holds_none_is_unchanged() -> None:
    card = Card("C1", (Text("a"), Fields((("b", "c"),))))
    assert narrowed(card, "C1", lambda language: Text("left out")) == card
