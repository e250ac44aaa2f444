"""Undoing what people did (domain.md §8)."""

from collections.abc import Mapping

from bot.conversation.router import Router
from bot.conversation.turn import Question, Turn
from bot.domain.people import Role
from bot.messaging.card import Card
from bot.ports.records import Person
from bot.services.undo import About, Choice, Undo
from bot.wording import doing
from bot.wording.localizer import Localizer

router = Router()


@router.on("undo", role=Role.MEMBER, takes="case order evidence")
def undo(turn: Turn, payload: Mapping[str, str], sure: bool, person: Person, undoing: Undo, say: Localizer) -> Card:
    """Undo the last act about what is named, or the act of the pressed button; ask first when it is not the
    latest."""
    words = turn.named
    case = payload.get("case") or words.case or turn.event.thread
    evidence = payload.get("evidence") or words.evidence
    choices = [
        undoing.choose(About(payload.get("message", ""), case, payload.get("order") or words.order, each), person)
        for each in evidence.split(",")
    ]
    acts = {act.id: act for each in choices for act in each.acts}
    chosen = Choice([*acts.values()], all(each.certain for each in choices), any(each.done for each in choices))
    if not (chosen.certain or sure):
        raise Question(doing.undo_question(say, chosen.act))
    return doing.undone(say, chosen.acts, undoing.undo(chosen, person))
