"""Card JSON 2.0 as Feishu's documentation describes it: what a card may contain, and what a reader sees of it."""
# Longer than most files: one table of components, one entry after the other, and little code.

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from tests.feishu.fake.checks import (
    Check,
    anything,
    boolean,
    callback,
    confirm,
    either,
    element_id,
    icon,
    locales,
    margin,
    matching,
    one_of,
    plain_text,
    record,
    several,
    spacing,
    string,
    whole,
    width,
)
from tests.feishu.fake.markdown import seen, tag_faults

Json = dict[str, Any]
Known = Callable[[str], bool]

MOST_TAGS, DEEPEST, MOST_TABLES = 200, 5, 5
INTERACTIVE = {"input", "select_static", "multi_select_static", "date_picker", "picker_time", "picker_datetime"}
TEMPLATES = [
    "blue",
    "wathet",
    "turquoise",
    "green",
    "yellow",
    "orange",
    "red",
    "carmine",
    "violet",
    "purple",
    "indigo",
]
TEMPLATES += ["grey", "default"]
SIZES = ["heading-0", "heading-1", "heading-2", "heading-3", "heading-4", "heading", "normal", "notation"]
SIZES += ["xxxx-large", "xxx-large", "xx-large", "x-large", "large", "medium", "small", "x-small"]
BUTTONS = ["default", "primary", "danger", "text", "primary_text", "danger_text", "primary_filled", "danger_filled"]
BUTTONS += ["laser"]

_align = one_of("left", "center", "right")
_vertical = one_of("top", "center", "bottom")
_base: dict[str, Check] = {"tag": anything, "element_id": element_id, "margin": margin}
_layout: dict[str, Check] = {
    "direction": one_of("vertical", "horizontal"),
    "horizontal_spacing": spacing,
    "horizontal_align": _align,
    "vertical_spacing": spacing,
    "vertical_align": _vertical,
    "padding": margin,
}
_asked: dict[str, Check] = _base | {
    "name": string(1, 100),
    "required": boolean,
    "disabled": boolean,
    "width": width,
    "behaviors": callback,
    "placeholder": plain_text(100),
    "confirm": confirm,
    "value": anything,
}
_option = record({"text": plain_text(100), "icon": icon, "value": string(1)}, "text", "value")
_column = record(
    {
        "name": string(1),
        "display_name": string(),
        "width": either(one_of("auto"), matching(r"\d{1,3}(px|%)")),
        "data_type": one_of("text", "lark_md", "options", "number", "persons", "date", "markdown"),
        "vertical_align": _vertical,
        "horizontal_align": _align,
        "format": record({"precision": whole(0, 10), "symbol": string(0, 1), "separator": boolean}),
        "date_format": string(),
    },
    "name",
    "data_type",
)
_header_style = record(
    {
        "text_align": _align,
        "text_size": one_of("normal", "heading"),
        "background_style": one_of("grey", "none"),
        "text_color": one_of("default", "grey"),
        "bold": boolean,
        "lines": whole(1),
    }
)
_div_text = record(
    {
        "tag": one_of("plain_text", "lark_md"),
        "content": string(1),
        "i18n_content": locales(string(1)),
        "text_size": one_of(*SIZES),
        "text_color": string(1),
        "text_align": _align,
        "lines": whole(1),
    },
    "tag",
    "content",
)

COMPONENTS: dict[str, Check] = {
    "hr": record(_base),
    "div": record(_base | {"text": _div_text, "icon": icon, "width": string()}, "text"),
    "markdown": record(
        _base
        | {
            "content": string(1),
            "i18n_content": locales(string(1)),
            "text_size": one_of(*SIZES),
            "text_align": _align,
            "icon": icon,
        },
        "content",
    ),
    "img": record(
        _base
        | {
            "img_key": string(1),
            "alt": plain_text(),
            "title": plain_text(),
            "scale_type": one_of("crop_center", "crop_top", "fit_horizontal"),
            "size": string(),
            "preview": boolean,
            "transparent": boolean,
            "corner_radius": string(),
        },
        "img_key",
    ),
    "chart": record(
        _base
        | {
            "aspect_ratio": one_of("1:1", "2:1", "4:3", "16:9"),
            "color_theme": one_of("brand", "rainbow", "complementary", "converse", "primary"),
            "chart_spec": anything,
            "preview": boolean,
            "height": either(one_of("auto"), matching(r"[1-9]\d{0,2}px")),
        },
        "chart_spec",
    ),
    "table": record(
        _base
        | {
            "page_size": whole(1, 10),
            "row_height": either(one_of("low", "middle", "high", "auto"), matching(r"\d{2,3}px")),
            "row_max_height": matching(r"\d{2,3}px"),
            "freeze_first_column": boolean,
            "header_style": _header_style,
            "columns": several(_column, 1, 50),
            "rows": several(anything),
        },
        "columns",
        "rows",
    ),
    "column_set": record(
        _base
        | {
            "horizontal_spacing": spacing,
            "horizontal_align": _align,
            "flex_mode": one_of("none", "stretch", "flow", "bisect", "trisect"),
            "background_style": string(1),
            "action": anything,
            "columns": several(anything, 1),
        },
        "columns",
    ),
    "column": record(
        _base
        | _layout
        | {
            "background_style": string(1),
            "width": either(one_of("auto", "weighted"), matching(r"\d{2,3}px")),
            "weight": whole(1, 5),
            "action": anything,
            "elements": several(anything),
        }
    ),
    "form": record(_base | _layout | {"name": string(1), "elements": several(anything, 1)}, "name", "elements"),
    "collapsible_panel": record(
        _base
        | _layout
        | {
            "expanded": boolean,
            "background_color": string(1),
            "header": anything,
            "border": anything,
            "elements": several(anything),
        },
        "header",
        "elements",
    ),
    "button": record(
        _base
        | {
            "type": one_of(*BUTTONS),
            "size": one_of("tiny", "small", "medium", "large"),
            "width": width,
            "text": plain_text(100),
            "icon": icon,
            "hover_tips": plain_text(),
            "disabled": boolean,
            "disabled_tips": plain_text(),
            "confirm": confirm,
            "behaviors": callback,
            "name": string(1, 100),
            "form_action_type": one_of("submit", "reset"),
        },
        "text",
        "behaviors",
    ),
    "input": record(
        _asked
        | {
            "default_value": string(0, 1000),
            "disabled_tips": plain_text(),
            "max_length": whole(1, 1000),
            "input_type": one_of("text", "multiline_text", "password"),
            "rows": whole(1),
            "auto_resize": boolean,
            "max_rows": whole(1),
            "show_icon": boolean,
            "label": plain_text(),
            "label_position": one_of("top", "left"),
        }
    ),
    "select_static": record(
        _asked
        | {
            "type": one_of("default", "text"),
            "initial_option": string(),
            "initial_index": whole(0),
            "options": several(_option, 1),
        },
        "options",
    ),
    "multi_select_static": record(
        _asked
        | {"type": one_of("default", "text"), "options": several(_option, 1), "selected_values": several(string(1))},
        "options",
    ),
    "date_picker": record(_asked | {"initial_date": matching(r"\d{4}-\d\d-\d\d")}),
    "picker_time": record(_asked | {"initial_time": matching(r"\d\d:\d\d")}),
    "picker_datetime": record(_asked | {"initial_datetime": matching(r"\d{4}-\d\d-\d\d \d\d:\d\d")}),
}
CHILDREN = {"column_set": "columns", "column": "elements", "form": "elements", "collapsible_panel": "elements"}
FORBIDDEN = {"column": {"form", "table"}, "form": {"form", "table", "chart"}, "collapsible_panel": {"form", "table"}}

_title = record(
    {"tag": one_of("plain_text", "lark_md"), "content": string(1), "i18n_content": locales(string(1))},
    "tag",
    "content",
)
_root = record(
    {
        "schema": one_of("2.0"),
        "config": record(
            {
                "update_multi": one_of(True),  # type: ignore[arg-type]
                "enable_forward": boolean,
                "enable_forward_interaction": boolean,
                "streaming_mode": boolean,
                "streaming_config": anything,
                "summary": record({"content": string(), "i18n_content": locales(string())}),
                "locales": several(string(1)),
                "width_mode": one_of("default", "compact", "fill"),
                "use_custom_translation": boolean,
                "style": anything,
            }
        ),
        "card_link": anything,
        "header": record(
            {
                "title": _title,
                "subtitle": _title,
                "template": one_of(*TEMPLATES),
                "text_tag_list": several(anything, 0, 3),
                "i18n_text_tag_list": anything,
                "icon": icon,
                "padding": margin,
            },
            "title",
        ),
        "body": record(_layout | {"elements": several(anything)}, "elements"),
    },
    "schema",
)


def faults(card: Any, known: Known = lambda person: True) -> list[str]:
    """What Feishu finds wrong with a card; [] when it is taken. `known` says whom it can mention."""
    found = list(_root(card, "ROOT"))
    if not found:
        elements = card.get("body", {}).get("elements", [])
        for number, element in enumerate(elements):
            found += _element(element, f"ROOT -> body -> elements -> [{number}]", (), known)
        found += _whole(card, elements)
    return found


def _element(element: Any, path: str, inside: tuple[str, ...], known: Known) -> Iterator[str]:
    tag = element.get("tag") if isinstance(element, dict) else None
    if tag not in COMPONENTS:
        yield f"not support tag: {tag}, path: {path}"
        return
    path = f"{path}(tag: {tag})"
    yield from COMPONENTS[tag](element, path)
    if (tag == "column") != (inside[-1:] == ("column_set",)):
        yield f"{path}: a column outside of a column_set, or anything else in one"
    yield from (f"{path}: not inside {outer}" for outer in inside if tag in FORBIDDEN.get(outer, ()))
    yield from _ruled(element, path, inside, known)
    if tag in CHILDREN:
        if tag != "column" and len([outer for outer in inside if outer != "column"]) >= DEEPEST:
            yield f"{path}: nested deeper than {DEEPEST}"
        for number, child in enumerate(element.get(CHILDREN[tag]) or []):
            yield from _element(child, f"{path} -> {CHILDREN[tag]} -> [{number}]", (*inside, tag), known)


def _ruled(element: Json, path: str, inside: tuple[str, ...], known: Known) -> Iterator[str]:
    """What no single property says."""
    tag, in_form = element["tag"], "form" in inside
    if tag == "markdown":
        for content in [element.get("content"), *element.get("i18n_content", {}).values()]:
            yield from tag_faults(content, path, known)
    if tag in INTERACTIVE:
        if in_form and "name" not in element:
            yield f"{path}: an input of a form without a name"
        if not in_form and "required" in element:
            yield f"{path}: required outside of a form"
        if tag.startswith(("date", "picker")) and not element.keys() & {
            "placeholder",
            "initial_date",
            "initial_time",
            "initial_datetime",
        }:
            yield f"{path}: neither a placeholder nor an initial value"
    if tag == "button" and in_form and not {"name", "form_action_type"} <= element.keys():
        yield f"{path}: a button of a form without name or form_action_type"
    if tag == "button" and not in_form and "form_action_type" in element:
        yield f"{path}: form_action_type outside of a form"
    if tag == "form" and not any(_submits(child) for child in walk(element)):
        yield f"{path}: a form without a button that submits it"
    if tag == "multi_select_static" and isinstance(element.get("options"), list):
        offered = [option.get("value") for option in element["options"]]
        chosen = element.get("selected_values", [])
        yield from (f"{path}: {value!r} is chosen but not offered" for value in chosen if value not in offered)
    if tag == "select_static" and isinstance(element.get("options"), list):
        values = [option.get("value") for option in element["options"] if isinstance(option, dict)]
        yield from (f"{path}: the option {value!r} twice" for value, count in Counter(values).items() if count > 1)
        if element.get("initial_index", 0) > len(values):
            yield f"{path}: initial_index beyond the options"
    if tag == "input" and len(element.get("default_value", "")) > element.get("max_length", 1000):
        yield f"{path}: default_value longer than max_length"
    if tag == "table":
        yield from _table(element, path)
    if tag == "chart":
        yield from _chart(element, path)


def _submits(element: Json) -> bool:
    return element.get("tag") == "button" and element.get("form_action_type") == "submit"


def _table(table: Json, path: str) -> Iterator[str]:
    names = [column.get("name") for column in table.get("columns", [])]
    if len(set(names)) != len(names):
        yield f"{path}: two columns of one name"
    for number, row in enumerate(table.get("rows", [])):
        if not isinstance(row, dict) or row.keys() - set(names):
            yield f"{path} -> rows -> [{number}]: cells of no column"
        elif not all(isinstance(cell, str) for cell in row.values()):
            yield f"{path} -> rows -> [{number}]: a text cell that is no string"


def _chart(chart: Json, path: str) -> Iterator[str]:
    spec = chart.get("chart_spec")
    if not isinstance(spec, dict) or not isinstance(spec.get("type"), str) or not spec.get("data"):
        yield f"{path}: a chart_spec without type or data"
    elif "NaN" in json.dumps(spec) or "Infinity" in json.dumps(spec):
        yield f"{path}: a number that JSON does not have"


def _whole(card: Json, elements: list[Json]) -> Iterator[str]:
    components = [each for element in elements for each in walk(element)]
    if (count := sum(1 for _ in _tags(card))) > MOST_TAGS:
        yield f"{count} elements, more than {MOST_TAGS}"
    if sum(each["tag"] == "table" for each in components) > MOST_TABLES:
        yield f"more than {MOST_TABLES} tables"
    for key in ("name", "element_id"):
        given = Counter(each[key] for each in components if key in each)
        yield from (f"{key} {name!r} twice on one card" for name, count in given.items() if count > 1)


def _tags(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        if "tag" in value:
            yield value
        for each in value.values():
            yield from _tags(each)
    elif isinstance(value, list):
        for each in value:
            yield from _tags(each)


def walk(element: Json) -> Iterator[Json]:
    """The component and all within it."""
    yield element
    for child in element.get(CHILDREN.get(element.get("tag", ""), ""), []) or []:
        if isinstance(child, dict):
            yield from walk(child)


def components(card: Json) -> list[Json]:
    """All components of a card, in the order in which they are read."""
    return [each for element in card.get("body", {}).get("elements", []) for each in walk(element)]


def words(card: Json, name_of: Callable[[str], str] = str, locale: str = "zh_cn") -> str:
    """What a person with this language reads on the card."""

    def own(text: Json) -> str:
        return str(text.get("i18n_content", {}).get(locale) or text.get("content", ""))

    lines = [own(card.get("header", {}).get("title", {}))]
    for each in components(card):
        match each["tag"]:
            case "markdown":
                lines.append(seen(own(each), name_of))
            case "div" | "button":
                lines.append(own(each.get("text", {})))
            case "collapsible_panel":
                lines.append(own(each["header"].get("title", {})))
            case "input":
                lines += [own(each.get("label", {})), each.get("default_value", "")]
            case "table":
                lines.append(" | ".join(column.get("display_name", "") for column in each["columns"]))
                lines += [
                    " | ".join(str(row.get(column["name"], "")) for column in each["columns"]) for row in each["rows"]
                ]
            case "chart":
                lines.append(each["chart_spec"].get("title", {}).get("text", ""))
            case "select_static" | "multi_select_static":
                lines += [own(option["text"]) for option in each["options"]]
    return "\n".join(line for line in lines if line)
