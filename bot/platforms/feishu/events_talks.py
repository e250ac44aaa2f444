"""Who wrote a message in which case's topic, for when it is recalled and the event does not say."""

import threading
from collections import OrderedDict

from bot.platforms.feishu.api import Api
from bot.platforms.feishu.api_errors import Refused
from bot.platforms.feishu.events_contents import Json, account
from bot.ports.host import Host

REMEMBERED = 5000
CALL_SECONDS = 2.0


class Talks:
    """Remembers the newest messages; of older ones it asks Feishu."""

    def __init__(self, host: Host, api: Api) -> None:
        self.host, self.api = host, api
        self._threads: OrderedDict[str, tuple[str, str]] = OrderedDict()
        self._guard = threading.Lock()

    def note(self, ref: str, thread: str, person: str) -> None:
        """The person's message stands in the topic of the case `thread`, or in none ("")."""
        with self._guard:
            self._threads[ref] = thread, person
            while len(self._threads) > REMEMBERED:
                self._threads.popitem(last=False)

    def found(self, channel: str, ref: str) -> tuple[str, str]:
        """The case, "" for none, and the person. Raises OSError while Feishu cannot be asked."""
        with self._guard:
            if ref in self._threads:
                return self._threads[ref]
        message = self._message(ref)
        root, sender = str(message.get("root_id") or ""), message.get("sender")
        who = account(sender) if isinstance(sender, dict) else ""
        return (self.host.thread_of(channel, root) if root else "", self.host.person_id(who))

    def _message(self, ref: str) -> Json:
        try:
            answer = self.api.get("/open-apis/im/v1/messages/:message_id", seconds=CALL_SECONDS, message_id=ref)
        except Refused:
            return {}
        items = answer.get("items")
        return items[0] if isinstance(items, list) and items and isinstance(items[0], dict) else {}
