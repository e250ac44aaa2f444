"""Block Kit JSON built again through the constructors of slackblocks, which refuse what Slack refuses."""

from collections.abc import Callable
from typing import Any

import slackblocks as kit
from slackblocks.errors import InvalidUsageError
from slackblocks.rich_text import RichTextCodeBlock, RichTextList, RichTextQuote

Json = dict[str, Any]
Build = Callable[[Any], Any]


class Invalid(Exception):
    """What Slack would not take, in its words."""


def built(value: Any) -> Any:
    """The slackblocks object of a block or element; raises Invalid."""
    if not isinstance(value, dict) or value.get("type") not in _TYPES:
        raise Invalid(f"unsupported type: {value.get('type') if isinstance(value, dict) else value!r}")
    make, keys = _TYPES[value["type"]]
    return _call(make, value, keys)


def _call(make: Callable[..., Any], value: Json, keys: dict[str, Build]) -> Any:
    if strangers := set(value) - set(keys) - {"type"}:
        raise Invalid(f"invalid additional property: {sorted(strangers)} [{value.get('type')}]")
    try:
        return make(**{_NAMES.get(key, key): keys[key](item) for key, item in value.items() if key != "type"})
    except (InvalidUsageError, ValueError, TypeError, KeyError) as error:
        raise Invalid(f"{value.get('type', 'object')}: {error}") from error


def _same(value: Any) -> Any:
    return value


def _each(build: Build) -> Build:
    return lambda values: [build(value) for value in values]


def _text(kind: str = "") -> Build:
    def build(value: Any) -> kit.Text:
        if not isinstance(value, dict) or value.get("type") not in (kind or "mrkdwn", kind or "plain_text"):
            raise Invalid(f"must be a {kind or 'text'} object: {value!r}")
        if not value.get("text"):
            raise Invalid("must be more than 0 characters")
        return _call(_make_text, value | {"type_": value["type"]}, {**_keep("text emoji verbatim"), "type_": _same})

    return build


def _make_text(text: str, type_: str, emoji: bool = False, verbatim: bool = False) -> kit.Text:
    return kit.Text(text, kit.TextType(type_), emoji=emoji, verbatim=verbatim)


def _keep(names: str) -> dict[str, Build]:
    return dict.fromkeys(names.split(), _same)


def _option(kind: str) -> Build:
    keys = {"text": _text(kind), "value": _same, "description": _text(kind), "url": _same}
    return lambda value: _call(kit.Option, value, keys)


def _group(value: Json) -> Any:
    return _call(kit.OptionGroup, value, {"label": _text("plain_text"), "options": _each(_option("plain_text"))})


def _confirm(value: Json) -> Any:
    keys = {name: _text("plain_text") for name in ("title", "confirm", "deny")}
    return _call(kit.ConfirmationDialogue, value, {**keys, "text": _text(), "style": _same})


def _dispatch(value: Json) -> Any:
    return _call(kit.DispatchActionConfiguration, value, _keep("trigger_actions_on"))


def _file(value: Json) -> Any:
    return _call(lambda url=None, id=None: kit.SlackFile(url, id), value, _keep("url id"))


def _rich(**values: Any) -> Any:
    style = values.pop("style", {})
    return kit.RichText(**values, **style)


def _rich_link(**values: Any) -> Any:
    style = values.pop("style", {})
    return kit.RichTextLink(**values, **style)


def _table(rows: list[list[Json]], column_settings: Any = None, block_id: str | None = None) -> Any:
    cells = [[built(cell) for cell in row] for row in rows]
    if len({len(row) for row in cells}) > 1:
        raise Invalid("table rows must have the same number of cells")
    inner = [[cell.elements[0] if isinstance(cell, kit.RichTextBlock) else cell for cell in row] for row in cells]
    return kit.TableBlock(inner, column_settings, block_id)


def _raw(text: str) -> Any:
    if not text:
        raise Invalid("table cell: must be more than 0 characters")
    return kit.RawText(text)


def _image(**values: Any) -> Any:
    if not values.get("alt_text"):
        raise Invalid("image: missing required field: alt_text")
    return values


def _image_block(**values: Any) -> Any:
    return kit.ImageBlock(**_image(**values))


def _image_element(**values: Any) -> Any:
    return kit.Image(**{key: value for key, value in _image(**values).items() if key not in ("title", "block_id")})


def image_element(value: Json) -> Any:
    """An image within another block."""
    if value.get("type") != "image":
        return built(value)
    return _call(_image_element, value, {**_keep("image_url alt_text"), "slack_file": _file})


def _in_context(value: Json) -> Any:
    return image_element(value) if value.get("type") == "image" else _text()(value)


_PLAIN, _OPTIONS = _text("plain_text"), _each(_option("plain_text"))
_NAMES = {"initial_date_time": "initial_datetime"}
_FOCUS = {"action_id": _same, "focus_on_load": _same}
_PICKED = {**_FOCUS, "confirm": _confirm, "placeholder": _PLAIN}
_TYPED = {**_FOCUS, "placeholder": _PLAIN, "dispatch_action_config": _dispatch, "initial_value": _same}
_CHOICES = {**_FOCUS, "confirm": _confirm, "options": _each(_option(""))}

_TYPES: dict[str, tuple[Callable[..., Any], dict[str, Build]]] = {
    # blocks
    "header": (kit.HeaderBlock, {"text": _PLAIN, "block_id": _same}),
    "divider": (kit.DividerBlock, _keep("block_id")),
    "section": (
        kit.SectionBlock,
        {**_keep("block_id"), "text": _text(), "fields": _each(_text()), "accessory": image_element},
    ),
    "context": (kit.ContextBlock, {**_keep("block_id"), "elements": _each(_in_context)}),
    "actions": (kit.ActionsBlock, {**_keep("block_id"), "elements": _each(built)}),
    "input": (
        kit.InputBlock,
        {**_keep("block_id dispatch_action optional"), "label": _PLAIN, "hint": _PLAIN, "element": built},
    ),
    "markdown": (kit.MarkdownBlock, _keep("text block_id")),
    "image": (_image_block, {**_keep("block_id image_url alt_text"), "title": _PLAIN, "slack_file": _file}),
    "table": (
        _table,
        {
            **_keep("block_id rows"),
            "column_settings": _each(lambda value: _call(kit.ColumnSettings, value or {}, _keep("align is_wrapped"))),
        },
    ),
    "rich_text": (kit.RichTextBlock, {**_keep("block_id"), "elements": _each(built)}),
    "alert": (kit.AlertBlock, {**_keep("block_id level"), "text": _text()}),
    "task_card": (
        kit.TaskCardBlock,
        {**_keep("block_id task_id title status"), "details": built, "output": built, "sources": _each(built)},
    ),
    "plan": (kit.PlanBlock, {**_keep("block_id title"), "tasks": _each(built)}),
    "container": (
        kit.ContainerBlock,
        {
            **_keep("block_id width is_collapsible default_collapsed has_header_divider"),
            "child_blocks": _each(built),
            "title": _text(),
            "subtitle": _text(),
            "rich_text_title": built,
            "icon": image_element,
        },
    ),
    # texts
    "raw_text": (_raw, _keep("text")),
    "rich_text_section": (kit.RichTextSection, {"elements": _each(built)}),
    "rich_text_list": (RichTextList, {"elements": _each(built), **_keep("style indent offset border")}),
    "rich_text_quote": (RichTextQuote, {"elements": _each(built), **_keep("border")}),
    "rich_text_preformatted": (RichTextCodeBlock, {"elements": _each(built), **_keep("border")}),
    "text": (_rich, _keep("text style")),
    "link": (_rich_link, _keep("url text style unsafe")),
    # elements
    "button": (
        kit.Button,
        {**_keep("action_id value url style accessibility_label"), "text": _PLAIN, "confirm": _confirm},
    ),
    "plain_text_input": (kit.PlainTextInput, {**_TYPED, **_keep("multiline min_length max_length")}),
    "number_input": (kit.NumberInput, {**_TYPED, **_keep("is_decimal_allowed min_value max_value")}),
    "url_text_input": (kit.URLInput, _TYPED),
    "email_text_input": (kit.EmailInput, _TYPED),
    "static_select": (
        kit.StaticSelectMenu,
        {**_PICKED, "options": _OPTIONS, "option_groups": _each(_group), "initial_option": _option("plain_text")},
    ),
    "multi_static_select": (
        kit.StaticMultiSelectMenu,
        {**_PICKED, "options": _OPTIONS, "initial_options": _OPTIONS, "max_selected_items": _same},
    ),
    "users_select": (kit.UserSelectMenu, {**_PICKED, "initial_user": _same}),
    "channels_select": (kit.ChannelSelectMenu, {**_PICKED, **_keep("initial_channel response_url_enabled")}),
    "conversations_select": (
        kit.ConversationSelectMenu,
        {**_PICKED, **_keep("initial_conversation default_to_current_conversation response_url_enabled")},
    ),
    "datepicker": (kit.DatePicker, {**_PICKED, "initial_date": _same}),
    "timepicker": (kit.TimePicker, {**_PICKED, **_keep("initial_time timezone")}),
    "datetimepicker": (kit.DateTimePicker, {**_FOCUS, "confirm": _confirm, "initial_date_time": _same}),
    "file_input": (kit.FileInput, _keep("action_id filetypes max_files")),
    "overflow": (kit.OverflowMenu, {**_keep("action_id"), "options": _OPTIONS, "confirm": _confirm}),
    "checkboxes": (kit.CheckboxGroup, {**_CHOICES, "initial_options": _each(_option(""))}),
    "radio_buttons": (kit.RadioButtonGroup, {**_CHOICES, "initial_option": _option("")}),
}
