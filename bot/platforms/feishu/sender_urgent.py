"""Urgent messages (加急): people are rung up in the app, where the group and the app may."""

import logging
from collections.abc import Sequence
from time import monotonic

from bot.platforms.feishu.api import Json
from bot.platforms.feishu.api_errors import SCOPE, Outage, Refused
from bot.platforms.feishu.api_messages import Messages, id_type
from bot.platforms.feishu.markup import account_of
from bot.ports.host import Host

log = logging.getLogger(__name__)

REMEMBER_SECONDS = 600
WHY = {
    230023: "feishu.urgent_too_many",
    230024: "feishu.urgent_too_many",
    230052: "feishu.urgent_forbidden",
    230027: "feishu.urgent_forbidden",
}


class Ringing:
    """Rings people up. What a group allows is asked once in ten minutes."""

    def __init__(self, host: Host, messages: Messages) -> None:
        self.host, self.messages = host, messages
        self._chats: dict[str, tuple[float, bool]] = {}

    def ring(self, channel: str, message: str, people: Sequence[str], language: str) -> str:
        """Ring people up about the message; returns why somebody could not be, "" when all were. Who has no account
        here is not asked for: Feishu would take the person's name for somebody else's id."""
        by_kind: dict[str, list[str]] = {}
        accounts = {person: account_of(person, self.host.account) for person in people}
        for account in dict.fromkeys(filter(None, accounts.values())):
            by_kind.setdefault(id_type(account, "user_id"), []).append(account)
        by_kind.pop("chat_id", None)
        without = [person for person, account in accounts.items() if not account]
        try:
            if not self._allowed(channel):
                return self.host.say("feishu.urgent_forbidden", language)
            rung = [who for kind, whom in by_kind.items() for who in self.messages.ring(message, kind, whom)]
            missed = [*without, *rung]
        except Refused as refused:
            key = (
                "feishu.urgent_no_scope" if refused.code in SCOPE else WHY.get(refused.code, "feishu.urgent_refused")
            )
            return self.host.say(key, language, code=refused.code)
        except Outage as error:
            # Ringing late is worse than not at all: the message itself is shown.
            log.warning("nobody was rung up: %s", error)
            return self.host.say("feishu.urgent_refused", language, code="–")
        return self.host.say("feishu.urgent_missed", language, people=", ".join(missed)) if missed else ""

    def _allowed(self, channel: str) -> bool:
        at, allowed = self._chats.get(channel, (0.0, False))
        if not channel.startswith("oc_"):
            return True
        if monotonic() - at > REMEMBER_SECONDS or not at:
            allowed = may_ring(self.messages.chat(channel), self.messages.api.settings.app_id)
            self._chats[channel] = (monotonic(), allowed)
        return allowed


def may_ring(chat: Json, app_id: str) -> bool:
    """Whether the group lets the app ring people up; a group that the app has made has no owner's name."""
    if chat.get("urgent_setting") != "only_owner" or not chat.get("owner_id"):
        return True
    return app_id in (chat.get("bot_manager_id_list") or [])
