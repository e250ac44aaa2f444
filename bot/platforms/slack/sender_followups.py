"""What may follow a message: a pin, and direct messages to mentioned people who are not in the channel."""

import logging
from collections.abc import Callable
from functools import partial

from bot.messaging.card import Card, Tone
from bot.platforms.slack.api import Destination, SlackApi, SlackError
from bot.platforms.slack.cards import mentioned, opens_thread
from bot.platforms.slack.markup import escape
from bot.platforms.slack.people import People
from bot.ports.chat import TryLater
from bot.ports.host import Directory, Texts

log = logging.getLogger(__name__)

OVER = (Tone.GREEN, Tone.GREY)


class FollowUps:
    """Pins the headline of a case and notifies people. A failure does no harm, because the message is shown
    already."""

    def __init__(self, texts: Texts, directory: Directory, api: SlackApi, people: People) -> None:
        self.texts, self.directory, self.api, self.people = texts, directory, api, people

    def after_post(self, place: Destination, ts: str, card: Card) -> None:
        """Pin the headline, and write to the people whom the card mentions and who are not in the channel."""
        if opens_thread(card):
            _quietly("pinning", lambda: self.api.call("pins.add", channel=place.channel, timestamp=ts))
        if called := [account for account in map(self.people.account, mentioned(card)) if account]:
            _quietly("calling people", lambda: self._call_outside(place, ts, card, called))

    def after_update(self, place: Destination, ts: str, card: Card) -> None:
        """Remove the pin of a finished case's headline, because a channel keeps at most a hundred pins."""
        if opens_thread(card) and card.tone in OVER:
            _quietly("unpinning", lambda: self.api.call("pins.remove", channel=place.channel, timestamp=ts))

    def _call_outside(self, place: Destination, ts: str, card: Card, called: list[str]) -> None:
        if outside := self.people.outside(place.channel, called):
            link = self.api.read("chat.getPermalink", channel=place.channel, message_ts=ts)["permalink"]
            for account in outside:
                _quietly(f"calling {account}", partial(self._call, account, place.channel, card.title, str(link)))

    def _call(self, account: str, channel: str, title: str, link: str) -> None:
        """Write directly to a person who is mentioned in a channel of which they are no member."""
        language = self.directory.language(channel, self.directory.person_id(account))
        words = escape(self.texts.say("slack.mentioned", language, title=title[:300]))
        label = escape(self.texts.say("slack.mentioned_link", language))
        text, direct = f"{words}\n<{link}|{label}>", self.people.direct(account)
        self.api.call("chat.postMessage", channel=direct, text=text, unfurl_links=False)


def _quietly(what: str, do: Callable[[], object]) -> None:
    try:
        do()
    except (SlackError, TryLater, OSError, KeyError) as error:
        log.warning("%s failed: %s", what, error)
