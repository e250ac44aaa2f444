"""Renders cards as Feishu card JSON 2.0: pure, every element of bot.messaging.card, always within Feishu's limits."""

import json
from collections.abc import Iterator
from itertools import count

from bot.messaging.card import Actions, Card, Element, Form, Tone
from bot.platforms.feishu.cards_elements import LOCALES, CardContext, Detail, Elements, count_tags
from bot.platforms.feishu.markup import Json, cut, escape, line, markdown, message_text, plain

BYTES_AT_MOST, TAGS_AT_MOST = 29_000, 190
"""Feishu takes 30 KB and 200 elements; some is left for what the request adds."""

TITLE_LENGTH, SUMMARY_LENGTH, TEXT_LENGTH = 200, 100, 6000
TITLE_SHOWN = 100
"""A header has room for so much; the words of a longer title are said again in the body."""

LEVELS = (
    Detail(60, 4000),
    Detail(30, 2000),
    Detail(20, 800),
    Detail(10, 400),
    Detail(6, 200, chart=False),
    Detail(3, 100, chart=False),
    Detail(2, 60, chart=False),
)
"""A card too long for one level is drawn at the next; what is left out is counted on the card."""

_TEMPLATES = {
    Tone.RED: "red",
    Tone.ORANGE: "orange",
    Tone.YELLOW: "yellow",
    Tone.GREEN: "green",
    Tone.BLUE: "blue",
    Tone.GREY: "grey",
}


def render(card: Card, context: CardContext) -> Json:
    """The card as JSON 2.0 with as much detail as fits. Raises TypeError for an unknown element."""
    return next(shown for shown in _drawn(card, context) if fits(shown))


def fits(shown: Json) -> bool:
    """Whether the card is within Feishu's limits."""
    return size(shown) <= BYTES_AT_MOST and count_tags(shown) <= TAGS_AT_MOST


def content(shown: Json) -> str:
    """The card as the JSON text that a message carries."""
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))


def size(shown: Json) -> int:
    """The size in bytes of the card inside a request: JSON text within JSON, where every quotation mark is
    escaped."""
    return len(json.dumps(content(shown), ensure_ascii=False).encode())


def simple(card: Card, context: CardContext) -> Json:
    """The card's words alone, for when Feishu cannot process the card; as a card it can still be replaced later."""
    words = cut(card.plain().partition("\n")[2], TEXT_LENGTH // 2)
    return _card(card, markdown(escape(words)), context)


def text(card: Card) -> str:
    """The card as plain text, for when not even the simplest card is accepted."""
    return message_text(cut(card.plain(), TEXT_LENGTH))


def _drawn(card: Card, context: CardContext) -> Iterator[Json]:
    for detail in LEVELS:
        yield _card(card, _body(card.elements, context, detail, card.title), context)
    kept = list(card.elements)
    for left_out in count(1):
        if not kept:
            break
        kept.remove(_least(kept))
        body = _body(tuple(kept), context, LEVELS[-1], card.title)
        note = {"tag": "markdown", **context.both("feishu.left_out", count=left_out)}
        yield _card(card, [*body, note], context)


def _least(kept: list[Element]) -> Element:
    """The element that a reader misses least: the last one that only shows something, else the last one that asks."""
    telling = [element for element in kept if not isinstance(element, Actions | Form)]
    return (telling or kept)[-1]


def _body(elements: tuple[Element, ...], context: CardContext, detail: Detail, title: str) -> list[Json]:
    drawing = Elements(context, detail, title)
    return [shown for element in elements for shown in drawing.draw(element)]


def _card(card: Card, elements: list[Json], context: CardContext) -> Json:
    whole = context.plain_words(card.title)
    title = line(whole, TITLE_LENGTH)
    if len(whole) > TITLE_SHOWN:
        elements = [*markdown(escape(cut(whole, TEXT_LENGTH // 4))), *elements]
    return {
        "schema": "2.0",
        "config": {"update_multi": True, "summary": {"content": cut(title, SUMMARY_LENGTH)}},
        "header": {"title": plain(title, TITLE_LENGTH), "template": _TEMPLATES[card.tone]},
        "body": {"elements": elements},
    }


__all__ = ["LOCALES", "CardContext", "content", "fits", "render", "simple", "size", "text"]
