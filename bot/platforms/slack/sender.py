"""Slack's sender: cards become messages, and answers stand in the thread of their case."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.domain.addresses import HEADLINE, SlotKey
from bot.messaging.card import Card, Style, Text
from bot.platforms.slack.api import Destination, SlackApi, SlackError
from bot.platforms.slack.cards import CardContext, charts, notification, opens_thread, render
from bot.platforms.slack.files_outgoing import Attachments, TrendPictures, carried, carrying, digest
from bot.platforms.slack.markup import Json, is_direct
from bot.platforms.slack.people import People
from bot.platforms.slack.sender_followups import FollowUps
from bot.ports.chat import TryLater, Undeliverable
from bot.ports.host import Host

log = logging.getLogger(__name__)

PICTURE_SECONDS = 3.0
EVENT_TYPE = "odr_bot_card"
PAGES, PAGE = 10, 200
PRIVATE = "ephemeral"

REFUSED = {
    "invalid_blocks",
    "invalid_blocks_format",
    "msg_blocks_too_long",
    "msg_too_long",
    "invalid_metadata_format",
}
GONE = {"message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found", "cant_delete_message"}
OUTSIDE = {"user_not_in_channel", "not_in_channel", "channel_not_found", "is_archived"}


@dataclass(frozen=True, slots=True)
class MessageRef:
    """The ref of a message: its `ts`, and "ephemeral" before it when nobody can change it, or the channel when it was
    posted `elsewhere` than intended. `str` encodes it, `read` decodes it."""

    ts: str
    elsewhere: str = ""

    def __str__(self) -> str:
        return f"{self.elsewhere}:{self.ts}" if self.elsewhere else self.ts

    @classmethod
    def read(cls, text: str) -> "MessageRef":
        """The parts of a ref."""
        elsewhere, _, ts = text.rpartition(":")
        return cls(ts, elsewhere)


class SlackSender:
    """Implements ports.chat.Sender with Slack's Web API; refs are MessageRefs."""

    name = "slack"

    def __init__(self, host: Host, api: SlackApi, people: People) -> None:
        self.threads, self.texts, self.api, self.people = host.threads, host.texts, api, people
        self.pace_seconds = api.limits.pace
        self.pictures = TrendPictures(api)
        self.attachments = Attachments(host.files, host.texts, api)
        self.followups = FollowUps(host.texts, host.directory, api, people)

    def post(self, channel: str, thread: str, key: str, card: Card) -> str:
        """Post a card; returns its ref."""
        place = self._place(channel, thread, card)
        with _explained():
            card = self.attachments.with_files(place, key, card)
            if card.private_to and not is_direct(channel) and (account := self.people.account(card.private_to)):
                return self._post_private(place, account, key, card)
            if card.secret and not is_direct(channel):
                raise Undeliverable("what is for one person alone needs an account of theirs here")
            ts = self._send("chat.postMessage", place.arguments(), key, card)
        self.followups.after_post(place, ts, card)
        return ts

    def update(self, channel: str, ref: str, key: str, card: Card, bump: bool) -> str:
        """Replace the card of the message `ref`. In a thread, a card that is to stand at the end but does not is
        posted again there, and so is one whose message is gone."""
        known = MessageRef.read(ref)
        elsewhere, ts = known.elsewhere, known.ts
        thread = self.threads.thread_of(channel, ref)
        if elsewhere == PRIVATE:
            return self.post(channel, thread, key, card)
        place = Destination(elsewhere) if elsewhere else self._place(channel, thread, card, but=ts)
        with _explained():
            if bump and place.thread_ts and (moved := self._moved(place, ts, key, card)):
                return moved
            shown = self._change(place, ts, key, card) or self._again(channel, thread, place, ts, key, card)
        self.followups.after_update(place, shown, card)
        return shown

    def find(self, channel: str, thread: str, key: str) -> str | None:
        """The ref of the message that carries the key, among the newest of the channel or in the thread. On the
        way, the files that were uploaded before the message are remembered."""
        # The headline's key names its slot: it stands in the channel.
        place = Destination(channel) if SlotKey.read(key).slot.is_own(HEADLINE) else self._place(channel, thread)
        with _explained():
            for message in self._read(place):
                if _key(message) == key:
                    return str(message["ts"])
                self.attachments.found(message)
        return None

    def refresh(self, channel: str, ts: str, card: Card) -> None:
        """Show the newest card of a message at once, outside of the outbox, because somebody has pressed a button
        there and is looking. The outbox shows the same later, which changes nothing."""
        self._change(self._place(channel, self.threads.thread_of(channel, ts), card, but=ts), ts, "", card)

    def context(self, card: Card, files: dict[str, str] | None = None) -> CardContext:
        """The context with which a card is rendered."""
        known = files or {}
        say = partial(self.texts.say, language=card.language)
        return CardContext(say, self.people.mention, lambda chart: known.get(digest(chart), ""))

    def _place(self, channel: str, thread: str, card: Card | None = None, but: str = "") -> Destination:
        """The thread of the case once the headline has opened it. `but` is a message that cannot be a reply to
        itself."""
        root = self.threads.root(channel, thread) if thread and not (card and opens_thread(card)) else ""
        return Destination(channel, "" if root in ("", but) or MessageRef.read(root).elsewhere else root)

    # One message.

    def _send(self, method: str, arguments: Json, key: str, card: Card) -> str:
        """Post a card as blocks; without its pictures, or as plain words, when Slack refuses them."""
        card = self.people.named(card)
        files = self.pictures.bring(card)
        for shown in [files, {}] if files else [{}]:
            content = self._content(key, card, shown)
            try:
                return self._sent(method, arguments | content)
            except SlackError as error:
                if error.error not in REFUSED:
                    raise
                self._complain(error, content)
                if shown and self.pictures.young(shown):
                    raise TryLater(PICTURE_SECONDS, "Slack has not got the picture ready") from error
        return self._sent(method, arguments | {"text": content["text"], "blocks": []})

    def _content(self, key: str, card: Card, files: dict[str, str]) -> Json:
        context = self.context(card, files)
        content: Json = {"text": notification(card, context), "blocks": render(card, context)}
        if key:
            payload = {"key": key, **carrying(files)}
            content["metadata"] = {"event_type": EVENT_TYPE, "event_payload": payload}
        return content

    def _sent(self, method: str, arguments: Json) -> str:
        quiet = {"unfurl_links": False, "unfurl_media": False} if method == "chat.postMessage" else {}
        answer = self.api.call(method, **arguments, **quiet)
        return str(answer.get("ts") or answer.get("message_ts") or "")

    def _complain(self, error: SlackError, content: Json) -> None:
        payload = json.dumps(content["blocks"], ensure_ascii=False)
        log.error("%s; shown in plain words instead of: %s", error, payload)

    def _change(self, place: Destination, ts: str, key: str, card: Card) -> str:
        """Replace the card of a message; "" when the message cannot be changed any more."""
        self._recall(place, ts, card)
        try:
            return self._send("chat.update", {"channel": place.channel, "ts": ts}, key, card)
        except SlackError as error:
            if error.error not in GONE:
                raise
            return ""

    def _recall(self, place: Destination, ts: str, card: Card) -> None:
        """Look up which picture the message shows, when this process did not upload it."""
        wanted = [digest(chart) for chart in charts(card)]
        if all(self.pictures.known(name) for name in wanted):
            return
        for message in self._read(place, oldest=ts, latest=ts, inclusive=True, limit=2):
            if message.get("ts") == ts:
                for name, file_id in carried(message).items():
                    self.pictures.remember(name, file_id)

    def _again(self, channel: str, thread: str, place: Destination, ts: str, key: str, card: Card) -> str:
        """The ref of the card of a message that is gone: posted again, or found where it has been posted again
        already."""
        for newer in self._carrying(place, key):
            if newer != ts and self._change(place, newer, key, card):
                return newer
        return self.post(channel, thread if place.thread_ts else "", key, card)

    def _moved(self, place: Destination, ts: str, key: str, card: Card) -> str:
        """The ref of the card, posted again at the end of its thread; "" when it stands there already."""
        newer = [message for message in self._read(place, oldest=ts) if str(message.get("ts", "")) > ts]
        if not newer:
            return ""
        # A crash may have come after showing it anew: then it stands there under the same key.
        own = [str(message["ts"]) for message in newer if _key(message) == key]
        moved = self._change(place, own[-1], key, card) if own else ""
        moved = moved or self._send("chat.postMessage", place.arguments(), key, card)
        try:
            self.api.call("chat.delete", channel=place.channel, ts=ts)
        except SlackError as error:
            if error.error not in GONE:
                raise
        return moved

    def _carrying(self, place: Destination, key: str) -> Iterator[str]:
        return (str(message["ts"]) for message in self._read(place) if _key(message) == key)

    def _read(self, place: Destination, **span: Any) -> Iterator[Json]:
        """The messages of a thread, oldest first, or of a channel, newest first, with their metadata."""
        method, where = "conversations.history", {"channel": place.channel}
        if place.thread_ts:
            method, where["ts"] = "conversations.replies", place.thread_ts
        asked: Json = {"limit": PAGE, **where, **span, "include_all_metadata": True}
        for _ in range(PAGES):
            answer = self.api.read(method, **asked)
            yield from answer["messages"]
            asked["cursor"] = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not asked["cursor"]:
                return

    # What goes with a message.

    def _post_private(self, place: Destination, account: str, key: str, card: Card) -> str:
        """Show a card to one person: in the channel, or in a direct conversation when they are not a member of the
        channel."""
        try:
            arguments = place.arguments() | {"user": account}
            return str(MessageRef(self._send("chat.postEphemeral", arguments, "", card), PRIVATE))
        except SlackError as error:
            if error.error not in OUTSIDE:
                raise
        direct = Destination(self.people.direct(account))
        note = Text(self.texts.say("slack.shown_private", card.language), Style.MUTED)
        ts = self._send("chat.postMessage", direct.arguments(), key, replace(card, elements=(note, *card.elements)))
        return str(MessageRef(ts, direct.channel))


@contextmanager
def _explained() -> Iterator[None]:
    """Inside the block, refusals of Slack are raised as Undeliverable."""
    try:
        yield
    except SlackError as error:
        raise Undeliverable(str(error)) from error


def _key(message: Json) -> str:
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    return str(payload.get("key", ""))
