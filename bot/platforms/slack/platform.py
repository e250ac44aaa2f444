"""Slack's way out: cards become messages, answers stand in the thread of their case."""

from bot.card import Card
from bot.host import Host
from bot.ports import Undeliverable

PACE_SECONDS = 1.0
"""A channel takes one message a second, with short bursts."""


class SlackPlatform:
    """Implements ports.Platform with Slack's Web API; a message's ref is its `ts`."""

    name = "slack"
    pace_seconds = PACE_SECONDS

    def __init__(self, host: Host) -> None:
        self.host = host

    def post(self, channel: str, thread: str, key: str, card: Card) -> str:
        """Show a card; returns its `ts`."""
        raise Undeliverable("not connected")

    def update(self, channel: str, ref: str, key: str, card: Card, bump: bool) -> str:
        """Replace the card shown as `ref`."""
        raise Undeliverable("not connected")

    def find(self, channel: str, thread: str, key: str) -> str | None:
        """The message that carries the key."""
        return None
