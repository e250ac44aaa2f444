"""Sends one message to several channels: worded in every language, with each channel's own language first."""

from collections.abc import Callable, Collection, Iterable

from bot.messaging.card import Card
from bot.messaging.translating import translated
from bot.ports.clock import Clock
from bot.ports.messages import Queued
from bot.ports.store import Unit
from bot.services.message_cards import MessageCards

Word = Callable[[MessageCards, str], Card]
"""(texts, language) -> the message in that language"""
KeyFor = Callable[[str], str]
"""channel -> the key of the message there; "" for a card that has a slot"""


class Notifier:
    """Queues messages in the transaction that causes them. `language` is the team's, for channels without one of
    their own."""

    def __init__(self, texts: MessageCards, clock: Clock, language: str) -> None:
        self.texts, self.clock, self.language = texts, clock, language

    def worded(self, word: Word) -> Card:
        """The message in every language, from what is known at one instant, so that all languages describe the
        same state."""
        texts = self.texts.at(self.clock.now())
        others = [language for language in self.texts.languages if language != self.language]
        return translated(word(texts, self.language), [word(texts, language) for language in others])

    def notify(
        self, unit: Unit, channels: Collection[str], thread: str, key: KeyFor, card: Card, bump: bool = False
    ) -> None:
        """Queue a message for the channels; `thread` is a case id or "", `key(channel)` the key of the message
        there. With `bump` a card that is shown already moves to the end of its conversation."""
        for channel in channels:
            led = card.read_in(unit.records.channel_language(channel) or self.language)
            unit.messages.put(channel, thread, key(channel), led, self.clock.now(), bump)

    def renew(self, unit: Unit, cards: Iterable[tuple[Collection[str], str, Card]]) -> None:
        """Queue cards that have slots, each for its channels and the thread of its case."""
        languages: dict[str, str] = {}
        queued = []
        for channels, case_id, card in cards:
            for channel in dict.fromkeys(channels):
                if channel not in languages:
                    languages[channel] = unit.records.channel_language(channel) or self.language
                queued.append(Queued(channel, case_id, "", card.read_in(languages[channel])))
        unit.messages.put_all(queued, self.clock.now())
