"""Who somebody is: their name where the app may read it, their zone as Feishu tells it; what groups are called."""

import logging
import threading
from concurrent.futures import Executor
from dataclasses import replace

from bot.platforms.feishu.api import Api
from bot.platforms.feishu.api_errors import Refused
from bot.ports.host import Host
from bot.ports.records import Person

log = logging.getLogger(__name__)

CALL_SECONDS = 5.0
NAME_LENGTH = 80


class People:
    """Gets to know people, each once, behind the scenes: nobody waits for it, and nothing depends on it."""

    def __init__(self, host: Host, api: Api, background: Executor) -> None:
        self.host, self.api, self.background = host, api, background
        self._met: set[tuple[str, str]] = set()
        self._guard = threading.Lock()

    def met(self, account: str, zone: str = "", name: str = "") -> None:
        """Somebody did something."""
        with self._guard:
            if not account or (account, zone) in self._met:
                return
            self._met.add((account, zone))
        self.background.submit(self._learn, account, zone, name)

    def mentioned(self, account: str, name: str) -> str:
        """The id of a person whom a message mentions. Feishu vouches for the account, so the person is known from now
        on, by that name where none is known."""
        person_id = self.host.person_id(account)
        if self.host.person(person_id) is None:
            self.host.save_person(Person(person_id, name[:NAME_LENGTH]))
        return person_id

    def learn_group(self, group: str) -> None:
        """Keep what a group is called."""
        self.background.submit(self._learn_group, group)

    def _learn_group(self, group: str) -> None:
        try:
            about = self.api.get("/open-apis/im/v1/chats/:chat_id", seconds=CALL_SECONDS, chat_id=group)
            if name := str(about.get("name") or ""):
                self.host.name_channel(group, name[:NAME_LENGTH])
        except Exception as error:
            log.info("nothing learnt of %s: %s", group, error)

    def _learn(self, account: str, zone: str, name: str) -> None:
        try:
            person_id = self.host.person_id(account)
            known = self.host.person(person_id) or Person(person_id)
            learnt = replace(known, name=known.name or name or self._name(account), timezone=known.timezone or zone)
            if learnt != known:
                self.host.save_person(learnt)
        except Exception as error:
            log.info("nothing learnt of %s: %s", account, error)
            with self._guard:
                self._met.discard((account, zone))

    def _name(self, account: str) -> str:
        """Their name; "" where the app may not read it."""
        path = "/open-apis/contact/v3/users/:user_id"
        try:
            answer = self.api.get(path, ("user_id_type", "open_id"), seconds=CALL_SECONDS, user_id=account)
        except Refused:
            return ""
        user = answer.get("user")
        return str(user.get("name") or "")[:NAME_LENGTH] if isinstance(user, dict) else ""
