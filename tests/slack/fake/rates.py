"""Rate limits of a workspace: on demand, or whenever the documented pace is broken."""

import math
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.slack.fake.refused import Refused

TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
"""calls per minute"""

TIER = {
    "chat.update": 3,
    "chat.delete": 3,
    "conversations.history": 3,
    "conversations.replies": 3,
    "conversations.info": 3,
    "conversations.open": 3,
    "conversations.join": 3,
    "conversations.members": 4,
    "chat.postEphemeral": 4,
    "views.open": 4,
    "views.update": 4,
    "views.push": 4,
    "views.publish": 4,
    "files.info": 4,
    "files.getUploadURLExternal": 4,
    "files.completeUploadExternal": 4,
    "users.info": 4,
    "pins.add": 2,
    "pins.remove": 2,
    "reactions.add": 3,
    "usergroups.list": 2,
    "usergroups.users.list": 2,
    "apps.connections.open": 1,
}
BURST = 20
"""Calls of one method over its tier that Slack lets pass in a row."""

POSTS_IN_A_ROW = 5


@dataclass
class Rates:
    """`strict` refuses who breaks the pace; `waiting` refuses calls on demand, by method and channel ("" = any)."""

    strict: bool = False
    clock: Callable[[], float] = time.monotonic
    waiting: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    refused: int = 0
    _due: dict[tuple[str, str], float] = field(default_factory=dict)

    def refuse(self, method: str, *seconds: int, channel: str = "") -> None:
        """Answer the next calls with 429 and these Retry-Afters."""
        self.waiting[method, channel].extend(seconds)

    def take(self, method: str, channel: str) -> None:
        """Raises Refused when the call comes too early."""
        for key in ((method, channel), (method, "")):
            if self.waiting.get(key):
                self._refuse(self.waiting[key].pop(0))
        if not self.strict:
            return
        if method == "chat.postMessage":
            self._pace((method, channel), 1.0, POSTS_IN_A_ROW)
        elif method in TIER:
            self._pace((method, ""), 60 / TIERS[TIER[method]], BURST)

    def _pace(self, key: tuple[str, str], interval: float, burst: int) -> None:
        now = self.clock()
        due = max(self._due.get(key, now), now)
        if (early := due - now - interval * (burst - 1)) > 0:
            self._refuse(math.ceil(early))
        self._due[key] = due + interval

    def _refuse(self, seconds: int) -> None:
        self.refused += 1
        raise Refused("ratelimited", retry_after=seconds)
