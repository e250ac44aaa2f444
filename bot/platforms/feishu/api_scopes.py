"""What the app may do, as Feishu says; and the one thing people must know when it may not see files in groups."""

import logging
import threading
from time import monotonic

from bot.platforms.feishu.api import Api
from bot.platforms.feishu.api_messages import Messages, text_content, uuid
from bot.ports.host import Host

log = logging.getLogger(__name__)

NEEDED = (
    "im:message:send_as_bot",
    "im:message:readonly",
    "im:message.p2p_msg:readonly",
    "im:message.group_at_msg:readonly",
    "im:resource",
    "im:chat",
)
GROUP_FILES, URGENT, NAMES = "im:message.group_msg", "im:message.urgent", "contact:user.base:readonly"
WIDER = {
    "im:message:send_as_bot": ("im:message",),
    "im:message:readonly": ("im:message",),
    "im:message.p2p_msg:readonly": ("im:message.p2p_msg",),
    "im:message.group_at_msg:readonly": ("im:message.group_at_msg", GROUP_FILES),
    "im:chat": ("im:chat:readonly",),
    GROUP_FILES: ("im:message.group_msg:readonly",),
    URGENT: ("im:message.urgent:app_send",),
}
"""Other scopes that include one of ours."""

GRANTED = 1
REMEMBER_SECONDS = 3600
ONCE_A_MINUTE = 1 / (60 * 24 * 60)
"""Once in sixty days is once in the life of any case."""


class Scopes:
    """The scopes the app has, asked for once an hour."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self._asked, self._granted = 0.0, frozenset[str]()
        self._asking = threading.Lock()

    def granted(self, seconds: float = 10.0) -> frozenset[str]:
        """All of them. Raises what the call raises."""
        with self._asking:
            if not self._asked or monotonic() - self._asked > REMEMBER_SECONDS:
                listed = self.api.get("/open-apis/application/v6/scopes", seconds=seconds).get("scopes")
                items = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
                self._granted = frozenset(
                    str(item.get("scope_name")) for item in items if item.get("grant_status") == GRANTED
                )
                self._asked = monotonic()
            return self._granted

    def has(self, scope: str, seconds: float = 10.0) -> bool:
        """Whether the app has this scope or one that includes it."""
        return bool(self.granted(seconds) & {scope, *WIDER.get(scope, ())})


class GroupFiles:
    """Says once in a group that files dropped there do not arrive, and how they do."""

    def __init__(self, host: Host, scopes: Scopes, messages: Messages) -> None:
        self.host, self.scopes, self.messages = host, scopes, messages
        self._told: set[str] = set()

    def tell(self, channel: str, below: str, language: str, topic: bool = True) -> None:
        """Once in a group, however many programs and restarts there are, below the message `below`; nothing when
        files do arrive."""
        if channel in self._told or not channel.startswith("oc_"):
            return
        if self.scopes.has(GROUP_FILES):
            return
        self._told.add(channel)
        if self.messages.chat(channel).get("chat_mode") == "p2p":
            return
        if self.host.reserve(f"group files {channel}", ONCE_A_MINUTE) == 0:
            words = self.host.say("feishu.group_files", language)
            self.messages.reply(below, "text", text_content(words), uuid("group files", channel), topic)
