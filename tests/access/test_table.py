"""Every handler is asked for another shop's things, by command, button, form and file: it answers as for things that
do not exist, and nothing of the other shop changes."""

import json
import random
import re
from collections.abc import Iterator
from dataclasses import astuple, replace

import pytest
import sqlalchemy as sa

from bot.conversation.events import (
    ButtonPressed,
    CommandReceived,
    FileReceived,
    FormSubmitted,
    Incoming,
    MessageChanged,
    Upload,
)
from bot.messaging.card import Card, to_json
from bot.runtime.conversing import all_handlers
from bot.store.tables import case_orders, cases, evidence, messages, reminders, timeline
from tests.access.conftest import NOTHING, THERE, Things, World

HANDLERS = sorted(all_handlers().routes)
BINDING = {"bind", "unbind"}
"""They say which shops a channel hears of, and find all."""
EVENTS = {"joined"}
"""No command, button or form means it; it names the shops that the channel may be bound to."""
VALUES = {
    "text": "Delayed at 2026-11-13 10:00 UTC.",
    "outcome": "excluded",
    "scenario": "S1",
    "scope": "all",
    "words": "Buyer: it never arrived",
    "tracking_number": "1Z999AA10123456784",
    "complete": "yes",
}
MORE = {"number": "1Z999AA10123456784", "fact": "tracking_numbers", "kind": "conversation", "stage": "48", "v": "1"}
TAILS = ("", " S1", " because the buyer withdrew")
SAMPLED = 8
"""One question in so many of each handler is asked, others of the next: together they ask every kind. The storm of
leaks (tests/security/leaks) mixes them further, for every person and place."""


def payloads(things: Things, own: Things) -> Iterator[dict[str, str]]:
    """What a button or form may carry, alone and together with one's own."""
    yield {"case": things.case}
    yield {"order": things.order}
    yield {"case": things.case, "order": things.order}
    yield {"case": own.case, "order": things.order}
    yield {"case": things.case, "order": own.order}
    for item in (things.evidence, things.unfiled, f"{own.evidence},{things.evidence}"):
        yield {"evidence": item}
        yield {"evidence": item, "case": own.case, "order": own.order}
    yield {"evidence": own.unfiled, "case": things.case}
    yield {"evidence": own.unfiled, "case": things.case, "order": things.order}
    yield {"evidence": own.unfiled, "case": own.case, "order": things.order}
    yield {"shop": things.shop}
    yield {"shop": things.shop, "field": "status", "word": "Held", "valid": "yes"}
    yield {"message": things.message}
    yield {"message": things.message, "case": own.case}
    yield {"sha256": things.sha256, "file": things.package}


def words(things: Things) -> Iterator[str]:
    """What somebody may type behind a command."""
    for named in (things.case, things.order, things.order[-6:], things.evidence, things.unfiled):
        yield from (named + tail for tail in TAILS)
    yield f"{things.case} {things.order} S1"
    yield from (things.shop, things.name, things.name.lower())


class Asking:
    """The events of one handler about some things; every two of them differ by the things alone."""

    def __init__(self, world: World, handler: str, things: Things) -> None:
        self.world, self.handler, self.things = world, handler, things
        phrases = world.app.phrases
        known = f"commands.{handler}.words"
        self.words = phrases.words(known, "en")[:1] if handler in world.app.command_names else [""]

    def events(self) -> Iterator[Incoming]:
        common = self.world.talk._common("")
        for text in words(self.things):
            yield from (CommandReceived(**common, text=f"{word} {text}".strip()) for word in self.words)
        for payload in payloads(self.things, self.world.own):
            yield ButtonPressed(**common, action=self.handler, payload=payload)
            yield FormSubmitted(**common, action=self.handler, payload=payload | MORE, values=VALUES)
        for text in ("", " S1", " because"):
            said = CommandReceived(**common, text=self.words[0] + text)
            yield replace(said, thread=self.things.case)
        yield ButtonPressed(**common | {"thread": self.things.case}, action=self.handler, payload=MORE)
        yield FormSubmitted(**common | {"thread": self.things.case}, action=self.handler, payload=MORE, values=VALUES)
        for text in (self.things.case, self.things.order, self.things.evidence):
            yield FileReceived(**common, uploads=self._upload(), text=f"{self.words[0]} {text}".strip())
        yield FileReceived(**common | {"thread": self.things.case}, uploads=self._upload(), text=self.words[0])

    def _upload(self) -> tuple[Upload, ...]:
        path = self.world.talk.folder / "upload"
        path.write_bytes(b"nothing that belongs anywhere")
        return (Upload(path, "note.txt", path.stat().st_size),)


def ask(world: World, event: Incoming) -> list[Card]:
    world.undo()
    return list(world.app.dispatcher.handle(replace(event, id=f"asked-{next(world.talk.numbers)}")).cards)


def told(cards: list[Card], things: Things) -> str:
    """What is answered, with the things' ids replaced by what they are; numbers of new evidence count for nothing."""
    text = re.sub(r"\bE\d+\b", "E#", json.dumps([to_json(card) for card in cards], ensure_ascii=False))
    for name, value in sorted(vars(things).items(), key=lambda pair: -len(pair[1])):
        text = re.sub(rf"(?<![A-Za-z0-9]){re.escape(value)}(?![A-Za-z0-9])", f"<{name}>", text, flags=re.IGNORECASE)
    # One's own package carries the time at which it was made, a button to undo the message that it undoes.
    text = re.sub(r"asked-\d+", "asked", text)
    return re.sub(r"\b[0-9a-f]{64}\b", "#", text.replace(things.order[-6:], "<ending>"))


def kept(world: World) -> list[object]:
    """Everything that is kept of the other shop."""
    number = int(world.foreign.case[1:])
    queries = [
        sa.select(cases).where(cases.c.id == number),
        *(
            sa.select(table).where(table.c.case_id == number)
            for table in (case_orders, timeline, evidence, reminders)
        ),
        sa.select(evidence).where(evidence.c.channel == THERE),
        sa.select(messages.c.key, messages.c.version).where(messages.c.channel == THERE),
    ]
    with world.app.engine.connect() as connection:
        return [connection.execute(query).all() for query in queries]


def questions(pairs: Iterator[tuple[Incoming, Incoming]], handler: str) -> list[tuple[int, Incoming, Incoming]]:
    """A numbered sample of the pairs of one handler, the same in every run."""
    every = [(number, *pair) for number, pair in enumerate(pairs)]
    return random.Random(handler).sample(every, len(every) // SAMPLED)


@pytest.mark.parametrize("handler", [name for name in HANDLERS if name not in BINDING | EVENTS])
def test_another_shops_things_are_as_if_they_did_not_exist(world: World, handler: str) -> None:
    before = kept(world)
    pairs = zip(Asking(world, handler, world.foreign).events(), Asking(world, handler, NOTHING).events(), strict=True)
    for number, foreign, absent in questions(pairs, handler):
        answer = told(ask(world, foreign), world.foreign)
        assert answer == told(ask(world, absent), NOTHING), f"{number}: {foreign}"
        leaked = [value for value in astuple(world.foreign) if len(value) > 4 and value in answer]
        assert not leaked, f"{number}: {foreign}"
    assert kept(world) == before


def test_one_sees_ones_own(world: World) -> None:
    """The table's questions are understood: with one's own things they are answered."""
    for question in (f"case {world.own.case}", f"missing {world.own.case}", f"draft {world.own.order}", "cases"):
        [first, *_] = world.talk.says(question)
        assert not first.private_to, question
    assert world.foreign.case not in world.talk.say("cases").plain()


@pytest.mark.parametrize("deleted", [True, False])
def test_words_changed_in_another_shops_thread_are_not_noted(world: World, deleted: bool) -> None:
    before = kept(world)
    common = world.talk._common(world.foreign.case)
    assert world.talk.hear(MessageChanged(**common, ref="r", text="x", deleted=deleted)) == []
    assert kept(world) == before


def test_a_form_is_looked_at_with_the_same_eyes(world: World) -> None:
    """The check of a form before it is sent says nothing of another shop's order."""
    for action in ("edit", "state"):
        said = []
        for things in (world.foreign, NOTHING):
            payload = {"case": things.case, "order": things.order, "evidence": things.evidence}
            event = FormSubmitted(**world.talk._common(""), action=action, payload=payload, values=VALUES)
            said.append(told([Card(str(world.app.forms.check(event)))], things))
        assert said[0] == said[1]
