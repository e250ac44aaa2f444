"""In which case's topic a person's message stood, for when it is recalled and the event does not say."""

import threading
from collections import OrderedDict

from bot.host import Host
from bot.platforms.feishu.api import Api
from bot.platforms.feishu.contents import Json
from bot.platforms.feishu.faults import Refused

REMEMBERED = 5000
CALL_SECONDS = 2.0


class Talks:
    """Remembers the newest messages; of older ones it asks Feishu."""

    def __init__(self, host: Host, api: Api) -> None:
        self.host, self.api = host, api
        self._threads: OrderedDict[str, str] = OrderedDict()
        self._guard = threading.Lock()

    def note(self, ref: str, thread: str) -> None:
        """The message stands in the topic of the case `thread`, or in none ("")."""
        with self._guard:
            self._threads[ref] = thread
            while len(self._threads) > REMEMBERED:
                self._threads.popitem(last=False)

    def thread_of(self, channel: str, ref: str) -> str:
        """The case; "" for none. Raises OSError while Feishu cannot be asked."""
        with self._guard:
            if ref in self._threads:
                return self._threads[ref]
        root = self._root(ref)
        return self.host.thread_of(channel, root) if root else ""

    def _root(self, ref: str) -> str:
        try:
            answer = self.api.get("/open-apis/im/v1/messages/:message_id", seconds=CALL_SECONDS, message_id=ref)
        except Refused:
            return ""
        items = answer.get("items")
        first: Json = items[0] if isinstance(items, list) and items and isinstance(items[0], dict) else {}
        return str(first.get("root_id") or "")
