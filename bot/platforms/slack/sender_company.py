"""What goes with a message: its files, a pin, and words to those who are called from outside the channel."""

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from bot.domain.addresses import HEADLINE, Slot
from bot.messaging.card import Attachment, Card, Style, Text, Tone
from bot.platforms.slack.api import NotAllowed, SlackApi, SlackError
from bot.platforms.slack.cards import mentioned
from bot.platforms.slack.markup import Json, escape
from bot.platforms.slack.people import People
from bot.ports.chat import TryLater
from bot.ports.host import Host

log = logging.getLogger(__name__)

REMEMBERED = 500
OVER = (Tone.GREEN, Tone.GREY)


@dataclass(frozen=True)
class Place:
    """Where a message goes: the channel, and the `ts` of the thread's first message or ""."""

    channel: str
    thread_ts: str = ""

    def arguments(self) -> dict[str, str]:
        """As the Web API names it."""
        return {"channel": self.channel} | ({"thread_ts": self.thread_ts} if self.thread_ts else {})


def marked(file_name: str, key: str, sha256: str) -> str:
    """The name under which a message's file lies with Slack. Files carry nothing else by which it could be known
    again that this one belongs to that message."""
    mark = hashlib.sha256(f"{key}|{sha256}".encode()).hexdigest()[:8]
    stem, dot, ending = file_name.rpartition(".")
    return f"{stem}-{mark}.{ending}" if dot else f"{file_name}-{mark}"


def opens(card: Card) -> bool:
    """Whether it is the card that opens a case's thread."""
    return Slot.read(card.slot).is_own(HEADLINE)


class Company:
    """Sends what a message needs beside itself."""

    def __init__(self, host: Host, api: SlackApi, people: People) -> None:
        self.host, self.api, self.people = host, api, people
        self._shared: OrderedDict[str, None] = OrderedDict()

    def with_files(self, place: Place, key: str, card: Card) -> Card:
        """Upload the card's files to where it will stand; one that cannot be is named in it."""
        files = [element for element in card.elements if isinstance(element, Attachment)]
        lost = [file for file in files if not self._share(place, key, file)]
        say = partial(self.host.say, language=card.language)
        notes = (Text(say("slack.file_missing", name=file.file_name), Style.WARNING) for file in lost)
        return replace(card, elements=(*card.elements, *notes)) if lost else card

    def found(self, message: Json) -> None:
        """A message that stands where a card is looked for: a file of the card may have come before a crash did."""
        for file in message.get("files") or ():
            self._remember(str(file.get("name") or ""))

    def _share(self, place: Place, key: str, file: Attachment) -> bool:
        """Upload a file once for a message, however often that has to be tried; whether it is there."""
        name = marked(file.file_name, key, file.sha256)
        if name in self._shared:
            return True
        about = {"filename": name, "title": file.file_name, **place.arguments()}
        try:
            self.api.upload(str(self.host.original(file.sha256)), **about)
        except (NotAllowed, SlackError, KeyError) as error:
            log.error("the file %s is not sent: %s", file.file_name, error)
            return False
        self._remember(name)
        return True

    def _remember(self, name: str) -> None:
        self._shared[name] = None
        while len(self._shared) > REMEMBERED:
            self._shared.popitem(last=False)

    def afterwards(self, place: Place, ts: str, card: Card) -> None:
        """What may fail without harm: the message stands."""
        if opens(card):
            _quietly("pinning", lambda: self.api.call("pins.add", channel=place.channel, timestamp=ts))
        if called := [account for account in map(self.people.account, mentioned(card)) if account]:
            _quietly("calling people", lambda: self._call_outside(place, ts, card, called))

    def over(self, place: Place, ts: str, card: Card) -> None:
        """A finished case need not be at hand any more: a channel keeps a hundred pins."""
        if opens(card) and card.tone in OVER:
            _quietly("unpinning", lambda: self.api.call("pins.remove", channel=place.channel, timestamp=ts))

    def _call_outside(self, place: Place, ts: str, card: Card, called: list[str]) -> None:
        if outside := self.people.outside(place.channel, called):
            link = self.api.read("chat.getPermalink", channel=place.channel, message_ts=ts)["permalink"]
            for account in outside:
                _quietly(f"calling {account}", partial(self._call, account, place.channel, card.title, str(link)))

    def _call(self, account: str, channel: str, title: str, link: str) -> None:
        """Write directly to somebody who is called in a channel that they are not in."""
        language = self.host.language(channel, self.host.person_id(account))
        words = escape(self.host.say("slack.mentioned", language, title=title[:300]))
        label = escape(self.host.say("slack.mentioned_link", language))
        text, direct = f"{words}\n<{link}|{label}>", self.people.direct(account)
        self.api.call("chat.postMessage", channel=direct, text=text, unfurl_links=False)


def _quietly(what: str, do: Callable[[], object]) -> None:
    try:
        do()
    except (SlackError, TryLater, OSError, KeyError) as error:
        log.warning("%s failed: %s", what, error)
