"""The cards about shops that an API feeds."""

from collections.abc import Sequence

from bot.domain.feeds import OpenDeadline
from bot.domain.orders import Shop
from bot.messaging.card import Card, Element, Table, Text, Tone
from bot.wording.localizer import Localizer

SHOWN = 15


def due_soon_card(say: Localizer, shop: Shop, hours: int, deadlines: Sequence[OpenDeadline]) -> Card:
    """Which orders and returns have to be acted on within so many hours, the most urgent first."""
    counts = {each.kind: 0 for each in deadlines}
    for each in deadlines:
        counts[each.kind] += 1
    what = ", ".join(say(f"tiktok.due_{kind}", count=count) for kind, count in counts.items())
    elements: list[Element] = [Text(say("tiktok.due_what", what=what, shop=shop))]
    rows = [
        (say(f"tiktok.kind_{each.kind}"), each.order_id, say("tiktok.due_at", at=each.due_at, zone=say.phrases.zone))
        for each in deadlines[:SHOWN]
    ]
    heads = tuple(say(f"tiktok.column_{name}") for name in ("kind", "order", "until"))
    elements.append(Table(heads, tuple(rows)))
    if more := len(deadlines) - SHOWN:
        elements += [Text(say("tiktok.due_more", count=more))] if more > 0 else []
    tone = Tone.RED if hours <= 4 else Tone.YELLOW
    return Card(say("tiktok.due_title", shop=shop, hours=hours), tuple(elements), tone, "", say.language)


def deactivated_card(say: Localizer, shop: Shop) -> Card:
    """The alarm that the platform has deactivated the shop."""
    words = Text(say("tiktok.deactivated", shop=shop))
    return Card(say("tiktok.deactivated_title", shop=shop), (words,), Tone.RED, "", say.language)
