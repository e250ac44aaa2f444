"""What may be asked in a channel that others than the team read."""

from bot.conversation.turn import Turn
from bot.domain.refusal import Refusal
from bot.ports.store import UnitFactory

OPEN = frozenset(
    {"help", "howto", "shops", "odr", "outlook", "deadline", "oncall", "lang", "bind", "unbind", "joined"}
    | {"join", "unknown", "message_changed"}
)
"""The handlers that neither take nor show evidence; every other is refused there."""


def keep_inside(units: UnitFactory, turn: Turn) -> None:
    """Raises Refusal for work on cases in a channel that guests or people of other organisations read."""
    if turn.event.direct or turn.command in OPEN:
        return
    with units(read_only=True) as unit:
        audience = unit.records.audience(turn.event.channel)
    if audience.wide:
        raise Refusal(f"not_before_{audience}")
