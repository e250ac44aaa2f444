"""Makes events of what a page has sent."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from bot.conversation.events import ButtonPressed, CommandReceived, FileReceived, FormSubmitted, Incoming
from bot.domain.addresses import ChannelId
from bot.platforms.console.files import RequestRefused, Submitted

_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
VALUE_PREFIX = "value."
"""Starts the name of a form's input, so that inputs cannot collide with the event's own fields."""

FILE_MARK = "📎 "
"""Starts a line of an entry that names a file somebody sent."""

Common = dict[str, Any]
Make = Callable[[Submitted, Common], Incoming]


def common(form: Submitted, person: str, channel: str, thread: str, at: datetime) -> Common:
    """The fields that all events have. The page makes the event's id, so that sending again after a lost answer
    has no second effect."""
    given = form.fields.get("id", "")
    event_id = given if _ID.fullmatch(given) else str(uuid4())
    return {
        "id": f"console:{event_id}",
        "channel": str(ChannelId("console", channel)),
        "person": person,
        "at": at,
        "thread": thread,
    }


def message(form: Submitted, about: Common) -> Incoming:
    """The event for words, files or both."""
    text = form.fields.get("text", "").strip()
    if form.uploads:
        return FileReceived(**about, uploads=tuple(form.uploads), text=text)
    if not text:
        raise RequestRefused(400, "console.error_empty")
    return CommandReceived(**about, text=text)


def pressed(form: Submitted, about: Common) -> Incoming:
    """The event for a pressed button of a card."""
    return ButtonPressed(**about, action=form.fields.get("action", ""), payload=_payload(form))


def submitted(form: Submitted, about: Common) -> Incoming:
    """The event for a submitted form of a card."""
    values = {
        name.removeprefix(VALUE_PREFIX): value for name, value in form.fields.items() if name.startswith(VALUE_PREFIX)
    }
    return FormSubmitted(**about, action=form.fields.get("action", ""), payload=_payload(form), values=values)


def _payload(form: Submitted) -> dict[str, str]:
    try:
        payload = json.loads(form.fields.get("payload") or "{}")
    except (ValueError, RecursionError) as error:
        raise RequestRefused(400, "console.error_broken") from error
    if not isinstance(payload, dict) or not all(isinstance(value, str) for value in payload.values()):
        raise RequestRefused(400, "console.error_broken")
    return payload


def words_of(event: Incoming) -> str:
    """What the conversation shows for an event: its words, then one line for each file; "" for buttons and forms."""
    match event:
        case CommandReceived(text=text):
            return text
        case FileReceived(uploads=uploads, text=text):
            return "\n".join([*([text] if text else []), *(FILE_MARK + upload.file_name for upload in uploads)])
        case _:
            return ""
