"""The on-call rota: showing it, putting somebody on call, swapping turns."""

import re
from collections.abc import Callable
from datetime import datetime, time
from functools import partial

from bot.conversation.router import Router
from bot.domain.orders import Shop
from bot.domain.people import Role
from bot.domain.refusal import Refusal
from bot.domain.text import folded
from bot.messaging.card import Card
from bot.ports.records import Person
from bot.services.oncall import OnCall
from bot.services.people import KnownPeople
from bot.wording.localizer import Localizer
from bot.wording.people import unknown_card
from bot.wording.reminders import changed_card, oncall_card

router = Router()

When = Callable[[str], "datetime | None"]
_UNTIL = re.compile(r"\s*(?:\buntil\b|\btill\b|到|至|直到)\s*", re.IGNORECASE)
_NOON = time(12)


def _scope(words: list[str], visible: list[Shop]) -> tuple[str, list[str]]:
    """The shop whose id is among the words ("" for the whole team), and the other words."""
    ids = {folded(shop.id): shop.id for shop in visible}
    named = [ids[folded(word)] for word in words if folded(word) in ids]
    return (named[0] if named else ""), [word for word in words if folded(word) not in ids]


def _shops(named: str, visible: list[Shop], one_team: bool) -> list[str]:
    """The shops for which the rota changes: the one that is named, else all of the one team (""), or each that is
    seen where there are several."""
    return [named] if named or one_team else [shop.id for shop in visible]


def _with(command: str, before: list[str], behind: list[str], who: str) -> str:
    """The command with `who` in place of a name that is unknown, for a button that repeats it."""
    return " ".join(filter(None, (command, *before, who, *behind)))


@router.on("oncall", role=Role.VIEWER)
def show(some_visible: list[Shop], oncall: OnCall, say: Localizer) -> Card:
    """Show who is on call now and who comes next."""
    return oncall_card(say, oncall.duties([shop.id for shop in some_visible]), some_visible)


@router.on("oncall_set", role=Role.LEAD, takes="listed")
def put(
    text: str,
    some_visible: list[Shop],
    when: When,
    person: Person,
    oncall: OnCall,
    people: KnownPeople,
    one_team: bool,
    say: Localizer,
) -> Card:
    """Put a known person on call from now on."""
    who, _, until = _UNTIL.sub("\n", text, count=1).partition("\n")
    shop, words = _scope(who.split(), some_visible)
    if not words:
        raise Refusal("oncall_name_needed")
    name, known = " ".join(words), people.everybody()
    if not (found := known.find(name)):
        rest = " ".join(filter(None, (shop, until and f"until {until}")))
        return unknown_card(say, name, known.near(name), lambda who: f"oncall set {who} {rest}".strip())
    end = when(until)
    return changed_card(
        say, [oncall.set(found, person.id, each, end) for each in _shops(shop, some_visible, one_team)]
    )


@router.on("oncall_swap", role=Role.LEAD, takes="listed")
def swap(
    text: str,
    some_visible: list[Shop],
    when: When,
    person: Person,
    oncall: OnCall,
    people: KnownPeople,
    one_team: bool,
    say: Localizer,
) -> Card:
    """Swap the on-call turns of two known people, one of which lies on the named day."""
    shop, words = _scope([word for word in text.split() if word not in ("和", "与", "and", "&")], some_visible)
    if len(words) != 3:
        raise Refusal("swap_needs")
    known, day = people.everybody(), words[2]
    for number, name in enumerate(words[:2]):
        if not known.find(name):
            before, behind = words[:number], [*words[number + 1 :], shop]
            swapped = partial(_with, "oncall swap", before, behind)
            return unknown_card(say, name, known.near(name), swapped)
    first, second = map(known.find, words[:2])
    at = when(day if "T" in day else f"{day}T{_NOON:%H:%M}")
    assert at, "the text is not empty"
    shops = _shops(shop, some_visible, one_team)
    return changed_card(say, [shift for each in shops for shift in oncall.swap(first, second, at, person.id, each)])
