"""Feishu's way out: cards become messages, answers stand in the topic of their case."""

from bot.card import Card
from bot.host import Host
from bot.ports import Undeliverable

PACE_SECONDS = 0.25
"""A group takes five messages a second from all its bots together."""


class FeishuPlatform:
    """Implements ports.Platform with Feishu's message API."""

    name = "feishu"
    pace_seconds = PACE_SECONDS

    def __init__(self, host: Host) -> None:
        self.host = host

    def post(self, channel: str, thread: str, key: str, card: Card) -> str:
        """Show a card; returns its message id."""
        raise Undeliverable("not connected")

    def update(self, channel: str, ref: str, key: str, card: Card, bump: bool) -> None:
        """Replace the card shown as `ref`."""
        raise Undeliverable("not connected")

    def find(self, channel: str, thread: str, key: str) -> str | None:
        """None: within an hour posting a known key again shows nothing twice."""
        return None
