"""Which account the bot itself has: to tell whether somebody calls it."""

import logging
import threading
from collections.abc import Iterable
from concurrent.futures import Executor

from bot.platforms.feishu.api import Api
from bot.platforms.feishu.events_contents import Json, account

log = logging.getLogger(__name__)

CALL_SECONDS = 5.0


class Bot:
    """The bot's own account, asked for once behind the scenes."""

    def __init__(self, api: Api, background: Executor) -> None:
        self.api, self.background = api, background
        self.open_id = ""
        self._asking = threading.Lock()

    def introduce(self) -> None:
        """Ask who it is, unless that is known or being asked; nobody waits for the answer."""
        if not self.open_id and self._asking.acquire(blocking=False):
            self.background.submit(self._ask)

    def _ask(self) -> None:
        try:
            self.open_id = str(info(self.api).get("open_id") or "")
        except Exception as error:
            log.warning("the bot's own account is not known yet: %s", error)
        finally:
            self._asking.release()

    def called(self, mentions: Iterable[Json]) -> bool:
        """Whether one of the mentions is the bot."""
        return any(self.is_me(mention) for mention in mentions)

    def is_me(self, mention: Json) -> bool:
        """Whether a mention is the bot; while its account is not known, whether it is no person."""
        if self.open_id:
            return account(mention) == self.open_id
        self.introduce()
        named = mention.get("id")
        return mention.get("mentioned_type") == "bot" or not (isinstance(named, dict) and named.get("user_id"))


def info(api: Api, seconds: float = CALL_SECONDS) -> Json:
    """What Feishu knows of the bot: its name, account and whether it is switched on."""
    bot = api.get("/open-apis/bot/v3/info", seconds=seconds).get("bot")
    return bot if isinstance(bot, dict) else {}
