"""A card in a channel that people beyond the team read: personal data in its texts is shortened (domain.md §7)."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

from bot.messaging.card import Attachment, Card, Element, Form, Text

KEPT = frozenset(
    {"payload", "action", "mentions", "slot", "private_to", "sha256", "media_type", "value", "language", "style"}
    | {"name", "kind", "tone", "mark", "marks", "zones", "address"}
)
"""Fields of elements that the program chooses, or that nobody is shown."""


def shortened(card: Card, short: Callable[[str], str], notice: Callable[[str], Text]) -> Card:
    """The card with its texts shortened by `short`. Files, which show what they show, and forms that hold something
    to shorten are left out: what is sent back from them would be the shortened text. Where anything is missing,
    `notice(language)` says so."""

    def left(language: str, elements: tuple[Element, ...]) -> tuple[Element, ...]:
        kept = tuple(_short(each, short) for each in elements if not _holds(each, short))
        told = kept == elements or notice(language) in kept
        return kept if told else (*kept, notice(language))

    others = tuple(
        replace(each, title=short(each.title), elements=left(each.language, each.elements))
        for each in card.translations
    )
    elements = left(card.language, card.elements)
    return replace(card, title=short(card.title), elements=elements, translations=others)


def _holds(element: Element, short: Callable[[str], str]) -> bool:
    """Whether the element cannot be shortened and shows more than it may."""
    filled = isinstance(element, Form) and any(short(each.value) != each.value for each in element.inputs)
    return isinstance(element, Attachment) or filled


def _short(value: Any, short: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return short(value)
    if isinstance(value, tuple):
        return tuple(_short(each, short) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        shown = [field.name for field in fields(value) if field.name not in KEPT]
        return replace(value, **{name: _short(getattr(value, name), short) for name in shown})
    return value
