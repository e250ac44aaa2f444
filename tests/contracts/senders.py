"""What every way out promises (bot/ports/chat.py), asked of whichever platform calls it from its own tests."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.messaging.card import (
    Actions,
    Button,
    Card,
    Checklist,
    Countdown,
    Fields,
    Form,
    Input,
    Item,
    Mark,
    Style,
    Table,
    Text,
    Tone,
)
from bot.ports.chat import Sender

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Shown:
    """A way out, one of its channels, and the texts that people see there, oldest first."""

    sender: Sender
    channel: str
    texts: Callable[[], list[str]]

    def post(self, key: str, card: Card) -> str:
        """At the sender's pace, as delivery does."""
        time.sleep(self.sender.pace_seconds)
        return self.sender.post(self.channel, "", key, card)

    def update(self, ref: str, key: str, card: Card, bump: bool) -> str:
        time.sleep(self.sender.pace_seconds)
        return self.sender.update(self.channel, ref, key, card, bump)

    def count(self, words: str) -> int:
        return sum(words in text for text in self.texts())


def keeps_its_promises(shown: Shown) -> None:
    """All of them, in the order of a message's life."""
    ref = a_card_is_shown_under_a_ref(shown)
    the_same_key_is_shown_once(shown, ref)
    ref = a_card_is_replaced_however_often_it_is_sent(shown, ref)
    one_that_comes_to_the_end_is_shown_once(shown, ref)
    every_element_is_shown(shown)


def card(words: str) -> Card:
    return Card(words, (Text("More of it."),), language="en")


def a_card_is_shown_under_a_ref(shown: Shown) -> str:
    assert shown.sender.name and shown.sender.pace_seconds >= 0
    before = len(shown.texts())
    ref = shown.post("promise-1", card("The first words"))
    assert ref and shown.count("The first words") == 1 and len(shown.texts()) == before + 1
    return ref


def the_same_key_is_shown_once(shown: Shown, ref: str) -> None:
    """As after a crash between showing and noting it down: what is found is used, what is not is posted again."""
    found = shown.sender.find(shown.channel, "", "promise-1")
    again = found or shown.post("promise-1", card("The first words"))
    assert again == ref and shown.count("The first words") == 1


def a_card_is_replaced_however_often_it_is_sent(shown: Shown, ref: str) -> str:
    for _ in range(2):
        ref = shown.update(ref, "promise-2", card("The second words"), bump=False)
    assert shown.count("The second words") == 1 and shown.count("The first words") == 0
    return ref


def one_that_comes_to_the_end_is_shown_once(shown: Shown, ref: str) -> None:
    shown.post("promise-3", card("Something between"))
    shown.update(ref, "promise-4", card("The last words"), bump=True)
    assert shown.count("The last words") == 1 and shown.count("The second words") == 0


def every_element_is_shown(shown: Shown) -> None:
    asked = Input("text", "What happened", kind="area", value="The parcel came.", max_length=200)
    elements = (
        Text("A warning", Style.WARNING),
        Fields((("Order", "5000000000000001"),)),
        Table(("Order", "State"), (("5000000000000001", "ready"),)),
        Checklist((Item(Mark.MISSING, "a proof of delivery"),)),
        Countdown("left", AT, AT),
        Form("edit", "The explanation", (asked,), "Save", {"case": "C1"}),
        Actions((Button("Claim", "claim", {"case": "C1"}, "primary"),)),
    )
    shown.post("promise-5", Card("All elements", elements, Tone.RED, language="en"))
    assert shown.count("All elements") == 1
