"""People and groups: names where the app may read them, time zones as Feishu sends them, and the bot's own
account."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import replace
from math import inf
from time import monotonic

from bot.domain.audience import Audience
from bot.platforms.feishu.api import Api
from bot.platforms.feishu.api_errors import FeishuError, Outage
from bot.platforms.feishu.events_contents import account as account_of
from bot.platforms.feishu.markup import Json
from bot.ports.chat import TryLater
from bot.ports.host import Directory
from bot.ports.records import Person

log = logging.getLogger(__name__)

NAME_LENGTH = 80
AGAIN_SECONDS = 600.0
"""After which somebody is asked about again whose name could not be learnt: a scope may have been granted since."""
PAGES, PAGE = 20, 100
EVERYBODY = "@_all"
"""The key of a mention of everybody in the group."""


class People:
    """Learns the names of people and groups in the background: nobody waits for it, and nothing depends on it.
    `elapsed` tells seconds since any one moment, and never goes back."""

    def __init__(
        self, directory: Directory, api: Api, background: Executor, elapsed: Callable[[], float] = monotonic
    ) -> None:
        self.directory, self.api, self.background, self.elapsed = directory, api, background, elapsed
        self._met: dict[tuple[str, str], float] = {}
        self._guard = threading.Lock()

    def met(self, account: str, zone: str = "", name: str = "") -> None:
        """Note that the person with this account did something, and learn their name if it is unknown."""
        with self._guard:
            if not account or self.elapsed() < self._met.get((account, zone), 0.0):
                return
            self._met[account, zone] = inf
        self.background.submit(self._learn, account, zone, name)

    def mentioned(self, account: str, name: str) -> str:
        """The id of a person whom a message mentions. Feishu confirms the account, so the person is known from now
        on, under that name when no name is known."""
        person_id = self.directory.person_id(account)
        if self.directory.person(person_id) is None:
            self.directory.save_person(Person(person_id, name[:NAME_LENGTH]))
        return person_id

    def audience(self, group: str) -> Audience:
        """Who reads the group. Raises OSError when Feishu does not tell."""
        try:
            about = self.api.get("/open-apis/im/v1/chats/:chat_id", seconds=self.api.limits.lookup, chat_id=group)
            return self._readers(group, about)
        except (FeishuError, TryLater) as error:
            raise OSError(f"Feishu: {error}") from error

    def readers(self, group: str) -> frozenset[str]:
        """The accounts of the people in the group; Feishu lists no bots. Raises OSError when it does not tell."""
        try:
            return frozenset(str(member.get("member_id") or "") for member in self._members(group))
        except (FeishuError, TryLater) as error:
            raise OSError(f"Feishu: {error}") from error

    def _readers(self, group: str, about: Json) -> Audience:
        """External groups are marked as such; in others somebody of another organisation is found by its key."""
        if about.get("chat_mode") == "p2p":
            return Audience.TEAM
        if about.get("external"):
            return Audience.EXTERNAL
        own = about.get("tenant_key")
        keys = {str(member.get("tenant_key") or own) for member in self._members(group)}
        return Audience.EXTERNAL if keys - {own} else Audience.TEAM

    def _members(self, group: str) -> Iterator[Json]:
        path, page = "/open-apis/im/v1/chats/:chat_id/members", ""
        for _ in range(PAGES):
            asked = [("member_id_type", "open_id"), ("page_size", str(PAGE))]
            asked += [("page_token", page)] if page else []
            answer = self.api.get(path, *asked, seconds=self.api.limits.lookup, chat_id=group)
            yield from (item for item in answer.get("items") or () if isinstance(item, dict))
            page = str(answer.get("page_token") or "")
            if not (answer.get("has_more") and page):
                return

    def learn_group(self, group: str) -> None:
        """Learn and store the name of a group, and who reads it."""
        self.background.submit(self._learn_group, group)

    def _learn_group(self, group: str) -> None:
        try:
            about = self.api.get("/open-apis/im/v1/chats/:chat_id", seconds=self.api.limits.learning, chat_id=group)
            if name := str(about.get("name") or ""):
                self.directory.name_channel(group, name[:NAME_LENGTH])
            self.directory.note_audience(group, self._readers(group, about))
        except Exception as error:
            log.info("nothing learnt of %s: %s", group, error)

    def _learn(self, account: str, zone: str, name: str) -> None:
        try:
            person_id = self.directory.person_id(account)
            known = self.directory.person(person_id) or Person(person_id)
            learnt = replace(known, name=known.name or name or self._name(account), timezone=known.timezone or zone)
            if learnt != known:
                self.directory.save_person(learnt)
            if not learnt.name:
                self._again(account, zone, AGAIN_SECONDS)
        except Exception as error:
            log.info("nothing learnt of %s: %s", account, error)
            self._again(account, zone, 0.0)

    def _again(self, account: str, zone: str, seconds: float) -> None:
        with self._guard:
            self._met[account, zone] = self.elapsed() + seconds

    def _name(self, account: str) -> str:
        """The name of an account; "" where the app may not read it."""
        path = "/open-apis/contact/v3/users/:user_id"
        try:
            answer = self.api.get(
                path, ("user_id_type", "open_id"), seconds=self.api.limits.learning, user_id=account
            )
        except FeishuError:
            return ""
        user = answer.get("user")
        return str(user.get("name") or "")[:NAME_LENGTH] if isinstance(user, dict) else ""


class Bot:
    """The bot's own account, requested once in the background."""

    def __init__(self, api: Api, background: Executor) -> None:
        self.api, self.background = api, background
        self.open_id = ""
        self._asking = threading.Lock()

    def introduce(self) -> None:
        """Request the bot's account, unless it is known or being requested; does not wait for the answer."""
        if not self.open_id and self._asking.acquire(blocking=False):
            self.background.submit(self._ask)

    def _ask(self) -> None:
        try:
            self.open_id = str(info(self.api, self.api.limits.learning).get("open_id") or "")
        except Exception as error:
            log.warning("the bot's own account is not known yet: %s", error)
        finally:
            self._asking.release()

    def called(self, mentions: Iterable[Json]) -> bool:
        """Whether one of the mentions is of the bot."""
        return any(self.is_me(mention) for mention in mentions)

    def is_me(self, mention: Json) -> bool:
        """Whether a mention is of the bot. Raises Outage while nobody can tell: Feishu brings the message again."""
        if str(mention.get("key", "")) == EVERYBODY or mention.get("mentioned_type") == "user":
            return False
        if not self.open_id:
            self._ask_now()
        if self.open_id:
            return account_of(mention) == self.open_id
        if mention.get("mentioned_type") == "bot":
            return True
        raise Outage("whether a mention is of the bot is not known yet")

    def _ask_now(self) -> None:
        try:
            self.open_id = str(info(self.api, self.api.limits.lookup).get("open_id") or "")
        except (FeishuError, TryLater, OSError) as error:
            log.warning("the bot's own account is not known yet: %s", error)


def info(api: Api, seconds: float) -> Json:
    """Feishu's data about the bot: name, account, and whether it is switched on."""
    bot = api.get("/open-apis/bot/v3/info", seconds=seconds).get("bot")
    return bot if isinstance(bot, dict) else {}
