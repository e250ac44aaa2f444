from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messaging.card import (
    ELEMENTS,
    Actions,
    Button,
    Card,
    Checklist,
    Copy,
    CopyLine,
    Countdown,
    Fields,
    Form,
    Input,
    Item,
    Link,
    Mark,
    Matrix,
    MatrixColumn,
    MatrixRow,
    Option,
    Style,
    Table,
    Text,
)
from bot.platforms.console.cards import clock_time, render
from bot.platforms.console.pages import open_templates
from tests.console import story
from tests.console.conftest import TEMPLATES
from tests.console.fakes import NOW

NASTY = "<script>alert(1)</script>\"'&"
environment = open_templates(TEMPLATES / "console")


def html(*elements: object, title: str = "t") -> str:
    return str(render(environment, Card(title, elements), lambda key, **_: key, "Asia/Shanghai", str.upper))


def test_the_story_uses_every_element_and_all_render(phrases):
    used = {
        type(e)
        for lang in ("zh", "en")
        for make in (story.alert, story.checklist, story.draft)
        for e in make(lang).elements
    }
    assert used == {*ELEMENTS.values()} - {Link}, "links are of private cards"
    for language in ("zh", "en"):
        say = lambda key, lang=language, **params: phrases.say(f"console.{key}", lang=lang, **params)  # noqa: E731
        for make in (story.alert, story.checklist, story.draft):
            card = make(language)
            assert card.title in str(render(environment, card, say, "UTC", str)).replace("&#39;", "'")


def test_an_unknown_element_is_an_error():
    with pytest.raises(TypeError, match="unknown card element"):
        html(object())


def test_everything_is_escaped():
    everything = html(
        Text(NASTY, mentions=(NASTY,)),
        Text(NASTY, Style.HEADING),
        Text(NASTY, Style.QUOTE),
        Fields(((NASTY, NASTY),)),
        Table((NASTY,), ((NASTY,),)),
        Checklist((Item(Mark.MISSING, NASTY, NASTY),)),
        Checklist((Item(Mark.DONE, NASTY, NASTY),), NASTY),
        Matrix(NASTY, (MatrixColumn(NASTY, NASTY, NASTY),), (MatrixRow(NASTY, (Mark.DONE,)),)),
        Copy(NASTY, (CopyLine(NASTY, NASTY), *(CopyLine(NASTY),) * 8)),
        Countdown(NASTY, NOW, NOW, fallback=NASTY),
        Actions((Button(NASTY, NASTY, {NASTY: NASTY}, NASTY, NASTY),)),
        Form(
            NASTY,
            NASTY,
            tuple(
                Input(NASTY, NASTY, kind, NASTY, (Option(NASTY, NASTY),), hint=NASTY)
                for kind in ("text", "area", "select")
            ),
            NASTY,
            {NASTY: NASTY},
        ),
        title=NASTY,
    )
    assert "<script" not in everything.lower()
    assert everything.count("'") == 2 * everything.count("data-payload='")


@given(st.text(max_size=60))
def test_any_text_stays_text(words):
    assert "<" not in html(Text(words)).split('class="text-normal">')[1].split("</p>")[0]


def test_the_deadline_is_shown_in_utc_and_the_readers_zone_once():
    shown = html(Countdown("l", datetime(2024, 6, 14, 9, 59, tzinfo=UTC), NOW, ("Asia/Shanghai",)))
    assert shown.count("06-14 09:59 UTC") == 2 and shown.count("06-14 17:59 UTC+8") == 1


@pytest.mark.parametrize(
    ("zone", "month", "expected"),
    [
        ("America/New_York", 6, "06-14 05:59 UTC-4"),
        ("America/New_York", 12, "12-14 04:59 UTC-5"),
        ("Asia/Kolkata", 6, "06-14 15:29 UTC+5:30"),
        ("UTC", 6, "06-14 09:59 UTC"),
    ],
)
def test_offsets_follow_the_day(zone, month, expected):
    assert clock_time(datetime(2024, month, 14, 9, 59, tzinfo=UTC), zone) == expected


def test_both_languages_have_the_same_words(phrases):
    keys = {lang: {key for key in phrases.texts[lang] if key.startswith("console.")} for lang in ("zh", "en")}
    assert keys["zh"] == keys["en"] != set()


def test_mark_is_spoken_not_only_drawn():
    assert "mark_missing" in html(Checklist((Item(Mark.MISSING, "w"),)))
    assert partial(html, Text("a"))().count("<p") == 1
