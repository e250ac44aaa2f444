"""The console's sender: cards become entries of the conversation, each in its first language."""

from dataclasses import replace

from bot.messaging.card import Card
from bot.ports.clock import Clock
from bot.ports.entries import EntryLog


class ConsoleSender:
    """Implements ports.chat.Sender on an entry log; the ref of a message is the entry's id."""

    name = "console"
    pace_seconds = 0.0

    def __init__(self, entries: EntryLog, clock: Clock) -> None:
        self._entries, self._clock = entries, clock

    def post(self, channel: str, thread: str, key: str, card: Card) -> str:
        """Show a card, once for each key; returns its ref."""
        return str(self._entries.add(key, channel, thread, self._clock.now(), card=_one_language(card)))

    def update(self, channel: str, ref: str, key: str, card: Card, bump: bool = False) -> str:
        """Replace the card shown as `ref`; `bump` moves it to the end of the conversation."""
        self._entries.replace(int(ref), _one_language(card), move=bump)
        return ref

    def find(self, channel: str, thread: str, key: str) -> str | None:
        """Always None: posting a known key again returns the entry that it made before."""
        return None


def _one_language(card: Card) -> Card:
    return replace(card, translations=())
