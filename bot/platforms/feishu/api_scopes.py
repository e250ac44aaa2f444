"""The scopes that Feishu has granted to the app."""

import threading
from time import monotonic

from bot.platforms.feishu.api import Api

NEEDED = (
    "im:message:send_as_bot",
    "im:message:readonly",
    "im:message.p2p_msg:readonly",
    "im:message.group_at_msg:readonly",
    "im:resource",
    "im:chat",
)
GROUP_FILES, URGENT = "im:message.group_msg", "im:message.urgent"
NAMES = ("contact:contact.base:readonly", "contact:user.base:readonly")
"""For looking somebody up, and for seeing their name then."""
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


class Scopes:
    """The granted scopes, requested at most once an hour."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self._asked, self._granted = 0.0, frozenset[str]()
        self._asking = threading.Lock()

    def granted(self, seconds: float = 10.0) -> frozenset[str]:
        """All granted scopes. Raises what the API call raises."""
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
