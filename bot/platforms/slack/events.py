"""What arrives from Slack as events of the core: kept first, under an id by which a repeat is known."""

import logging
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from bot.conversation.events import BotJoined, CommandReceived, FileReceived, Incoming, MessageChanged
from bot.domain.addresses import ChannelId
from bot.platforms.slack.api import SlackApi, SlackError
from bot.platforms.slack.events_messages import Said, calls, changed, is_direct, said, words
from bot.platforms.slack.files import Files
from bot.platforms.slack.markup import Json
from bot.platforms.slack.people import People
from bot.ports.chat import TryLater
from bot.ports.host import Host

log = logging.getLogger(__name__)
T = TypeVar("T")


class Arriving:
    """Makes events of what people write, and keeps them. A message has the same id however often and as whatever
    event it comes: its place."""

    def __init__(self, host: Host, api: SlackApi, people: People, files: Files) -> None:
        self.host, self.api, self.people, self.files = host, api, people, files
        self._bot = ""
        self._own = threading.local()

    def bot(self, body: Json | None = None) -> str:
        """The bot's own account; "" when neither the event nor Slack tells."""
        if not self._bot:
            granted = (body or {}).get("authorizations") or [{}]
            self._bot = str(granted[0].get("user_id") or "") if granted[0].get("is_bot") else ""
        if not self._bot:
            try:
                self._bot = str(self.api.ask("auth.test").get("user_id") or "")
            except (SlackError, TryLater, OSError) as error:
                log.warning("the bot does not know its own name: %s", error)
        return self._bot

    def keep(self, event: Incoming) -> None:
        """Keep an event, or leave it to whoever gathers events in this thread."""
        gathered: list[Incoming] | None = getattr(self._own, "gathered", None)
        if gathered is None:
            self.host.accept(event)
        else:
            gathered.append(event)

    def gathered(self, take: Callable[[], T]) -> tuple[T, list[Incoming]]:
        """What `take` returns, and the events that it would have kept, for whoever keeps many at once."""
        events: list[Incoming] = []
        self._own.gathered = events
        try:
            return take(), events
        finally:
            self._own.gathered = None

    def common(self, event_id: str, channel: str, account: str, thread: str = "") -> dict[str, Any]:
        """What all events have."""
        about = {
            "id": f"slack:{event_id}",
            "channel": str(ChannelId("slack", channel)),
            "person": self.people.meet(account),
        }
        return about | {"at": self.host.now(), "thread": thread, "direct": is_direct(channel)}

    def message(self, body: Json) -> tuple[Said, Incoming] | None:
        """Somebody wrote, changed or deleted a message; what was written, if it is for the bot."""
        event = body["event"]
        if event.get("subtype") in ("message_changed", "message_deleted"):
            self._changed(body)
            return None
        written = said(event)
        return self._said(written, self.bot(body)) if written and written.account != self.bot(body) else None

    def _said(self, written: Said, bot: str) -> tuple[Said, Incoming] | None:
        called = written.direct or calls(written.text, bot)
        case = self.thread(written)
        # A file below a message of the bot's is for the bot, also before it is noted which case's thread that opens.
        given = bool(written.files) and written.parent == bot != ""
        if not (called or case or given):
            return None
        common = self.common(f"{written.channel}:{written.ts}", written.channel, written.account, case)
        event = self.said(written, common, called)
        self.keep(event)
        return written, event

    def said(self, written: Said, common: dict[str, Any], called: bool) -> Incoming:
        """A message as an event."""
        text = words(written.text, self.bot(), self.people.named_by_slack)
        if written.files:
            return FileReceived(**common, uploads=tuple(map(self.files.upload, written.files)), text=text)
        return CommandReceived(**common, text=text or ("help" if called else ""), addressed=called)

    def thread(self, written: Said) -> str:
        """The case in whose thread somebody wrote; "" outside."""
        return self.host.thread_of(written.channel, written.thread_ts) if written.thread_ts else ""

    def _changed(self, body: Json) -> None:
        change = changed(body["event"])
        if change is None or not (case := self.thread(change.said)):
            return
        written = change.said
        common = self.common(str(body.get("event_id") or f"{written.channel}:{written.ts}:changed"), *_where(written))
        text = words(written.text, self.bot(body), self.host.person_id)
        event = {**common, "thread": case}
        self.keep(MessageChanged(**event, ref=written.ts, text=text, deleted=change.deleted))

    def joined(self, body: Json) -> str:
        """Somebody came into a channel; the bot itself says what it is for. The channel it came into, or ""."""
        event = body["event"]
        if event.get("user") != self.bot(body):
            return ""
        channel, inviter = str(event.get("channel") or ""), str(event.get("inviter") or event.get("user"))
        self.keep(BotJoined(**self.common(str(body.get("event_id")), channel, inviter)))
        return channel

    def command(self, body: Json) -> None:
        """Somebody typed the slash command."""
        place, account = str(body.get("channel_id") or ""), str(body.get("user_id") or "")
        typed = words(str(body.get("text") or ""), self.bot(), self.people.named_by_slack) or "help"
        common = self.common(str(body.get("trigger_id")), place, account)
        self.keep(CommandReceived(**common, text=f"/odr {typed}"))


def _where(written: Said) -> tuple[str, str]:
    return written.channel, written.account
