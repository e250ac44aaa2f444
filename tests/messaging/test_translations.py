"""One message in several languages: one value, kept in its row, and one state in all of them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.messaging.card import Actions, Button, Card, Countdown, Style, Text, Tone, from_json, to_json
from bot.messaging.translating import translated

UNTIL = datetime(2026, 11, 22, 20, tzinfo=UTC)


def card(language: str, **more: object) -> Card:
    words = {"en": ("Case C1", "Two points are open."), "zh": ("案件 C1", "还缺两项。")}[language]
    elements = (Text(words[1], mentions=("li",)), Countdown("x", UNTIL, UNTIL), Actions((Button(words[0], "claim"),)))
    return replace(Card(words[0], elements, Tone.RED, "C1:work", language), **more)


BOTH = translated(card("zh"), [card("en"), card("zh")])


def test_a_message_is_led_by_one_language_and_read_in_each() -> None:
    assert (BOTH.title, BOTH.language) == ("案件 C1", "zh")
    english = BOTH.read_in("en")
    assert (english.title, english.language, english.elements) == ("Case C1", "en", card("en").elements)
    assert (english.tone, english.slot) == (Tone.RED, "C1:work")
    assert english.read_in("zh") == BOTH and BOTH.read_in("zh") is BOTH
    assert BOTH.read_in("fr") is BOTH and card("en").read_in("zh") == card("en")


def test_what_is_changed_of_a_message_is_changed_in_every_language() -> None:
    changed = replace(BOTH, tone=Tone.GREY, slot="", private_to="li")
    assert {(each.tone, each.slot, each.private_to) for each in (changed, changed.read_in("en"))} == {
        (Tone.GREY, "", "li")
    }
    headed = BOTH.headed(lambda language: Text(f"above in {language}", Style.WARNING))
    for language in ("zh", "en"):
        first, *rest = headed.read_in(language).elements
        assert isinstance(first, Text) and first.words == f"above in {language}"
        assert tuple(rest) == BOTH.read_in(language).elements


@pytest.mark.parametrize(
    "other",
    [
        card("en", tone=Tone.GREEN),
        card("en", slot="C2:work"),
        card("en", private_to="li"),
        card("en", urgent=True),
        card("en", elements=card("en").elements[:2]),
    ],
)
def test_a_message_of_another_state_is_no_translation(other: Card) -> None:
    assert translated(card("zh"), [other]) == card("zh")


@pytest.mark.parametrize("kept", [card("en"), BOTH, replace(BOTH, private_to="li", urgent=True)])
def test_a_row_gives_back_the_message_with_all_its_languages(kept: Card) -> None:
    assert from_json(to_json(kept)) == kept


def test_a_row_from_before_has_one_language_and_stays_the_same_row() -> None:
    before = {name: value for name, value in to_json(card("zh")).items() if name not in ("private_to", "urgent")}
    assert "translations" not in to_json(card("zh"))
    assert from_json(before) == card("zh") and from_json(before).read_in("en") == card("zh")
