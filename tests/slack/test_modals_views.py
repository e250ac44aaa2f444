"""Forms as dialogs: every kind of input there and back, what is wrong beside its field, and never a refused view."""

from functools import partial
from typing import Any

import pytest
from hypothesis import given

from bot.messaging.card import Form, Input, Option
from bot.platforms.slack import modals_views as dialogs
from bot.platforms.slack.modals_views import Origin
from bot.settings.files import data_root
from bot.wording.phrases import shared_phrases
from tests.slack.fake.blocks import check_view, texts, unescaped
from tests.slack.test_cards import made_forms, without_haste

PHRASES = shared_phrases(data_root("templates"), "Asia/Shanghai")
ORIGIN = Origin("C1", "C7", "1.2", "state", {"evidence": "E1"})
say = partial(PHRASES.say, lang="en")


def view(*inputs: Input, title: str = "State the facts", origin: Origin = ORIGIN) -> dict[str, Any]:
    made = dialogs.form_view(Form(title, "state", inputs, "Save", {"evidence": "E1"}), origin, say)
    check_view(made, set())
    return made


def field(**given: Any) -> dict[str, Any]:
    [block] = view(Input("field", "Label", **given))["blocks"]
    return dict(block)


def sent(element: dict[str, Any], **state: Any) -> str:
    state = {"state": {"values": {"field:field": {"value": {"type": element["type"], **state}}}}}
    return dialogs.values(state)["field"]


def test_words_there_and_back() -> None:
    element = field(value="so far", max_length=200, required=True)["element"]
    assert element["initial_value"] == "so far" and element["max_length"] == 200 and not element["multiline"]
    assert sent(element, value="now") == "now" and sent(element, value=None) == ""


def test_long_words_are_looked_at_while_they_are_typed() -> None:
    block = field(kind="area")
    assert block["dispatch_action"] and block["element"]["multiline"]
    assert block["element"]["dispatch_action_config"] == {"trigger_actions_on": ["on_character_entered"]}


def test_a_choice_there_and_back_even_of_nothing() -> None:
    options = (Option("", "the usual"), Option("Carrier Delay", "Carrier Delay"))
    element = field(kind="select", options=options, value="")["element"]
    assert element["initial_option"]["text"]["text"] == "the usual"
    for option, value in zip(element["options"], ("", "Carrier Delay"), strict=True):
        assert sent(element, selected_option=option) == value


def test_a_hundred_and_fifty_choices_are_in_groups() -> None:
    element = field(kind="select", options=tuple(Option(str(n), f"choice {n}") for n in range(150)))["element"]
    assert [len(group["options"]) for group in element["option_groups"]] == [100, 50]


def test_a_time_is_given_in_the_readers_zone_and_kept_as_utc() -> None:
    block = field(kind="time", value="2026-11-13T10:00:00+08:00")
    assert block["element"]["initial_date_time"] == 1794535200 and "time zone" in block["hint"]["text"]
    assert sent(block["element"], selected_date_time=1794535200) == "2026-11-13T02:00:00+00:00"
    assert "initial_date_time" not in field(kind="time", value="2026-11-13T10:00")["element"]


def test_a_day_there_and_back() -> None:
    element = field(kind="date", value="2026-11-13")["element"]
    assert element["initial_date"] == "2026-11-13" and sent(element, selected_date="2026-11-14") == "2026-11-14"
    assert "initial_date" not in field(kind="date", value="soon")["element"]


def test_a_dialog_knows_where_it_was_opened() -> None:
    assert Origin.of(view(Input("field", "Label"))) == ORIGIN
    large = Origin("C1", payload={"text": "词" * 3000})
    assert Origin.of(view(Input("field", "Label"), origin=large)) == Origin("C1", payload=None)


@pytest.mark.parametrize("carried", ["", "no JSON", "[]", '{"strange": 1}'])
def test_a_dialog_that_carries_nothing_readable_has_no_origin(carried: str) -> None:
    assert Origin.of({"private_metadata": carried}) == Origin()


def test_a_long_title_stands_in_the_dialog_in_full() -> None:
    shown = view(Input("field", "Label"), title="What does the tracking page of order 5764 show?")
    assert len(shown["title"]["text"]) <= 24 and "What does the tracking page of order 5764 show?" in "".join(
        texts(shown["blocks"])
    )


def test_what_is_wrong_stands_at_its_field_and_what_has_no_field_at_the_first() -> None:
    shown = view(Input("text", "Text"), Input("other", "Other"))
    assert dialogs.errors({"other": "no"}, shown) == {"field:other": "no"}
    assert dialogs.errors({"": "closed", "text": "long"}, shown) == {"field:text": "long closed"}


def test_findings_come_and_go_below_their_field() -> None:
    first = view(Input("text", "Text", "area"), Input("other", "Other"))
    found = dialogs.with_findings(first, {"text": "too <long>"})
    assert found
    check_view(found, set())
    assert found["blocks"][1]["elements"][0]["text"] == "⚠️ too &lt;long&gt;"
    assert dialogs.with_findings(found, {"text": "too <long>"}) is None, "nothing new"
    gone = dialogs.with_findings(found, {})
    assert gone and gone["blocks"] == first["blocks"]
    assert dialogs.with_findings(gone, {}) is None


def test_files_can_be_added_with_words() -> None:
    made = dialogs.files_view(ORIGIN, say)
    check_view(made, set())
    state = {"field:files": {"value": {"files": [{"id": "F1"}]}}, "field:words": {"value": {"value": "5764"}}}
    given = {**made, "state": {"values": state}}
    assert dialogs.files(given) == [{"id": "F1"}] and dialogs.values(given)["words"] == "5764"


def test_pages_can_be_turned() -> None:
    page = [{"type": "section", "text": {"type": "mrkdwn", "text": "words"}}]
    for number, turns in ((0, ["page:1"]), (1, ["page:0", "page:2"]), (2, ["page:1"]), (9, ["page:1"])):
        made = dialogs.reading_view("A case", [page] * 3, Origin(page=number), say)
        check_view(made, set())
        actions = [block for block in made["blocks"] if block["type"] == "actions"]
        assert [button["action_id"] for block in actions for button in block["elements"]] == turns
    assert len(dialogs.reading_view("A case", [page], Origin(), say)["blocks"]) == 1


@without_haste
@given(made_forms)
def test_no_dialog_is_ever_refused(form: Form) -> None:
    made = dialogs.form_view(form, ORIGIN, say)
    check_view(made, set())
    assert not unescaped(made["blocks"])
    found = dialogs.with_findings(made, {field.name: field.label or "x" for field in form.inputs})
    if found:
        check_view(found, set())
