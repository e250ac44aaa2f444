"""Which orders get which value in a line: several at once, a line each, all but some, the rest."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.conversation.things import MarkedLine, Thing

EVERYTHING = "全部"
"""Stands for all orders of the case, as in the words of commands."""
LEFT_OUT = "-"
"""Instead of a value: what is said is not said of these orders."""
_COUNTS = {"两": 2, "俩": 2, "both": 2, "two": 2, "三": 3, "three": 3, "四": 4, "four": 4, "五": 5, "five": 5}
_ORDERS = ("order", "every", "rest", "except", "left_out")


@dataclass(frozen=True)
class ValuedOrders:
    """Orders, by their last digits or `EVERYTHING`, and the value that they get: a scenario, or a result with its
    code; "" for a command that takes orders alone."""

    orders: tuple[str, ...]
    value: str = ""


def assigned(line: MarkedLine, kind: str, known: Sequence[str]) -> list[ValuedOrders] | None:
    """The orders of the line with their values of that kind (`scenario` or `outcome`, "" for none). `known` are the
    orders of the case that is meant. None when the line can be read in more than one way."""
    if any(
        _counted(each.value) not in (0, len(known))
        for each in line.of("every")
        if not line.of("order", "rest", "left_out")
    ):
        return None
    rows = [_Row(line, kind, start, end) for start, end in _rows(line.text)]
    rows = [row for row in rows if row.tokens]
    if len(rows) > 1 and not all(row.complete for row in rows):
        rows = [_Row(line, kind, 0, len(line.text))]
    found: list[ValuedOrders] = []
    for row in rows:
        if (read := row.read()) is None:
            return None
        found += read
    return _resolved(found, known)


def _counted(words: str) -> int:
    """How many orders the words for all of them count; 0 when they do not count."""
    digits = [int(char) for char in words if char.isdigit()]
    return next(iter([*digits, *(count for word, count in _COUNTS.items() if word in words)]), 0)


def _rows(text: str) -> list[tuple[int, int]]:
    bounds, start = [], 0
    for row in text.split("\n"):
        bounds.append((start, start + len(row)))
        start += len(row) + 1
    return bounds


class _Row:
    """One line, or all lines, of what was written."""

    def __init__(self, line: MarkedLine, kind: str, start: int, end: int) -> None:
        wanted = (*_ORDERS, kind, "code") if kind else _ORDERS
        things = [thing for thing in line.things if start <= thing.at < end and thing.kind in wanted]
        self.kind = kind
        self.tokens = _coded([each for at, each in enumerate(things) if not self._adverb(things, at)], kind)

    @staticmethod
    def _adverb(things: Sequence[Thing], at: int) -> bool:
        """Whether "all" only says again that several orders are meant ("0083 and 0071 are both …"), or "only" leads
        to no order."""
        thing, before, behind = things[at], things[:at], things[at + 1 :]
        if thing.kind == "except":
            return not behind or behind[0].kind != "order"
        if thing.kind != "every" or not before:
            return bool(thing.kind == "every" and behind and behind[0].kind == "rest")
        if before[-1].kind in ("rest", "every", "code"):
            return True
        valued = [each for each in before if each.kind not in _ORDERS]
        if valued and before[0].kind in _ORDERS and all(each.kind in _ORDERS for each in behind):
            return not any(each.kind == "except" for each in things)
        listed = before[-1].kind == "order" and not any(each.kind == "except" for each in before)
        told = before[-1].kind not in _ORDERS and any(each.kind in _ORDERS for each in before)
        return listed or (told and bool(behind) and behind[0].kind == "code")

    @property
    def complete(self) -> bool:
        """Whether the row says of itself which orders get what."""
        kinds = {each.kind for each in self.tokens}
        return bool(kinds & {"order", "every", "rest"}) and (not self.kind or self.kind in kinds)

    def read(self) -> list[ValuedOrders] | None:
        """The row's assignments, with the value `-` those that are left out; None when it is not certain."""
        if not self.kind:
            return self._without_values()
        kinds = [each.kind for each in self.tokens]
        if self.kind not in kinds:
            return None
        return self._values_first() if kinds[0] == self.kind and kinds[-1] != self.kind else self._values_last()

    def _without_values(self) -> list[ValuedOrders]:
        left_out, taken, out = list[str](), list[str](), False
        for each in self.tokens:
            out = each.kind == "except" or (out and each.kind == "order")
            if each.kind in ("every", "rest"):
                taken.append(EVERYTHING)
            elif each.kind in ("order", "left_out"):
                (left_out if out or each.kind == "left_out" else taken).append(each.value)
        return [ValuedOrders(tuple(taken)), *_left_out(left_out)]

    def _values_last(self) -> list[ValuedOrders] | None:
        found, orders, left_out, out, lead = list[ValuedOrders](), list[str](), list[str](), False, ""
        for each in self.tokens:
            if each.kind == "except":
                out = True
            elif each.kind == "order":
                (left_out if out else orders).append(each.value)
            elif each.kind in ("every", "rest"):
                orders, out = [*orders, EVERYTHING], False
            elif each.kind == self.kind:
                if out and left_out and lead and orders:
                    found.append(ValuedOrders(tuple(orders), lead))
                    orders, lead = [], ""
                if out and left_out and not orders:
                    orders, left_out, out = left_out, [], False
                if not found and not orders and not lead:
                    lead = each.value
                    continue
                if lead not in ("", each.value):
                    return None
                if orders:
                    found.append(ValuedOrders(tuple(orders), each.value))
                elif not found or not found[-1].value.startswith(each.value.partition(" ")[0]):
                    return None
                elif len(each.value) > len(found[-1].value):
                    found[-1] = ValuedOrders(found[-1].orders, each.value)
                orders = []
        return None if orders else [*found, *_left_out(left_out)]

    def _values_first(self) -> list[ValuedOrders] | None:
        found, left_out, out = list[ValuedOrders](), list[str](), False
        for each in self.tokens:
            if each.kind == self.kind:
                if found and not found[-1].orders:
                    return None
                found.append(ValuedOrders((), each.value))
                out = False
            elif each.kind == "except":
                out = True
            elif out and each.kind == "order":
                left_out.append(each.value)
            else:
                named = each.value if each.kind == "order" else EVERYTHING
                found[-1] = ValuedOrders((*found[-1].orders, named), found[-1].value)
        return [*found, *_left_out(left_out)] if all(each.orders for each in found) else None


def _coded(things: Sequence[Thing], kind: str) -> list[Thing]:
    """The things with each code joined to its rejection; a code alone says that something was rejected."""
    if kind != "outcome":
        return [thing for thing in things if thing.kind != "code"]
    made: list[Thing] = []
    for at, thing in enumerate(things):
        if thing.kind != "code":
            made.append(thing)
            continue
        last = next((one for one in reversed(range(len(made))) if made[one].kind == kind), -1)
        behind = things[at + 1] if at + 1 < len(things) else thing
        value = f"rejected {thing.value}"
        listed = last >= 0 and made[0].kind == kind and made[last].value == "rejected"
        if last >= 0 and made[last].value == "rejected" and (last == len(made) - 1 or listed):
            made[last] = replace(made[last], value=value)
        elif behind.kind == kind and behind.value == "rejected":
            made.append(replace(thing, kind=kind, value=value))
        else:
            made.append(replace(thing, kind=kind, value=value))
    return made


def _left_out(orders: Sequence[str]) -> list[ValuedOrders]:
    return [ValuedOrders(tuple(orders), LEFT_OUT)] if orders else []


def _resolved(found: Sequence[ValuedOrders], known: Sequence[str]) -> list[ValuedOrders] | None:
    """Each order once: those that are named apart are taken out of "all" and "the rest"."""
    named = [order for each in found for order in each.orders if order != EVERYTHING]
    resolved: list[ValuedOrders] = []
    for each in found:
        if each.value == LEFT_OUT:
            continue
        if EVERYTHING in each.orders and named:
            others = [order for order in known if not any(order.endswith(name) for name in named)]
            if not others:
                return None
            each = ValuedOrders(tuple(others), each.value)
        resolved.append(each)
    return _merged(resolved)


def _merged(found: Sequence[ValuedOrders]) -> list[ValuedOrders] | None:
    by_value: dict[str, list[str]] = {}
    for each in found:
        by_value.setdefault(each.value, []).extend(order for order in each.orders)
    taken = [order for orders in by_value.values() for order in dict.fromkeys(orders)]
    if len(set(taken)) != len(taken):
        return None
    return [ValuedOrders(tuple(dict.fromkeys(orders)), value) for value, orders in by_value.items()]
