"""Makes events of what people write in Slack, and stores them under an id by which a repeat is known."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.conversation.events import BotJoined, CommandReceived, FileReceived, Incoming, MessageChanged
from bot.domain.addresses import ChannelId
from bot.platforms.slack.api import SlackApi, SlackError
from bot.platforms.slack.files import Files
from bot.platforms.slack.markup import Json, is_direct, mentions, unmarked
from bot.platforms.slack.people import People
from bot.ports.chat import TryLater
from bot.ports.host import Host

log = logging.getLogger(__name__)
T = TypeVar("T")

WRITTEN = {None, "", "file_share", "thread_broadcast"}
"""The subtypes of messages that somebody wrote; all others are notes of Slack."""


@dataclass(frozen=True)
class SlackMessage:
    """A message that somebody wrote. In a thread, `thread_ts` is the thread's first message and `parent` the
    author of that. `text` still contains Slack's mark-up."""

    channel: str
    account: str
    ts: str
    text: str = ""
    thread_ts: str = ""
    direct: bool = False
    files: tuple[Json, ...] = field(default_factory=tuple)
    parent: str = ""


@dataclass(frozen=True)
class Edit:
    """A message that somebody edited or deleted."""

    message: SlackMessage
    deleted: bool


def message_of(event: Json) -> SlackMessage | None:
    """The message of an event; None for Slack's own notices, and for what programs write."""
    if event.get("subtype") not in WRITTEN or event.get("bot_id") or event.get("app_id") or event.get("hidden"):
        return None
    return _message(event, str(event.get("channel") or ""), _is_direct(event))


def edit_of(event: Json) -> Edit | None:
    """The edit of an event; None when the words are unchanged, as after Slack has added the preview of a link."""
    before = _data(event.get("previous_message"))
    after = _data(event.get("message"))
    if before.get("bot_id") or before.get("app_id"):
        return None
    channel, direct = str(event.get("channel") or ""), _is_direct(event)
    if event.get("subtype") == "message_deleted" or after.get("subtype") == "tombstone":
        gone = _message(before, channel, direct)
        return Edit(gone, True) if gone else None
    now = _message(after, channel, direct)
    return Edit(now, False) if now and now.text != before.get("text") else None


def _message(message: Json, channel: str, direct: bool) -> SlackMessage | None:
    account, ts = str(message.get("user") or ""), str(message.get("ts") or "")
    if not (account and ts and channel):
        return None
    files = tuple(item for item in message.get("files") or () if isinstance(item, dict))
    thread_ts = str(message.get("thread_ts") or "")
    parent = str(message.get("parent_user_id") or "")
    return SlackMessage(channel, account, ts, str(message.get("text") or ""), thread_ts, direct, files, parent)


def _is_direct(event: Json) -> bool:
    return event.get("channel_type") == "im" or is_direct(str(event.get("channel") or ""))


def _data(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


class Events:
    """Makes events of what people write, and stores them. The id of a message is its place, so that it is the same
    however often and in whatever event it comes."""

    def __init__(self, host: Host, api: SlackApi, people: People, files: Files) -> None:
        self.inbox, self.threads, self.directory, self.clock = host.inbox, host.threads, host.directory, host.clock
        self.api, self.people, self.files = api, people, files
        self._bot = ""
        self._own = threading.local()

    def bot(self, body: Json | None = None) -> str:
        """The bot's own account; "" when neither the event nor Slack tells it."""
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
        """Store an event, or collect it while `gathered` runs in this thread."""
        gathered: list[Incoming] | None = getattr(self._own, "gathered", None)
        if gathered is None:
            self.inbox.accept(event)
        else:
            gathered.append(event)

    def gathered(self, take: Callable[[], T]) -> tuple[T, list[Incoming]]:
        """The result of `take`, and the events that it would have stored, for a caller that stores many at once."""
        events: list[Incoming] = []
        self._own.gathered = events
        try:
            return take(), events
        finally:
            self._own.gathered = None

    def common(self, event_id: str, channel: str, account: str, thread: str = "") -> dict[str, Any]:
        """The fields that all events have."""
        about = {
            "id": f"slack:{event_id}",
            "channel": str(ChannelId("slack", channel)),
            "person": self.people.meet(account),
        }
        return about | {"at": self.clock.now(), "thread": thread, "direct": is_direct(channel)}

    def message(self, body: Json) -> tuple[SlackMessage, Incoming] | None:
        """Handle a written, edited or deleted message. Returns the message and its event when it is for the bot."""
        event = body["event"]
        if event.get("subtype") in ("message_changed", "message_deleted"):
            self._changed(body)
            return None
        written = message_of(event)
        return self._for_the_bot(written, self.bot(body)) if written and written.account != self.bot(body) else None

    def _for_the_bot(self, written: SlackMessage, bot: str) -> tuple[SlackMessage, Incoming] | None:
        called = written.direct or mentions(written.text, bot)
        case = self.thread(written)
        # A file below a message of the bot's is for the bot, also before it is noted which case's thread that opens.
        given = bool(written.files) and written.parent == bot != ""
        if not (called or case or given):
            return None
        common = self.common(f"{written.channel}:{written.ts}", written.channel, written.account, case)
        event = self.event(written, common, called)
        self.keep(event)
        return written, event

    def event(self, written: SlackMessage, common: dict[str, Any], called: bool) -> Incoming:
        """The event that a message is for the core."""
        text = unmarked(written.text, self.bot(), self.people.named_by_slack)
        if written.files:
            return FileReceived(**common, uploads=tuple(map(self.files.upload, written.files)), text=text)
        return CommandReceived(**common, text=text or ("help" if called else ""), addressed=called, called=called)

    def thread(self, written: SlackMessage) -> str:
        """The id of the case in whose thread the message was written; "" outside of threads."""
        return self.threads.thread_of(written.channel, written.thread_ts) if written.thread_ts else ""

    def _changed(self, body: Json) -> None:
        if self._headline_deleted(body):
            return
        change = edit_of(body["event"])
        if change is None:
            return
        written = change.message
        case, of = self.thread(written), f"slack:{written.channel}:{written.ts}"
        if not case and not self.inbox.known(of):
            return
        common = self.common(str(body.get("event_id") or f"{written.channel}:{written.ts}:changed"), *_where(written))
        text = unmarked(written.text, self.bot(body), self.directory.person_id)
        event = {**common, "thread": case}
        self.keep(MessageChanged(**event, ref=written.ts, text=text, deleted=change.deleted, of=of))

    def _headline_deleted(self, body: Json) -> bool:
        """Whether a message of the bot's was deleted. The headline of a case is posted anew, and the thread goes on
        below it: Slack shows answers to a deleted message somewhere in the channel."""
        event = body["event"]
        before = _data(event.get("previous_message"))
        if event.get("subtype") != "message_deleted" or before.get("user") != self.bot(body):
            return False
        channel, ts = str(event.get("channel") or ""), str(before.get("ts") or "")
        if (case := self.threads.thread_of(channel, ts)) and self.threads.root(channel, case) == ts:
            self.threads.renew(channel, case)
        return True

    def joined(self, body: Json) -> str:
        """Handle that somebody came into a channel; when it is the bot, it introduces itself. Returns the channel
        into which the bot came, or ""."""
        event = body["event"]
        if event.get("user") != self.bot(body):
            return ""
        channel, inviter = str(event.get("channel") or ""), str(event.get("inviter") or event.get("user"))
        self.keep(BotJoined(**self.common(str(body.get("event_id")), channel, inviter)))
        return channel

    def command(self, body: Json) -> None:
        """Handle the slash command that somebody typed."""
        place, account = str(body.get("channel_id") or ""), str(body.get("user_id") or "")
        typed = unmarked(str(body.get("text") or ""), self.bot(), self.people.named_by_slack) or "help"
        common = self.common(str(body.get("trigger_id")), place, account)
        self.keep(CommandReceived(**common, text=f"/odr {typed}", called=True))


def _where(written: SlackMessage) -> tuple[str, str]:
    return written.channel, written.account
