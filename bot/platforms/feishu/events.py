"""Makes events of what Feishu reports, and stores them before Feishu gets its answer; the same for webhook and
connection."""

import logging
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from bot.conversation.events import BotJoined, CommandReceived, FileReceived, Incoming, MessageChanged, Upload
from bot.domain.addresses import ChannelId
from bot.domain.newest import Newest
from bot.messaging.batching import Kept
from bot.platforms.feishu.api import Api
from bot.platforms.feishu.api_errors import FeishuError
from bot.platforms.feishu.events_contents import Contents, Remote, Resource, account, mention_keys, read
from bot.platforms.feishu.markup import Json
from bot.platforms.feishu.people import Bot, People
from bot.ports.host import Directory, Host, ThreadIndex

log = logging.getLogger(__name__)

UPLOADS_AT_MOST = 20
REMEMBERED = 5000

MESSAGE, RECALLED = "im.message.receive_v1", "im.message.recalled_v1"
UPDATED, MEMBER_ADDED, MEMBER_REMOVED = (
    "im.chat.updated_v1",
    "im.chat.member.user.added_v1",
    "im.chat.member.user.deleted_v1",
)
"""After these somebody else may read a group."""
ADDED, REMOVED, DISBANDED = (
    "im.chat.member.bot.added_v1",
    "im.chat.member.bot.deleted_v1",
    "im.chat.disbanded_v1",
)


class KnownMessages:
    """Finds the topic and the author of a message; the newest ones are remembered, for older ones Feishu is asked."""

    def __init__(self, threads: ThreadIndex, directory: Directory, api: Api) -> None:
        self.threads, self.directory, self.api = threads, directory, api
        self._known = Newest[str, tuple[str, str]](REMEMBERED)

    def note(self, ref: str, thread: str, person: str) -> None:
        """Remember that the person's message stands in the topic of the case `thread`, or in none ("")."""
        self._known.keep(ref, (thread, person))

    def found(self, channel: str, ref: str) -> tuple[str, str]:
        """The case of the message ("" for none) and its author. Raises OSError while Feishu cannot be asked."""
        if known := self._known.get(ref):
            return known
        message = self._message(ref)
        root, sender = str(message.get("root_id") or ""), message.get("sender")
        who = account(sender) if isinstance(sender, dict) else ""
        return (self.threads.thread_of(channel, root) if root else "", self.directory.person_id(who))

    def _message(self, ref: str) -> Json:
        try:
            answer = self.api.get(
                "/open-apis/im/v1/messages/:message_id", seconds=self.api.limits.lookup, message_id=ref
            )
        except FeishuError:
            return {}
        items = answer.get("items")
        return items[0] if isinstance(items, list) and items and isinstance(items[0], dict) else {}


class Events:
    """Makes and stores events. Raises OSError or a database error when one could not be stored, so that Feishu
    sends it again."""

    def __init__(self, host: Host, bot: Bot, people: People, known: KnownMessages) -> None:
        self.inbox, self.threads, self.directory, self.clock = host.inbox, host.threads, host.directory, host.clock
        self.upload_dir = host.files.upload_dir
        self.bot, self.people, self.known = bot, people, known
        self.takers: dict[str, Callable[[Json, Json], Json]] = {
            RECALLED: self._recalled,
            ADDED: self._added,
            REMOVED: self._removed,
            DISBANDED: self._removed,
            **dict.fromkeys((UPDATED, MEMBER_ADDED, MEMBER_REMOVED), self._changed),
        }
        """What is done with each event that is no message: its header and itself to the answer."""

    def keep(self, payloads: list[Json], kept: Kept[Json]) -> None:
        """Store the events of many messages at once; `kept` gets an answer for each."""
        outcome: list[Json | BaseException] = [{} for _ in payloads]
        found: list[tuple[int, Incoming]] = []
        for number, payload in enumerate(payloads):
            try:
                if incoming := self._message_event(_part(payload, "event")):
                    found.append((number, incoming))
            except Exception as error:
                outcome[number] = error

        def answered(faults: Sequence[BaseException | None]) -> None:
            for (number, _), fault in zip(found, faults, strict=True):
                outcome[number] = fault or {}
            kept(outcome)

        self.inbox.accept_all([incoming for _, incoming in found], answered)

    def _message_event(self, event: Json) -> Incoming | None:
        message, sender = _part(event, "message"), _part(event, "sender")
        who = str(_part(sender, "sender_id").get("open_id") or "")
        if sender.get("sender_type") == "app" or not who or not message.get("message_id"):
            return None
        contents = read(message, lambda key: self._called(mention_keys(message)[key]))
        if incoming := self._incoming(message, contents, who):
            self.people.met(who)
        return incoming

    def _incoming(self, message: Json, contents: Contents, who: str) -> Incoming | None:
        """The message as an event; None for what people say to each other."""
        channel, ref = str(message.get("chat_id", "")), str(message["message_id"])
        thread, person = self._thread(channel, message), self.directory.person_id(who)
        self.known.note(ref, thread, person)
        if not contents.understood or not self._meant(message, contents, channel, thread):
            return None
        common: Json = {"id": f"feishu:message:{ref}", "channel": str(ChannelId("feishu", channel)), "thread": thread}
        common |= {"person": person, "at": self.clock.now(), "direct": message.get("chat_type") == "p2p"}
        if not contents.resources:
            return CommandReceived(**common, text=contents.words, called=True)
        uploads = tuple(self._upload(ref, number, each) for number, each in enumerate(contents.resources))
        return FileReceived(**common, uploads=uploads[:UPLOADS_AT_MOST], text=contents.words)

    def _meant(self, message: Json, contents: Contents, channel: str, thread: str) -> bool:
        """Whether a message in a group is for the bot: words that mention it; files also in a case's topic and in
        a channel that is bound to a shop."""
        if message.get("chat_type") == "p2p" or self.bot.called(mention_keys(message).values()):
            return True
        return bool(contents.resources) and (bool(thread) or channel in self.directory.channels())

    def _thread(self, channel: str, message: Json) -> str:
        refs = dict.fromkeys(str(message.get(name) or "") for name in ("root_id", "parent_id"))
        return next((thread for ref in refs if ref and (thread := self.threads.thread_of(channel, ref))), "")

    def _called(self, mention: Json) -> str:
        """The text that replaces a mention: nothing for the bot, the person id for a person."""
        who = account(mention)
        if self.bot.is_me(mention) or not who:
            return "" if self.bot.is_me(mention) else "@"
        return f" {self.people.mentioned(who, str(mention.get('name') or ''))} "

    def _upload(self, ref: str, number: int, resource: Resource) -> Upload:
        name = resource.name or f"feishu-{ref[-8:]}-{number + 1}.{'txt' if resource.kind == 'forward' else 'png'}"
        path = self.upload_dir / f"feishu-{uuid4().hex}"
        return Upload(path, name, 0, remote=str(Remote(ref, resource.kind, resource.key)))

    def _recalled(self, header: Json, event: Json) -> Json:
        channel, ref = str(event.get("chat_id", "")), str(event.get("message_id", ""))
        thread, person = self.known.found(channel, ref)
        of = f"feishu:message:{ref}"
        if thread or self.inbox.known(of):
            common: Json = {
                "id": f"feishu:recalled:{ref}",
                "channel": str(ChannelId("feishu", channel)),
                "thread": thread,
            }
            common |= {"person": person, "at": self.clock.now()}
            self.inbox.accept(MessageChanged(**common, ref=ref, deleted=True, of=of))
        return {}

    def _added(self, header: Json, event: Json) -> Json:
        channel = str(event.get("chat_id", ""))
        who = str(_part(event, "operator_id").get("open_id") or "")
        if channel:
            common: Json = {
                "id": f"feishu:joined:{header.get('event_id', '')}",
                "channel": str(ChannelId("feishu", channel)),
            }
            self.inbox.accept(BotJoined(**common, person=self.directory.person_id(who), at=self.clock.now()))
            if channel in self.directory.channels():
                self.directory.note_return(channel)
            self.people.learn_group(channel)
        return {}

    def _changed(self, header: Json, event: Json) -> Json:
        channel = str(event.get("chat_id", ""))
        if channel in self.directory.channels():
            self.people.learn_group(channel)
        return {}

    @staticmethod
    def _removed(header: Json, event: Json) -> Json:
        what = "was disbanded" if header.get("event_type") == DISBANDED else "has removed the bot"
        log.warning("group %s %s: its messages go to the fallback channel", str(event.get("chat_id", ""))[:64], what)
        return {}


def _part(data: Json, name: str) -> Json:
    part: Any = data.get(name)
    return part if isinstance(part, dict) else {}
