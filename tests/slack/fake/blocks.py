"""What Slack checks of a message or view before it shows it: the constructors of slackblocks, the models of
slack_sdk, and what both miss."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import slackblocks as kit
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block as SdkBlock
from slack_sdk.models.views import View as SdkView
from slackblocks.errors import InvalidUsageError

from tests.slack.fake.build import Invalid, Json, built
from tests.slack.fake.refused import Refused

TOTAL = 13_200
"""Characters of all texts of a message, with some for each block: what Slack counts, as far as people measured it."""

PER_BLOCK = 25
_SHOWN = {"text", "alt_text", "title", "subtitle", "label", "hint", "description", "placeholder", "details"}
_INPUTS = {"plain_text_input", "number_input", "url_text_input", "email_text_input", "file_input"}
_CONTROL = re.compile(
    r"<(@[UW]\w+|#C\w+(\|[^<>]*)?|!date\^\d+\^[^<>^|]+(\^[^<>|]+)?\|[^<>]+|https?://[^<>|\s]+(\|[^<>]*)?)>"
)


def check_message(blocks: Any, files: set[str]) -> None:
    """Raises Refused as chat.postMessage does. `files` are the ids of files that may be shown."""
    _check(lambda: _message(blocks, files))
    if sum(map(len, texts(blocks))) + PER_BLOCK * len(blocks) > TOTAL:
        raise Refused("msg_blocks_too_long")


def check_view(view: Any, files: set[str]) -> None:
    """Raises Refused as views.open does."""
    _check(lambda: _view(view, files))


def _check(check: Any) -> None:
    try:
        check()
    except (Invalid, InvalidUsageError, SlackObjectFormationError, TypeError) as error:
        raise Refused("invalid_blocks", str(error)) from error


def _message(blocks: Any, files: set[str]) -> None:
    if not isinstance(blocks, list):
        raise Invalid("blocks must be an array")
    kit.Message(channel="C1", text="x", blocks=[built(block) for block in blocks])
    if Counter(block["type"] for block in blocks)["table"] > 1:
        raise Invalid("only one table allowed in a message [json-pointer:/blocks]")
    if any(found.get("type") == "file_input" for found in _walk(blocks)):
        raise Invalid("file_input is not allowed in messages")
    _common(blocks, files)


def _view(view: Any, files: set[str]) -> None:
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        raise Invalid("must provide type: modal or home")
    blocks = view.get("blocks")
    if not isinstance(blocks, list) or (view["type"] == "modal" and not blocks):
        raise Invalid("missing required field: blocks")
    make = kit.ModalView if view["type"] == "modal" else kit.HomeTabView
    texts_of = {name: (view.get(name) or {}).get("text") for name in ("title", "submit", "close")}
    given = {name: value for name, value in texts_of.items() if name in view}
    known = {name: view[name] for name in ("private_metadata", "callback_id", "external_id") if name in view}
    make(blocks=[built(block) for block in blocks], **given, **known)
    SdkView(**view).to_dict()
    _common(blocks, files)


def _common(blocks: list[Json], files: set[str]) -> None:
    for block in blocks:
        parsed = SdkBlock.parse(block)
        if parsed is None:
            raise Invalid(f"unsupported type: {block['type']}")
        parsed.to_dict()
        _unique([found["action_id"] for found in _walk(block) if "action_id" in found], "action_id")
        _block(block, files)
    _unique([block["block_id"] for block in blocks if "block_id" in block], "block_id")


def _unique(names: list[str], what: str) -> None:
    if repeated := [name for name, times in Counter(names).items() if times > 1]:
        raise Invalid(f"`{what}` already exists: {repeated}")


def _block(block: Json, files: set[str]) -> None:
    if block["type"] in ("actions", "context") and not block.get("elements"):
        raise Invalid("no fewer than 1 items allowed [json-pointer:/blocks/elements]")
    if block["type"] == "actions" and any(found["type"] in _INPUTS for found in block["elements"]):
        raise Invalid("an actions block holds no text or file input")
    for found in _walk(block):
        if (file := found.get("slack_file")) and file.get("id", "") not in files:
            raise Invalid(f"invalid slack file: {file}")
        if "image_url" in found and not str(found["image_url"]).startswith("https://"):
            raise Invalid(f"invalid image url: {found['image_url']}")
        _chosen(found)


def _chosen(element: Json) -> None:
    first = element.get("initial_option")
    choices = element.get("options") or [
        item for group in element.get("option_groups", []) for item in group["options"]
    ]
    if first and first not in choices:
        raise Invalid(f"initial_option {first} is not among the options")
    for chosen in element.get("initial_options", []):
        if chosen not in choices:
            raise Invalid(f"initial_options {chosen} is not among the options")
    given, most = element.get("initial_value"), element.get("max_length", 3000)
    if element.get("type") == "plain_text_input" and len(given or "") > most:
        raise Invalid(f"initial_value is longer than {most}")


def _walk(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _walk(item)


def texts(blocks: Any) -> list[str]:
    """All words that people read in blocks."""
    return [item for found in _walk(blocks) for key, item in found.items() if key in _SHOWN and isinstance(item, str)]


def unescaped(blocks: Any) -> list[str]:
    """Texts with mark-up that was not escaped and means nothing, or that rings for everybody: Slack shows them, but
    no program of good manners sends them."""
    marked = [found["text"] for found in _walk(blocks) if found.get("type") == "mrkdwn"]
    plain = [_CONTROL.sub("", text) for text in marked]
    return [text for text in plain if re.search(r"[<>]|&(?!(amp|lt|gt);)", text)]
