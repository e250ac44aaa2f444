"""Makes dialogs of forms, reads the values of a dialog's state, and shows what is wrong beside each field."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from bot.domain.instants import filled_in
from bot.messaging.card import Form, Input, Option
from bot.platforms.slack import cards_blocks as blocks
from bot.platforms.slack.markup import Json, bare, cut, escape, plain

Say = Callable[..., str]

SUBMITTED, ATTACHED, READING = "form", "attach", "read"
"""callback ids: a form of a card, files for a case, a card to read"""

PAYLOAD = 2400
TITLE, LONGEST, OPTIONS, GROUPS, INPUTS = 24, 3000, 100, 10, 60
FIELD, PAGE = "field:", "page"
"""How the ids of inputs and of buttons to other pages begin."""
_FOUND, _VALUE = "found:", "value"
_SIGN = "="
"""Before every option's value: Slack takes no empty one."""


@dataclass(frozen=True)
class Origin:
    """Where a dialog was opened and what for; the dialog carries it as metadata. `ref` is the message, `root` the
    first message of its thread, `thread` the case."""

    channel: str = ""
    thread: str = ""
    ref: str = ""
    action: str = ""
    payload: Mapping[str, str] | None = None
    page: int = 0
    root: str = ""

    def packed(self) -> str:
        """The origin as text for the dialog's metadata; the payload is left out when the text would be too long."""
        whole, without = asdict(self), {**asdict(self), "payload": None}
        packed = [json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in (whole, without)]
        return packed[0] if len(packed[0]) <= PAYLOAD else packed[1]

    @staticmethod
    def of(view: Json) -> "Origin":
        """The origin that the dialog carries; an empty one when it carries nothing readable."""
        try:
            return Origin(**json.loads(view.get("private_metadata") or "{}"))
        except (ValueError, TypeError):
            return Origin()


def form_view(form: Form, origin: Origin, say: Say) -> Json:
    """The dialog for filling in a form."""
    shown = [_input(field, say) for field in form.inputs[:INPUTS]]
    title = blocks.paragraphs(form.title, "*", "*") if len(form.title) > TITLE else []
    view = _view(form.title, [*title, *shown] or [blocks.section(escape(cut(form.title, blocks.TEXT)))], say)
    return view | {
        "callback_id": SUBMITTED,
        "submit": plain(form.submit, TITLE),
        "close": plain(say("slack.cancel"), TITLE),
        "private_metadata": origin.packed(),
    }


def files_view(origin: Origin, say: Say) -> Json:
    """The dialog for uploading files."""
    files = {"type": "file_input", "action_id": _VALUE, "max_files": 10}
    words = Input("words", say("slack.files_words"), hint=say("slack.files_words_hint"), max_length=200)
    label = plain(say("slack.files_label"), 2000)
    shown = [{"type": "input", "block_id": f"{FIELD}files", "label": label, "element": files}, _input(words, say)]
    about = {"callback_id": ATTACHED, "private_metadata": origin.packed()}
    return _view(say("slack.files_title"), shown, say) | about | {"submit": plain(say("slack.files_submit"), TITLE)}


def reading_view(title: str, pages: list[list[Json]], origin: Origin, say: Say) -> Json:
    """One page of a card for reading, with buttons to the other pages."""
    page = min(origin.page, len(pages) - 1)
    steps = [(page - 1, "slack.previous"), (page + 1, "slack.next")]
    turns = [
        blocks.button(say(key), blocks.ActionId(PAGE, (number,)), {})
        for number, key in steps
        if 0 <= number < len(pages)
    ]
    place = blocks.muted(say("slack.page", page=page + 1, pages=len(pages))) if turns else []
    about = {"callback_id": READING, "private_metadata": origin.packed()}
    return _view(title, [*pages[page], *place, *blocks.actions(turns)], say) | about


def notice_view(title: str, words: str, say: Say) -> Json:
    """A dialog that only shows a message."""
    return _view(title, blocks.paragraphs(words), say)


def _view(title: str, shown: list[Json], say: Say) -> Json:
    close = plain(say("slack.close"), TITLE)
    return {"type": "modal", "title": plain(title, TITLE), "close": close, "blocks": shown}


def _input(field: Input, say: Say) -> Json:
    made: Json = {"type": "input", "block_id": FIELD + field.name, "label": plain(field.label, 2000)}
    made |= {"element": _element(field, say), "optional": not field.required}
    hint = " ".join(part for part in (field.hint, say("slack.time_hint") if field.kind == "time" else "") if part)
    if field.kind == "area":
        # What is wrong with it is said while it is being typed.
        made["dispatch_action"] = True
    return made | ({"hint": plain(hint, 2000)} if hint else {})


def _element(field: Input, say: Say) -> Json:
    match field.kind:
        case "select" if field.options:
            return _select(field, say)
        case "many" if field.options:
            return _many(field, say)
        case "date":
            return _picker("datepicker", "initial_date", _day(field.value))
        case "time":
            return _picker("datetimepicker", "initial_date_time", _instant(field.value))
    longest = max(1, min(field.max_length, LONGEST))
    made: Json = {"type": "plain_text_input", "action_id": _VALUE, "max_length": longest}
    made["multiline"] = field.kind == "area"
    if field.kind == "area":
        made["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    value = cut(field.value, longest, bare) if field.value.strip() else ""
    return made | ({"initial_value": value} if value else {})


def _picker(kind: str, key: str, value: Any) -> Json:
    return {"type": kind, "action_id": _VALUE} | ({key: value} if value else {})


def _day(value: str) -> str:
    at = filled_in(value)
    return f"{at:%Y-%m-%d}" if at else ""


def _instant(value: str) -> int:
    """Epoch seconds of an instant with a zone; 0 for a time without one, because it is not known here whose local
    time it is."""
    at = filled_in(value)
    return int(at.timestamp()) if at and at.tzinfo and 10**9 <= at.timestamp() < 10**10 else 0


def _select(field: Input, say: Say) -> Json:
    given = [option for option in field.options if len(option.value) < 150][: OPTIONS * GROUPS]
    made = [_option(option) for option in given] or [_option(Option("", say("slack.choose")))]
    first = next((item for item in made if item["value"] == _SIGN + field.value), None)
    element = {"type": "static_select", "action_id": _VALUE, "placeholder": plain(say("slack.choose"), 150)}
    element |= {"initial_option": first} if first else {}
    if len(made) <= OPTIONS:
        return element | {"options": made}
    return element | {"option_groups": [_group(made, start, say) for start in range(0, len(made), OPTIONS)]}


def _many(field: Input, say: Say) -> Json:
    made = [_option(option) for option in field.options if len(option.value) < 150][:OPTIONS]
    chosen = {_SIGN + value for value in field.value.split(",")}
    first = [item for item in made if item["value"] in chosen]
    element = {"type": "multi_static_select", "action_id": _VALUE, "placeholder": plain(say("slack.choose"), 150)}
    return element | {"options": made} | ({"initial_options": first} if first else {})


def _option(option: Option) -> Json:
    return {"text": plain(option.label, 75), "value": _SIGN + option.value}


def _group(made: list[Json], start: int, say: Say) -> Json:
    inside = made[start : start + OPTIONS]
    label = say("slack.group", first=start + 1, last=start + len(inside))
    return {"label": plain(label, 75), "options": inside}


def values(view: Json) -> dict[str, str]:
    """The values of the dialog's fields, by input name; times are UTC in ISO form."""
    state = view.get("state", {}).get("values", {})
    return {
        block_id.removeprefix(FIELD): _value(elements.get(_VALUE) or {})
        for block_id, elements in state.items()
        if block_id.startswith(FIELD)
    }


def files(view: Json) -> list[Json]:
    """The files chosen in the dialog."""
    chosen = view.get("state", {}).get("values", {}).get(f"{FIELD}files", {}).get(_VALUE, {})
    return list(chosen.get("files") or [])


def _value(element: Json) -> str:
    if option := element.get("selected_option"):
        return str(option.get("value", "")).removeprefix(_SIGN)
    if element.get("type") == "multi_static_select":
        chosen = element.get("selected_options") or []
        return ",".join(str(option.get("value", "")).removeprefix(_SIGN) for option in chosen)
    if at := element.get("selected_date_time"):
        return datetime.fromtimestamp(int(at), UTC).isoformat()
    return str(element.get("selected_date") or element.get("value") or "")


def errors(wrong: Mapping[str, str], view: Json) -> dict[str, str]:
    """What is wrong, by the ids of the blocks at which Slack shows it; each is a field of the dialog."""
    fields = [block["block_id"] for block in view.get("blocks", []) if block.get("type") == "input"]
    named = {FIELD + name: words for name, words in wrong.items() if FIELD + name in fields}
    lost = [words for name, words in wrong.items() if FIELD + name not in fields]
    if lost and fields:
        named[fields[0]] = " ".join([named.get(fields[0], ""), *lost]).strip()
    return {block_id: cut(words, 1000) for block_id, words in named.items()}


def with_findings(view: Json, wrong: Mapping[str, str]) -> Json | None:
    """The dialog with what is wrong shown below each field; None when it shows just that already."""
    before = view.get("blocks", [])
    kept = [block for block in before if not str(block.get("block_id", "")).startswith(_FOUND)]
    shown = [item for block in kept for item in (block, *_found(block, wrong))]
    if _findings(shown) == _findings(before):
        return None
    keys = ("type", "title", "submit", "close", "callback_id", "private_metadata")
    return {key: view[key] for key in keys if view.get(key)} | {"blocks": shown}


def _found(block: Json, wrong: Mapping[str, str]) -> Iterator[Json]:
    name = str(block.get("block_id", "")).removeprefix(FIELD)
    if words := wrong.get(name) if block.get("type") == "input" else None:
        # A new id each time, or Slack may go on showing the old words.
        block_id = f"{_FOUND}{name}:{sum(map(ord, words))}"
        yield {**blocks.small("⚠️ " + escape(cut(words, 2000))), "block_id": block_id[:255]}


def _findings(shown: list[Json]) -> list[str]:
    found = [block for block in shown if str(block.get("block_id", "")).startswith(_FOUND)]
    return [str(block["block_id"]) for block in found]
