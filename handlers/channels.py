"""What a channel is for: binding it to shops, being invited to it, messages changed in it."""

from bot.conversation.events import Incoming, MessageChanged
from bot.conversation.router import Router
from bot.domain.orders import Shop
from bot.messaging.card import Card, Tone
from bot.ports.clock import Clock
from bot.ports.records import Person
from bot.ports.store import UnitFactory
from bot.services.binding import Bindings
from bot.services.timeline import note
from bot.wording import replies
from bot.wording.channels import joined_card
from bot.wording.speaker import Speaker

router = Router()


@router.on("bind", role="lead", takes="listed")
def bind(any_shop: Shop, event: Incoming, person: Person, bindings: Bindings, say: Speaker) -> Card:
    """This channel hears of the shop from now on."""
    count = bindings.bind(any_shop, event.channel, person.id)
    return replies.said(say, "channels.bound", Tone.GREEN, shop=any_shop, count=count)


@router.on("unbind", role="lead", takes="listed")
def unbind(shop: Shop, event: Incoming, bindings: Bindings, say: Speaker) -> Card:
    """This channel hears no more of it."""
    bindings.unbind(shop, event.channel)
    return replies.said(say, "channels.unbound", shop=shop)


@router.on("joined", role="viewer")
def joined(event: Incoming, offered: list[Shop], say: Speaker) -> Card:
    """Somebody invited the bot: what it is for, and how the channel gets its shops."""
    return joined_card(say, offered, event.channel)


@router.on("message_changed", role="viewer")
def message_changed(event: Incoming, person: Person, units: UnitFactory, clock: Clock) -> None:
    """Words in a case's thread were edited or deleted afterwards: the timeline says so."""
    if not isinstance(event, MessageChanged) or not event.thread:
        return
    what = "message_deleted" if event.deleted else "message_edited"
    with units() as unit:
        if unit.cases.get(event.thread):
            note(unit, clock, event.thread, person.id, what, text=event.text[:200], ref=event.ref)
