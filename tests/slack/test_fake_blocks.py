"""The fake's validator: what Slack refuses is refused, what it shows passes."""

from typing import Any

import pytest

from tests.slack.fake.blocks import check_message, check_view, unescaped
from tests.slack.fake.refused import Refused

Json = dict[str, Any]
FILE = "F0TREND001"
FILES = {FILE}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(label: str = "go", action: str = "a", **more: Any) -> Json:
    return {"type": "button", "text": plain(label), "action_id": action, **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def table(rows: int = 2, columns: int = 2) -> Json:
    cells = [[{"type": "raw_text", "text": "x"}] * columns] * rows
    return {"type": "table", "rows": cells}


def typed(**more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "t", **more}
    return {"type": "input", "label": plain("words"), "element": element}


def options(count: int = 2, length: int = 3) -> list[Json]:
    return [{"text": plain(f"{n}".zfill(length)), "value": str(n)} for n in range(count)]


def select(count: int = 2, **more: Any) -> Json:
    return {"type": "static_select", "action_id": "s", "options": options(count), **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("words"), "blocks": list(blocks), "submit": plain("ok"), **more}


GOOD = [
    [{"type": "header", "text": plain("h" * 150)}, {"type": "divider"}],
    [section("s" * 3000), section("x", accessory=select())],
    [{"type": "section", "fields": [mrkdwn("f" * 2000)] * 5}],
    [
        {
            "type": "context",
            "elements": [mrkdwn("c")] * 9 + [{"type": "image", "alt_text": "a", "slack_file": {"id": FILE}}],
        }
    ],
    [actions(*(button("b" * 75, f"a{n}", value="v" * 2000) for n in range(25)))],
    [actions(button(confirm={"title": plain("t"), "text": mrkdwn("x"), "confirm": plain("y"), "deny": plain("n")}))],
    [actions(button(style="danger"), button(action="b", style="primary"), select())],
    [actions({"type": "overflow", "action_id": "o", "options": options(5)})],
    [table(100, 20)],
    [{"type": "image", "alt_text": "trend", "slack_file": {"id": FILE}, "title": plain("t")}],
    [{"type": "markdown", "text": "m" * 12_000}],
    [section("x")] * 50,
    [
        {
            "type": "plan",
            "title": "p",
            "tasks": [{"type": "task_card", "task_id": "1", "title": "t", "status": "pending"}],
        }
    ],
]

BAD = [
    [section("")],
    [section("s" * 3001)],
    [{"type": "section"}],
    [{"type": "section", "fields": [mrkdwn("f")] * 11}],
    [{"type": "section", "fields": [mrkdwn("f" * 2001)]}],
    [{"type": "header", "text": plain("h" * 151)}],
    [{"type": "header", "text": mrkdwn("h")}],
    [{"type": "context", "elements": [mrkdwn("c")] * 11}],
    [{"type": "context", "elements": []}],
    [actions()],
    [actions(*(button(action=str(n)) for n in range(26)))],
    [actions(button(), button())],
    [actions(button("b" * 76))],
    [actions(button(value="v" * 2001))],
    [actions(button(action="a" * 256))],
    [actions(button(url="https://x.test/" + "u" * 3000))],
    [actions(button(style="green"))],
    [actions({"type": "button", "text": mrkdwn("x"), "action_id": "a"})],
    [actions(button(colour="red"))],
    [
        actions(
            button(
                confirm={"title": plain("t"), "text": mrkdwn("x" * 301), "confirm": plain("y"), "deny": plain("n")}
            )
        )
    ],
    [actions({"type": "plain_text_input", "action_id": "t"})],
    [actions({"type": "overflow", "action_id": "o", "options": options(6)})],
    [actions(select(101))],
    [actions(select(0))],
    [actions(select(placeholder=plain("p" * 151)))],
    [actions(select(options=[{"text": plain("o" * 76), "value": "1"}]))],
    [actions(select(options=[{"text": plain("o"), "value": "v" * 151}]))],
    [actions(select(initial_option={"text": plain("other"), "value": "9"}))],
    [table(), table()],
    [table(101)],
    [table(2, 21)],
    [{"type": "table", "rows": [[{"type": "raw_text", "text": ""}]]}],
    [{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}] * 2, [{"type": "raw_text", "text": "a"}]]}],
    [section("a", block_id="b"), section("c", block_id="b")],
    [section("a", block_id="b" * 256)],
    [section("x")] * 51,
    [{"type": "markdown", "text": "m" * 12_001}],
    [{"type": "markdown", "text": "m" * 6001}] * 2,
    [{"type": "image", "alt_text": "a", "slack_file": {"id": "F9"}}],
    [{"type": "image", "alt_text": "a", "image_url": "http://127.0.0.1/a.png"}],
    [{"type": "image", "slack_file": {"id": FILE}}],
    [{"type": "alert", "text": mrkdwn("only in modals")}],
    [{"type": "nonsense"}],
    [{"text": mrkdwn("no type")}],
    ["words"],
    [typed() | {"element": {"type": "file_input", "action_id": "f"}}],
]

BAD_VIEWS = [
    modal(),
    modal(*[section("x")] * 101),
    modal(section("x"), title=plain("t" * 25)),
    modal(section("x"), submit=plain("s" * 25)),
    modal(section("x"), close=plain("c" * 25)),
    modal(section("x"), private_metadata="m" * 3001),
    modal(section("x"), callback_id="c" * 256),
    modal(typed(initial_value="x" * 11, max_length=10)),
    modal(typed(max_length=3001)),
    modal(table()),
    modal(
        {"type": "input", "label": plain("f"), "element": {"type": "file_input", "action_id": "f", "max_files": 11}}
    ),
    {"type": "modal", "title": plain("t"), "blocks": [typed()]},
    {"type": "modal", "blocks": [section("x")]},
    {"type": "home", "blocks": [section("x")], "submit": plain("ok")},
]


@pytest.mark.parametrize("blocks", GOOD)
def test_what_slack_shows_passes(blocks: list[Json]) -> None:
    check_message(blocks, FILES)


@pytest.mark.parametrize("blocks", BAD)
def test_what_slack_refuses_is_refused(blocks: list[Json]) -> None:
    with pytest.raises(Refused, match="invalid_blocks"):
        check_message(blocks, FILES)


def test_a_message_of_too_many_characters_is_refused() -> None:
    with pytest.raises(Refused, match="msg_blocks_too_long"):
        check_message([section("s" * 2700)] * 5, FILES)


@pytest.mark.parametrize("view", BAD_VIEWS)
def test_a_view_that_slack_refuses_is_refused(view: Json) -> None:
    with pytest.raises(Refused, match="invalid_blocks"):
        check_view(view, FILES)


def test_a_view_that_slack_opens_passes() -> None:
    parts = [typed(multiline=True, max_length=3000), {"type": "input", "label": plain("x"), "element": select(100)}]
    check_view(modal(*parts, {"type": "alert", "text": mrkdwn("look")}, private_metadata="m" * 3000), FILES)
    check_view({"type": "home", "blocks": [section("x"), actions(button())]}, FILES)


def test_marks_that_were_not_escaped_are_found() -> None:
    fine = "<@U1> <#C1|ops> <https://x.test|x> <!date^1700000000^{date_short} {time}|then> a &lt;b&gt; &amp; c"
    assert not unescaped([section(fine)])
    for bad in ("<!channel>", "<!here>", "a < b", "R&D", "<script>", "<!date^x^y|z>"):
        assert unescaped([section(bad)]), bad
