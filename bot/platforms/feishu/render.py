"""Card to Feishu card JSON 2.0: pure, every element of bot.card."""

from typing import Any

from bot.card import Card


def render(card: Card) -> dict[str, Any]:
    """The card as JSON 2.0."""
    words = {"tag": "markdown", "content": card.plain()}
    header = {"title": {"tag": "plain_text", "content": card.title}, "template": card.tone.value}
    return {"schema": "2.0", "config": {"update_multi": True}, "header": header, "body": {"elements": [words]}}
