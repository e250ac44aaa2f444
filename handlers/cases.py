"""Working on cases: list, show, claim, assign, release, dismiss, reopen, timeline."""

from collections.abc import Callable, Mapping

from bot.conversation.events import Incoming
from bot.conversation.router import Router
from bot.domain.case import CaseStatus
from bot.domain.eligibility import POLICY_CHANGE
from bot.domain.orders import Shop
from bot.domain.people import Role
from bot.domain.refusal import Refusal
from bot.domain.text import folded, same_text
from bot.messaging.card import Card, Tone
from bot.ports.cases import CaseQuery
from bot.ports.records import Person
from bot.ports.store import UnitFactory
from bot.services.cases import Cases
from bot.services.freshness import Freshness
from bot.services.monitoring import Monitoring
from bot.services.oncall import OnCall
from bot.services.order_points import open_points
from bot.services.owners import Owners
from bot.services.people import KnownPeople
from bot.services.review import Judge
from bot.wording import doing, replies
from bot.wording.channels import home_card
from bot.wording.localizer import Localizer
from bot.wording.people import given_card, unknown_card
from bot.wording.shops import no_cases_card
from bot.wording.work import page_of

router = Router()

ACTIVE = (CaseStatus.OPEN, CaseStatus.SUBMITTED)
CaseCard = Callable[[str, str], Card]
"""(case id, language) -> the case's own card, led by that language"""
MYSELF = frozenset({"me", "myself", "我", "自己", "我自己", "本人"})


@router.on("cases", role=Role.VIEWER)
def listed(
    say: Localizer, payload: Mapping[str, str], some_visible: list[Shop], judge: Judge, monitoring: Monitoring
) -> Card:
    """List the active cases of the channel, page by page; without any, say what is known of the last day of its
    shops."""
    page = page_of(payload)
    total, lines = _lines(judge, CaseQuery([shop.id for shop in some_visible], ACTIVE), page * replies.ROWS_SHOWN)
    if lines:
        return replies.cases_card(say, lines, total, page)
    return no_cases_card(say, monitoring.standing([shop.id for shop in some_visible]))


def _lines(judge: Judge, query: CaseQuery, start: int = 0) -> tuple[int, list[replies.CaseLine]]:
    """How many cases there are, and those that are shown, from the place `start` on."""
    total, judged = judge.first(query, replies.ROWS_SHOWN, start)
    return total, [replies.CaseLine(item.case, item.context.shop, open_points(item), item.ready) for item in judged]


@router.on("home", role=Role.VIEWER)
def home(
    say: Localizer,
    person: Person,
    visible: list[Shop],
    judge: Judge,
    oncall: OnCall,
    monitoring: Monitoring,
    freshness: Freshness,
) -> Card:
    """Show a person's home page."""
    ids = [shop.id for shop in visible]
    known = (monitoring.standing(ids), freshness.look(ids))
    own = _lines(judge, CaseQuery(ids, ACTIVE, owner=person.id))[1]
    others = _lines(judge, CaseQuery(ids, ACTIVE, not_of=person.id))[1]
    return home_card(say, person, own, others, oncall.duties(ids), visible, *known)


@router.on("case", role=Role.VIEWER)
def show(case: str, say: Localizer, headline: CaseCard) -> Card:
    """Show one case with its figures, its countdown and the buttons for what can be done."""
    return headline(case, say.language)


@router.on("claim", role=Role.MEMBER, takes="case")
def claim(case: str, person: Person, seen: int | None, cases: Cases, say: Localizer) -> Card:
    """Make the person who asks the owner of the case."""
    taken = cases.claim(case, person.id, seen)
    return replies.text_card(say, "replies.claimed", Tone.GREEN, case=taken, left=say.left(taken))


@router.on("assign", role=Role.MEMBER, takes="case listed")
def assign(
    case: str,
    rest: str,
    event: Incoming,
    person: Person,
    seen: int | None,
    owners: Owners,
    people: KnownPeople,
    say: Localizer,
) -> Card:
    """Make a known person the owner of the case; ask back when the name is unknown."""
    name = rest.strip()
    if not name:
        raise Refusal("name_needed", case=case)
    known = people.everybody()
    to = person.id if folded(name) in MYSELF or same_text(name, person.id) else known.find(name)
    if not to:
        return unknown_card(say, name, known.near(name), lambda who: f"assign {case} {who}")
    return given_card(say, owners.assign(case, person.id, to, event.channel, seen), known.get(to).called)


@router.on("release", role=Role.MEMBER, takes="case")
def release(case: str, person: Person, seen: int | None, cases: Cases, say: Localizer) -> Card:
    """Take the owner off the case, so that somebody else can claim it."""
    free = cases.release(case, person.id, seen)
    return replies.text_card(say, "replies.released", case=free, left=say.left(free))


@router.on("dismiss", role=Role.LEAD, takes="case text")
def dismiss(
    case: str, free: str, event: Incoming, person: Person, seen: int | None, cases: Cases, say: Localizer
) -> Card:
    """Set the case aside, with a reason."""
    done = cases.dismiss(case, person.id, free[:300], seen)
    card = replies.text_card(say, "replies.dismissed", case=done, reason=done.reason)
    return doing.undoable(say, card, case=case, message=event.id)


@router.on("reopen", role=Role.MEMBER, takes="case")
def reopen(case: str, person: Person, cases: Cases, say: Localizer) -> Card:
    """Open a dismissed case again."""
    open_again = cases.reopen(case, person.id)
    return replies.text_card(say, "replies.reopened", case=open_again, left=say.left(open_again))


@router.on("cause", role=Role.MEMBER, takes="case answer")
def cause(case: str, rest: str, person: Person, cases: Cases, say: Localizer, work: CaseCard) -> Card:
    """Record whether the platform's own change of policy caused the anomaly, which is no ground for an appeal."""
    causes = {"policy": POLICY_CHANGE, "other": ""}
    if rest not in causes:
        raise Refusal("cause_needed", case=case)
    cases.set_cause(case, causes[rest], person.id)
    return work(case, say.language)


@router.on("note", role=Role.MEMBER, takes="case order text")
def remark(case: str, maybe_order: str, free: str, rest: str, person: Person, cases: Cases, say: Localizer) -> Card:
    """Keep a note about the case in its timeline."""
    if not (text := free or rest):
        raise Refusal("note_needed", case=case)
    cases.remark(case, text, person.id, maybe_order)
    return replies.text_card(say, "replies.remarked", Tone.GREEN, case=case)


@router.on("timeline", role=Role.VIEWER)
def timeline(case: str, payload: Mapping[str, str], units: UnitFactory, cases: Cases, say: Localizer) -> Card:
    """Show who did what on the case, and when; the newest first, older events page by page."""
    with units(read_only=True) as unit:
        events, channels = unit.cases.timeline(case), unit.records.channel_names()
    return replies.timeline_card(say, cases.get(case), events, channels, page_of(payload))
