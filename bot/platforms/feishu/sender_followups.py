"""What may follow a message: ringing people up (加急) where group and app allow it, and telling a group once how
files reach the bot."""

import logging
from collections.abc import Sequence
from time import monotonic

from bot.platforms.feishu.api_errors import SCOPE, FeishuError, Outage
from bot.platforms.feishu.api_messages import Messages, id_type, text_content, uuid
from bot.platforms.feishu.api_scopes import GROUP_FILES, Scopes
from bot.platforms.feishu.markup import Json, account_of
from bot.ports.host import Directory, RateLimits, Texts

log = logging.getLogger(__name__)

REMEMBER_SECONDS = 600
ONCE_A_MINUTE = 1 / (60 * 24 * 60)
"""Once in sixty days is once in the life of any case."""
WHY = {
    230023: "feishu.urgent_too_many",
    230024: "feishu.urgent_too_many",
    230052: "feishu.urgent_forbidden",
    230027: "feishu.urgent_forbidden",
}


class UrgentCalls:
    """Rings people up. What a group allows is asked at most once in ten minutes."""

    def __init__(self, directory: Directory, texts: Texts, messages: Messages) -> None:
        self.directory, self.texts, self.messages = directory, texts, messages
        self._chats: dict[str, tuple[float, bool]] = {}

    def ring(self, channel: str, message: str, people: Sequence[str], language: str) -> str:
        """Ring people up about the message; returns why somebody could not be rung up, "" when all were. People
        without an account here are left out, because Feishu would take the person id for somebody else's account."""
        by_kind: dict[str, list[str]] = {}
        accounts = {person: account_of(person, self.directory.account) for person in people}
        for account in dict.fromkeys(filter(None, accounts.values())):
            by_kind.setdefault(id_type(account, "user_id"), []).append(account)
        by_kind.pop("chat_id", None)
        without = [person for person, account in accounts.items() if not account]
        try:
            if not self._allowed(channel):
                return self.texts.say("feishu.urgent_forbidden", language)
            rung = [who for kind, whom in by_kind.items() for who in self.messages.ring(message, kind, whom)]
            missed = [*without, *rung]
        except FeishuError as refused:
            key = (
                "feishu.urgent_no_scope" if refused.code in SCOPE else WHY.get(refused.code, "feishu.urgent_refused")
            )
            return self.texts.say(key, language, code=refused.code)
        except Outage as error:
            # Calls late is worse than not at all: the message itself is shown.
            log.warning("nobody was rung up: %s", error)
            return self.texts.say("feishu.urgent_refused", language, code="–")
        return self.texts.say("feishu.urgent_missed", language, people=", ".join(missed)) if missed else ""

    def _allowed(self, channel: str) -> bool:
        at, allowed = self._chats.get(channel, (0.0, False))
        if not channel.startswith("oc_"):
            return True
        if monotonic() - at > REMEMBER_SECONDS or not at:
            allowed = may_ring(self.messages.chat(channel), self.messages.api.settings.app_id)
            self._chats[channel] = (monotonic(), allowed)
        return allowed


def may_ring(chat: Json, app_id: str) -> bool:
    """Whether the group lets the app ring people up; a group that the app itself made has no owner in its data."""
    if chat.get("urgent_setting") != "only_owner" or not chat.get("owner_id"):
        return True
    return app_id in (chat.get("bot_manager_id_list") or [])


class GroupFiles:
    """Tells a group once that files dropped there do not arrive, and how to send them."""

    def __init__(self, rates: RateLimits, texts: Texts, scopes: Scopes, messages: Messages) -> None:
        self.rates, self.texts, self.scopes, self.messages = rates, texts, scopes, messages
        self._told: set[str] = set()

    def tell(self, channel: str, below: str, language: str, topic: bool = True) -> None:
        """Tell the group as a reply to the message `below`, once however many processes and restarts there are;
        nothing when files do arrive."""
        if channel in self._told or not channel.startswith("oc_"):
            return
        if self.scopes.has(GROUP_FILES):
            return
        self._told.add(channel)
        if self.messages.chat(channel).get("chat_mode") == "p2p":
            return
        if self.rates.reserve(f"group files {channel}", ONCE_A_MINUTE) == 0:
            words = self.texts.say("feishu.group_files", language)
            self.messages.reply(below, "text", text_content(words), uuid("group files", channel), topic)
