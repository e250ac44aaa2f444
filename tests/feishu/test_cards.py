"""Cards in Feishu's words: every element, both languages, within the limits, never somebody else's mark-up."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
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
from bot.platforms.feishu.cards import (
    BYTES_AT_MOST,
    TAGS_AT_MOST,
    CardContext,
    content,
    fits,
    render,
    simple,
    size,
    text,
)
from bot.platforms.feishu.cards_elements import count_tags
from bot.platforms.feishu.cards_languages import Unlike, merged
from bot.platforms.feishu.interactions import pressed
from bot.platforms.feishu.markup import escape
from bot.wording.phrases import shared_phrases
from tests.console import story
from tests.domain.profile import ROOT

PHRASES = shared_phrases(ROOT / "templates", "Asia/Shanghai")
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
ACCOUNTS = {"li": "ou_li"}


def voice(language: str = "zh") -> CardContext:
    return CardContext(PHRASES.say, language, lambda person: ACCOUNTS.get(person, person))


def drawn(*elements: Element, title: str = "t", language: str = "zh") -> dict[str, Any]:
    return render(Card(title, elements, language=language), voice(language))


def body(*elements: Element, language: str = "zh") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = drawn(*elements, language=language)["body"]["elements"]
    return found


def walk(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        yield from (each for item in value.values() for each in walk(item))
    elif isinstance(value, list):
        yield from (each for item in value for each in walk(item))


def contents(value: Any) -> str:
    return "\n".join(str(each["content"]) for each in walk(value) if "content" in each)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("make", [story.alert, story.checklist, story.draft])
def test_the_story_renders_within_the_limits(make: Any, language: str) -> None:
    card = make(language)
    shown = render(card, voice(language))
    assert shown["schema"] == "2.0" and shown["config"]["update_multi"] is True
    assert shown["header"]["title"]["content"] == card.title
    assert fits(shown) and json.loads(content(shown)) == shown


@pytest.mark.parametrize("tone", Tone)
def test_the_header_has_the_colour_of_the_state(tone: Tone) -> None:
    assert render(Card("t", tone=tone), voice())["header"]["template"] == tone.value


def test_an_unknown_element_is_an_error() -> None:
    with pytest.raises(TypeError, match="unknown card element"):
        drawn(object())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "words",
    [
        "<at id=all></at>",
        "**b**",
        "~~s~~",
        "`c`",
        "[a](http://x)",
        "$v",
        "<font color='red'>x</font>",
        "&#60;",
        "a|b",
    ],
)
def test_words_are_never_mark_up(words: str) -> None:
    assert not set("<>*_~`[]\\$|") & set(escape(words))


@pytest.mark.parametrize("words", ["# h", "- a", "+ a", "1. a", "12) a", "---", "===", "    code", "> q"])
def test_a_line_never_begins_a_block(words: str) -> None:
    escaped = escape(f"first\n{words}").split("\n")[1]
    assert escaped.startswith(("&#", "&nbsp;")) and not re.match(r"\d{1,9}[.)]", escaped)


def test_a_figure_at_the_start_of_a_line_stays_as_it_is() -> None:
    assert escape("3.000 % (3/100)\n1.") == "3.000 % (3/100)\n&#49;."


def test_an_emoji_key_stays_words() -> None:
    assert escape(":DONE: at 10:20:30") == "&#58;DONE: at 10&#58;20:30"


def test_a_mention_calls_the_account_and_an_unknown_person_is_named() -> None:
    [known] = body(Text("your turn", mentions=("li", "ou_abc", "all", "wang")))
    assert known["content"] == "<at id=ou_li></at> <at id=ou_abc></at> @all @wang your turn"


def test_people_are_shown_by_name_or_as_feishu_knows_them() -> None:
    named = CardContext(PHRASES.say, "zh", str, lambda account: {"ou_li": "Li"}.get(account, ""))
    card = Card("ou_li", (Text("by ou_li, then ou_wang"), Table(("who",), (("ou_li",),))))
    shown = render(card, named)
    words, table = shown["body"]["elements"]
    assert shown["header"]["title"]["content"] == "Li" and table["rows"] == [{"c0": "Li"}]
    assert words["content"] == "by Li, then <person id='ou_wang' show_name=true show_avatar=false></person>"


def test_styles() -> None:
    heading, muted, quote, warning = body(
        Text("a b", Style.HEADING), Text("x\ny", Style.MUTED), Text("q\nr", Style.QUOTE), Text("w", Style.WARNING)
    )
    assert heading["content"] == "**a b**" and heading["text_size"] == "heading"
    assert muted["content"] == "<font color='grey'>x</font>\n<font color='grey'>y</font>"
    assert quote["content"] == "> q\n> r"
    assert "<font color='red'>w</font>" in warning["content"]


def test_a_countdown_shows_the_reader_s_own_time_in_both_languages() -> None:
    words, own = body(Countdown("Deadline", NOW, NOW, (), "closes soon"))
    assert "closes soon" in words["content"]
    assert f"<local_datetime millisecond='{int(NOW.timestamp() * 1000)}' format_type='time'>" in own["content"]
    assert set(own["i18n_content"]) == {"zh_cn", "en_us"} and own["content"] == own["i18n_content"]["zh_cn"]


def test_a_checklist_shows_state_and_remedy() -> None:
    [shown] = body(Checklist((Item(Mark.MISSING, "tracking", "send it"), Item(Mark.DONE, "chat"))))
    assert shown["content"] == "⬜ tracking\n<font color='grey'>→ send it</font>\n✅ chat"


def test_what_a_list_leaves_out_is_counted_in_both_languages() -> None:
    items = tuple(Item(Mark.INFO, f"n{number}") for number in range(75))
    shown, more = body(Checklist(items))
    assert shown["content"].count("\n") == 59
    assert more["i18n_content"] == {"zh_cn": "还有 15 项没有显示。", "en_us": "15 more not shown."}


def test_only_five_tables_are_native() -> None:
    shown = body(*[Table(("a", "b"), (("1", "2"),))] * 6)
    assert [each["tag"] for each in shown] == ["table"] * 5 + ["markdown"]
    assert shown[0]["rows"] == [{"c0": "1", "c1": "2"}] and shown[5]["content"] == "1 · 2"


def points(count: int) -> tuple[Point, ...]:
    first = date(2026, 10, 21)
    rates = [(None if n % 7 == 3 else 0.1 * n) for n in range(count)]
    return tuple(Point(first + timedelta(days=n), n, 100, rate, rate) for n, rate in enumerate(rates))


def test_the_trend_has_limits_and_the_day_of_the_anomaly() -> None:
    drawing = Chart("ODR", points(30), (("day", 1.0), ("30 days", 0.5)), date(2026, 11, 18), "peak")
    chart, summary = body(drawing)
    spec = chart["chart_spec"]
    assert [line["y"] for line in spec["markLine"]] == [1.0, 0.5]
    days = spec["data"][0]["values"]
    assert [day["day"] for day in days if day["kind"] == "异常日"] == ["11-18"]
    assert len(days) == 30 - sum(point.odr is None for point in drawing.points)
    assert len(spec["data"][1]["values"]) == 30 and "peak" in summary["content"]


def test_limits_at_the_same_height_are_one_line() -> None:
    [chart] = body(Chart("ODR", points(3), (("day", 1.0), ("30 days", 1.0))))
    assert [line["label"]["text"] for line in chart["chart_spec"]["markLine"]] == ["day · 30 days 1%"]


def test_a_button_carries_an_object_and_comes_back() -> None:
    [row] = body(Actions((Button("Take", "claim", {"case": "C1", "v": "3"}, "primary", "Sure?"),)))
    button = row["columns"][0]["elements"][0]
    assert button["type"] == "primary" and button["confirm"]["text"]["content"] == "Sure?"
    back = pressed({"tag": "button", "value": button["behaviors"][0]["value"]})
    assert back and (back.action, back.payload, back.values) == ("claim", {"case": "C1", "v": "3"}, None)


EVERY_INPUT = (
    Input("words", "Words", "area", "old", hint="what it says", max_length=5000),
    Input("code", "Code", required=True),
    Input("scenario", "Scenario", "select", "S2", (Option("", "none"), Option("S2", "two"))),
    Input("captured_at", "Captured", "date", "2026-11-20"),
    Input("delivered", "Delivered", "time", "2026-11-18T15:20"),
    Input("orders", "Orders", "many", "1", (Option("1", "one"), Option("2", "two"))),
)


def test_a_form_stands_at_the_root_with_unique_names() -> None:
    asked = Form("More", "state", EVERY_INPUT, "Save", {"evidence": "E1"})
    shown = body(asked, asked)
    assert [each["tag"] for each in shown] == ["form", "form"]
    names = [each["name"] for each in walk(shown) if "name" in each]
    assert len(names) == len(set(names)) == 16
    by_tag = {each["tag"]: each for each in shown[0]["elements"]}
    assert by_tag["button"]["form_action_type"] == "submit"
    assert by_tag["select_static"]["initial_index"] == 2
    assert all(option["value"] for option in by_tag["select_static"]["options"])
    assert by_tag["picker_datetime"]["initial_datetime"] == "2026-11-18 15:20"
    assert by_tag["multi_select_static"]["selected_values"] == ["1"]


def test_a_form_comes_back_as_it_was_asked() -> None:
    [shown] = body(Form("More", "state", EVERY_INPUT, "Save", {"evidence": "E1"}))
    submit = shown["elements"][-1]
    filled = {
        "f0_words": "two\nlines",
        "f0_code": "",
        "f0_scenario": "_nothing",
        "f0_captured_at": "2026-11-20 +0800",
        "f0_delivered": "2026-11-18 15:20 +0800",
        "other": "x",
        "f0_orders": ["1", 3, "2"],
        "f0_number": 3,
        "f0_object": {"not": "text"},
    }
    back = pressed({"value": submit["behaviors"][0]["value"], "form_value": filled})
    assert back and back.payload == {"evidence": "E1"}
    assert back.values == {
        "words": "two\nlines",
        "code": "",
        "scenario": "",
        "captured_at": "2026-11-20",
        "delivered": "2026-11-18T15:20",
        "orders": "1,2",
    }


@pytest.mark.parametrize(
    "action", [None, {}, {"value": "text"}, {"value": {"action": 3}}, {"value": {"payload": []}}]
)
def test_what_is_no_button_of_ours_is_none(action: Any) -> None:
    assert pressed(action) is None


def test_a_long_title_is_said_again_in_full() -> None:
    shown = drawn(title="长" * 150)
    assert "长" * 150 in shown["body"]["elements"][0]["content"]


def test_a_hundred_rows_and_items_still_fit_and_keep_the_buttons() -> None:
    long = "很长的说明" * 30
    items = Checklist(tuple(Item(Mark.MISSING, long, long) for _ in range(100)))
    table = Table(("a", "b"), tuple((long, long) for _ in range(100)))
    shown = drawn(*[items, table] * 12, Actions((Button("Take", "claim"),)))
    assert fits(shown)
    assert any(each.get("tag") == "button" for each in walk(shown))
    assert "没有显示" in contents(shown)


def test_so_many_buttons_that_some_must_go_still_fit() -> None:
    shown = drawn(*[Actions(tuple(Button(f"b{n}", "x") for n in range(9)))] * 12)
    assert count_tags(shown) <= TAGS_AT_MOST and "没有显示" in contents(shown)


def test_the_words_alone_are_a_card_of_words() -> None:
    card = Card("t", (Text("<at id=all></at> x"), Table(("a",), (("1",),))), Tone.RED)
    shown = simple(card, voice())
    [words] = shown["body"]["elements"]
    assert words["tag"] == "markdown" and shown["header"]["template"] == "red" and fits(shown)
    assert words["content"] == "&#60;at id=all&#62;&#60;/at&#62; x\na\n1"
    assert simple(Card("t"), voice())["body"]["elements"] == []


def test_plain_text_cannot_call_anybody() -> None:
    assert "<at" not in text(Card("t", (Text('<at user_id="all">x</at>'),))).lower()


def test_each_reader_sees_the_card_in_their_language() -> None:
    shown, twin = (render(story.alert(language), voice(language)) for language in ("zh", "en"))
    both = merged(shown, twin, "zh", "en")
    assert both["header"]["title"]["i18n_content"] == {
        "zh_cn": story.alert("zh").title,
        "en_us": story.alert("en").title,
    }
    assert fits(both) and both["body"]["elements"] != shown["body"]["elements"]
    kept = [each for each in walk(both) if "i18n_content" in each]
    assert len(kept) > 5 and all(each["content"] == each["i18n_content"]["zh_cn"] for each in kept)


def test_cards_that_are_not_alike_are_no_translation() -> None:
    with pytest.raises(Unlike):
        merged(drawn(Text("a"), Text("b")), drawn(Text("a"), language="en"), "zh", "en")


words = st.text(max_size=40) | st.sampled_from(
    ["", " ", "\n", "<at id=all></at>", "长" * 3000, "😀" * 500, "a\r\n- b"]
)
texts = st.builds(Text, words, st.sampled_from(Style), st.lists(words, max_size=2).map(tuple))
short_pairs = st.lists(st.tuples(words, words), max_size=8).map(tuple)
lists = st.builds(Checklist, st.lists(st.builds(Item, st.sampled_from(Mark), words, words), max_size=8).map(tuple))
rows = st.lists(st.tuples(words, words), max_size=8).map(tuple)
tables = st.builds(Table, st.tuples(words, words), rows)
payloads = st.dictionaries(st.sampled_from(["case", "v", "text"]), words, max_size=2)
button = st.builds(Button, words, words.filter(bool), payloads, st.sampled_from(["", "primary", "danger"]), words)
actions = st.builds(Actions, st.lists(button, max_size=12).map(tuple))
options = st.lists(st.builds(Option, st.text(max_size=5), words), max_size=20).map(tuple)
kinds = st.sampled_from(["text", "area", "select", "time", "date"])
inputs = st.builds(Input, st.text("abc", min_size=1, max_size=5), words, kinds, words, options, st.booleans(), words)
forms = st.builds(
    Form, words, st.just("edit"), st.lists(inputs, max_size=6, unique_by=lambda i: i.name).map(tuple), words
)
charts = st.builds(Chart, words, st.integers(0, 90).map(points), st.just((("limit", 1.0),)), st.none(), words)
files = st.builds(Attachment, words, words, words, st.integers(0, 10**9))
fields = st.builds(Fields, short_pairs)
elements = texts | fields | lists | tables | actions | forms | charts | files
cards = st.builds(Card, words, st.lists(elements, max_size=12).map(tuple), st.sampled_from(Tone))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cards, st.sampled_from(["zh", "en"]))
def test_any_card_fits_and_can_be_sent(card: Card, language: str) -> None:
    shown = render(replace(card, language=language), voice(language))
    assert size(shown) <= BYTES_AT_MOST and count_tags(shown) <= TAGS_AT_MOST
    content(shown).encode()
    for each in walk(shown):
        assert each.get("content", "x") != ""
        if each.get("tag") == "markdown":
            assert "<at id=all" not in each["content"]
    names = [
        each["name"]
        for each in walk(shown)
        if each.get("tag") in ("input", "select_static", "form", "button") and "name" in each
    ]
    assert len(names) == len(set(names))
    roots = shown["body"]["elements"]
    inside = [each["tag"] for root in roots for child in root.values() for each in walk(child) if "tag" in each]
    assert "table" not in inside and "form" not in inside
