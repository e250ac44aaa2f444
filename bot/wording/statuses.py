"""Order statuses that nobody has explained yet, as a card."""

from collections.abc import Sequence

from bot.domain.statuses import OpenWord
from bot.messaging.card import Actions, Button, Card, Element, Text, Tone
from bot.wording.speaker import Speaker

OFFERED = 8


def statuses_card(say: Speaker, words: Sequence[OpenWord]) -> Card:
    """Each open word with the number of its orders and a button for either meaning."""
    unsaid = [each for each in words if each.valid is None]
    elements: list[Element] = [Text(say("statuses.asks" if unsaid else "statuses.none"))]
    for each in unsaid[:OFFERED]:
        where = {"shop": each.shop, "field": each.word.field, "word": each.word.text}
        elements.append(Text(say("statuses.line", **where, orders=each.orders)))
        buttons = [
            Button(say(f"statuses.button_{valid}"), "status_means", {**where, "valid": valid})
            for valid in ("yes", "no")
        ]
        elements.append(Actions(tuple(buttons)))
    if more := unsaid[OFFERED:]:
        elements.append(Text(say("statuses.more", count=len(more))))
    return Card(say("statuses.title"), tuple(elements), Tone.ORANGE if unsaid else Tone.GREEN, "", say.language)
