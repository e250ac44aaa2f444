"""The orders of a line that gives several of them different values, by their ids."""

from collections.abc import Callable

from bot.conversation.turn import Turn
from bot.domain.case import Case
from bot.domain.refusal import Refusal


def valued(turn: Turn, case_of: Callable[[Turn], Case]) -> list[tuple[list[str], str]]:
    """The ids of orders with the value that they get, where the turn gives several different ones; else none. Raises
    Refusal when any of the orders is not the case's: all are done or none."""
    each = turn.reading.each if turn.reading else ()
    if len(each) < 2:
        return []
    case = case_of(turn)
    found = {tail: ending(case, tail) for one in each for tail in one.orders}
    if lacking := [tail for tail, orders in found.items() if len(orders) != 1]:
        raise Refusal("order_not_in_case", order=", ".join(lacking), case=case.id)
    return [([found[tail][0] for tail in one.orders], one.value) for one in each]


def ending(case: Case, tail: str) -> list[str]:
    """The case's orders whose ids end so."""
    return [order.order_id for order in case.orders if order.order_id.endswith(tail)]
