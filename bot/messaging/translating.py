"""Joins cards that say the same in several languages to one message."""

from collections.abc import Iterable
from dataclasses import replace

from bot.messaging.card import Card, Translation


def translated(card: Card, others: Iterable[Card]) -> Card:
    """The card with `others`, the same message in other languages, as its translations. A card that differs in
    more than its texts (for example in its slot or buttons) is left out: one language is enough to act in time."""
    own = _beyond_texts(card)
    alike = [other for other in others if other.language != card.language and _beyond_texts(other) == own]
    return replace(card, translations=tuple(Translation(each.language, each.title, each.elements) for each in alike))


def _beyond_texts(card: Card) -> tuple[object, ...]:
    return (
        card.tone,
        card.slot,
        card.private_to,
        card.urgent,
        card.secret,
        [type(element) for element in card.elements],
    )
