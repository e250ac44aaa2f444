"""Cards about the owner of a case: who is meant, who the new owner is, and that there is none."""

from collections.abc import Callable, Sequence

from bot.domain.case import Case
from bot.domain.people import KnownPerson
from bot.messaging.card import Actions, Button, Card, Element, Text, Tone
from bot.wording.localizer import Localizer


def unknown_card(say: Localizer, name: str, near: Sequence[KnownPerson], command: Callable[[str], str]) -> Card:
    """Asks who is meant, because nobody is known by that name. Each button carries `command(id)` for a person with
    a similar name."""
    buttons = tuple(
        Button(
            person.called if person.called == person.id else f"{person.called} · {person.id}",
            "say",
            {"text": command(person.id)},
        )
        for person in near
    )
    title = say("people.unknown", name=name[:60], near=bool(near))
    return Card(title, (Actions(buttons),) if buttons else (), Tone.YELLOW, "", say.language)


def given_card(say: Localizer, case: Case, name: str) -> Card:
    """Tells who the case's new owner is, and mentions them."""
    called = Text(say("people.take_over", left=say.left(case)), mentions=(case.owner,))
    return Card(say("people.given", case=case, to=name), (called,), Tone.GREY, "", say.language)


def freed_card(say: Localizer, case: Case, earlier: str, on_call: str, left: bool) -> Card:
    """Tells that the owner of the case has `left` the team, or is no known person, so that somebody must claim it."""
    elements: list[Element] = [Text(say("alerts.on_call"), mentions=(on_call,))] if on_call else []
    button = Button(say("alerts.button_claim"), "claim", {"case": case.id}, "primary")
    title = say("people.left" if left else "people.freed", case=case, name=earlier[:60], left=say.left(case))
    return Card(title, (*elements, Actions((button,))), Tone.ORANGE, "", say.language)
