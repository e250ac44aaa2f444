"""Help, shops and their figures, checking a day, the language, and words that were not understood."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.conversation.arguments import Arguments
from bot.conversation.events import CommandReceived, Incoming
from bot.conversation.grammar import ParsedCommand
from bot.conversation.listening import Listener
from bot.conversation.readings import ANSWER, TAKES, Reading
from bot.conversation.router import Router
from bot.conversation.turn import Turn
from bot.domain.orders import Shop
from bot.domain.people import Role
from bot.domain.refusal import Refusal
from bot.messaging.card import Button, Card
from bot.ports.clock import Clock
from bot.ports.records import Person
from bot.ports.store import UnitFactory
from bot.services.freshness import Freshness
from bot.services.measuring import last_complete_day
from bot.services.monitoring import Monitoring
from bot.wording import answers, guide, replies
from bot.wording.asking import exactly
from bot.wording.localizer import Localizer
from bot.wording.shops import odr_card, shops_card

router = Router()


@router.on("help", role=Role.VIEWER)
def show_help(say: Localizer, commands: Sequence[str]) -> Card:
    """Show all commands with how to write them."""
    return guide.help_card(say, commands)


@router.on("howto", role=Role.VIEWER)
def how_to_appeal(say: Localizer) -> Card:
    """Show the steps of an appeal from beginning to end (domain.md §6)."""
    return guide.howto_card(say)


@router.on("shops", role=Role.VIEWER)
def shops(
    say: Localizer, some_visible: list[Shop], monitoring: Monitoring, freshness: Freshness, clock: Clock
) -> Card:
    """Show the channel's shops with the figures of their last day, and which data are overdue."""
    ids = [shop.id for shop in some_visible]
    return shops_card(say, monitoring.look(last_complete_day(clock.now()), ids), freshness.look(ids))


@router.on("odr", role=Role.VIEWER)
def odr(say: Localizer, shop: Shop, monitoring: Monitoring, freshness: Freshness, clock: Clock) -> Card:
    """Show the figures and the trend of one shop, and how new its data are."""
    day = last_complete_day(clock.now())
    [check] = monitoring.look(day, [shop.id])
    return odr_card(say, check, monitoring.trend(shop, day), freshness.look([shop.id]))


@router.on("check", role=Role.MEMBER, takes="listed")
def check(say: Localizer, turn: Turn, some_visible: list[Shop], monitoring: Monitoring, clock: Clock) -> Card:
    """Measure the last complete UTC day of the channel's shops now. Alerts go to the channels of the shops, not
    into the answer."""
    chosen = [shop.id for shop in some_visible if shop.described(turn.rest)]
    if not chosen:
        raise Refusal("no_such_shop", shop=turn.rest, known=", ".join(shop.id for shop in some_visible[:10]))
    return shops_card(say, monitoring.check(last_complete_day(clock.now()), chosen))


@router.on("lang", role=Role.VIEWER, takes="answer listed")
def language(
    turn: Turn,
    event: Incoming,
    person: Person,
    rest: str,
    units: UnitFactory,
    localizer: Callable[[str], Localizer],
) -> Card:
    """Set the language of the answers for the person who asks, and for the channel unless they may only look."""
    code = rest.strip()
    if code not in ("zh", "en"):
        raise Refusal("language_needed")
    with units() as unit:
        unit.records.save_person(replace(person, language=code))
        if person.role.may(Role.MEMBER):
            unit.records.save_channel_language(event.channel, code)
            for shop in unit.shops.all():
                for case in unit.cases.listed([shop.id]) if event.channel in shop.channels else ():
                    unit.cases.save(case)
    return replies.text_card(localizer(code), "replies.language_set")


@router.on("unknown", role=Role.VIEWER)
def unknown(
    say: Localizer,
    turn: Turn,
    listener: Listener,
    arguments: Arguments,
    visible: list[Shop],
    again: Callable[[Turn], list[Card]],
) -> list[Card]:
    """Answer words that are no command: a bare case, order, shop or link is taken as a request to show it, words
    that may be a command are asked back, and anything else gets the nearest command."""
    if turn.silent:
        return []
    if turn.readings:
        return [
            guide.readings_card(say, turn.as_typed, [_offer(say, arguments, turn, each) for each in turn.readings])
        ]
    if turn.asked:
        return [guide.meant_card(say, turn.as_typed, _orders_meant(turn, turn.asked, arguments))]
    if guess := _meant(turn, visible):
        return again(replace(turn, command=guess))
    if isinstance(turn.event, CommandReceived) and not turn.event.addressed:
        return []
    return [guide.unknown_card(say, listener.near(turn.rest), turn.as_typed)]


def _offer(say: Localizer, arguments: Arguments, turn: Turn, reading: Reading) -> Button:
    """The button that takes a line for one of its readings."""
    if reading.command == ANSWER:
        payload = {"topic": reading.topic, "case": reading.case, "about": reading.words}
        return Button(answers.title(say, reading.topic), ANSWER, {key: each for key, each in payload.items() if each})
    if "case" in TAKES.get(reading.command, ()) and not reading.case:
        case = arguments.likely_case(replace(turn, command=reading.command, rest=reading.rest))
        reading = replace(reading, case=case)
    words = (
        reading.several
        if len(reading.each) > 1
        else f"{arguments.command_word(turn, reading.command)} {reading.rest}"
    )
    return Button(guide.shortened(words), "say", exactly(words), "primary")


def _orders_meant(turn: Turn, order: ParsedCommand, arguments: Arguments) -> list[str]:
    """The command as a person would type it with the case that it is about: one text for each case that was named."""
    route = arguments.command_word(turn, order.command)
    cases = [name for name in [*order.names, *re.findall(r"\b[Cc]\d{1,9}\b", order.left)] if name[:1] in "Cc"]
    rest = [name for name in order.names if name not in cases]
    about = replace(turn, command=order.command, rest=order.rest)
    cases = cases or ([arguments.likely_case(about)] if order.takes_case else [])
    words = " ".join(filter(None, [*rest, order.answer, order.words]))
    return [" ".join(filter(None, [route, case, words])) for case in dict.fromkeys(cases or [""])]


def _meant(turn: Turn, visible: list[Shop]) -> str:
    words, text = turn.named, turn.rest
    if words.url and (turn.event.thread or words.order or words.case):
        return "evidence"
    if (words.case or words.order) and not words.rest:
        return "case" if words.case else "missing"
    if text and any(shop.called(text) for shop in visible):
        return "odr"
    return ""
