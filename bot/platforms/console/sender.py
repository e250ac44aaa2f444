"""The console's way out: cards become entries of the conversation, each in the language that leads it."""

from dataclasses import replace

from bot.messaging.card import Card
from bot.ports.clock import Clock
from bot.ports.entries import EntryLog


class ConsoleSender:
    """Implements ports.chat.Sender on an entry log; the entry's id is the message's ref."""

    name = "console"
    pace_seconds = 0.0

    def __init__(self, entries: EntryLog, clock: Clock) -> None:
        self._entries, self._clock = entries, clock

    def post(self, channel: str, thread: str, key: str, card: Card) -> str:
        """Show a card once per key; returns its ref."""
        return str(self._entries.add(key, channel, thread, self._clock.now(), card=_one_language(card)))

    def update(self, channel: str, ref: str, key: str, card: Card, bump: bool = False) -> str:
        """Replace the card shown as `ref`; `bump` moves it to the end of the conversation."""
        self._entries.replace(int(ref), _one_language(card), move=bump)
        return ref

    def find(self, channel: str, thread: str, key: str) -> str | None:
        """None: posting a known key again gives the entry it made before."""
        return None


def _one_language(card: Card) -> Card:
    return replace(card, translations=())
