"""Card to Block Kit: pure, every element of bot.card."""

from typing import Any

from bot.card import Card


def render(card: Card) -> list[dict[str, Any]]:
    """The card's blocks."""
    return [{"type": "section", "text": {"type": "plain_text", "text": card.plain()[:3000]}}]
