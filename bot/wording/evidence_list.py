"""The list of the evidence that a case has received."""

from bot.messaging.card import Card, Table, Tone
from bot.services.judgement import Judgement
from bot.wording.localizer import Localizer
from bot.wording.replies import paged
from bot.wording.work import page_buttons

ROWS = 20


def received_card(say: Localizer, judged: Judgement, order: str = "", page: int = 0) -> Card:
    """The evidence of the case, or of one order, newest first, in pages that count from 0."""
    items = [item for item in judged.context.evidence if not order or order in item.order_ids][::-1]
    case = judged.case.id
    if not items:
        return Card(say("replies.received_none", case=case), (), Tone.YELLOW, "", say.language)
    columns = tuple(say(f"replies.received_{name}") for name in ("id", "name", "kind", "orders"))
    page, pages = paged(len(items), page, ROWS)
    rows = tuple(
        (
            item.id,
            item.link or item.file_name,
            say.kind(item.kind) if item.active else say("replies.received_withdrawn"),
            ", ".join(item.order_ids) or "–",
        )
        for item in items[page * ROWS :][:ROWS]
    )
    about = {"case": case, "order": order} if order else {"case": case}
    turns = page_buttons(say, "received", about, page, pages)
    title = say("replies.received_title", case=case, count=len(items))
    return Card(title, (Table(columns, rows), *turns), Tone.GREY, "", say.language)
