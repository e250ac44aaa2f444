"""Requests to carriers for a delay certificate: writing them, and noting that they were sent."""

from bot.conversation.events import Incoming
from bot.conversation.router import Router
from bot.domain.people import Role
from bot.domain.reminder import letter_due
from bot.messaging.card import Card, Tone
from bot.ports.records import Person
from bot.services.letters import Letters, needs_certificate
from bot.services.reminders import Reminders
from bot.services.review import Judge
from bot.wording import doing, replies
from bot.wording.letters import letter_card, letter_file, letters
from bot.wording.localizer import Localizer

router = Router()


@router.on("letter", role=Role.MEMBER, takes="case")
def letter(case: str, judge: Judge, requests: Letters, say: Localizer) -> Card:
    """Write the requests for the orders that need a delay certificate and have none."""
    judged = judge.judge(case)
    orders = needs_certificate(judged)
    if not orders:
        return replies.text_card(say, "letters.nobody", case=judged.case)
    written = letters(say, judged, orders)
    return letter_card(say, judged, written, requests.keep(letter_file(written)))


@router.on("letter_sent", role=Role.MEMBER)
def letter_sent(
    case: str,
    order_ids: list[str],
    event: Incoming,
    person: Person,
    judge: Judge,
    requests: Letters,
    reminders: Reminders,
    say: Localizer,
) -> Card:
    """Note that the carrier was asked; its answer is awaited."""
    done = requests.sent(case, order_ids, person.id)
    site = judge.judge(case).context.shop.site
    plan = reminders.plan
    at = letter_due(say.now, done.deadline, plan.working(site), plan)
    at = plan.quiet.over(at) if plan.quiet else at
    card = replies.text_card(say, "letters.sent", Tone.GREEN, case=done, orders=", ".join(order_ids), at=at)
    return doing.undoable(say, card, case=case, message=event.id)
