"""The list of the evidence that a case has received."""

from bot.messaging.card import Card, Style, Table, Text, Tone
from bot.services.judgement import Judgement
from bot.wording.localizer import Localizer

ROWS = 20


def received_card(say: Localizer, judged: Judgement, order: str = "") -> Card:
    """The evidence of the case, or of one order, newest first."""
    items = [item for item in judged.context.evidence if not order or order in item.order_ids][::-1]
    case = judged.case.id
    if not items:
        return Card(say("replies.received_none", case=case), (), Tone.YELLOW, "", say.language)
    columns = tuple(say(f"replies.received_{name}") for name in ("id", "name", "kind", "orders"))
    rows = tuple(
        (
            item.id,
            item.link or item.file_name,
            say.kind(item.kind) if item.active else say("replies.received_withdrawn"),
            ", ".join(item.order_ids) or "–",
        )
        for item in items[:ROWS]
    )
    more = (Text(say("replies.received_more", count=len(items) - ROWS), Style.MUTED),) if len(items) > ROWS else ()
    title = say("replies.received_title", case=case, count=len(items))
    return Card(title, (Table(columns, rows), *more), Tone.GREY, "", say.language)
