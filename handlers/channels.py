"""What a channel is for: binding it to shops, being invited to it, messages changed in it."""

from bot.conversation.events import Incoming, MessageChanged
from bot.conversation.router import Router
from bot.domain.case import CaseStatus
from bot.domain.orders import Shop
from bot.domain.people import Role
from bot.domain.refusal import Refusal
from bot.messaging.card import Card, Tone
from bot.ports.clock import Clock
from bot.ports.records import Person
from bot.ports.store import Unit, UnitFactory
from bot.services.audiences import Audiences
from bot.services.binding import Bindings
from bot.services.timeline import note
from bot.wording import replies
from bot.wording.channels import joined_card, wide_question
from bot.wording.evidence import recalled_question
from bot.wording.localizer import Localizer

router = Router()


@router.on("bind", role=Role.LEAD, takes="listed", elsewhere=True)
def bind(
    any_shop: Shop,
    event: Incoming,
    person: Person,
    sure: bool,
    may_hear: bool,
    bindings: Bindings,
    audiences: Audiences,
    say: Localizer,
) -> Card:
    """Bind the channel to a shop, so that it gets the shop's alerts and cases; asks before, when others than the team
    read it."""
    if not may_hear:
        raise Refusal("no_such_channel", channel=event.channel)
    if (audience := audiences.now(event.channel)).wide and not sure:
        return wide_question(say, any_shop, audience)
    count = bindings.bind(any_shop, event.channel, person.id)
    return replies.text_card(say, "channels.bound", Tone.GREEN, shop=any_shop, count=count)


@router.on("unbind", role=Role.LEAD, takes="listed")
def unbind(shop: Shop, event: Incoming, bindings: Bindings, say: Localizer) -> Card:
    """Remove the channel's binding to a shop."""
    bindings.unbind(shop, event.channel)
    return replies.text_card(say, "channels.unbound", shop=shop)


@router.on("joined", role=Role.VIEWER, elsewhere=True)
def joined(event: Incoming, offered: list[Shop], audiences: Audiences, say: Localizer) -> Card:
    """Introduce the bot to a channel that it was invited to, with buttons to bind shops."""
    return joined_card(say, offered, event.channel, audiences.soon(event.channel))


@router.on("message_changed", role=Role.VIEWER)
def message_changed(event: Incoming, person: Person, units: UnitFactory, clock: Clock, say: Localizer) -> list[Card]:
    """Note that a message was edited or deleted later, in the timeline of every case in whose thread it stands or in
    which it has caused something. When evidence came with a deleted one, ask whether it still counts."""
    if not isinstance(event, MessageChanged):
        return []
    what = "message_deleted" if event.deleted else "message_edited"
    with units() as unit:
        brought = unit.evidence.brought(event.of)
        for case_id in dict.fromkeys(filter(None, (event.thread, *unit.cases.caused(event.of)))):
            if unit.cases.get(case_id):
                note(unit, clock, case_id, person.id, what, text=event.text[:200], ref=event.ref)
        counts = [item for item in brought if item.active and _is_open(unit, item.case_id)]
    return [recalled_question(say, counts)] if event.deleted and counts else []


def _is_open(unit: Unit, case_id: str) -> bool:
    case = unit.cases.get(case_id) if case_id else None
    return case is not None and case.status is CaseStatus.OPEN
