"""What is asked in a storm of leaks: the same question about another team's things and about things that are not."""

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from bot.conversation.events import (
    ButtonPressed,
    CommandReceived,
    FileReceived,
    FormSubmitted,
    Incoming,
    MessageChanged,
    Upload,
)
from bot.runtime.conversing import all_handlers
from bot.wording.phrases import Phrases
from tests.conversations.conftest import NOW
from tests.security.leaks.world import TEAMS, Asker, Things, askers

HANDLERS = sorted(all_handlers().routes)
NAMED = (
    "{case}", "{number}", "case {case}", "{order}", "{ending}", "…{ending}", "{beginning}", "{case} {order}",
    "{case} {ending}", "{evidence}", "{unfiled}", "{evidence} {order}", "{shop}", "{name}", "{word}", "{who}",
    "{person}", "@{person}", "{team}", "{channel}", "{import}", "#{import}",
    "{own_case} {order}", "{own_case} {evidence}", "{own_evidence},{evidence}", "{case} {own_order}", "{tracking}",
    "{shop} {own_shop}", "{case},{own_case}", "{who} {own_case}", "{own_case} {who}", "{message}", "{preview}",
)  # fmt: skip
TAILS = (
    "", "", "", " S1", " all", " excluded", " 2026-11-23 10:00", " because the buyer withdrew", "?", " ?", " lead",
    " 请", " 谢谢", " 全部", " 通过", " yes",
)  # fmt: skip
FIELDS = {
    "case": ("{case}", "{own_case}", "{number}"), "order": ("{order}", "{own_order}", "{ending}", "*"),
    "orders": ("{order}", "{own_order},{order}"), "shop": ("{shop}", "{own_shop}", "{name}"),
    "shops": ("{shop}", "{own_shop},{shop}"), "evidence": ("{evidence}", "{unfiled}", "{own_evidence},{evidence}"),
    "message": ("{message}",), "event": ("{message}",), "import": ("{import}",), "preview": ("{preview}",),
    "for": ("{case}", "{person}"), "key": ("{case}", "{order}"), "sha256": ("{sha256}",), "file": ("{package}",),
    "person": ("{person}",), "team": ("{team}",), "who": ("{who}",), "channel": ("slack:{channel}",),
    "group": ("{group}",), "number": ("{tracking}",), "role": ("admin",),
}  # fmt: skip
FIXED = {
    "field": "status", "word": "Held", "valid": "yes", "kind": "conversation", "fact": "tracking_numbers",
    "stage": "48", "v": "1", "sure": "yes", "outcome": "excluded", "code": "x", "text": "Delayed.",
}  # fmt: skip
VALUES = {
    "text": "Delayed at 2026-11-13 10:00 UTC.", "outcome": "excluded", "scenario": "S1", "scope": "all",
    "words": "Buyer: it never arrived", "complete": "yes", "dates": "mdy", "kind": "orders", "reason": "withdrew",
}  # fmt: skip
CONTENTS = (
    "TikTok Inbox conversation, order {order}\nBuyer (2026-11-18 11:00 UTC): Where is it?\n",
    "Case {case} of {name}: order {order}, evidence {evidence}\n",
    "time,order_no,api,message\n2026-11-18 10:00:01,{order},/order/ship,timeout\n",
    "nothing that belongs anywhere\n",
)
FILES = ("note.txt", "{order}.txt", "{case} {ending}.txt", "{name}.csv", "../../{sha256}.txt")


@dataclass(frozen=True)
class Question:
    """One question as a pattern, in which names stand as {case}, {order} and so on."""

    asker: Asker
    kind: str
    action: str
    text: str
    thread: str
    payload: Mapping[str, str]
    values: Mapping[str, str]
    file: tuple[str, str] = ("", "")

    @property
    def names(self) -> set[str]:
        """What the question names."""
        patterns = [self.text, self.thread, *self.payload.values(), *self.values.values(), *self.file]
        return set(re.findall(r"\{(\w+)\}", " ".join(patterns)))

    def __str__(self) -> str:
        given = {"payload": dict(self.payload), "values": dict(self.values), "file": self.file}
        more = {"said": "", "changed": "", "file": self.file}.get(self.kind, given)
        return f"{self.kind} {self.action} {self.text!r} in thread {self.thread!r} {more}"

    def event(self, things: Things, folder: Path) -> Incoming:
        """The question about these things."""
        about = {
            "id": "asked-00000001", "channel": self.asker.channel, "person": self.asker.person, "at": NOW,
            "thread": self.thread.format_map(things), "direct": self.asker.direct,
        }  # fmt: skip
        payload, values = (
            {name: text.format_map(things) for name, text in given.items()} for given in (self.payload, self.values)
        )
        text = self.text.format_map(things)
        match self.kind:
            case "said":
                return CommandReceived(**about, text=text)
            case "pressed":
                return ButtonPressed(**about, action=self.action, payload=payload)
            case "submitted":
                return FormSubmitted(**about, action=self.action, payload=payload, values=values)
            case "changed":
                return MessageChanged(**about, ref=things["message"], text=text)
        name, content = (part.format_map(things) for part in self.file)
        path = folder / "upload-asked"
        path.write_text(content, "utf-8")
        return FileReceived(**about, uploads=(Upload(path, name, path.stat().st_size),), text=text)


class Asking:
    """Questions from a seed: everybody in turn, everywhere, about whatever they must not see."""

    def __init__(self, seed: int, phrases: Phrases, commands: list[str]) -> None:
        self.random, self.phrases, self.commands = random.Random(seed), phrases, commands

    def questions(self) -> Iterator[tuple[Question, str]]:
        """Questions without end, each with the team of whose things it asks."""
        everybody = list(askers())
        self.random.shuffle(everybody)
        for asker, handler in zip(cycle(everybody), self._handlers(), strict=False):
            hidden = [team for team in (*TEAMS, "theta") if team not in asker.teams]
            yield self._question(asker, handler), self.random.choice(hidden)

    def _handlers(self) -> Iterator[str]:
        while True:
            yield from self.random.sample(HANDLERS, len(HANDLERS))

    def _question(self, asker: Asker, handler: str) -> Question:
        choose = self.random.choice
        kind = self.random.choices(("said", "pressed", "submitted", "file", "changed"), (50, 22, 20, 6, 2))[0]
        thread = self.random.choices(("", "{case}", "{own_case}"), (6, 2, 1))[0]
        text = self._words(handler) if kind in ("said", "file", "changed") else ""
        payload = {
            name: choose(FIELDS[name]) for name in self.random.sample(sorted(FIELDS), choose((1, 1, 2, 2, 3, 4)))
        }
        payload |= {name: FIXED[name] for name in self.random.sample(sorted(FIXED), choose((0, 1, 3, len(FIXED))))}
        values = VALUES | {name: choose(FIELDS[name]) for name in self.random.sample(sorted(FIELDS), 3)}
        return Question(asker, kind, handler, text, thread, payload, values, (choose(FILES), choose(CONTENTS)))

    def _words(self, handler: str) -> str:
        choose, language = self.random.choice, self.random.choice(("en", "zh"))
        command = handler if handler in self.commands else choose(self.commands)
        word = choose(self.phrases.words(f"commands.{command}.words", language))
        word = self.random.choices((word, "", "/odr " + word), (20, 3, 1))[0]
        named = choose(NAMED)
        named = named.lower() if self.random.random() < 0.1 else named
        order = f"{named} {word}" if self.random.random() < 0.15 else f"{word} {named}"
        return (order + choose(TAILS)).strip()
