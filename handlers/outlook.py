"""The outlook of an appeal: the team's own outcomes and a checklist of readiness (domain.md §6)."""

from bot.conversation.router import Router
from bot.domain.people import Role
from bot.messaging.card import Card
from bot.ports.store import UnitFactory
from bot.services.review import Judge
from bot.wording.localizer import Localizer
from bot.wording.outlook import outlook_card

router = Router()


@router.on("outlook", role=Role.VIEWER)
def outlook(case: str, units: UnitFactory, judge: Judge, say: Localizer) -> Card:
    """Show the pass-rate outlook of a case."""
    with units(read_only=True) as unit:
        return outlook_card(say, judge.look(unit, case), unit.cases.outcomes())
