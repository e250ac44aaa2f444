"""People on Slack: their ids by account, their names, languages and zones, their channels, and how to mention
them."""

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from time import monotonic
from typing import Any

from bot.domain.audience import Audience
from bot.messaging.card import Card
from bot.platforms.slack.api import SlackApi, SlackError
from bot.platforms.slack.markup import Json, escape, is_direct
from bot.ports.chat import TryLater
from bot.ports.host import Directory
from bot.ports.records import Person

log = logging.getLogger(__name__)

KNOWN_SECONDS, AGAIN_SECONDS, MEMBERS_SECONDS = 86_400.0, 300.0, 300.0
PAGES, PAGE = 10, 1000
_ACCOUNT = re.compile(r"^[UW][A-Z0-9]{6,20}$")
_SHOWN_ACCOUNT = re.compile(r"\b[UW][A-Z0-9]{8,12}\b")
_NOT_SHOWN = {"payload", "action", "mentions", "slot", "private_to", "sha256", "value", "name", "language", "style"}


class People:
    """Finds people by their Slack accounts. What Slack tells about them is cached for a day, and stored for good."""

    def __init__(self, api: SlackApi, directory: Directory) -> None:
        self.api, self.directory = api, directory
        self._met: dict[str, float] = {}
        self._members: dict[str, tuple[float, frozenset[str]]] = {}
        self._channels: dict[str, str] = {}
        self._entered: dict[str, float] = {}

    def meet(self, account: str) -> str:
        """The person's id. Slack is asked about a new person first, so that already the first answer is in their
        language."""
        person_id = self.directory.person_id(account)
        if monotonic() - self._met.get(account, -KNOWN_SECONDS) >= KNOWN_SECONDS:
            # For whoever asks meanwhile; when Slack does not tell, it is asked again soon.
            self._met[account] = monotonic() - KNOWN_SECONDS + AGAIN_SECONDS
            if self._quietly(lambda: self._learn(account, person_id)):
                self._met[account] = monotonic()
        return person_id

    def named_by_slack(self, account: str) -> str:
        """The id of a person whom a message mentions. Slack confirms the account, so the person is known from now
        on, even if Slack tells nothing else about them."""
        person_id = self.meet(account)
        if self.directory.person(person_id) is None:
            self.directory.save_person(Person(person_id))
        return person_id

    def _learn(self, account: str, person_id: str) -> None:
        known = self.directory.person(person_id) or Person(person_id)
        user = self.api.ask("users.info", user=account, include_locale=True)["user"]
        profile = user.get("profile") or {}
        name = profile.get("display_name") or profile.get("real_name") or user.get("name") or ""
        language = str(user.get("locale") or "")[:2].lower()
        told = replace(
            known,
            name=known.name or str(name)[:100],
            # What somebody has chosen with a command stays.
            language=known.language or (language if language in ("zh", "en") else ""),
            timezone=known.timezone or str(user.get("tz") or ""),
        )
        if told != known:
            self.directory.save_person(told)

    def account(self, person_id: str) -> str:
        """The person's Slack account; "" for a person without one."""
        account = self.directory.account(person_id)
        return account if _ACCOUNT.match(account) else ""

    def mention(self, person_id: str) -> str:
        """The mrkdwn that mentions the person."""
        account = self.account(person_id)
        return f"<@{account}>" if account else escape(f"@{person_id}")

    def named(self, card: Card) -> Card:
        """The card with names in place of the accounts of people who are not listed in the settings."""
        named: Card = _renamed(card, self._name)
        return named

    def _name(self, found: re.Match[str]) -> str:
        known = self.directory.person(self.directory.person_id(found.group()))
        return known.name if known and known.name else found.group()

    def direct(self, account: str) -> str:
        """The channel of the direct conversation between the bot and that person."""
        if account not in self._channels:
            opened = self.api.call("conversations.open", users=account)
            self._channels[account] = str(opened["channel"]["id"])
        return self._channels[account]

    def inside(self, channel: str) -> bool:
        """Whether the bot is a member of the channel and can answer there; assumed when Slack does not tell."""
        if is_direct(channel) and channel in self._channels.values():
            return True
        if monotonic() - self._entered.get(channel, -MEMBERS_SECONDS) < MEMBERS_SECONDS:
            return True
        try:
            about = self.api.ask("conversations.info", channel=channel)["channel"]
        except SlackError:
            return False
        except (TryLater, OSError, KeyError):
            return True
        entered = bool(about.get("is_member") or about.get("is_im"))
        if entered:
            self._entered[channel] = monotonic()
        return entered

    def learn_channel(self, channel: str) -> None:
        """Learn and store the name of a channel, and who reads it."""
        about = self.api.read("conversations.info", channel=channel)["channel"]
        if name := str(about.get("name") or ""):
            self.directory.name_channel(channel, name[:100])
        self.directory.note_audience(channel, self._readers(channel, about))

    def audience(self, channel: str) -> Audience:
        """Who reads the channel. Raises OSError when Slack does not tell."""
        if is_direct(channel):
            return Audience.TEAM
        try:
            about = self.api.read("conversations.info", channel=channel)["channel"]
            return self._readers(channel, about)
        except (SlackError, TryLater, KeyError) as error:
            raise OSError(f"Slack: {error}") from error

    def readers(self, channel: str) -> frozenset[str]:
        """The accounts of the people in the channel, without apps. Raises OSError when Slack does not tell."""
        try:
            return self._listed(channel) - self._marked("is_bot")
        except (SlackError, TryLater, KeyError) as error:
            raise OSError(f"Slack: {error}") from error

    def _readers(self, channel: str, about: Json) -> Audience:
        # A channel that is shared within one organisation alone (`is_org_shared`) stays inside. One to which others
        # are invited is theirs as soon as they accept, and nobody asks again.
        outside = about.get("is_ext_shared") or about.get("is_pending_ext_shared")
        if outside or (about.get("is_shared") and not about.get("is_org_shared")):
            return Audience.EXTERNAL
        return (
            Audience.GUESTS
            if self._marked("is_restricted", "is_ultra_restricted") & self._listed(channel)
            else Audience.TEAM
        )

    def _marked(self, *marks: str) -> frozenset[str]:
        """The accounts of the workspace that bear one of these marks of Slack, without deleted ones."""
        found: set[str] = set()
        for answer in self._pages("users.list", PAGE):
            marked = (user for user in answer["members"] if any(user.get(mark) for mark in marks))
            found.update(str(user.get("id")) for user in marked if not user.get("deleted"))
        return frozenset(found)

    def outside(self, channel: str, accounts: list[str]) -> list[str]:
        """Those of the accounts that are not members of the channel."""
        if not accounts or is_direct(channel):
            return []
        at, members = self._members.get(channel, (-MEMBERS_SECONDS, frozenset[str]()))
        if monotonic() - at >= MEMBERS_SECONDS:
            members = self._listed(channel)
            self._members[channel] = monotonic(), members
        return [account for account in accounts if account not in members]

    def _listed(self, channel: str) -> frozenset[str]:
        found: set[str] = set()
        for answer in self._pages("conversations.members", PAGE, channel=channel):
            found.update(answer["members"])
        return frozenset(found)

    def _pages(self, method: str, limit: int, **params: str) -> Iterator[Json]:
        cursor = ""
        for _ in range(PAGES):
            answer = self.api.read(method, limit=limit, cursor=cursor, **params)
            yield answer
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break

    @staticmethod
    def _quietly(ask: Callable[[], None]) -> bool:
        """Nobody waits for an answer because Slack does not tell a name; whether it did."""
        try:
            ask()
        except (SlackError, TryLater, OSError, KeyError) as error:
            log.warning("somebody stays unknown: %s", error)
            return False
        return True


def _renamed(value: Any, name: Callable[[re.Match[str]], str]) -> Any:
    if isinstance(value, str):
        return _SHOWN_ACCOUNT.sub(name, value)
    if isinstance(value, tuple):
        return tuple(_renamed(item, name) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        shown = [field.name for field in fields(value) if field.name not in _NOT_SHOWN]
        return replace(value, **{field: _renamed(getattr(value, field), name) for field in shown})
    return value
