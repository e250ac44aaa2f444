"""What is left of a card in a channel that others than the team read (domain.md §7)."""

from collections.abc import Callable
from dataclasses import replace

from bot.domain.addresses import HEADLINE, Slot
from bot.messaging.card import (
    Actions,
    Card,
    Chart,
    Checklist,
    Countdown,
    Element,
    Fields,
    Form,
    Style,
    Table,
    Text,
)

SHOWN = (Text, Fields, Countdown, Chart, Actions)
"""Kinds of elements that hold no evidence where a case is shown: lists, tables, forms and files do."""


def narrowed(card: Card, thread: str, notice: Callable[[str], Text]) -> Card:
    """The card without evidence. Of a case (`thread`) an alert and a reminder keep the rate and the countdown, and of
    the case's other cards nothing stays; a message beside all cases loses its files. Where something was left out,
    `notice(language)` says so."""
    part = Slot.read(card.slot).part
    shown = SHOWN if thread or part else (*SHOWN, Table, Checklist, Form)

    def left(language: str, elements: tuple[Element, ...]) -> tuple[Element, ...]:
        kept = tuple(each for each in elements if part in ("", HEADLINE) and _holds_none(each, shown))
        return kept if kept == elements else (*kept, notice(language))

    others = tuple(replace(each, elements=left(each.language, each.elements)) for each in card.translations)
    return replace(card, elements=left(card.language, card.elements), translations=others)


def _holds_none(element: Element, shown: tuple[type, ...]) -> bool:
    # What is quoted, and where a link leads, is evidence.
    quotes = isinstance(element, Text) and (element.style is Style.QUOTE or "://" in element.words)
    return isinstance(element, shown) and not quotes
