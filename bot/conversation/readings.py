"""What a line of talk may mean, and the tables of which command speaks of what."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.conversation.assignments import ValuedOrders
from bot.conversation.things import MarkedLine, TalkContext

ANSWER = "answer"
"""The command of a reading that wants to know something; its topic says what."""
_ORDERS = frozenset({"case", "shop", "order", "every", "rest", "except"})
_CASE = frozenset({"case", "shop"})
TAKES: dict[str, frozenset[str]] = {
    "claim": _CASE,
    "assign": _CASE | {"person"},
    "release": _CASE,
    "skip": _ORDERS,
    "include": _ORDERS,
    "tag": _ORDERS | {"scenario", "not", "duration", "moment"},
    "result": _ORDERS | {"outcome", "code", "duration", "moment"},
    "submit": _ORDERS | {"outcome", "duration", "moment"},
    "undo": _CASE | {"order", "evidence"},
    "reopen": _CASE,
    "dismiss": _CASE,
    "export": _CASE,
    "zh": frozenset(),
    "en": frozenset(),
    "snooze": _CASE | {"duration", "moment"},
    "reminders_off": _CASE,
    "reminders_on": _CASE,
    "withdraw": frozenset({"evidence"}),
    "redact": frozenset({"evidence"}),
    "notice": _ORDERS,
    "deadline": _CASE | {"moment"},
    "import": frozenset({"every"}),
}
"""Of what a line may speak that wants each command; `zh` and `en` are the command `lang` with its value."""
NEEDS: dict[str, tuple[str, ...]] = {
    "assign": ("person",),
    "skip": ("order", "every", "rest"),
    "include": ("order", "every", "rest"),
    "tag": ("scenario",),
    "result": ("outcome", "code"),
    "withdraw": ("evidence",),
    "redact": ("evidence",),
    "notice": ("order", "every"),
    "deadline": ("moment",),
}
"""Of what such a line must speak, any of them."""
VALUES = {"tag": "scenario", "result": "outcome", "skip": "", "include": "", "submit": "", "notice": ""}
"""Commands about orders, with the kind of the value that each order gets."""
WORDS = {"assign": "person", "snooze": "duration", "deadline": "moment"}
WORDS |= dict.fromkeys(("withdraw", "redact", "undo"), "evidence")
"""Commands with a thing of another kind behind the case, and that kind."""
OF_SHOP = frozenset({"odr", "replay"})
"""Commands that show something of a shop, with its id behind the word."""
OF_NO_CASE = frozenset({"zh", "en", "undo", "import", "withdraw", "redact"})
"""Commands for which it need not be certain which case is meant."""
TELLING = frozenset({"tag", "result"})
"""Commands that tell what is so, and need no words that ask for anything."""


class Response(StrEnum):
    """What to do with a line: do it, answer it, offer what it may mean, or leave it to the colleagues."""

    ACT = "act"
    ANSWER = "answer"
    ASK = "ask"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Reading:
    """One thing that a line may mean: a command with its case, its orders with their values, and its other words; or
    the command `answer` with a `topic` on which somebody wants to know something."""

    command: str
    case: str = ""
    each: tuple[ValuedOrders, ...] = ()
    words: str = ""
    topic: str = ""

    @property
    def rest(self) -> str:
        """What stands behind the command's word, as a person would type it, for the first of several values."""
        one = self.each[0] if self.each else ValuedOrders(())
        return " ".join(filter(None, [self.case, *one.orders, one.value, self.words]))

    @property
    def several(self) -> str:
        """A line that says which orders get which of several values."""
        rows = "; ".join(" ".join([*each.orders, each.value]) for each in self.each)
        return " ".join(filter(None, [rows, self.case]))


@dataclass(frozen=True)
class TalkMeaning:
    """What a line means, and what to do with it: the readings, nearest first."""

    response: Response
    readings: tuple[Reading, ...] = ()


NOTHING = TalkMeaning(Response.NOTHING)


def speaks(line: MarkedLine, command: str) -> bool:
    """Whether the line speaks of what the command needs."""
    return command not in NEEDS or bool(line.of(*NEEDS[command]))


def meant_case(line: MarkedLine, around: TalkContext) -> tuple[str, bool]:
    """The case that the line is about ("" for none found), and whether it can be no other: the one named, the one of
    a named shop, the thread's, the one with the named orders, the only one. Where nothing is named, buttons ask
    which."""
    if named := line.values("case"):
        return named[0], len(named) == 1
    active = [case for case in around.cases if case.active]
    if shops := line.values("shop"):
        return _only([case.id for case in active if case.shop in shops])
    if around.thread:
        return around.thread, True
    if orders := [order for digits in line.values("order") for order in around.ending(digits)]:
        return _only([case.id for case in around.cases if any(order in case.orders for order in orders)])
    return (active[0].id if len(active) == 1 else "", True)


def _only(cases: Sequence[str]) -> tuple[str, bool]:
    return (cases[0], len(cases) == 1) if cases else ("", False)
