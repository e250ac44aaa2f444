"""Forms, which stand in the card itself because Feishu opens no dialogs for cards, and the values filled in."""

import re

from bot.domain.instants import filled_in
from bot.messaging.card import Form, Input
from bot.platforms.feishu.markup import Json, bold, callback, clean, coloured, cut, escape, line, plain

TITLE_LENGTH, LABEL_LENGTH, HINT_LENGTH, INPUT_LENGTH = 300, 100, 100, 1000
NOTHING = "_nothing"
"""Stands for an option without a value, which Feishu does not take."""

_NAME = re.compile(r"f\d{1,2}_(.+)", re.DOTALL)
_PICKED = re.compile(r"(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}))?(?: [+-]\d{4})?")


def form(number: int, asked: Form, head: str, choose: Json) -> Json:
    """The form number `number` of a card, below its `head` ("" for none); `choose` is the text of an empty choice.
    The names of inputs carry the number, so that two forms of a card may have the same inputs."""
    elements = [{"tag": "markdown", "content": bold(escape(line(head, TITLE_LENGTH)))}] if head else []
    for item in asked.inputs:
        elements += _input(f"f{number}_{item.name}", item, choose)
    submit = {
        "tag": "button",
        "name": f"f{number}",
        "text": plain(asked.submit, LABEL_LENGTH),
        "type": "primary",
        "form_action_type": "submit",
        "behaviors": [callback(asked.action, asked.payload)],
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
    moment = filled_in(item.value)
    match item.kind:
        case "select":
            return _select({**common, "placeholder": choose}, item)
        case "many":
            return _many({**common, "placeholder": choose}, item)
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


def _many(common: Json, item: Input) -> Json:
    chosen = [option.value for option in item.options if option.value in item.value.split(",")]
    shown: Json = {"tag": "multi_select_static", **common}
    shown["options"] = [
        {"text": plain(option.label, LABEL_LENGTH), "value": option.value or NOTHING} for option in item.options
    ]
    return shown | ({"selected_values": chosen} if chosen else {})


def values(filled: Json) -> dict[str, str]:
    """The values of a form's fields, by input name."""
    named = ((_NAME.fullmatch(str(name)), value) for name, value in filled.items())
    return {found[1]: _value(value) for found, value in named if found and isinstance(value, str | list)}


def _value(value: str | list[object]) -> str:
    if isinstance(value, list):
        return ",".join(_value(each) for each in value if isinstance(each, str))
    if value == NOTHING:
        return ""
    # A picker adds its reader's offset; the form has said in which zone it asks.
    if picked := _PICKED.fullmatch(value):
        return "T".join(part for part in picked.groups() if part)
    return value
