"""Buttons and forms of a card, and what comes back when somebody uses them."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.messaging.card import Actions, Button, Form, Input
from bot.platforms.feishu.markup import bold, clean, coloured, cut, escape, line

Json = dict[str, Any]

TITLE_LENGTH, LABEL_LENGTH, HINT_LENGTH, INPUT_LENGTH = 300, 100, 100, 1000
BUTTONS_IN_A_ROW = 10
NOTHING = "_nothing"
"""Stands for an option without a value, which Feishu does not take."""

_TYPES = {"primary": "primary", "danger": "danger"}
_NAME = re.compile(r"f\d{1,2}_(.+)", re.DOTALL)
_PICKED = re.compile(r"(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}))?(?: [+-]\d{4})?")


def plain(text: str, limit: int) -> Json:
    """A plain text object."""
    return {"tag": "plain_text", "content": line(text, limit)}


def button_rows(actions: Actions) -> list[Json]:
    """The buttons side by side, broken where the card is too narrow."""
    columns = [{"tag": "column", "width": "auto", "elements": [_button(button)]} for button in actions.buttons]
    rows = [columns[first : first + BUTTONS_IN_A_ROW] for first in range(0, len(columns), BUTTONS_IN_A_ROW)]
    return [{"tag": "column_set", "flex_mode": "flow", "horizontal_spacing": "8px", "columns": row} for row in rows]


def _button(button: Button) -> Json:
    shown: Json = {
        "tag": "button",
        "text": plain(button.label, LABEL_LENGTH),
        "type": _TYPES.get(button.style, "default"),
        "behaviors": [_callback(button.action, button.payload)],
    }
    if button.confirm:
        shown["confirm"] = {"title": plain(button.label, LABEL_LENGTH), "text": plain(button.confirm, 300)}
    return shown


def _callback(action: str, payload: dict[str, str]) -> Json:
    # Always an object: Feishu's own kits break on a string.
    return {"type": "callback", "value": {"action": action, "payload": dict(payload)}}


def form(number: int, asked: Form, head: str, choose: Json) -> Json:
    """The form as the card's form number `number`, below its `head`, "" for none; `choose` is the text of an empty
    choice. Names are the card's own, so two forms may ask for the same."""
    elements = [{"tag": "markdown", "content": bold(escape(line(head, TITLE_LENGTH)))}] if head else []
    for item in asked.inputs:
        elements += _input(f"f{number}_{item.name}", item, choose)
    submit = {
        "tag": "button",
        "name": f"f{number}",
        "text": plain(asked.submit, LABEL_LENGTH),
        "type": "primary",
        "form_action_type": "submit",
        "behaviors": [_callback(asked.action, asked.payload)],
    }
    return {"tag": "form", "name": f"form{number}", "elements": [*elements, submit]}


def _input(name: str, item: Input, choose: Json) -> list[Json]:
    common: Json = {"name": name, "required": item.required, "width": "fill"}
    if item.kind in ("text", "area"):
        return [_text_input(common, item)]
    words = escape(line(item.label, LABEL_LENGTH)) + (f"\n{coloured(escape(item.hint), 'grey')}" if item.hint else "")
    label = {"tag": "markdown", "content": words}
    return [label, _picker(common, item, choose)]


def _text_input(common: Json, item: Input) -> Json:
    longest = max(1, min(item.max_length, INPUT_LENGTH))
    shown = {"tag": "input", **common, "label": plain(item.label, LABEL_LENGTH), "max_length": longest}
    if item.hint:
        shown["placeholder"] = plain(item.hint, HINT_LENGTH)
    if item.value:
        shown["default_value"] = cut(clean(item.value), longest)
    if item.kind == "area":
        shown |= {"input_type": "multiline_text", "rows": 5, "auto_resize": True, "max_rows": 12}
    return shown


def _picker(common: Json, item: Input, choose: Json) -> Json:
    moment = _moment(item.value)
    match item.kind:
        case "select":
            return _select({**common, "placeholder": choose}, item)
        case "date":
            initial = {"initial_date": f"{moment:%Y-%m-%d}"} if moment else {}
            return {"tag": "date_picker", **common, "placeholder": choose, **initial}
        case "time":
            initial = {"initial_datetime": f"{moment:%Y-%m-%d %H:%M}"} if moment else {}
            return {"tag": "picker_datetime", **common, "placeholder": choose, **initial}
    raise ValueError(f"unknown kind of input {item.kind!r}")


def _select(common: Json, item: Input) -> Json:
    options = {option.value: option.label for option in item.options}
    shown: Json = {"tag": "select_static", **common}
    shown["options"] = [
        {"text": plain(text, LABEL_LENGTH), "value": value or NOTHING} for value, text in options.items()
    ]
    if item.value in options:
        shown["initial_index"] = [*options].index(item.value) + 1
    return shown


def _moment(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


@dataclass(frozen=True)
class Pressed:
    """What somebody did with a card; `values` is None for a button outside a form."""

    action: str
    payload: dict[str, str]
    values: dict[str, str] | None = None


def pressed(action: Any) -> Pressed | None:
    """A callback's `action` read back; None when it is not one of our buttons."""
    value = action.get("value") if isinstance(action, dict) else None
    name, payload = (value.get("action"), value.get("payload", {})) if isinstance(value, dict) else ("", {})
    if not isinstance(name, str) or not name or not isinstance(payload, dict):
        return None
    filled = action.get("form_value")
    values = _values(filled) if isinstance(filled, dict) else None
    return Pressed(name, {str(key): str(each) for key, each in payload.items()}, values)


def _values(filled: Json) -> dict[str, str]:
    named = ((_NAME.fullmatch(str(name)), value) for name, value in filled.items())
    return {found[1]: _value(value) for found, value in named if found and isinstance(value, str)}


def _value(value: str) -> str:
    if value == NOTHING:
        return ""
    # A picker adds its reader's offset; the form has said in which zone it asks.
    if picked := _PICKED.fullmatch(value):
        return "T".join(part for part in picked.groups() if part)
    return value
