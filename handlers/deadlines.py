"""The deadline of a case: showing it, and replacing it by what a person read in Seller Center."""

from collections.abc import Callable

from bot.conversation.arguments import Arguments
from bot.conversation.events import Incoming, Upload
from bot.conversation.router import Router
from bot.conversation.turn import Turn
from bot.domain.evidence import DEADLINE
from bot.domain.instants import read_moment
from bot.domain.orders import Shop
from bot.domain.people import Role
from bot.domain.refusal import Refusal
from bot.messaging.card import Card, Tone
from bot.ports.records import Person
from bot.services.deadlines import Deadlines
from bot.services.evidence import EvidenceService
from bot.services.filing import Wanted
from bot.wording import replies
from bot.wording.localizer import Localizer

router = Router()


@router.on("deadline", role=Role.VIEWER)
def deadline(
    turn: Turn,
    event: Incoming,
    uploads: tuple[Upload, ...],
    wanted: Wanted,
    visible: list[Shop],
    rest: str,
    person: Person,
    zone: str,
    say: Localizer,
    arguments: Arguments,
    evidence: EvidenceService,
    deadlines: Deadlines,
    headline: Callable[[str, str], Card],
) -> Card:
    """Show the case with its countdown. With a time, make that the deadline; files in the message are kept as
    evidence of it (domain.md §1a), before anything is refused or asked."""
    if uploads and person.role is Role.VIEWER:
        raise Refusal("not_allowed", role=Role.MEMBER)
    shown = Wanted(wanted.case_id, kind=DEADLINE)
    kept_files = evidence.receive(event, shown, [shop.id for shop in visible], uploads)
    case = arguments.case(turn).id
    if not rest.strip() or rest.strip()[-1] in "?？":
        return headline(case, say.language)
    if (at := read_moment(rest, say.now, zone)) is None:
        raise Refusal("deadline_unread", case=case, text=rest.strip()[:40])
    if person.role is Role.VIEWER:
        raise Refusal("not_allowed", role=Role.MEMBER)
    kept = deadlines.stated(case, person.id, at, [item.id for item in kept_files])
    return replies.text_card(say, "replies.deadline_stated", Tone.GREEN, case=kept, left=say.left(kept))


@router.on("deadline_computed", role=Role.MEMBER, takes="case")
def computed(case: str, person: Person, say: Localizer, deadlines: Deadlines) -> Card:
    """Accept the deadline that the data give (domain.md §1a)."""
    kept = deadlines.computed(case, person.id)
    return replies.text_card(say, "replies.deadline_computed", Tone.GREEN, case=kept, left=say.left(kept))


@router.on("entry_open", role=Role.MEMBER, takes="case")
def still_open(case: str, person: Person, say: Localizer, deadlines: Deadlines) -> Card:
    """Record that the platform's entry is still open, so that the deadline stays (domain.md §1a)."""
    kept = deadlines.still_open(case, person.id)
    return replies.text_card(say, "replies.entry_open", Tone.GREEN, case=kept, left=say.left(kept))
