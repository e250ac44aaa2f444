"""The way out never turns round: what is sent and read is what the row says, whatever has changed since."""

from dataclasses import replace

import sqlalchemy as sa

from bot.domain.anomaly import detect
from bot.messaging.card import Card, from_json
from bot.ports.records import Person
from bot.services.review import Judge
from bot.store.tables import cases, messages
from bot.wording.card_factory import CardFactory
from tests.conversations.conftest import Talk
from tests.counting import calls

TURNING_ROUND = (Judge.look, detect, CardFactory.headline, CardFactory.work)
"""What belongs to the writing of a row."""
SLOTS = {"C1:headline", "C1:work"}


def cut_off(talk: Talk) -> None:
    """The rows are written and nobody has sent them; then the case changes without a word to anybody."""
    with talk.app.engine.begin() as connection:
        connection.execute(messages.update().values(version=messages.c.version + 1))
        connection.execute(cases.update().values(status="dismissed", reason="changed behind", owner="nobody"))


def rows(talk: Talk) -> list[Card]:
    """The case's own cards as their rows have them."""
    with talk.app.engine.connect() as connection:
        found = [from_json(card) for card in connection.scalars(sa.select(messages.c.card).order_by(messages.c.seq))]
    return [card for card in found if card.slot in SLOTS]


def test_the_rows_of_a_case_have_every_language_and_one_state(talk: Talk) -> None:
    assert {card.slot for card in rows(talk)} == SLOTS
    for card in rows(talk):
        assert sorted([card.language, *(each.language for each in card.translations)]) == ["en", "zh"]
        chinese, english = (card.read_in(language) for language in ("zh", "en"))
        assert chinese.plain() != english.plain()
        assert [type(element) for element in chinese.elements] == [type(element) for element in english.elements]


def test_what_is_sent_later_is_what_was_written(talk: Talk) -> None:
    written = {card.slot: card for card in rows(talk)}
    cut_off(talk)
    with calls(*TURNING_ROUND) as counted:
        talk.app.outbox.deliver()
    assert not counted
    shown = {card.slot: card for card in talk.shown("C1") if card.slot in SLOTS}
    assert shown == {slot: replace(card, translations=()) for slot, card in written.items()}


def test_an_answer_that_shows_a_case_in_its_thread_keeps_every_language(talk: Talk) -> None:
    """The answer takes the place of the case's own card: it is that card, led by the channel's language, whatever
    the language of whoever asks."""
    with talk.app.store.unit() as unit:
        unit.records.save_person(Person("li", language="zh"))
        unit.records.save_channel_language(talk.channel, "en")
    for words, slot in (("case C1", "C1:headline"), ("missing", "C1:work"), ("cause other", "C1:work")):
        answer = talk.say(words, thread="C1")
        [row] = [card for card in rows(talk) if card.slot == slot]
        assert row == answer and row.language == "en" and [each.language for each in row.translations] == ["zh"]
        elsewhere = talk.say(words)
        with talk.app.engine.connect() as connection:
            newest = connection.scalar(sa.select(messages.c.card).order_by(messages.c.seq.desc()).limit(1))
        assert from_json(newest) == replace(elsewhere, slot="", translations=())
