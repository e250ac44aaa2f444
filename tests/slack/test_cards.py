"""Cards as blocks: what is shown, what is cut and said to be cut, and that nothing of it is ever refused."""

from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.messaging.card import (
    Actions,
    Attachment,
    Button,
    Card,
    Chart,
    Checklist,
    Countdown,
    Element,
    Fields,
    Form,
    Input,
    Item,
    Mark,
    Option,
    Point,
    Style,
    Table,
    Text,
    Tone,
)
from bot.platforms.slack.cards import CardContext, form_id, notification, render, render_home, render_pages
from bot.platforms.slack.cards_blocks import ActionId
from bot.platforms.slack.markup import cut, escape, size, split
from bot.settings.files import data_root
from bot.wording.phrases import shared_phrases
from tests.slack.fake.blocks import check_message, check_view, texts, unescaped

PHRASES = shared_phrases(data_root("templates"), "Asia/Shanghai")
UNTIL = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
POINTS = (Point(date(2026, 11, 19), 3, 100, 3.0, 1.2),)
CHART = Chart("Trend", POINTS, (("limit", 1.0),), date(2026, 11, 19), "peak 3 %")
FILE = "F0TREND001"


def scene(language: str = "en", **more: Any) -> CardContext:
    return CardContext(partial(PHRASES.say, lang=language), lambda person: f"<@U0{person.upper()}>", **more)


def shown(*elements: Element, slot: str = "", tone: Tone = Tone.GREY, language: str = "en") -> list[dict[str, Any]]:
    blocks = render(Card("A case", elements, tone, slot, language), scene(language))
    check_message(blocks, {FILE})
    return blocks


def words(blocks: list[dict[str, Any]]) -> str:
    return "\n".join(texts(blocks))


def buttons(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [element for block in blocks if block["type"] == "actions" for element in block["elements"]]


def test_a_short_answer_is_one_paragraph_and_a_card_has_a_heading_with_its_tone() -> None:
    [said] = render(Card("The case is yours.", tone=Tone.GREEN), scene())
    assert said["type"] == "section" and said["text"]["text"] == "🟢 The case is yours."
    heading, _ = shown(Text("words"), tone=Tone.RED)
    assert heading["type"] == "header" and heading["text"]["text"] == "🔴 A case"


def test_styles_look_different() -> None:
    plain, heading, muted, quote, warning = (shown(Text("words", style))[1] for style in Style)
    assert plain["text"]["text"] == "words" and heading["text"]["text"] == "*words*"
    assert muted["type"] == "context" and quote["type"] == "rich_text"
    assert warning["text"]["text"] == "⚠️ words"


def test_words_to_copy_are_shown_letter_by_letter() -> None:
    draft = 'Delayed *12 h* & <late> "quoted" _under_score_'
    quote = shown(Text(draft, Style.QUOTE))[1]
    assert quote["elements"][0]["elements"][0]["text"] == draft


def test_nobody_is_called_by_words_from_outside() -> None:
    blocks = shown(
        Text("<!channel> <@U123> a & b"), Fields((("<b>", "<!here>"),)), Checklist((Item(Mark.DONE, "<x>"),))
    )
    assert not unescaped(blocks) and "&lt;!channel&gt;" in words(blocks)


def test_people_are_called_where_the_card_says_so() -> None:
    blocks = shown(Text("please look", mentions=("li", "wang")))
    assert "please look <@U0LI> <@U0WANG>" in words(blocks)
    card = Card("x", (Text("look", mentions=("li",)),))
    assert notification(card, scene()).endswith("<@U0LI>")


@pytest.mark.parametrize(("language", "own"), [("en", "In your time zone:"), ("zh", "您所在时区：")])
def test_a_deadline_stands_in_utc_and_in_the_readers_zone(language: str, own: str) -> None:
    countdown = Countdown("Deadline", UNTIL, NOW, ("UTC",), "2026-11-22 20:00 UTC, 60 h left")
    said = words(shown(countdown, language=language))
    seconds = int(UNTIL.timestamp())
    assert "60 h left" in said
    assert f"{own} <!date^{seconds}^{{date_short_pretty}} {{time}}|2026-11-22 20:00 UTC>" in said


def test_a_trend_is_a_picture_or_its_figures() -> None:
    with_picture = render(Card("A", (CHART,)), scene(picture=lambda chart: FILE))
    check_message(with_picture, {FILE})
    assert {"type": "image", "slack_file": {"id": FILE}, "alt_text": "peak 3 %"} in with_picture
    assert "peak 3 %" in words(shown(CHART))


def test_a_button_brings_back_what_it_carries() -> None:
    confirmed = Button("Submit", "submit", {"case": "C1", "v": "3"}, "primary", "Really?")
    [button] = buttons(shown(Actions((confirmed,))))
    assert button["value"] == '{"a":"submit","p":{"case":"C1","v":"3"}}' and button["style"] == "primary"
    assert button["confirm"]["text"]["text"] == "Really?"


def test_a_form_is_a_button_that_names_it_among_others_of_its_kind() -> None:
    first, second = (Form("State", "state", (), "ok", {"evidence": name}) for name in ("E1", "E2"))
    values = [button["value"] for button in buttons(shown(first, second))]
    assert len(set(values)) == 2 and form_id(first) != form_id(second)
    assert form_id(first) == form_id(Form("Other words", "state", (), "ok", {"evidence": "E1"}))


def test_files_can_be_added_in_a_cases_thread_only() -> None:
    assert [button["action_id"] for button in buttons(shown(Text("x"), slot="C1:work"))] == ["files"]
    assert not buttons(shown(Text("x"), slot="C1:headline"))


def test_only_one_table_is_a_table() -> None:
    table = Table(("Order", "State"), (("1", "open"), ("2", "")))
    blocks = shown(table, table)
    assert [block["type"] for block in blocks].count("table") == 1
    assert "• 1 · open" in words(blocks)


def test_a_long_table_goes_on_as_lines() -> None:
    rows = tuple((str(number), "state " * 10) for number in range(150))
    blocks = shown(Table(("Order", "State"), rows))
    said = words(blocks)
    assert "\n• 149 · state" in said and "table" in {block["type"] for block in blocks}
    assert all(f"\n{number}\n" in said or f"\n• {number} · " in said for number in range(150))


@pytest.mark.parametrize(("language", "more"), [("en", "more lines"), ("zh", "还有")])
def test_what_is_left_out_is_counted_and_can_be_opened(language: str, more: str) -> None:
    items = tuple(Item(Mark.MISSING, f"point {number} " + "x" * 200, "remedy " * 20) for number in range(100))
    end = Actions((Button("Claim", "claim"),))
    blocks = shown(Text("first"), Checklist(items), Text("Hurry", Style.WARNING), end, language=language)
    assert more in words(blocks) and "first" in words(blocks) and "Hurry" in words(blocks)
    assert [button["action_id"].partition(":")[0] for button in buttons(blocks)] == ["more", "press"]
    left_out = next(int("".join(filter(str.isdigit, text))) for text in texts(blocks) if more in text)
    assert left_out + sum(text.count("⬜") for text in texts(blocks)) == 100


def test_pages_show_all_of_it() -> None:
    items = tuple(Item(Mark.MISSING, f"point {number}.", "r" * 300) for number in range(200))
    pages = render_pages(Card("A case", (Checklist(items), Actions((Button("go", "say"),)))), scene())
    assert len(pages) > 3 and not buttons([block for page in pages for block in page])
    assert all(f"point {number}." in "\n".join(map(words, pages)) for number in range(200))


def test_an_unknown_element_is_an_error() -> None:
    with pytest.raises(TypeError, match="unknown card element str"):
        render(Card("x", ("words",)), scene())  # type: ignore[arg-type]


def test_an_attachment_names_its_file() -> None:
    said = words(shown(Attachment("C1 <final>.zip", "application/zip", "ab" * 32, 1_234_567)))
    assert "C1 &lt;final&gt;.zip" in said and "1.2 MB" in said and "`abababababab…`" in said


@given(st.text(), st.integers(1, 200))
def test_pieces_of_a_text_are_the_text(text: str, limit: int) -> None:
    limit = max(limit, 10)
    pieces = list(split(text, limit))
    assert all(0 < size(escape(piece)) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join((text.strip() or "–").split())
    assert 0 < size(escape(cut(text, limit))) <= limit


letters = st.characters(exclude_categories=("Cs",))
anything = st.one_of(
    st.text(letters, max_size=30),
    st.builds(lambda text, times: text * times, st.text(letters, min_size=1, max_size=9), st.integers(1, 2000)),
    st.sampled_from(["", " ", "\n\n", "&" * 4000, "🟠" * 2000, "<!channel>", "*_~`", "a\n" * 3000]),
)
some = st.lists(anything, min_size=1, max_size=4).map(tuple)
many = st.tuples(some, st.integers(1, 80)).map(lambda given: given[0] * given[1])
payloads = st.dictionaries(st.sampled_from(["case", "v", "text"]), anything, max_size=2)
made_buttons = st.builds(
    Button, anything, anything, payloads, st.sampled_from(["", "primary", "danger", "odd"]), anything
)
inputs = st.builds(
    Input,
    st.uuids().map(str),
    anything,
    st.sampled_from(["text", "area", "select", "time", "date", "odd"]),
    anything,
    st.lists(st.builds(Option, anything, anything), max_size=3).map(tuple),
    st.booleans(),
    anything,
    st.integers(0, 5000),
)
made_forms = st.builds(Form, anything, anything, st.lists(inputs, max_size=4).map(tuple), anything, payloads)
elements = st.one_of(
    st.builds(Text, anything, st.sampled_from(Style), st.lists(st.just("li"), max_size=60).map(tuple)),
    st.builds(Fields, st.lists(st.tuples(anything, anything), max_size=25).map(tuple)),
    st.builds(lambda columns, rows: Table(columns, (rows,) * 150), many, some),
    st.builds(
        lambda words, marks, times: Checklist(tuple(Item(marks, *pair) for pair in words) * times),
        st.lists(st.tuples(anything, anything), min_size=1, max_size=3),
        st.sampled_from(Mark),
        st.integers(1, 60),
    ),
    st.builds(Countdown, anything, st.just(UNTIL), st.just(NOW), st.just(()), anything),
    st.builds(lambda title, summary: Chart(title, POINTS, (), None, summary), anything, anything),
    st.builds(
        lambda some, times: Actions(tuple(some * times)), st.lists(made_buttons, max_size=3), st.integers(1, 40)
    ),
    made_forms,
    st.builds(Attachment, anything, st.just("text/plain"), anything, st.integers(0, 10**9)),
)
cards = st.builds(
    Card,
    anything,
    st.lists(elements, max_size=8).map(tuple),
    st.sampled_from(Tone),
    st.sampled_from(["", "C1:work", "C1:headline"]),
    st.sampled_from(["zh", "en"]),
)
without_haste = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=60, derandomize=True)


@without_haste
@given(cards, st.booleans())
def test_no_card_is_ever_refused(card: Card, picture: bool) -> None:
    drawn = scene(card.language, picture=lambda chart: FILE if picture else "")
    blocks = render(card, drawn)
    check_message(blocks, {FILE})
    said = notification(card, drawn)
    assert said and not unescaped([*blocks, {"type": "mrkdwn", "text": said}]) and len(said) <= 4000
    check_view({"type": "home", "blocks": render_home(card, drawn)}, {FILE})
    for page in render_pages(card, drawn):
        assert len(page) <= 60


@pytest.mark.parametrize("action", [ActionId("more"), ActionId("page", (3,)), ActionId("press", (1, 0))])
def test_the_id_of_a_button_is_read_as_it_was_written(action: ActionId) -> None:
    assert ActionId.read(str(action)) == action


def test_an_id_of_another_making_has_no_numbers() -> None:
    assert ActionId.read("") == ActionId("") and ActionId.read("page:²:x:") == ActionId("page")
