"""Lines of real talk with what they must and must not do, read from the TOML files beside this module, and what the
program makes of them: the state before and after, and the kind of answer."""

import re
import sqlite3
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.messaging.card import Actions, Card, Form, Tone
from bot.runtime.bootstrap import App
from bot.store import tables
from tests.conversations.conftest import Talk, buttons, tracking_page

State = dict[str, str]
FOLDER = Path(__file__).parent
# What is looked at: a table, what names its rows, and the columns that people's words can change.
WATCHED: list[tuple[sa.Table, str, tuple[str, ...]]] = [
    (tables.cases, "C{id}", ("status", "owner", "cause", "reason", "hold", "deadline", "deadline_by")),
    (tables.case_orders, "…", ("scenario", "edited", "skipped", "appeal", "rejection_code", "resubmit_allowed")),
    (tables.evidence, "E{id}", ("kind", "order_ids", "link", "withdrawn_at")),
    (tables.reminders, "C{case_id}", ("off", "snoozed_until", "acked")),
    (tables.oncall_changes, "rota{id}", ("person",)),
    (tables.bindings, "bound", ("channel", "shop")),
    (tables.people, "{id}", ("language", "role")),
    (tables.channels, "{id}", ("language",)),
    (tables.status_answers, "{word}", ("valid",)),
]


@dataclass(frozen=True)
class Line:
    """One line, what was said and done before it, and what may change: `does` as key patterns or `key=value`. With
    `sure` nothing may change until the button of the question back is pressed."""

    kind: str
    language: str
    say: str
    wants: str = "act"
    does: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    stage: str = ""
    person: str = "boss"
    files: int = 0
    says: str = ""
    sure: bool = False


@dataclass(frozen=True)
class Heard:
    """What came of a line: the values that changed, how it was answered (`shown`, `asked`, `not understood`,
    `silent`), and the words of the answer."""

    line: Line
    changed: State
    answer: str
    words: str

    @property
    def wrong(self) -> list[str]:
        """The changes that nobody asked for."""
        return [
            key for key, value in self.changed.items() if not any(_fits(key, value, one) for one in self.line.does)
        ]

    @property
    def left_out(self) -> list[str]:
        """What should have changed and did not."""
        return [one for one in self.line.does if not any(_fits(*pair, one) for pair in self.changed.items())]

    @property
    def verdict(self) -> str:
        """The figure that the line counts in."""
        if self.wrong:
            return "acts wrongly"
        if self.line.does:
            return "not done: " + self.answer if self.left_out else "acts rightly"
        if not re.search(self.line.says, self.words):
            return "not understood: says too little"
        if self.answer == "not understood" and self.line.wants in ("ask", "show"):
            return "not understood"
        return {"asked": "asks rightly", "shown": "shows"}.get(self.answer, "silent rightly")


def _fits(key: str, value: str, wanted: str) -> bool:
    name, equals, text = wanted.partition("=")
    return fnmatchcase(key, name) and (not equals or text == value)


def lines(name: str) -> list[Line]:
    """The lines of one file."""
    with (FOLDER / f"{name}.toml").open("rb") as file:
        read = tomllib.load(file)
    grouped = [
        Line(group["kind"], group["language"], say, group["wants"])
        for group in read["group"]
        for say in group["lines"]
    ]
    single = [Line(**{key: tuple(v) if isinstance(v, list) else v for key, v in act.items()}) for act in read["act"]]
    return grouped + single


def state(app: App) -> State:
    """Everything that a person's words can change, flat."""
    found: State = {}
    with app.engine.connect() as connection:
        for table, name, columns in WATCHED:
            for row in connection.execute(sa.select(table)).mappings():
                key = row["order_id"][-4:] if name == "…" else name.format(**row)
                found.update({f"{key}.{column}": _value(row, column) for column in columns})
    return found


def _value(row: sa.RowMapping, column: str) -> str:
    if column == "withdrawn_at":
        return str(row[column] is not None)
    if column == "edited":  # A draft that the program made anew is no act of a person.
        return row["draft"] if row["draft_by"] else ""
    return "" if row[column] is None else str(row[column])


class Hearing:
    """Says lines in one case's thread, every one to the same state: the database is put back after each."""

    def __init__(self, app: App, talk: Talk) -> None:
        self.app, self.talk = app, talk
        for person in ("li", "zhao", "guest", "boss"):
            self._say("help", person)
        self._say("认领 C1", "wang")
        talk.person = "boss"
        talk.send(("ups.txt", tracking_page()), thread="C1")
        self.kept = {"": self._copy()}
        self.untouched = {"": state(app)}
        self.at = ""

    def hear(self, line: Line, thread: str = "C1") -> Heard:
        """Say the line and tell what came of it."""
        self._restore(line.stage)
        for said in line.before:
            self._say(said)
        before = state(self.app) if line.before else self.untouched[line.stage]
        cards = self._say(line.say, line.person, line.files, thread)
        if line.sure and state(self.app) == before:
            cards = self._mean(cards, thread)
        after = state(self.app)
        self.at = line.stage if not line.before and after == before else "elsewhere"
        changed = {key: after.get(key, "gone") for key in before | after if before.get(key) != after.get(key)}
        return Heard(line, changed, _answer(cards), " / ".join(card.title for card in cards))

    def _say(self, text: str, person: str = "boss", files: int = 0, thread: str = "C1") -> list[Card]:
        self.talk.person = person
        pages = [(f"page{number}.txt", tracking_page(number + 1)) for number in range(files)]
        return self.talk.send(*pages, text=text, thread=thread) if files else self.talk.says(text, thread)

    def _mean(self, cards: list[Card], thread: str) -> list[Card]:
        sure = [button for card in cards for button in buttons(card).values() if button.payload.get("sure")]
        return self.talk.press(sure[0], thread) if sure else cards

    def _restore(self, stage: str) -> None:
        if stage == self.at:
            return
        if stage not in self.kept:
            self.at = "elsewhere"
            self._restore("")
            self._mean(self._say("submit C1"), "C1")
            self.kept[stage], self.untouched[stage] = self._copy(), state(self.app)
        with self.app.engine.connect() as connection:
            self.kept[stage].backup(self._driver(connection))

    def _copy(self) -> sqlite3.Connection:
        copy = sqlite3.connect(":memory:")
        with self.app.engine.connect() as connection:
            self._driver(connection).backup(copy)
        return copy

    @staticmethod
    def _driver(connection: sa.Connection) -> sqlite3.Connection:
        found: Any = connection.connection.driver_connection
        return found


def _answer(cards: list[Card]) -> str:
    if not cards:
        return "silent"
    if any(card.title.startswith("没看懂“") for card in cards):
        return "not understood"
    asks = any(card.tone is Tone.YELLOW or _asks(card) for card in cards)
    return "asked" if asks else "shown"


def _asks(card: Card) -> bool:
    rows: Iterator[Any] = iter(card.elements)
    return any(
        isinstance(row, Form) or (isinstance(row, Actions) and any(b.payload.get("sure") for b in row.buttons))
        for row in rows
    )
