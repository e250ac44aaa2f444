"""The checklist for Feishu's developer console, which cannot import a configuration: its steps are done by hand."""

from collections.abc import Callable, Iterator
from typing import Any

from bot.platforms.feishu.api import HOSTS
from bot.platforms.feishu.api_scopes import GROUP_FILES, NAMES, URGENT
from bot.platforms.feishu.events import (
    ADDED,
    DISBANDED,
    MEMBER_ADDED,
    MEMBER_REMOVED,
    MESSAGE,
    RECALLED,
    REMOVED,
    UPDATED,
)
from bot.platforms.feishu.interactions import PRESSED
from bot.platforms.feishu.webhook import PATH
from bot.settings.chats import FeishuSettings

SCOPES = {
    "im:message:send_as_bot": "feishu.setup.scope_send_as_bot",
    "im:message:readonly": "feishu.setup.scope_readonly",
    "im:message.p2p_msg:readonly": "feishu.setup.scope_p2p",
    "im:message.group_at_msg:readonly": "feishu.setup.scope_group_at",
    GROUP_FILES: "feishu.setup.scope_group_msg",
    "im:resource": "feishu.setup.scope_resource",
    "im:chat": "feishu.setup.scope_chat",
    URGENT: "feishu.setup.scope_urgent",
    **dict.fromkeys(NAMES, "feishu.setup.scope_names"),
}
EVENTS = (MESSAGE, RECALLED, ADDED, REMOVED, DISBANDED, UPDATED, MEMBER_ADDED, MEMBER_REMOVED)

Say = Callable[..., str]


def checklist(settings: FeishuSettings, say: Say) -> dict[str, Any]:
    """The steps in order, each with what to add in it; `say(key, **params)` in the reader's language."""
    console = f"{HOSTS[settings.brand]}/app"
    steps = [{"text": text, "items": items} for text, items in _steps(settings, say)]
    return {"title": say("feishu.setup.title", console=console), "console": console, "steps": steps}


def _steps(settings: FeishuSettings, say: Say) -> Iterator[tuple[str, list[dict[str, str]]]]:
    yield say("feishu.setup.step_app"), []
    yield say("feishu.setup.step_bot"), []
    yield say("feishu.setup.step_scopes"), [{"name": name, "text": say(key)} for name, key in SCOPES.items()]
    if settings.mode == "webhook":
        yield say("feishu.setup.step_webhook", path=PATH), []
    else:
        yield say("feishu.setup.step_connection"), []
    yield say("feishu.setup.step_events"), [{"name": name, "text": ""} for name in EVENTS]
    yield say("feishu.setup.step_callback"), [{"name": PRESSED, "text": ""}]
    yield say("feishu.setup.step_range"), []
    yield say("feishu.setup.step_publish"), []
    yield say("feishu.setup.step_group"), []
    yield say("feishu.setup.step_doctor"), []


def plain(listed: dict[str, Any]) -> str:
    """The checklist as text to read and tick off."""
    lines = [listed["title"], ""]
    for number, step in enumerate(listed["steps"], 1):
        lines.append(f"[ ] {number}. {step['text']}")
        lines += [f"      [ ] {item['name']}  {item['text']}".rstrip() for item in step["items"]]
    return "\n".join(lines)
