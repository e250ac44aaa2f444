"""Order statuses in unknown words: listing them, and recording what people say they mean (domain.md §1a)."""

from dataclasses import replace

from bot.conversation.events import Incoming
from bot.conversation.router import Router
from bot.domain.orders import Shop
from bot.domain.people import Role
from bot.domain.statuses import StatusWord
from bot.messaging.card import Actions, Card, Tone
from bot.ports.records import Person
from bot.services.importing import Importing
from bot.wording import replies
from bot.wording.localizer import Localizer
from bot.wording.statuses import means, statuses_card

router = Router()


@router.on("statuses", role=Role.VIEWER)
def statuses(some_visible: list[Shop], importing: Importing, say: Localizer) -> Card:
    """List the unknown status words of the channel's shops, with a button for each meaning."""
    return statuses_card(say, importing.words([shop.id for shop in some_visible]))


@router.on("status_means", role=Role.MEMBER)
def status_means(shop: Shop, event: Incoming, person: Person, importing: Importing, say: Localizer) -> Card:
    """Record what a status word means for a shop, for future imports and for stored orders."""
    payload = getattr(event, "payload", {})
    word = StatusWord(payload.get("field", ""), payload.get("word", ""))
    valid = payload.get("valid") == "yes"
    importing.answer(shop.id, word, valid, person.id)
    card = replies.text_card(say, "statuses.answered", Tone.GREEN, shop=shop, word=word.text, valid=valid)
    return replace(card, elements=(Actions((means(say, shop.id, word, not valid, "correct"),)),))
