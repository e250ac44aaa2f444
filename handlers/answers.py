"""Questions in people's own words: what the rules and the play-book say, for the case that is meant."""

from collections.abc import Mapping

from bot.conversation.arguments import Arguments
from bot.conversation.router import Router
from bot.conversation.turn import Turn
from bot.domain.people import Role
from bot.domain.refusal import Refusal
from bot.messaging.card import Card
from bot.services.appeals import Appeals
from bot.services.people import KnownPeople
from bot.services.review import Judge
from bot.wording import answers
from bot.wording.localizer import Localizer

router = Router()


@router.on("answer", role=Role.VIEWER)
def answer(
    turn: Turn,
    payload: Mapping[str, str],
    arguments: Arguments,
    judge: Judge,
    appeals: Appeals,
    people: KnownPeople,
    say: Localizer,
) -> Card:
    """Answer what somebody wants to know, with the figures of the case that is meant, if one is."""
    reading = turn.reading
    topic = reading.topic if reading else payload.get("topic", "")
    about = reading.words if reading else payload.get("about", "")
    if not answers.known(say, topic):
        raise Refusal("old_button")
    case = arguments.case(turn).id if topic in answers.OF_A_CASE else arguments.likely_case(turn)
    judged = judge.judge(case) if case else None
    owner = people.everybody().get(judged.case.owner).called if judged and judged.case.owner else ""
    return answers.answer_card(say, topic, about.split(), judged, owner, appeals.play)
